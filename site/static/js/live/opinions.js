// Opinions: statements in the order they were published in, so that nothing moves, and where one stands to each.
import { isNamed } from "./card.js";
import { MyOpinions } from "./my-opinions.js";
import { OpinionBox } from "./opinion-box.js";
import { Split } from "./split.js";
import { countryOf, write } from "./texts.js";
import { Words } from "./words.js";

const SETTLE = 1_500; // ms after an acknowledged stand in which a frame must have told its count
const NONE = { said: [], stands: {} };

/** @param {any} page the room or the text-only room: its state, outbox, words, config, dispatch and teller */
export function mount(page) {
  return new Opinions(page);
}

class Opinions {
  constructor(page) {
    this.page = page;
    const own = new Words(document.getElementById("opinion-words"), document.documentElement.lang);
    for (const [name, line] of own.lines) page.words.lines.set(name, line);
    this.list = document.getElementById("opinions-list");
    this.mould = document.getElementById("opinion-mould").content.querySelector("li");
    this.items = new Map([...this.list.children].map((item) => [Number(item.dataset.opinion), item]));
    this.acked = new Map(); // id → {base, item}: on the server's disk, and not yet in a count it told
    this.box = new OpinionBox(page);
    this.mine = new MyOpinions(page);
    this.split = new Split(document.getElementById("op-split"));
    this.list.addEventListener("click", (event) => this.press(event));
  }

  /** What is for this person alone: {said, stands}. */
  get own() {
    return this.page.state.own.opinions ?? NONE;
  }

  draw(state, before) {
    const { opinions, own, webinar } = state;
    if (before && opinions === before.opinions && own.opinions === before.own.opinions && webinar === before.webinar) return;
    const published = opinions.order.filter((id) => isPublished(opinions.items[id]));
    for (const id of published) if (!this.items.has(id)) this.add(id);
    const there = new Set(published);
    for (const [id, item] of this.items) {
      if (there.has(id)) this.fill(item, opinions.items[id], state);
      else this.blank(item);
    }
    const count = document.getElementById("opinions-count");
    if (count) count.textContent = String(published.length);
    document.getElementById("opinions-empty").hidden = this.items.size > 0;
    const fresh = before ? published.filter((id) => !isPublished(before.opinions.items[id])).length : 0;
    if (fresh) this.page.teller.tell(this.page.words.say("new_opinions", { n: fresh }));
    this.box.draw(state);
    this.mine.draw(this.own, Boolean(before));
  }

  add(id) {
    const item = this.mould.cloneNode(true);
    item.id = `o-${id}`;
    item.dataset.opinion = id;
    for (const button of item.querySelectorAll("[data-side]")) button.value = id;
    this.items.set(id, item);
    this.list.append(item);
  }

  fill(item, row, state) {
    const part = (name) => item.querySelector(`[data-is="${name}"]`);
    const own = this.own.said.some((one) => one.id === row.id);
    item.classList.remove("left");
    item.classList.toggle("own", own);
    part("own")?.toggleAttribute("hidden", !own);
    part("speaker")?.toggleAttribute("hidden", !row.speaker || !isNamed(row));
    const text = item.querySelector(".op-text");
    if (text.textContent !== row.text) write(text, row.text, row.lang);
    this.from(item.querySelector(".q-from"), row);
    const counts = this.countsOf(row);
    const stand = this.standOf(row.id);
    for (const button of item.querySelectorAll("[data-side]")) {
      const { side } = button.dataset;
      const chosen = side === stand;
      button.querySelector(".num").textContent = String(counts[side]);
      button.setAttribute("aria-pressed", String(chosen));
      button.setAttribute("form", `stand-${chosen ? "none" : side}`); // what a press without this script would send
      button.disabled = !state.webinar.voting_open || Boolean(this.page.config.muted);
    }
    drawBar(item.querySelector(".op-bar"), counts);
  }

