"use strict";
// On every page of the desk: nothing that was typed is lost when the session ends.
(() => {
  // What was sent in the background is sent again as a whole page, which leads to the sign-in.
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status !== 401) return;
    const form = event.detail.elt.closest("form");
    if (!form) return location.reload();
    const button = event.detail.requestConfig.triggeringEvent?.submitter;
    if (button?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
    HTMLFormElement.prototype.submit.call(form);
  });

  // After the sign-in what was typed goes back into the form of the page that it came from.
  const kept = document.getElementById("kept");
  if (!kept) return;
  document.addEventListener("htmx:afterRequest", (event) => {
    const { verb, path } = event.detail.requestConfig;
    if (event.detail.successful && verb === "post" && path === kept.dataset.address) kept.remove();
  });
  const sent = new FormData(kept.querySelector("form"));
  const address = new URL(kept.dataset.address, location.href).href;
  const own = (field) => field.name && field.name !== "csrfmiddlewaretoken";
  const fits = (form) => form.getAttribute("method")?.toLowerCase() === "post"
    && new URL(form.getAttribute("action") || "", location.href).href === address;
  const form = [...document.forms].find((one) => !kept.contains(one) && fits(one)
    && [...one.elements].every((field) => field.type !== "hidden" || !own(field) || sent.getAll(field.name).includes(field.value)));
  if (!form) return;
  for (const field of form.elements) {
    if (!own(field) || ["hidden", "submit", "button", "file"].includes(field.type)) continue;
    const values = sent.getAll(field.name);
    if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
    else if (field.multiple) [...field.options].forEach((option) => { option.selected = values.includes(option.value); });
    else if (values.length) field.value = values.join("; ");
  }
  kept.querySelector("form").remove();
  kept.querySelector("h2").textContent = "You were signed out when you sent this. Nothing was done: it is back in its form, to be sent again.";
})();
