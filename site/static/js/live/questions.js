// The list: rows in the server's order, which wait while somebody reads; votes; further pages at its end.
import { fetchFragment } from "../site/html.js";
import { Cards, drawVote } from "./card.js";
import { freeze, orderOf, thaw, waiting, want } from "./order.js";
import { isOwn, isVoted, lifted, votesOf } from "./state.js";

const SCROLLED = 8; // px that are no accident

export class Questions {
  /** @param {import("./room.js").Room} room */
  constructor(room) {
    this.room = room;
    this.cards = new Cards(document.getElementById("question-mould"), room);
    this.list = document.getElementById("list");
    this.fresh = document.getElementById("fresh");
    this.more = document.getElementById("more");
    this.items = new Map(); // id → li, as drawn
    this.drawn = new Map(); // id → the row it was drawn from
    this.rounding = 0;
    this.extras = new Map(); // id → votes, of rows behind the window
    for (const item of this.list.querySelectorAll("[data-question]")) {
      const id = Number(item.dataset.question);
      this.items.set(id, item);
      this.drawn.set(id, room.state.rows[id]);
    }
    this.order = orderOf(room.state.order);
    // Where the rows stand is kept by `steady`, for the nested list too, which browsers leave alone.
    document.documentElement.style.overflowAnchor = this.list.style.overflowAnchor = "none";
    this.listen();
  }

  listen() {
    const hold = () => this.hold();
    for (const event of ["pointerenter", "touchstart", "focusin", "pointerdown"]) {
      this.list.addEventListener(event, hold, { passive: true });
    }
    this.list.addEventListener("scroll", () => this.scrolled() && this.hold(), { passive: true });
    addEventListener("scroll", () => this.scrolled() && this.hold(), { passive: true });
    for (const event of ["pointerleave", "focusout"]) this.list.addEventListener(event, () => setTimeout(() => this.release(), 300));
    this.fresh.addEventListener("click", () => this.show());
    this.list.addEventListener("click", (event) => {
      const vote = event.target.closest("button.vote");
      if (vote) this.press(event, Number(vote.value));
      const link = event.target.closest(".more-row a");
      if (link) this.load(event, link);
    });
  }

  scrolled() {
    return this.list.scrollTop > SCROLLED || scrollY > SCROLLED;
  }

  hold() {
    this.order = freeze(this.order);
  }

  /** Nobody is at the list any more and nothing waits: it may follow the server again. */
  release() {
    const at = this.list.matches(":hover") || this.list.contains(document.activeElement) || this.scrolled();
    const { fresh, moved, left } = waiting(this.order);
    if (!at && !fresh && !moved && !left.size) {
      this.order = thaw(this.order);
      this.list.style.paddingBlock = "";
    }
  }

  /** Draw the whole page; when something above the list grows or goes, the rows a reader looks at stay where they are. */
  steady(draw) {
    const top = (item) => item.getBoundingClientRect().top;
    const anchor = this.order.frozen && [...this.list.children].find((item) => item.getBoundingClientRect().bottom > top(this.list));
    const before = anchor && top(anchor) - this.rounding; // where it ought to be: scrolling snaps to whole pixels
    draw();
    if (!anchor?.isConnected) return;
    this.shift(top(anchor) - before);
    this.rounding = top(anchor) - before;
  }

  shift(by) {
    if (Math.abs(by) < 1) return;
    const scroller = getComputedStyle(this.list).overflowY === "auto" ? this.list : document.scrollingElement;
    const start = scroller.scrollTop;
    scroller.scrollBy({ top: by, behavior: "instant" });
    const rest = by - (scroller.scrollTop - start);
    if (Math.abs(rest) < 1) return;
    // Room to scroll where there was none.
    if (rest < 0) return this.pad("paddingBlockStart", -rest);
    const rows = [...this.list.children].reduce((sum, item) => sum + item.offsetHeight, 0);
    const free = this.list.clientHeight - rows - this.padding("paddingBlockStart") - this.padding("paddingBlockEnd");
    this.pad("paddingBlockEnd", 1 + rest + Math.max(0, free));
    scroller.scrollBy({ top: rest, behavior: "instant" });
  }

  padding(side) {
    return Number.parseFloat(this.list.style[side]) || 0;
  }

  pad(side, more) {
    this.list.style[side] = `${this.padding(side) + more}px`;
  }

  show() {
    this.list.style.paddingBlock = "";
    const before = new Set(this.order.shown);
    this.order = thaw(this.order);
    this.extras.clear(); // what lies behind the window has moved too: it is fetched anew when asked for
    this.draw(this.room.state);
    for (const id of this.order.shown) this.items.get(id)?.classList.toggle("new", !before.has(id));
    this.list.scrollTo({ top: 0 });
    this.list.querySelector("button.vote, a")?.focus({ preventScroll: true, focusVisible: false });
  }

  press(event, id) {
    event.preventDefault();
    this.list.classList.remove("teach");
    this.room.vote(id, !isVoted(this.room.state, id));
  }