  /** It was taken off while it stood there: its words go at once, its place stays. */
  blank(item) {
    if (item.classList.contains("left")) return;
    item.classList.add("left");
    item.style.minBlockSize = `${item.getBoundingClientRect().height}px`; // nothing under it moves
    const text = item.querySelector(".op-text");
    write(text, this.page.words.say("opinion_gone"), "");
    item.querySelector(".q-from").replaceChildren();
    for (const chip of item.querySelectorAll("[data-is]")) chip.hidden = true;
    for (const button of item.querySelectorAll("[data-side]")) {
      button.disabled = true;
      button.setAttribute("aria-pressed", "false");
      button.querySelector(".num").textContent = "";
    }
    drawBar(item.querySelector(".op-bar"), { agree: 0, disagree: 0 });
  }

  from(line, row) {
    const { config, languageName } = this.page;
    const parts = isNamed(row) ? [row.name, row.organisation, row.place] : [];
    parts.push(countryOf(row.country, config.countries));
    if (!config.reads.includes(row.lang)) parts.push(languageName ? languageName.call(this.page, row.lang) : row.lang);
    const said = parts.filter(Boolean);
    if (line.dataset.said === said.join("|")) return;
    line.dataset.said = said.join("|");
    line.replaceChildren(...said.flatMap((text) => [Object.assign(document.createElement("span"), { textContent: text }), " "]));
  }

  // --- stands -------------------------------------------------------------------------------------------

  press(event) {
    const button = event.target.closest("[data-side]");
    if (!button) return;
    event.preventDefault();
    const id = Number(button.value);
    const side = this.standOf(id) === button.dataset.side ? "none" : button.dataset.side;
    this.page.outbox.add({ do: "stand", opinion: id, side }).catch(() => this.redraw());
  }

  /** Where this person stands: as they pressed last, sent or not. */
  standOf(id) {
    const waiting = this.page.outbox.entries.findLast(({ command }) => command.do === "stand" && command.opinion === id);
    return waiting ? sideOf(waiting.command) : (this.own.stands[id] ?? "");
  }

  /** The server's counts, and one's own press that is not in them yet. */
  countsOf(row) {
    const acked = this.acked.get(row.id);
    const base = acked?.item === row ? acked.base : (this.own.stands[row.id] ?? "");
    const counts = { agree: row.agree, disagree: row.disagree, skip: row.skip };
    const now = this.standOf(row.id);
    if (base === now) return counts;
    if (base) counts[base] = Math.max(0, counts[base] - 1);
    if (now) counts[now] += 1;
    return counts;
  }

  /** The outbox changed. @param {import("./outbox.js").Entry[]} entries */
  kept(entries) {
    this.mine.waiting(entries.filter(({ command }) => command.do === "opine" || command.do === "opinion_rewrite"), this.own);
    this.redraw();
  }

  settled(command, reply) {
    if (command.do === "opine" && reply.ok) this.page.teller.tell(this.page.words.say("opinion_sent"));
    if (command.do !== "stand" || reply.error) return;
    const { opinion } = command;
    const { state } = this.page;
    const item = state.opinions.items[opinion];
    const known = this.acked.get(opinion);
    const base = known?.item === item ? known.base : (this.own.stands[opinion] ?? "");
    this.acked.set(opinion, { base, item });
    setTimeout(() => {
      this.acked.delete(opinion);
      this.redraw();
    }, SETTLE);
    this.page.dispatch({ mine: { opinions: { ...this.own, stands: { ...this.own.stands, [opinion]: sideOf(command) } } } });
  }

  redraw() {
    this.draw(this.page.state);
  }
}

const isPublished = (row) => Boolean(row) && (row.visibility ?? "published") === "published";
const sideOf = ({ side }) => (side === "none" ? "" : side);

/** Of those who took a side, how many agree (templates/webinars/_opinion_bar.html). */
function drawBar(bar, { agree, disagree }) {
  if (!bar) return;
  const people = agree + disagree;
  bar.querySelector(".op-all").setAttribute("width", people ? "100" : "0");
  bar.querySelector(".op-part").setAttribute("width", String(people ? Math.round((100 * agree) / people) : 0));
}
