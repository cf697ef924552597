// After a gap (the line was gone, the window was not looked at, the laptop slept): one line on what was missed.
import { fetchFragment } from "../site/html.js";

const GAP = 120_000; // ms; shorter was nobody away (webinars/missed.py says the same)
const TICK = 10_000;

export class Missed {
  /** @param {{url: string, offset: () => number, tell: (said: string) => void}} page `offset`: the server's clock before ours */
  constructor(page) {
    this.page = page;
    this.place = document.getElementById("missed-place");
    this.isOn = false;
    this.seen = Date.now(); // when somebody was last there, as far as one can know
    document.addEventListener("visibilitychange", () => this.look());
    setInterval(() => this.look(), TICK);
  }

  /** @param {import("./socket.js").Status} status */
  stand(status) {
    this.isOn = status.state === "on";
    this.look();
  }

  /** Timers rest while a laptop sleeps: a tick that comes late is a gap as well. */
  look() {
    if (!this.isOn || document.hidden) return;
    const now = Date.now();
    const [away, since] = [now - this.seen, this.seen];
    this.seen = now;
    if (away > GAP) this.ask(since);
  }

  async ask(since) {
    try {
      const found = await fetchFragment(`${this.page.url}?since=${Math.round(since + this.page.offset())}`, "#missed, #missed-nothing");
      const line = found.querySelector("#missed");
      if (!line) return;
      line.open = false;
      this.place.replaceChildren(line);
      this.page.tell(line.querySelector("summary").textContent.trim().replace(/\s+/g, " "));
    } catch {
      this.seen = since; // the line is gone again: asked for when it is back
    }
  }
}
