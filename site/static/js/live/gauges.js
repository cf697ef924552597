// How the webinar stands, in one line: figures as the server says them, times on its clock, once a second.
import { fetchFragment } from "../site/html.js";
import { elapsed } from "./columns.js";

const LATE = 180_000; // ms somebody may wait before the gauge says so

export class Gauges {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.activity = document.getElementById("g-activity");
    setInterval(() => this.age(), 1000);
    setInterval(() => document.hidden || this.look(), 60_000);
  }

  draw(state) {
    say("g-here", state.here);
    say("g-beside", state.beside);
    show("g-beside-line", state.beside > state.here);
    say("g-review", state.review.length);
    say("g-published", state.counts.published);
    say("g-answered", state.counts.answered);
    say("g-pace", state.pace);
    const { words } = this.desk;
    say("g-slow", state.webinar.slow ? words.say("slow_on", { n: state.webinar.slow }) : words.say("slow_off"));
    say("g-at-once", words.say(`at_once_${state.webinar.at_once}`));
    this.age();
  }

  /** The server draws the picture, for all who look the same one. */
  async look() {
    try {
      const picture = await fetchFragment(this.activity.dataset.url, "svg.activity");
      const link = this.activity.querySelector("a") ?? Object.assign(document.createElement("a"), { href: this.activity.dataset.url });
      link.replaceChildren(picture);
      this.activity.replaceChildren(link);
    } catch {
      // before the start, or no line: what is drawn stays
    }
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
