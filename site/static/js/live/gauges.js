// How the webinar stands, in one line: figures as the server says them, times on its clock, once a second.
import { elapsed } from "./columns.js";

const LATE = 180_000; // ms somebody may wait before the gauge says so

export class Gauges {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    setInterval(() => this.age(), 1000);
  }

  draw(state) {
    say("g-here", state.here);
    say("g-beside", state.beside);
    show("g-beside-line", state.beside > state.here);
    say("g-review", state.review.length);
    say("g-published", state.counts.published);
    say("g-answered", state.counts.answered);
    say("g-pace", state.pace);
    this.age();
  }

  age() {
    const { state, now } = this.desk;
    const oldest = state.rows[state.review[0]];
    const waited = oldest ? now - oldest.asked : 0;
    show("g-oldest-line", Boolean(oldest));
    say("g-oldest", elapsed(waited));
    show("g-late", waited > LATE);
    document.getElementById("g-review-line").classList.toggle("late", waited > LATE);
    const { floor, since } = state.webinar;
    show("g-floor-line", Boolean(floor));
    show("floor-time", Boolean(floor));
    for (const id of ["g-floor", "floor-time"]) say(id, floor ? elapsed(now - floor.since) : "");
    say("running", since && ["live", "hold", "wrap_up"].includes(state.webinar.state) ? elapsed(now - since) : "");
  }
}

function say(id, value) {
  const element = document.getElementById(id);
  if (element.textContent !== String(value)) element.textContent = String(value);
}

function show(id, on) {
  const element = document.getElementById(id);
  if (element.hidden === on) element.hidden = !on;
}
