// Reactions a minute, for the desk: a line over the last half hour, as the server drew it, that goes on by itself.

const MINUTE = 60_000;
const HIGH = 18; // of the line, in its own units (webinars/views/queue_page.py)

export class ReactionLine {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.place = document.getElementById("reaction-line");
    this.line = this.place.querySelector("polyline");
    this.minutes = this.place.dataset.minutes.split(",").map(Number);
    this.at = Number(this.place.dataset.at);
    setInterval(() => this.age(), 1000);
  }

  draw() {}

  heard(sums) {
    this.age();
    this.minutes[this.minutes.length - 1] += Object.values(sums).reduce((sum, more) => sum + more, 0);
    this.show();
  }

  /** Minutes that passed since the last look are new ones without any. */
  age() {
    const passed = Math.floor((this.desk.now - this.at) / MINUTE);
    if (passed <= 0) return;
    this.at += passed * MINUTE;
    const { length } = this.minutes;
    this.minutes = [...this.minutes, ...Array(Math.min(passed, length)).fill(0)].slice(-length);
    this.show();
  }

  show() {
    const top = Math.max(...this.minutes, 1);
    this.line.setAttribute("points", this.minutes.map((count, n) => `${n * 2},${(19 - (HIGH * count) / top).toFixed(1)}`).join(" "));
    document.getElementById("g-reactions").textContent = String(this.minutes.at(-1));
  }
}
