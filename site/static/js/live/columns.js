// The console's columns: each keeps its rows in place while somebody works in it. Review is oldest first, always.
import { groupOf } from "./alike.js";
import { DeskRows } from "./desk-row.js";

const AT_REST = 20_000; // ms without a move after which a pointer that lies in a column points at nothing

export class Columns {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.rows = new DeskRows(desk);
    this.columns = ["review", "published", "answered", "aside"].map((kind) => new Column(kind, this.rows));
    // What somebody opens gets its body before it opens, whichever way it is opened.
    document.addEventListener("click", ({ target }) => this.open(target.closest?.("details.cr > summary")?.parentElement), true);
    document.addEventListener("toggle", ({ target }) => target.open && this.open(target), true);
    setInterval(() => this.age(), 1000);
  }

  /** Give a row its body. @param {HTMLDetailsElement | null | undefined} row */
  open(row) {
    if (row?.matches("details.cr")) this.rows.furnish(row.parentElement, this.desk.state);
  }

  draw(state) {
    const wanted = {
      review: state.review,
      published: this.desk.lens.published(state.webinar.next ?? [], state.order.filter((id) => state.rows[id]?.floor === "waiting"), state.rows),
      answered: state.answered,
      aside: state.aside,
    };
    for (const column of this.columns) {
      const there = wanted[column.kind].map((id) => state.rows[id]).filter(Boolean);
      const { shown, hidden } = column.kind === "answered" ? { shown: there, hidden: [] } : this.desk.reads.rows(there);
      column.draw(shown.map((row) => row.id), state);
      this.tellHidden(column.kind, hidden);
      document.getElementById(`${column.kind}-empty`).hidden = there.length > 0;
    }
    const open = state.counts.published - state.counts.answered - (state.webinar.floor?.questions.length ?? 0);
    const said = (id, value) => (document.getElementById(id).textContent = String(value));
    said("review-count", state.review.length);
    said("published-count", Math.max(open, wanted.published.length));
    said("answered-count", state.counts.answered);
    said("aside-count", state.aside.length);
    this.age();
  }

  /** How many the filter leaves out: nothing is forgotten because nobody sees it. */
  tellHidden(kind, hidden) {
    const line = document.getElementById(`${kind}-filtered`);
    if (!line) return;
    line.hidden = !hidden.length;
    line.querySelector("[data-is=said]").textContent = hidden.map(([code, count]) => `${code.toUpperCase()} ${count}`).join(", ");
  }

  /** How long each has waited; and rows that somebody else decided on go once nobody points at them. */
  age() {
    const { now, state } = this.desk;
    for (const time of document.querySelectorAll("#review [data-asked]")) {
      const said = elapsed(now - Number(time.dataset.asked));
      if (time.textContent !== said) time.textContent = said;
    }
    for (const column of this.columns) column.sweep(state);
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
    this.wanted = this.shown;
    this.left = new Set(); // decided on by somebody else, while it was under our hands
    this.movedAt = 0;
    for (const event of ["pointermove", "pointerdown"]) this.list.addEventListener(event, () => (this.movedAt = Date.now()), { passive: true });
  }

  get isPointedAt() {
    return this.list.matches(":hover") && Date.now() - this.movedAt < AT_REST;
  }

  /**
   * Somebody points into it or stands in it: rows may go and be added at the end, but none changes places. Review is
   * strictly oldest first: there only a pointer, which would hit another row, keeps one that came back at the end.
   */
  get isHeld() {
    return this.isPointedAt || (this.kind !== "review" && this.list.contains(document.activeElement));
  }

  isUnderHands(item) {
    const row = item.firstElementChild;
    return row.hasAttribute("aria-current") || item.contains(document.activeElement);
  }

  draw(wanted, state) {
    this.wanted = wanted;
    const still = new Set(wanted);
    const gone = this.shown.filter((id) => !still.has(id));
    this.left = new Set(gone.filter((id) => this.stays(id)));
    this.shown = this.isHeld ? steady(this.shown, [...wanted, ...this.left]) : withLeft(this.shown, wanted, this.left);
    const stays = new Set(this.shown);
    for (const [id, item] of this.items) {
      if (stays.has(id)) continue;
      if (this.rows.acted.has(id)) this.passOn(item);
      this.rows.acted.delete(id);
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
      if (this.left.has(id)) this.rows.leave(item, state.rows[id]);
      else this.fill(id, item, state);
    }
    if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
  }

  fill(id, item, state) {
    const sign = [state.rows[id], state.votes[id], state.webinar.next, state.webinar.floor?.turn, this.kind === "review" && signOf(groupOf(state, id))];
    if (same(this.drawn.get(id), sign)) return;
    this.rows.fill(item, state.rows[id], state);
    this.drawn.set(id, sign);
  }

  /** A row that somebody else decided on stays where a press may be on its way to it, and says so. */
  stays(id) {
    const item = this.items.get(id);
    return !this.rows.acted.has(id) && Boolean(item) && (this.isPointedAt || this.isUnderHands(item));
  }

  sweep(state) {
    const isRight = this.shown.filter((id) => !this.left.has(id)).every((id, n) => id === this.wanted[n]);
    if (isRight ? ![...this.left].some((id) => !this.stays(id)) : this.isHeld) return;
    for (const id of this.left) this.drawn.delete(id);
    this.draw(this.wanted, state);
  }

  /** The row one worked on goes: the next one is under the hands. */
  passOn(item) {
    const row = item.firstElementChild;
    if (!row.hasAttribute("aria-current") && !(row.open && item.contains(document.activeElement))) return;
    const next = (item.nextElementSibling ?? item.previousElementSibling)?.firstElementChild;
    if (!next) return;
    this.rows.furnish(next.parentElement, this.rows.desk.state);
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

/** The wanted order, with each row that left behind the one it stood behind. */
export function withLeft(shown, wanted, left) {
  const order = [...wanted];
  shown.forEach((id, n) => {
    if (!left.has(id)) return;
    const before = shown.slice(0, n).findLast((other) => order.includes(other));
    order.splice(order.indexOf(before) + 1, 0, id);
  });
  return order;
}

/** 80000 → "1:20", 4980000 → "1:23:00" */
export function elapsed(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function signOf(group) {
  return group ? [...group.questions, "+", ...group.published, ...group.words].join() : "";
}

function same(one, two) {
  return one?.length === two.length && one.every((thing, n) => thing === two[n]);
}
