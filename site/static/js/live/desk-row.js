// One row of the console: the mould is the server's own partial (templates/webinars/_desk_row.html) of its kind.
import { Alike } from "./alike.js";
import { answersOf, clock } from "./card.js";
import { commandOn } from "./changed.js";
import { fillStaff } from "./desk-answers.js";
import { DeskSet } from "./desk-set.js";
import { drawLookedAt } from "./looked-at.js";
import { votesOf } from "./state.js";
import { Renditions } from "./renditions.js";
import { write } from "./texts.js";

const LATELY = 15_000; // ms: as long as a reply may take (line.js)

export class DeskRows {
  /** @param {{words: any, config: any, languageName: Function, country: Function, state: any}} desk */
  constructor(desk) {
    this.desk = desk;
    this.alike = new Alike(desk);
    this.renditions = new Renditions(desk);
    this.set = new DeskSet(desk);
    this.acted = new Lately(); // questions this desk decided on itself: their rows may go at once
    this.moulds = new Map();
    this.bodies = new Map();
  }

  mould(kind) {
    if (!this.moulds.has(kind)) {
      const mould = document.getElementById(`${kind}-mould`).content.querySelector("li").cloneNode(true);
      const body = mould.querySelector(".cr-open");
      this.bodies.set(kind, body.cloneNode(true));
      body.replaceChildren(); // furnished when it is opened: three hundred rows would be twenty thousand elements
      this.moulds.set(kind, mould);
    }
    return this.moulds.get(kind);
  }

  /** @param {string} kind review, published, answered or aside @returns {HTMLLIElement} */
  make(kind, row) {
    const item = this.mould(kind).cloneNode(true);
    item.dataset.question = row.id;
    const text = item.querySelector(".cr-text");
    text.id = `text-${kind}-${row.id}`;
    item.querySelector(".pick input")?.setAttribute("aria-describedby", text.id);
    return item;
  }

  /** What opens under a row is made when it is first opened. */
  furnish(item, state) {
    const body = item.querySelector(".cr-open");
    if (body.querySelector("form")) return;
    const { kind } = item.firstElementChild.dataset;
    this.mould(kind);
    body.replaceChildren(...this.bodies.get(kind).cloneNode(true).childNodes);
    for (const field of body.querySelectorAll("input[name=question]")) field.value = item.dataset.question;
    const row = state.rows[item.dataset.question];
    if (item.dataset.left) this.leave(item, row);
    else if (row) this.fill(item, row, state);
  }

  /** Draw what changed; fields somebody is writing in are left alone. */
  fill(item, row, state) {
    const { words, config } = this.desk;
    const part = (name) => item.querySelector(`[data-is="${name}"]`);
    const show = (name, on) => part(name)?.toggleAttribute("hidden", !on);
    const { given } = answersOf(row);
    const own = row.by === config.participant;
    if (item.dataset.left) this.comeBack(item);
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
    for (const field of item.querySelectorAll("input[name=seen]")) field.value = row.seen ?? "";
    const pick = item.querySelector(".pick input");
    if (pick) pick.value = `${row.id}.${row.visibility}.${row.seen}`;
    show("person", !own && !row.came_by && !row.for);
    show("second", Boolean(given?.gist));
    show("no-gist", !given?.gist);
    show("lesson", Boolean(given?.gist));
    if (part("second")) part("second").textContent = clock(given?.second);
    if (part("where")) part("where").textContent = words.say(`left_${row.visibility}`);
    const asked = row.into && state.rows[row.into]?.text; // where it was asked already
    if (part("why")) part("why").textContent = [row.reason && words.say(`reason_${row.reason}`), row.note, asked].filter(Boolean).join(". ");
    if (part("country")) part("country").textContent = this.desk.country(row.country);
    if (part("from")) this.from(part("from"), row);
    if (item.firstElementChild.dataset.kind === "review") {
      this.alike.fill(item, row.id, state);
      drawLookedAt(item, row, this.desk);
    } else this.set.fill(item, row);
    for (const box of item.querySelectorAll("[data-verb=split] textarea")) refill(box, row);
    if (part("merge-link")) part("merge-link").search = `?merge=${row.id}`;
    this.gist(item.querySelector("textarea[name=gist]"), given);
    fillStaff(item, row);
    const marks = { noted: row.notes?.length, "is-assigned": row.assigned?.name, says: ["partly", "not"].includes(row.says) && words.say(`says_${row.says}`) };
    for (const [name, said] of Object.entries(marks)) {
      show(name, Boolean(said));
      if (said && part(name)) part(name).querySelector("span").textContent = String(said);
    }
    this.renditions.fill(item, row);
  }

  /** Somebody else decided on it: it says where it went and takes no press; what was being written in it stays. */
  leave(item, row) {
    const went = placeOf(row);
    item.dataset.left = went;
    item.firstElementChild.classList.add("left");
    const chip = item.querySelector("[data-is=left]");
    chip.hidden = false;
    chip.textContent = this.desk.words.say(`left_${went}`);
    item.querySelector("[data-is=left-why]")?.removeAttribute("hidden");
    for (const button of item.querySelectorAll(".cr-open button:not([data-difference] *)")) button.disabled = true;
    // What it was, what it is and who changed it: where somebody looks at it, and once.
    const command = item.firstElementChild.open && item.dataset.told !== went && commandOn(item.firstElementChild, "publish");
    if (command) {
      item.dataset.told = went;
      this.desk.changed.show(command);
    }
  }

  comeBack(item) {
    delete item.dataset.left;
    delete item.dataset.told;
    item.querySelector("[data-is=difference]")?.replaceChildren();
    item.firstElementChild.classList.remove("left");
    for (const part of item.querySelectorAll("[data-is=left], [data-is=left-why]")) part.hidden = true;
    for (const button of item.querySelectorAll(".cr-open button")) button.disabled = false;
  }

  from(line, row) {
    const { words } = this.desk;
    const parts = [row.name, row.organisation, row.place, this.desk.country(row.country)];
    if (row.for) parts.push(words.say("for_whom", { name: row.for }));
    if (row.came_by) parts.push(words.say(`came_${row.came_by}`));
    if (row.to || row.to_country) parts.push(words.say("to_whom", { name: row.to?.name ?? this.desk.country(row.to_country) }));
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

/** The asker's words, to be edited: what somebody changed in the box stays. */
function refill(box, row) {
  if (box.value === (box.dataset.was ?? box.defaultValue)) box.value = row.text;
  box.dataset.was = row.text;
  box.lang = row.lang;
}

/** Ids that are forgotten again: what one did a while ago does not speak for what somebody else does now. */
export class Lately {
  constructor() {
    this.at = new Map();
  }

  add(id) {
    this.at.set(id, Date.now());
  }

  has(id) {
    return Date.now() - (this.at.get(id) ?? 0) < LATELY;
  }

  delete(id) {
    this.at.delete(id);
  }
}

/** Where a question stands now, in one word (templates/webinars/_left.html has the words). */
export function placeOf(row) {
  if (!row) return "gone";
  if (row.visibility !== "published") return row.visibility;
  return { in_turn: "floor", done: "answered" }[row.floor] ?? "published";
}
