"use strict";
// The grid of tags by keyboard; each tick is sent at once. Without this script the form's button sends what changed.
(() => {
  const form = document.getElementById("tagging");
  if (!form) return;
  const rows = [...form.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("input[name=given]")]);
  const names = [...form.querySelectorAll("thead th")].slice(1).map((head) => head.textContent.trim().toLowerCase());
  const said = document.getElementById("said");
  const place = { row: 0, column: 0 };
  // What came back after a sign-in is not sent yet, and told of at the top of the page.
  const kept = document.getElementById("kept");
  form.querySelector("[data-without-script]").hidden = !kept;

  // One cell is in the order of the Tab key: the present one.
  const go = (row, column, focus = true) => {
    rows[place.row][place.column].tabIndex = -1;
    place.row = Math.max(0, Math.min(row, rows.length - 1));
    place.column = Math.max(0, Math.min(column, names.length - 1));
    const cell = rows[place.row][place.column];
    cell.tabIndex = 0;
    if (!focus) return;
    cell.focus({ preventScroll: true });
    cell.closest("td").scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  rows.flat().forEach((cell) => { cell.tabIndex = -1; });
  go(0, 0, !kept);

  const say = (text, wrong) => {
    said.textContent = text;
    said.classList.toggle("trouble", wrong);
  };

  // Signed out: the ticks that are not saved are sent as a page, which leads to the sign-in and comes back afterwards.
  const saved = new Set(form.elements.shown.value.split(" "));
  const sendAsPage = () => {
    const changed = rows.flat().filter((cell) => cell.checked !== saved.has(cell.value));
    const page = Object.assign(document.createElement("form"), { method: "post" });
    const add = (name, value) => page.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    add("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    add("shown", changed.filter((cell) => !cell.checked).map((cell) => cell.value).join(" "));
    changed.filter((cell) => cell.checked).forEach((cell) => add("given", cell.value));
    document.body.append(page);
    pending.clear();
    page.submit();
  };

  // Ticks of one cell are sent one after the other, so that the last one counts.
  const pending = new Map();
  const send = async (cell) => {
    const on = cell.checked;
    const body = new URLSearchParams({ cell: cell.value, on: on ? "1" : "0" });
    const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, "HX-Request": "true" };
    const failed = (text) => {
      if (cell.checked === on) cell.checked = !on;
      say(text, true);
    };
    try {
      const answer = await fetch(location.href, { method: "POST", body, headers });
      if (answer.status === 401) return sendAsPage();
      const isOurs = answer.headers.get("Content-Type")?.startsWith("application/json");
      const told = isOurs ? (await answer.json()).said : `The site answered ${answer.status}: nothing was saved.`;
      if (!answer.ok) return failed(told);
      saved[on ? "add" : "delete"](cell.value);
      say(told, false);
    } catch {
      failed("The site cannot be reached: this tick was not saved. Try again.");
    }
  };
  form.addEventListener("change", (event) => {
    if (event.target.name !== "given") return;
    const cell = event.target;
    cell.dataset.sending = "";
    const last = (pending.get(cell) ?? Promise.resolve()).then(() => send(cell));
    pending.set(cell, last);
    last.finally(() => { if (pending.get(cell) === last) { pending.delete(cell); delete cell.dataset.sending; } });
  });
  addEventListener("beforeunload", (event) => { if (pending.size) event.preventDefault(); });

  form.addEventListener("focusin", (event) => {
    const row = rows.findIndex((cells) => cells.includes(event.target));
    if (row >= 0) go(row, rows[row].indexOf(event.target), false);
  });

  const beginningWith = (letter) => {
    const order = [...names.keys()].map((n) => (place.column + 1 + n) % names.length);
    return order.find((column) => names[column].startsWith(letter));
  };
  const moves = {
    ArrowLeft: () => go(place.row, place.column - 1),
    ArrowRight: () => go(place.row, place.column + 1),
    ArrowUp: () => go(place.row - 1, place.column),
    ArrowDown: () => go(place.row + 1, place.column),
    Home: () => go(place.row, 0),
    End: () => go(place.row, names.length - 1),
    x: () => rows[place.row][place.column].click(),
    Enter: () => { const more = form.querySelectorAll("tbody details")[place.row]; more.open = !more.open; },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const inGrid = event.target.name === "given";
    if (event.key === "Escape") go(place.row, place.column);
    else if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
    else if (event.key === "/") document.querySelector("[data-key='/']").focus();
    else if (event.key === "PageDown" && document.querySelector("a[rel=next]")) document.querySelector("a[rel=next]").click();
    else if (event.key === "PageUp" && document.querySelector("a[rel=prev]")) document.querySelector("a[rel=prev]").click();
    else if (inGrid && moves[event.key]) moves[event.key]();
    else if (inGrid && /^[a-z0-9]$/i.test(event.key)) {
      const column = beginningWith(event.key.toLowerCase());
      if (column === undefined) return;
      go(place.row, column);
    } else return;
    event.preventDefault();
  });
})();
