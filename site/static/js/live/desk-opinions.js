// The opinions on the console: the same decisions and keys as questions; rows under somebody's hands stay where they are.
import { Lately } from "./desk-row.js";
import { write } from "./texts.js";
import { Words } from "./words.js";

const LISTS = { review: ["submitted"], published: ["published"], aside: ["returned", "declined", "hidden"] };
const AT_REST = 20_000; // ms without a move after which a pointer that lies in the fold points at nothing

export class DeskOpinions {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    for (const [name, line] of new Words(document.getElementById("opinion-words"), document.documentElement.lang).lines) desk.words.lines.set(name, line);
    this.fold = document.getElementById("op-fold");
    this.mould = document.getElementById("desk-opinion-mould").content.querySelector("li");
    this.items = new Map([...this.fold.querySelectorAll("[data-opinion]")].map((item) => [Number(item.dataset.opinion), item]));
    this.acted = new Lately(); // decided on here: their rows may go at once
    this.movedAt = 0;
    for (const event of ["pointermove", "pointerdown"]) this.fold.addEventListener(event, () => (this.movedAt = Date.now()), { passive: true });
    this.fold.addEventListener("submit", ({ target }) => this.acted.add(Number(target.elements.opinion?.value)), true);
    setInterval(() => this.items.size && this.draw(this.desk.state), 2000);
  }

  draw(state, before) {
    const { order, items } = state.opinions;
    if (before && state.opinions === before.opinions) return;
    for (const [name, states] of Object.entries(LISTS)) {
      const rows = order.map((id) => items[id]).filter((row) => states.includes(row.visibility));
      this.list(name, rows);
      document.getElementById(`op-${name}-count`).textContent = String(rows.length);
      if (name === "review") this.count(rows.length, before?.opinions);
    }
    for (const [id, item] of this.items) if (!items[id]) this.go(id, item, "gone");
  }

  count(waiting, before) {
    document.getElementById("op-review-count").classList.toggle("steppe", waiting > 0);
    document.getElementById("op-review-empty").hidden = waiting > 0;
    document.getElementById("g-opinions-line").hidden = !waiting;
    document.getElementById("g-opinions").textContent = String(waiting);
    const did = before?.order.filter((id) => before.items[id].visibility === "submitted").length;
    if (did !== undefined && waiting > did) this.desk.teller.tell(this.desk.words.say("opinion_waits"));
  }

  list(name, rows) {
    const place = document.getElementById(`op-${name}`);
    for (const row of rows) {
      let item = this.items.get(row.id);
      if (item && item.parentElement !== place && this.stays(row.id, item)) {
        this.leave(item, row.visibility); // somebody else decided: it says where it went
        continue;
      }
      if (!item) this.items.set(row.id, (item = this.mould.cloneNode(true)));
      if (item.parentElement !== place) {
        this.passOn(item);
        place.append(item);
        this.acted.delete(row.id);
      }
      this.fill(item, row);
    }
  }

  go(id, item, where) {
    if (this.stays(id, item)) return this.leave(item, where);
    this.passOn(item);
    item.remove();
    this.items.delete(id);
    this.acted.delete(id);
  }

  stays(id, item) {
    const under = item.firstElementChild.hasAttribute("aria-current") || item.contains(document.activeElement);
    const pointed = this.fold.matches(":hover") && Date.now() - this.movedAt < AT_REST;
    return item.isConnected && !this.acted.has(id) && (under || pointed);
  }

  fill(item, row) {
    const { words, config } = this.desk;
    const part = (name) => item.querySelector(`[data-is="${name}"]`);
    const details = item.firstElementChild;
    item.dataset.opinion = row.id;
    details.classList.remove("left");
    details.classList.toggle("mine-own", row.by === config.participant);
    part("left").hidden = true;
    write(item.querySelector(".cr-text"), row.text, row.lang);
    Object.assign(item.querySelector(".chip.lang"), { textContent: row.lang, lang: row.lang, title: this.desk.languageName(row.lang) });
    part("tally").textContent = row.visibility === "published" ? `${row.agree} : ${row.disagree}` : "";
    part("where").textContent = LISTS.aside.includes(row.visibility) ? words.say(`left_${row.visibility}`) : "";
    part("hidden-name").hidden = row.name_shown === "all";
    part("own").hidden = row.by !== config.participant;
    const from = [row.name, row.organisation, row.place, this.desk.country(row.country), this.desk.languageName(row.lang)];
    part("from").firstElementChild.replaceChildren(...from.filter(Boolean).map((text) => Object.assign(document.createElement("span"), { textContent: text })));
    part("why").textContent = [row.reason && words.say(`opinion_reason_${row.reason}`), row.note].filter(Boolean).join(". ");
    for (const deed of item.querySelectorAll("[data-when]")) deed.hidden = !deed.dataset.when.split(" ").includes(row.visibility);
    for (const field of item.querySelectorAll("input[name=opinion]")) field.value = row.id;
    for (const field of item.querySelectorAll("input[name=was]")) field.value = row.visibility;
    for (const button of item.querySelectorAll(".cr-open button")) button.disabled = false;
  }

  leave(item, where) {
    const chip = item.querySelector("[data-is=left]");
    item.firstElementChild.classList.add("left");
    chip.hidden = false;
    chip.textContent = this.desk.words.say(`left_${where}`);
    for (const button of item.querySelectorAll(".cr-open button")) button.disabled = true;
  }

  /** The row one worked on goes: the next one is under the hands. */
  passOn(item) {
    const row = item.firstElementChild;
    if (!item.isConnected || (!row.hasAttribute("aria-current") && !item.contains(document.activeElement))) return;
    const next = (item.nextElementSibling ?? item.previousElementSibling)?.firstElementChild;
    const { open } = row;
    row.open = false;
    row.removeAttribute("aria-current");
    if (!next) return;
    next.open = open;
    next.setAttribute("aria-current", "true");
    next.querySelector("summary").focus({ preventScroll: true });
  }
}
