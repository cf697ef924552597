// The list through a lens: in another order, only some of it, or what is found by words. Loaded when somebody asks.
// Its rows are the server's pages (templates/webinars/questions.html); votes in them are as live as in the list.
import { fetchFragment } from "../site/html.js";
import { drawVote } from "./card.js";
import { waiting } from "./order.js";
import { isVoted, votesOf } from "./state.js";

const KEYS = ["q", "sort", "only", "to", "country", "language", "topic"];
const REST = 10_000; // ms between two readings of one lens, and as much again at random
const id = (name) => document.getElementById(name);

export class Lens {
  /** @param {any} room */
  constructor(room) {
    this.room = room;
    this.panel = document.querySelector(".panel");
    this.place = id("lens-place");
    this.list = id("lens-list");
    this.rule = id("lens-rule");
    this.name = id("lens-name");
    this.plainName = this.name.textContent;
    this.fresh = id("lens-fresh");
    this.query = "";
    this.next = ""; // the rows as the server would give them now, where that differs
    this.items = new Map(); // id → li
    this.counts = new Map(); // id → votes as the server drew them
    this.readAt = 0;
    this.list.addEventListener("click", (event) => {
      const vote = event.target.closest("button.vote");
      const link = event.target.closest(".more-row a");
      if (vote) this.press(event, Number(vote.value));
      if (link) this.more(event, link);
    });
    this.fresh.addEventListener("click", () => this.show());
    document.addEventListener("visibilitychange", () => document.hidden || this.later());
  }

  get isOn() {
    return Boolean(this.query);
  }

  /** The choices come with the first press: most people never want them. */
  async furnish() {
    if (this.form) return;
    const form = await fetchFragment(`${this.room.config.urls.questions}?${this.query}`, "#lens-form");
    this.place.replaceChildren(form);
    this.form = id("lens-form");
    this.form.addEventListener("change", (event) => event.target.name !== "q" && this.choose());
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.form.elements.q.addEventListener("search", (event) => !event.target.value && this.choose()); // its own cross
    this.form.querySelector("[data-is=reset]").addEventListener("click", (event) => this.reset(event));
    this.form.querySelector("[data-is=plain]").hidden = true; // a choice is answered as it is made
    this.say();
  }

  async open() {
    await this.furnish();
    this.place.hidden = false;
    this.form.elements.q.focus();
  }

  close() {
    this.place.hidden = true;
  }

  /** What is found stands in its own order: searching and choosing take turns. */
  submit(event) {
    event.preventDefault();
    const words = this.form.elements.q.value.trim();
    if (!words) return this.choose();
    for (const field of this.form.querySelectorAll("select")) field.value = field.name === "sort" ? "wanted" : "";
    this.apply(new URLSearchParams({ q: words }).toString());
  }

  reset(event) {
    event.preventDefault();
    for (const field of this.form.querySelectorAll("select")) field.value = field.name === "sort" ? "wanted" : "";
    this.choose();
  }

  choose() {
    this.form.elements.q.value = "";
    const chosen = new FormData(this.form);
    if (chosen.get("sort") === "wanted") chosen.delete("sort");
    this.apply(new URLSearchParams([...chosen].filter(([, value]) => value)).toString());
  }

  /** @param {string} search the lens as an address says it; "" for the list as it is live */
  async apply(search) {
    this.query = lensIn(search);
    const address = new URL(location.href);
    for (const key of KEYS) address.searchParams.delete(key);
    for (const [key, value] of new URLSearchParams(this.query)) address.searchParams.set(key, value);
    history.replaceState(null, "", address);
    this.say();
    if (this.isOn) return this.read();
    this.leave();
  }

  leave() {
    this.reading?.abort();
    clearTimeout(this.timer);
    delete this.panel.dataset.lens;
    this.items.clear();
    this.list.replaceChildren();
    this.rule.replaceChildren();
    this.next = "";
  }

  /** What is chosen, in the words of the choices. */
  say() {
    const chosen = [...(this.form?.querySelectorAll("select") ?? [])].filter((field) => field.value && !(field.name === "sort" && field.value === "wanted"));
    const words = [this.form?.elements.q.value.trim(), ...chosen.map((field) => field.selectedOptions[0].textContent.trim())];
    this.name.textContent = (this.isOn && words.filter(Boolean).join(" · ")) || this.plainName;
  }

  async fetch() {
    this.reading?.abort();
    this.reading = new AbortController();
    this.readAt = Date.now();
    this.stale = false;
    const url = `${this.room.config.urls.questions}?${this.query}`;
    return fetchFragment(url, "#more-list > li, #lens-said > *", { signal: this.reading.signal });
  }

  async read() {
    this.list.setAttribute("aria-busy", "true");
    this.panel.dataset.lens = "";
    try {
      this.fill(await this.fetch());
      this.list.scrollTo({ top: 0 });
    } catch (error) {
      if (error.name !== "AbortError") location.assign(`${this.room.config.urls.questions}?${this.query}`); // the plain way says what is wrong
    } finally {
      this.list.removeAttribute("aria-busy");
    }
  }

