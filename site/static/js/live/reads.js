// Which languages the columns show. Remembered on this device; what is left out is counted beside every column.

const base = (code) => code.split("-")[0];

/** Rows that can be read in one of these languages, and how many of each other one there are; with no languages all are shown. */
export function sorted(rows, only) {
  const wanted = new Set([...only].map(base));
  const hidden = new Map();
  const shown = rows.filter((row) => {
    if (!wanted.size || [row.lang, ...Object.keys(row.texts ?? {})].some((code) => wanted.has(base(code)))) return true;
    hidden.set(row.lang, (hidden.get(row.lang) ?? 0) + 1);
    return false;
  });
  return { shown, hidden: [...hidden].sort((one, two) => two[1] - one[1]) };
}

export class Reads {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.key = `desk-reads:${desk.config.participant}`;
    this.form = document.getElementById("reads");
    const asked = new URLSearchParams(location.search).getAll("reads");
    this.only = asked.length ? asked : this.kept();
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.choose([...this.boxes].filter((box) => box.checked).map((box) => box.value));
      this.form.closest("[popover]").hidePopover();
    });
    document.addEventListener("click", (event) => {
      if (!event.target.closest("[data-all]")) return;
      event.preventDefault();
      this.choose([]);
      event.target.closest("[popover]")?.hidePopover();
    });
    this.say();
  }

  get boxes() {
    return this.form.querySelectorAll("[name=reads]");
  }

  kept() {
    try {
      return (localStorage.getItem(this.key) ?? "").split(",").filter(Boolean);
    } catch {
      return []; // nothing is kept here: all are shown
    }
  }

  choose(codes) {
    this.only = codes;
    try {
      if (codes.length) localStorage.setItem(this.key, codes.join(","));
      else localStorage.removeItem(this.key);
    } catch {
      // then for this visit only
    }
    this.say();
    this.desk.columns.draw(this.desk.state);
  }

  say() {
    for (const box of this.boxes) box.checked = this.only.includes(box.value);
    const [all, some] = document.querySelectorAll("#reads-all, #reads-some");
    all.hidden = this.only.length > 0;
    some.hidden = !all.hidden;
    some.textContent = this.only.map((code) => code.toUpperCase()).join(", ");
    document.getElementById("reads-button").classList.toggle("chosen", this.only.length > 0);
  }

  /** A language nobody had asked in before can be chosen, too; and beside each stands how many wait in it. */
  draw(state) {
    const waits = new Map();
    for (const id of state.review) {
      const code = state.rows[id]?.lang;
      if (code) waits.set(code, (waits.get(code) ?? 0) + 1);
    }
    const known = new Set([...this.boxes].map((box) => box.value));
    for (const code of waits.keys()) if (!known.has(code)) this.add(code);
    for (const count of this.form.querySelectorAll("[data-waits]")) count.textContent = String(waits.get(count.dataset.waits) ?? "");
  }

  add(code) {
    const line = this.form.querySelector("label").cloneNode(true);
    const box = line.querySelector("input");
    box.value = code;
    box.checked = this.only.includes(code);
    Object.assign(line.querySelector("[lang]"), { lang: code, textContent: this.desk.languageName(code) });
    line.querySelector("[data-waits]").dataset.waits = code;
    this.form.querySelector("fieldset").append(line);
  }

  rows(rows) {
    return sorted(rows, this.only);
  }
}
