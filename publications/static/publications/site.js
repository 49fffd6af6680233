// The site works without this file; it only saves a step.

// Filters are open from the start where there is room for them beside the results.
for (const filters of document.querySelectorAll("details.facets")) {
  filters.open = window.matchMedia("(min-width: 60.01rem)").matches;
}

// What is there to paste gets a button that copies it, on a page or in a part of it that comes later.
document.addEventListener("htmx:load", ({ target }) => {
  for (const text of target.querySelectorAll(".cite")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button quiet";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
    });
    text.after(" ", button);
  }
});
