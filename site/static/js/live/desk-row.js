// One row of the console: the mould is the server's partial (templates/webinars/_desk_row.html) of its kind.
import { answersOf, clock, write } from "./card.js";
import { votesOf } from "./state.js";

export class DeskRows {
  /** @param {{words: any, config: any, languageName: Function, country: Function}} desk */
  constructor(desk) {
    this.desk = desk;
  }

  /** @param {string} kind review, published, answered or aside @returns {HTMLLIElement} */
  make(kind, row) {
    const item = document.getElementById(`${kind}-mould`).content.querySelector("li").cloneNode(true);
    item.dataset.question = row.id;
    for (const field of item.querySelectorAll("input[name=question]")) field.value = row.id;
    return item;
  }

  /** Draw what changed; fields somebody is writing in are left alone. */
  fill(item, row, state) {
    const { words, config } = this.desk;
    const part = (name) => item.querySelector(`[data-is="${name}"]`);
    const show = (name, on) => part(name)?.toggleAttribute("hidden", !on);
    const { given } = answersOf(row);
    const own = row.by === config.participant;
    item.firstElementChild.classList.toggle("mine-own", own);
    write(item.querySelector(".cr-text"), row.text, row.lang);
    const chip = item.querySelector(".chip.lang");
    if (chip) Object.assign(chip, { textContent: row.lang, title: this.desk.languageName(row.lang) });
    const lead = item.querySelector(".cr-lead");
    if (lead) lead.textContent = String(votesOf(state, row.id));
    show("hidden-name", row.name_shown !== "all");
    show("own", own);
    const age = item.querySelector("[data-asked]");
    if (age) age.dataset.asked = row.asked;
    const rank = (state.webinar.next ?? []).indexOf(row.id);
    show("next", rank >= 0);
    show("to-next", rank < 0);
    show("off-next", rank >= 0);
    if (rank >= 0 && part("next")) part("next").querySelector(".num").textContent = String(rank + 1);
    const taken = Boolean(state.webinar.floor);
    show("floor-free", !taken);
    show("floor-taken", taken);
    const add = item.querySelector("input[name=add]");
    if (add) add.value = taken ? "true" : "";
    // What this screen shows now is what a press means: anything else is refused (webinars/live/protocol.py).
    for (const field of item.querySelectorAll("input[name=turn]")) field.value = state.webinar.floor?.turn ?? "";
    for (const field of item.querySelectorAll("input[name=was]")) field.value = row.visibility;
    show("second", Boolean(given?.gist));
    show("no-gist", !given?.gist);
    show("lesson", Boolean(given?.gist));
    if (part("second")) part("second").textContent = clock(given?.second);
    if (part("where")) part("where").textContent = words.say(`aside_${row.visibility}`);
    if (part("why")) part("why").textContent = [row.reason && words.say(`reason_${row.reason}`), row.note].filter(Boolean).join(". ");
    if (part("country")) part("country").textContent = this.desk.country(row.country);
    this.from(part("from"), row);
    this.gist(item.querySelector("textarea[name=gist]"), given);
  }

  from(line, row) {
    const { words } = this.desk;
    const parts = [row.name, row.organisation, row.place, this.desk.country(row.country)];
    if (row.for) parts.push(words.say("for_whom", { name: row.for }));
    if (row.came_by) parts.push(words.say(`came_${row.came_by}`));
    if (row.to) parts.push(words.say("to_whom", { name: row.to.name }));
    parts.push(this.desk.languageName(row.lang));
    line.replaceChildren(...parts.filter(Boolean).map((text) => Object.assign(document.createElement("span"), { textContent: text })));
  }

  gist(box, given) {
    if (!box || !given) return;
    const untouched = box.value === (box.dataset.was ?? box.defaultValue);
    if (untouched) box.value = given.gist ?? "";
    box.dataset.was = given.gist ?? "";
    if (given.lang) {
      box.lang = given.lang;
      if (untouched) this.choose(box.form.elements.language, given.lang);
    }
  }

  /** The short list may not hold the language somebody wrote in. */
  choose(select, code) {
    if (![...select.options].some((option) => option.value === code)) select.add(new Option(this.desk.languageName(code), code));
    select.value = code;
  }
}
