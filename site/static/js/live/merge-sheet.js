// Into which published question one goes: typed for, chosen, pressed. What asks the same stands first.
import { groupOf } from "./alike.js";
import { lifted, votesOf } from "./state.js";
import { write } from "./texts.js";

const SHOWN = 30;
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** Rows that hold every word, in the order given. */
export function found(rows, words) {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const said = plain([row.text, ...(row.same ?? []).map((one) => one.text ?? "")].join(" "));
    return wanted.every((word) => said.includes(word));
  });
}

export class MergeSheet {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.sheet = document.getElementById("merge-sheet");
    this.form = this.sheet.querySelector("form");
    this.find = document.getElementById("merge-find");
    this.mould = document.getElementById("merge-mould").content.querySelector("label");
    this.find.addEventListener("input", () => this.list());
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("[data-is=merge-link]");
      if (!link) return;
      event.preventDefault();
      this.open(Number(link.closest("[data-question]").dataset.question));
    });
  }

  open(id) {
    const row = this.desk.state.rows[id];
    if (!row) return;
    this.id = id;
    this.form.elements.questions.value = id;
    write(document.getElementById("merge-what"), row.text, row.lang);
    this.find.value = "";
    this.list();
    this.sheet.showPopover();
    this.find.focus();
  }

  list() {
    const { state } = this.desk;
    const alike = groupOf(state, this.id)?.published ?? [];
    const ids = [...new Set([...alike, ...lifted(state), ...state.order])].filter((id) => id !== this.id && state.rows[id]);
    const rows = found(ids.map((id) => state.rows[id]), this.find.value).slice(0, SHOWN);
    const lines = rows.map((row, n) => {
      const line = this.mould.cloneNode(true);
      Object.assign(line.querySelector("input"), { value: row.id, checked: n === 0 });
      write(line.querySelector("[data-is=text]"), row.text, row.lang);
      line.querySelector("small").textContent = String(votesOf(state, row.id));
      return line;
    });
    document.getElementById("merge-list").replaceChildren(...lines);
    document.getElementById("merge-none").hidden = lines.length > 0;
    this.form.querySelector("footer button").disabled = !lines.length;
  }
}
