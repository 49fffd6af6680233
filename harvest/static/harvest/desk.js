"use strict";
// On every page of the desk: nothing that was typed is lost when the session ends.
(() => {
  // What was sent in the background is sent again as a whole page, which leads to the sign-in.
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status !== 401) return;
    const form = event.detail.elt.closest("form");
    if (!form) return location.reload();
    const { submitter } = event.detail.requestConfig.triggeringEvent ?? {};
    const pressed = Object.assign(document.createElement("input"), { type: "hidden", name: submitter?.name ?? "", value: submitter?.value ?? "" });
    form.append(pressed);
    HTMLFormElement.prototype.submit.call(form);
    pressed.remove();
  });

  // After the sign-in what was typed goes back into the form of the page that it came from.
  const kept = document.getElementById("kept");
  if (!kept) return;
  document.addEventListener("htmx:afterRequest", (event) => {
    const { verb, path } = event.detail.requestConfig;
    if (event.detail.successful && verb === "post" && path === kept.dataset.address) kept.remove();
  });
  // Only into a form that holds all of it: each field by its name, what is not typed by its value too. A hidden
  // field with data-before says what the page showed of another one: there only what differed is put back.
  const sent = new FormData(kept.querySelector("form"));
  const address = new URL(kept.dataset.address, location.href).href;
  const own = (field) => field.name && field.name !== "csrfmiddlewaretoken";
  const typed = (field) => !["hidden", "submit", "button", "checkbox", "radio"].includes(field.type);
  const fits = (form) => form.getAttribute("method")?.toLowerCase() === "post"
    && new URL(form.getAttribute("action") || "", location.href).href === address;
  const holds = (form, name, value) => !own({ name }) || [...form.elements].some((field) => field.name === name
    && (typed(field) || field.value === value || field.dataset.before));
  const agrees = (form) => [...form.elements].every((field) => field.type !== "hidden" || !own(field) || field.dataset.before
    || sent.getAll(field.name).includes(field.value));
  const form = [...document.forms].find((one) => !kept.contains(one) && fits(one) && agrees(one)
    && [...sent].every(([name, value]) => holds(one, name, value)));
  if (!form) return;
  const before = {};
  for (const field of form.querySelectorAll("[data-before]")) before[field.dataset.before] = sent.get(field.name)?.split(" ");
  for (const field of form.elements) {
    if (!own(field) || ["hidden", "submit", "button", "file"].includes(field.type)) continue;
    const values = sent.getAll(field.name);
    if (["checkbox", "radio"].includes(field.type)) {
      const on = values.includes(field.value);
      if (!before[field.name] || on !== before[field.name].includes(field.value)) field.checked = on;
    } else if (field.multiple) [...field.options].forEach((option) => { option.selected = values.includes(option.value); });
    else if (values.length) field.value = values.join("; ");
  }
  kept.querySelector("form").remove();
  kept.querySelector("h2").textContent = "You were signed out when you sent this. Nothing was done: it is back in its form, to be sent again.";
  const there = Object.assign(document.createElement("button"), { type: "button", className: "quiet-button", textContent: "Show it" });
  const changed = (field) => (typed(field) ? field.value !== (field.defaultValue ?? field.value) : field.checked !== field.defaultChecked);
  there.addEventListener("click", () => [...form.elements].find((field) => own(field) && changed(field))?.focus());
  kept.append(there);
})();
