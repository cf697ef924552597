// The agenda's editor: adds rows from the mould and moves them by buttons. Without it, numbers and empty rows do.
const form = document.querySelector("form[data-agenda]");
const list = form?.querySelector("[data-rows]");
const mould = form?.querySelector("#agenda template");
const add = form?.querySelector("[data-add]");
const total = form?.querySelector("input[name=agenda-TOTAL_FORMS]");

function rows() {
  return [...list.querySelectorAll("[data-row]")];
}

/** The numbers follow the places, so that the server reads what the eye sees. */
function number() {
  rows().forEach((row, place) => (row.querySelector("[data-order]").value = place + 1));
}

function move(row, by) {
  const all = rows();
  const other = all[all.indexOf(row) + by];
  if (!other) return;
  if (by < 0) other.before(row);
  else other.after(row);
  number();
}

function ready(row) {
  for (const [name, by] of [["up", -1], ["down", 1]]) {
    const button = row.querySelector(`[data-${name}]`);
    button.hidden = false;
    button.addEventListener("click", () => {
      move(row, by);
      button.focus();
    });
  }
}

/** Empty rows at the end are for those without a script. */
function dropEmptyEnd() {
  const all = rows();
  while (all.length && ![...all.at(-1).querySelectorAll("input")].some((field) => field.type !== "checkbox" && field.value)) {
    all.pop().remove();
    total.value = String(all.length);
  }
}

if (list && mould && add && total) {
  dropEmptyEnd();
  rows().forEach(ready);
  add.hidden = false;
  add.addEventListener("click", () => {
    const count = Number(total.value);
    const row = document.importNode(mould.content, true).querySelector("[data-row]");
    for (const element of row.querySelectorAll("[id], [name], [for], [aria-describedby], [list]")) {
      for (const attribute of ["id", "name", "for", "aria-describedby", "list"]) {
        const value = element.getAttribute(attribute);
        if (value?.includes("__prefix__")) element.setAttribute(attribute, value.replaceAll("__prefix__", String(count)));
      }
    }
    total.value = String(count + 1);
    list.append(row);
    ready(row);
    number();
    row.querySelector("input:not([type=hidden]):not([type=checkbox]):not([data-order])")?.focus();
  });
}