  fill(page) {
    this.next = "";
    this.fresh.hidden = true;
    this.items.clear();
    this.rule.replaceChildren(...[...page.children].filter((one) => one.localName !== "li"));
    this.list.replaceChildren(...[...page.children].filter((one) => one.localName === "li"));
    this.take(this.list.children);
    this.draw(this.room.state);
  }

  /** Rows of the server's: their ids are those of the live list, which is in the page, too. */
  take(items) {
    for (const item of items) {
      if (!item.dataset.question) continue;
      const question = Number(item.dataset.question);
      item.removeAttribute("id");
      this.items.set(question, item);
      this.counts.set(question, Number(item.querySelector(".num").textContent));
    }
  }

  /** @param {import("./state.js").State} state */
  draw(state, before) {
    if (!this.isOn) return;
    const open = Boolean(state.webinar.voting_open) && !this.room.config.muted;
    for (const [question, item] of this.items) {
      if (item.classList.contains("left") || !item.querySelector(".vote .num")) continue;
      const votes = question in state.votes ? state.votes : { [question]: this.counts.get(question) };
      drawVote(item, { votes: votesOf({ ...state, votes }, question), voted: isVoted(state, question), open });
    }
    if (before && state.cursor !== before.cursor && !onlyVotes(state, before)) this.later();
  }

  /** @param {Record<string, any>} message what nobody may read any more goes at once, whatever the server's pages say */
  heard(message) {
    for (const question of message.gone ?? []) {
      const item = this.items.get(question);
      if (!item) continue;
      item.classList.add("left");
      const word = Object.assign(document.createElement("p"), { className: "q-from", textContent: this.room.words.say("gone") });
      item.querySelector(".q-body").replaceChildren(word);
      const vote = item.querySelector("button.vote");
      if (vote) vote.disabled = true;
    }
  }

  counted(question, step) {
    if (this.counts.has(question)) this.counts.set(question, this.counts.get(question) + step);
  }

  press(event, question) {
    event.preventDefault();
    this.room.vote(question, !isVoted(this.room.state, question));
  }

  // --- what is new waits ------------------------------------------------------------------------------

  later() {
    if (!this.isOn) return;
    this.stale = true;
    clearTimeout(this.timer);
    const since = Date.now() - this.readAt;
    this.timer = setTimeout(() => this.look(), Math.max(500, REST * (1 + Math.random()) - since));
  }

  /** Nothing moves under a reader: rows keep their places, and what is new is counted beside "show". */
  async look() {
    if (!this.isOn || !this.stale || document.hidden) return;
    try {
      const page = await this.fetch();
      const rows = [...page.querySelectorAll("[data-question]")];
      for (const row of rows) this.freshen(row);
      const wanted = rows.map((row) => Number(row.dataset.question));
      const { fresh, moved: others, left } = waiting({ shown: [...this.items.keys()], wanted });
      const moved = others + (page.querySelector(".more-row") ? 0 : left.size); // behind a whole page stand those that fell out of it
      this.next = fresh || moved ? page : "";
      const said = [fresh && this.room.words.say("new", { n: fresh }), moved && this.room.words.say("moved", { n: moved })].filter(Boolean).join(", ");
      this.fresh.hidden = !said;
      this.fresh.querySelector("b").textContent = said;
    } catch {
      this.later(); // it is tried again; what is shown stays
    }
  }

  freshen(row) {
    const question = Number(row.dataset.question);
    const item = this.items.get(question);
    if (!item || item.contains(document.activeElement)) return;
    this.counts.set(question, Number(row.querySelector(".num").textContent));
    const [old, now] = [item.querySelector(".q-body"), row.querySelector(".q-body")];
    if (!old.isEqualNode(now)) old.replaceWith(now.cloneNode(true));
  }

  show() {
    if (!this.next) return;
    const before = new Set(this.items.keys());
    this.fill(this.next);
    for (const [question, item] of this.items) item.classList.toggle("new", !before.has(question));
    this.list.scrollTo({ top: 0 });
    this.list.querySelector("button.vote, a")?.focus({ preventScroll: true, focusVisible: false });
  }

  async more(event, link) {
    event.preventDefault();
    link.setAttribute("aria-busy", "true");
    const row = link.closest("li");
    try {
      const page = await fetchFragment(link.href, "#more-list > li");
      const items = [...page.children].filter((item) => !this.items.has(Number(item.dataset.question)));
      row.replaceWith(...items);
      this.take(items);
      this.draw(this.room.state);
    } catch {
      location.assign(link.href);
    }
  }
}

/** Only what is a lens of an address. @param {string} search */
export function lensIn(search) {
  const given = new URLSearchParams(search);
  return new URLSearchParams(KEYS.filter((key) => given.get(key)).map((key) => [key, given.get(key)])).toString();
}

/** Counts alone are told by the frames themselves; what else moved may stand in another place now. */
function onlyVotes(state, before) {
  return state.rows === before.rows && state.counts === before.counts && state.webinar === before.webinar;
}