  /** @param {import("./state.js").State} state @param {import("./state.js").State} [before] */
  draw(state, before) {
    if (state.order !== this.order.wanted) this.order = want(this.order, state.order);
    const { fresh, moved, left } = waiting(this.order);
    this.place(state, left);
    for (const [id, item] of this.items) this.drawItem(state, id, item, left.has(id));
    this.tellWaiting(fresh, moved + left.size, before && state.order !== before.order);
    document.getElementById("count").textContent = String(state.counts.published);
    document.getElementById("empty").hidden = this.order.shown.length + lifted(state).length > 0;
    if (!this.extras.size) this.drawMore(state);
  }

  /** Put the rows where they belong; only a list nobody reads is ever moved. */
  place(state) {
    const shown = this.order.shown.filter((id) => this.items.has(id) || state.rows[id]);
    const wanted = [...shown, ...[...this.extras.keys()].filter((id) => !shown.includes(id))];
    const stays = new Set(wanted);
    for (const [id, item] of this.items) {
      if (stays.has(id)) continue;
      item.remove();
      this.items.delete(id);
      this.drawn.delete(id);
    }
    const focused = this.list.contains(document.activeElement) ? document.activeElement : null;
    let at = this.list.firstElementChild;
    for (const id of wanted) {
      const item = this.items.get(id) ?? this.make(state, id);
      if (item === at) at = at.nextElementSibling;
      else this.list.insertBefore(item, at);
    }
    if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
  }

  make(state, id) {
    const row = state.rows[id];
    const item = this.cards.make(row, isOwn(state, id));
    this.items.set(id, item);
    this.drawn.set(id, row);
    return item;
  }

  drawItem(state, id, item, left) {
    const row = state.rows[id];
    const own = isOwn(state, id);
    if (left) this.blank(state, id, item);
    else if (row && this.drawn.get(id) && own !== item.classList.contains("own")) item = this.replace(item, state, id);
    else if (row && this.drawn.get(id) !== row) {
      this.cards.redraw(item, row, own);
      item.classList.remove("left");
      this.drawn.set(id, row);
    }
    const known = id in state.votes || !this.extras.has(id);
    const base = known ? votesOf(state, id) : votesOf({ ...state, votes: { [id]: this.extras.get(id) } }, id);
    const open = Boolean(state.webinar.voting_open) && !state.muted && !left;
    if (left && !known) return;
    drawVote(item, { votes: base, voted: isVoted(state, id), open });
  }

  /** A row that left stands until the reader asks, but its words go at once. */
  blank(state, id, item) {
    const why = state.webinar.floor?.questions.includes(id) ? "went_floor" : state.webinar.next?.includes(id) ? "went_next" : state.rows[id] ? "moved_down" : wasMerged(state, id) ? "went_merged" : "gone";
    if (item.dataset.left === why && this.drawn.get(id) === null) return;
    item.dataset.left = why;
    item.classList.add("left");
    this.drawn.set(id, null);
    const body = item.querySelector(".q-body");
    body.style.minBlockSize = `${body.offsetHeight}px`; // the row keeps its height: nothing under it moves
    const word = Object.assign(document.createElement("p"), { className: "q-from", textContent: this.room.words.say(why) });
    body.replaceChildren(word);
  }

  /** The way to what the window does not hold leads on from its last row. */
  drawMore(state) {
    this.more.hidden = state.order.length + lifted(state).length >= state.counts.published;
    if (state.order.length) this.more.querySelector("a").search = `?after=${state.order.at(-1)}`;
  }

  tellWaiting(fresh, moved, changed) {
    const parts = [fresh && this.room.words.say("new", { n: fresh }), moved && this.room.words.say("moved", { n: moved })];
    const said = parts.filter(Boolean).join(", ");
    this.fresh.hidden = !said;
    this.fresh.querySelector("b").textContent = said;
    if (changed && fresh) this.room.tell(this.room.words.say("new_questions", { n: fresh }));
  }

  /** It became one's own, or is it no more: what one asked was merged into it, or taken out again. */
  replace(item, state, id) {
    const fresh = this.make(state, id);
    item.replaceWith(fresh);
    return fresh;
  }

  /** A vote behind the window is on disk: no frame will tell its count. */
  counted(id, step) {
    if (this.extras.has(id)) this.extras.set(id, this.extras.get(id) + step);
  }

  /** The next page, put under the list; rows that are there already stay where they are. */
  async load(event, link) {
    event.preventDefault();
    this.hold();
    link.setAttribute("aria-busy", "true");
    try {
      const page = await fetchFragment(link.href, "#more-list > li");
      const next = page.querySelector(".more-row a");
      for (const item of [...page.querySelectorAll("[data-question]")]) {
        const id = Number(item.dataset.question);
        if (this.items.has(id)) continue;
        this.extras.set(id, Number(item.querySelector(".num").textContent));
        this.items.set(id, item);
        this.list.insertBefore(item, this.more);
      }
      if (next) link.href = next.href;
      this.more.hidden = !next;
    } catch {
      location.assign(link.href); // the plain way says what is wrong
    } finally {
      link.removeAttribute("aria-busy");
    }
  }
}

/** Did it become one with another question that is here? */
function wasMerged(state, id) {
  return Object.values(state.rows).some((row) => row.same?.some((one) => one.id === id));
}
