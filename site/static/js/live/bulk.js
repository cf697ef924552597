// Several rows at once: chosen by their boxes or by Shift and the keys that move, decided on by one form, taken back by one press.

const MOST = 100; // one command may name (webinars/live/protocol.py)

export class Bulk {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.forms = new Map([...document.querySelectorAll("form.bulk")].map((form) => [form.dataset.bulk, form]));
    this.told = document.getElementById("told-mould").content.querySelector("li");
    document.addEventListener("change", ({ target }) => {
      if (target.matches?.(".pick input")) this.changed(target);
      else if (target.dataset?.select && !target.checked) this.clear(target.dataset.select);
    });
    document.addEventListener("click", (event) => {
      const all = event.target.closest?.("[data-all-of]");
      if (!all) return;
      event.preventDefault();
      this.choose(all.dataset.allOf, this.boxes(all.dataset.allOf).map((box) => idOf(box)));
    });
    for (const kind of this.forms.keys()) this.say(kind);
  }

  boxes(kind) {
    return [...document.querySelectorAll(`#${kind} .pick input`)];
  }

  chosen(kind) {
    return this.boxes(kind).filter((box) => box.checked);
  }

  open(kind, on = true) {
    const toggle = document.querySelector(`[data-select="${kind}"]`);
    if (toggle) toggle.checked = on;
  }

  /** These rows and no others, the first hundred of them. */
  choose(kind, ids) {
    const wanted = new Set(ids.slice(0, MOST));
    this.open(kind);
    for (const box of this.boxes(kind)) box.checked = wanted.has(idOf(box));
    if (ids.length > MOST) this.desk.toasts.show(this.desk.words.say("most", { n: MOST }));
    this.say(kind);
  }

  clear(kind) {
    for (const box of this.chosen(kind)) box.checked = false;
    this.forms.get(kind).querySelector("[data-is=told]").hidden = true;
    this.say(kind);
  }

  /** By key: this row too. @param {HTMLElement} row a details.cr */
  add(row) {
    const box = row?.parentElement.querySelector(".pick input");
    if (!box || box.checked) return;
    this.open(row.dataset.kind);
    box.checked = true;
    this.changed(box);
  }

  changed(box) {
    const { kind } = box.closest("li").firstElementChild.dataset;
    if (this.chosen(kind).length > MOST) {
      box.checked = false;
      this.desk.toasts.show(this.desk.words.say("most", { n: MOST }));
    }
    this.say(kind);
  }

  draw(state, before) {
    if (!before || state.review !== before.review || state.order !== before.order || state.aside !== before.aside) {
      for (const kind of this.forms.keys()) this.say(kind);
    }
  }

  say(kind) {
    const form = this.forms.get(kind);
    const n = this.chosen(kind).length;
    const said = this.desk.words.say("chosen", { n });
    const line = form.querySelector("[data-is=chosen]");
    if (line.textContent !== said) line.textContent = said;
    for (const button of form.querySelectorAll("button")) button.disabled = !n;
  }

  /** What was refused stays chosen, with the reason over the column; where nothing was, the boxes go. */
  done(form, ok) {
    const kind = form.dataset.bulk;
    const refused = Object.entries(ok.refused ?? {});
    const list = form.querySelector("[data-is=told]");
    for (const box of this.boxes(kind)) box.checked = String(idOf(box)) in (ok.refused ?? {});
    list.replaceChildren(...refused.map(([id, error]) => this.line(id, error)));
    list.hidden = !refused.length;
    form.elements.note && (form.elements.note.value = "");
    if (refused.length) this.desk.toasts.show(this.desk.words.say("left_alone", { n: refused.length }));
    else this.open(kind, false);
    this.say(kind);
  }

  line(id, error) {
    const line = this.told.cloneNode(true);
    const row = this.desk.state.rows[id];
    const text = line.querySelector("[data-is=text]");
    text.textContent = row?.text ?? "";
    if (row) text.lang = row.lang;
    line.querySelector("[data-is=why]").textContent = this.desk.words.refusal({ error });
    return line;
  }

  /** What waits though it would be published at once by the new rule: chosen, to be published at one press. */
  offer(waiting) {
    this.choose("review", waiting);
    this.desk.toasts.show(this.desk.words.say("offered", { n: waiting.length }), 15);
  }
}

function idOf(box) {
  return Number.parseInt(box.value, 10);
}
