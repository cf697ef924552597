// What else asks what a row of review asks. The row says how many; open, it shows them and what can be done at one press.
import { write } from "./texts.js";

/** The group a question is in. @returns {{questions: number[], published: number[], words: string[]} | undefined} */
export function groupOf(state, id) {
  const group = state.alike.find(({ questions }) => questions.includes(id));
  if (!group) return undefined;
  // What was decided a moment ago is in no group any more, though the server has not said so yet.
  const questions = group.questions.filter((one) => state.review.includes(one) && state.rows[one]);
  const published = group.published.filter((one) => state.rows[one]?.visibility === "published");
  return questions.length + published.length > 1 ? { ...group, questions, published } : undefined;
}

export class Alike {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.mould = document.getElementById("same-mould").content.querySelector("li");
  }

  /** The chip in the row's line, and the group under it where the row is open. */
  fill(item, id, state) {
    const group = groupOf(state, id);
    const chip = item.querySelector("[data-is=alike]");
    chip.hidden = !group;
    if (group) chip.textContent = this.desk.words.say("alike", { n: group.questions.length + group.published.length });
    const section = item.querySelector("[data-is=group]");
    if (!section) return;
    section.hidden = !group;
    if (group) this.draw(section, group, id, state);
  }

  draw(section, group, id, state) {
    const form = section.querySelector("form");
    form.querySelector("input[type=hidden][name=questions]").value = id;
    const own = section.querySelector("[data-is=this-one]");
    own.value = id;
    section.querySelector("[data-is=all-as-one]").hidden = group.published.length > 0;
    section.querySelector("[data-is=join-public]").hidden = group.published.length === 0;
    const words = section.querySelector("[data-is=words]");
    words.lang = state.rows[id].lang;
    words.replaceChildren(...group.words.flatMap((word) => [Object.assign(document.createElement("mark"), { textContent: word }), " "]));
    const list = section.querySelector("ul");
    const there = new Map([...list.children].map((line) => [Number(line.dataset.same), line]));
    const others = [...group.published, ...group.questions].filter((one) => one !== id);
    const lines = others.map((one) => {
      const known = there.get(one);
      const isPublic = group.published.includes(one);
      // One that was published meanwhile is another line: what can be done with it is another thing.
      if (known && Boolean(known.querySelector("[data-is=public]")) === isPublic) return known;
      return this.make(state.rows[one], isPublic);
    });
    for (const line of there.values()) if (!lines.includes(line)) line.remove();
    lines.forEach((line, n) => list.children[n] !== line && list.insertBefore(line, list.children[n] ?? null));
    // What everybody sees already stays, unless somebody chose another.
    const chosen = form.querySelector("input[name=into]:checked");
    if (!chosen || (chosen === own && !("chosen" in form.dataset))) {
      (list.querySelector("li:has([data-is=public]) input[name=into]") ?? own).checked = true;
    }
    form.addEventListener("change", ({ target }) => target.name === "into" && (form.dataset.chosen = ""), { once: true });
  }

  make(row, isPublic) {
    const line = this.mould.cloneNode(true);
    line.dataset.same = row.id;
    for (const part of line.querySelectorAll(isPublic ? "[data-is=waiting]" : "[data-is=public]")) part.remove();
    write(line.querySelector("[data-is=text]"), row.text, row.lang);
    for (const field of line.querySelectorAll("input, button")) field.value = row.id;
    return line;
  }
}
