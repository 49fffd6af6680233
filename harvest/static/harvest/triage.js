"use strict";
// Keys of the page of one candidate. What a key does stands in the page itself: the element with its
// data-key is clicked (buttons, links), chosen (radio), opened (details) or gets the focus (fields, panels).
// While the focus is inside a data-panel, its data-panel-keys come first, and Enter accepts nothing.
// In a field Enter, or Ctrl and Enter, presses the button that the field names.
(() => {
  // No key counts from a request on until the next page has settled and the focus: it was meant for that page.
  let busy = false, coming = false;
  const page = () => document.getElementById("triage");
  const typing = (element) => element.matches("textarea, select, input:not([type=checkbox], [type=radio])");
  const own = (element) => element.matches("a[href], button, summary");

  const use = (element) => {
    if (element.matches("a[href], button")) element.click();
    else if (element.matches("[type=radio]")) { element.checked = true; element.focus(); }
    else if (element.matches("details")) { element.open = !element.open; element.querySelector("summary").focus(); }
    else { element.focus(); element.scrollIntoView({ block: "nearest" }); }
  };

  const tick = (field) => {
    const name = field.value.trim();
    const option = [...field.list.options].find((one) => one.value.toLowerCase() === name.toLowerCase());
    const said = document.getElementById("other-said");
    if (!name) return page().querySelector("h1").focus();
    if (!option) return said.textContent = `There is no tag “${name}”. If it is new, load the page again.`;
    const offered = [...page().querySelectorAll(".main label, label.tag")];
    const there = offered.find((label) => label.lastChild.textContent.trim() === option.value);
    if (there) there.control.checked = true;
    else {
      const label = document.createElement("label");
      const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "other", value: option.value, checked: true });
      label.className = "tag";
      label.append(box, ` ${option.value}`);
      field.closest(".other").before(label);
    }
    field.value = "";
    said.textContent = `${option.value} is ticked.`;
  };

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (!page() || event.altKey || event.metaKey || event.isComposing) return;
    if (busy) return event.key === "Enter" && event.preventDefault();
    const button = event.key === "Enter" && document.getElementById(target.dataset[event.ctrlKey ? "ctrlEnter" : "enter"]);
    if (button) { event.preventDefault(); return button.click(); }
    if (event.ctrlKey) return;
    const panel = target.closest("[data-panel]");
    if (event.key === "Escape") return (typing(target) && panel ? panel : page().querySelector("h1")).focus();
    if (event.key === "Enter" && target.id === "other") { event.preventDefault(); return tick(target); }
    if (typing(target) || event.repeat) return;
    if (event.key === "Enter") {
      if (own(target) || panel) return;
      event.preventDefault();
      return document.getElementById("accept-button").click();
    }
    const key = CSS.escape(event.key);
    const found = panel?.querySelector(`[data-panel-key="${key}"]`) ?? page().querySelector(`[data-key="${key}"]`);
    if (!found) return;
    event.preventDefault();
    use(found);
  });

  // Words that were typed and not sent are left behind only when the curator says so. An answer that
  // leads elsewhere to what was sent has kept them, or they come back after the sign-in.
  let sent = false;
  const form = () => document.getElementById("decide");
  const typed = () => !sent && form() && [...form().querySelectorAll("textarea, #other")].some((field) => field.value.trim());
  addEventListener("beforeunload", (event) => { if (typed()) event.preventDefault(); });
  document.addEventListener("htmx:confirm", (event) => {
    if (event.target !== form() && typed() && !confirm("What you typed is not kept yet. Leave it?")) event.preventDefault();
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { status } = event.detail.xhr;
    sent = event.target === form() && (status < 400 || status === 401);
  });

  document.addEventListener("htmx:beforeRequest", () => { busy = true; });
  document.addEventListener("htmx:afterRequest", () => { busy = coming; });
  // A decision that did not go through comes back as a page too, with what was typed.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if ([400, 409, 410].includes(event.detail.xhr.status)) Object.assign(event.detail, { shouldSwap: true, isError: false });
    coming = event.detail.shouldSwap;
  });
  document.addEventListener("htmx:afterSettle", () => {
    const told = page()?.querySelector(".messagelist");
    document.getElementById("said").textContent = told ? told.textContent : "";
    page()?.querySelector("[data-focus], h1")?.focus();
    busy = coming = sent = false;
  });
})();
