// The console's columns: each keeps its rows in place while somebody works in it. Review is oldest first, always.
import { DeskRows } from "./desk-row.js";

export class Columns {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.rows = new DeskRows(desk);
    this.columns = ["review", "published", "answered", "aside"].map((kind) => new Column(kind, this.rows));
    setInterval(() => this.age(), 1000);
  }

  draw(state, before) {
    const wanted = {
      review: state.review,
      published: [...(state.webinar.next ?? []), ...state.order.filter((id) => state.rows[id]?.floor === "waiting")],
      answered: state.answered,
      aside: state.aside,
    };
    const said = (id, value) => (document.getElementById(id).textContent = String(value));
    for (const column of this.columns) {
      column.draw(wanted[column.kind].filter((id) => state.rows[id]), state, before);
      const empty = document.getElementById(`${column.kind}-empty`);
      if (empty) empty.hidden = wanted[column.kind].length > 0;
    }
    const open = state.counts.published - state.counts.answered - (state.webinar.floor?.questions.length ?? 0);
    said("review-count", state.review.length);
    said("published-count", Math.max(open, wanted.published.length));
    said("answered-count", state.counts.answered);
    said("aside-count", state.aside.length);
    said("g-here", state.here);
    said("g-beside", Math.max(state.here, state.beside));
    said("g-review", state.review.length);
    said("g-answered", state.counts.answered);
    said("g-published", state.counts.published);
    this.age();
  }

  /** How long each has waited, in minutes and seconds. */
  age() {
    const { state } = this.desk;
    const now = Date.now() + state.offset;
    for (const time of document.querySelectorAll("#review [data-asked]")) time.textContent = elapsed(now - Number(time.dataset.asked));
    const oldest = state.rows[state.review[0]];
    document.getElementById("g-oldest-line").hidden = !oldest;
    if (oldest) document.getElementById("g-oldest").textContent = elapsed(now - oldest.asked);
    const floor = document.getElementById("floor-time");
    floor.hidden = !state.webinar.floor;
    if (state.webinar.floor) floor.textContent = elapsed(now - state.webinar.floor.since);
    const running = state.webinar.since && ["live", "hold", "wrap_up"].includes(state.webinar.state);
    document.getElementById("running").textContent = running ? elapsed(now - state.webinar.since) : "";
  }
}

class Column {
  constructor(kind, rows) {
    this.kind = kind;
    this.rows = rows;
    this.list = document.getElementById(kind);
    this.items = new Map([...this.list.children].map((item) => [Number(item.dataset.question), item]));
    this.drawn = new Map();
    this.shown = [...this.items.keys()];
  }

  /** Somebody points into it or stands in it: rows may go and be added at the end, but none changes places. */
  get isUsed() {
    return this.list.matches(":hover") || this.list.contains(document.activeElement);
  }

  draw(wanted, state, before) {
    this.shown = this.isUsed ? steady(this.shown, wanted) : wanted;
    const stays = new Set(this.shown);
    for (const [id, item] of this.items) {
      if (stays.has(id)) continue;
      this.passOn(item);
      item.remove();
      this.items.delete(id);
      this.drawn.delete(id);
    }
    const focused = this.list.contains(document.activeElement) ? document.activeElement : null;
    let at = this.list.firstElementChild;
    for (const id of this.shown) {
      let item = this.items.get(id);
      if (!item) this.items.set(id, (item = this.rows.make(this.kind, state.rows[id])));
      if (item === at) at = at.nextElementSibling;
      else this.list.insertBefore(item, at);
      const sign = [state.rows[id], state.votes[id], state.webinar];
      if (!same(this.drawn.get(id), sign)) {
        this.rows.fill(item, state.rows[id], state);
        this.drawn.set(id, sign);
      }
    }
    if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
  }

  /** The row one worked on goes: the next one is under the hands. */
  passOn(item) {
    const row = item.firstElementChild;
    if (!row.hasAttribute("aria-current") && !(row.open && item.contains(document.activeElement))) return;
    const next = (item.nextElementSibling ?? item.previousElementSibling)?.firstElementChild;
    if (!next) return;
    next.open = row.open;
    next.setAttribute("aria-current", "true");
    next.querySelector("summary").focus({ preventScroll: true });
  }
}

/** Rows that stay keep their places; those that came stand at the end. */
export function steady(shown, wanted) {
  const still = new Set(wanted);
  const there = new Set(shown);
  return [...shown.filter((id) => still.has(id)), ...wanted.filter((id) => !there.has(id))];
}

/** 80000 → "1:20", 4980000 → "1:23:00" */
export function elapsed(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function same(one, two) {
  return one?.length === two.length && one.every((thing, n) => thing === two[n]);
}
