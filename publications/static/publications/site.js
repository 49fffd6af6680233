// The site works without this file; it only saves a step.

// Filters are open from the start where there is room for them beside the results.
for (const filters of document.querySelectorAll("details.facets")) {
  filters.open = window.matchMedia("(min-width: 60.01rem)").matches;
}
