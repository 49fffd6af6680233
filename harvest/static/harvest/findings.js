// Lists of findings by keyboard: j and k move; a key of the row (data-key), else of the page (data-page-key),
// presses its button, opens its link or goes into its field.
(() => {
  "use strict";
  const rows = () => [...document.querySelectorAll("[data-finding]")];
  let present = null;

  const go = (row) => {
    if (!row) return;
    present = row;
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  };

  const beside = (step) => {
    const all = rows();
    const at = all.indexOf(present);
    go(at < 0 ? all[0] : all[at + step]);
  };

  document.addEventListener("focusin", (event) => {
    present = event.target.closest("[data-finding]") ?? present;
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && present) { go(present); return; }
    if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
    if (event.key === "j") beside(1);
    else if (event.key === "k") beside(-1);
    else if (document.querySelector(`[data-page-key="${CSS.escape(event.key)}"]`)) {
      const part = document.querySelector(`[data-page-key="${CSS.escape(event.key)}"]`);
      if (part.matches("input")) part.focus();
      else part.click();
    } else if (!present?.isConnected) return;
    else if (event.key === "w") present.querySelector("input[name=reason]")?.focus();
    else if (/^[1-9]$/.test(event.key)) present.querySelectorAll("input[name=tag]")[event.key - 1]?.click();
    else {
      const pressed = present.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (!pressed) return;
      pressed.click();
    }
    event.preventDefault();
  });

  // The row that was answered gives its place to the next one.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const row = event.detail.target?.closest?.("[data-finding]");
    if (!row) return;
    const all = rows();
    const at = all.indexOf(row);
    present = all[at + 1] ?? all[at - 1] ?? null;
  });
  document.addEventListener("htmx:afterSwap", () => { if (present?.isConnected) go(present); });

  // What came back after a sign-in is told of at the top of the page.
  if (!document.getElementById("kept")) go(rows()[0]);
})();
