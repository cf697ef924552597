// Whether one may ask now: closed, muted, or in slow mode, which is said before anybody types. What is typed stays.

const MINUTE = 60_000;

export class Slow {
  /** @param {{state: any, words: any, config: any}} room */
  constructor(room) {
    this.room = room;
    this.line = document.getElementById("ask-again");
    this.until = 0; // by the budget of one's own, on this device's clock
    setInterval(() => this.line.hidden || this.say(), 1000);
  }

  get minutes() {
    return this.room.config.slowed ? (this.room.state.webinar.slow ?? 0) : 0;
  }

  /** Milliseconds until slow mode lets this person ask. */
  get left() {
    const { mine, offset } = this.room.state;
    const last = Math.max(0, ...mine.map((own) => own.asked));
    return this.minutes && last ? Math.max(0, last + this.minutes * MINUTE - Date.now() - offset) : 0;
  }

  /** What stands in the way of asking now, as the server would say it; null when nothing does. */
  refusal() {
    return this.left ? { error: "slow", minutes: this.minutes, left: Math.ceil(this.left / MINUTE) } : null;
  }

  /** The server said that the next question must wait so many seconds. */
  wait(seconds) {
    this.until = Date.now() + seconds * 1000;
    this.say();
  }

  draw(state, before) {
    if (state.webinar !== before?.webinar || state.mine !== before?.mine) this.say();
  }

  say() {
    const { words } = this.room;
    const { minutes } = this;
    const left = Math.max(this.left, this.until - Date.now());
    const seconds = Math.ceil(left / 1000);
    const put = (name, text) => {
      const part = this.line.querySelector(`[data-is=${name}]`);
      part.hidden = !text;
      if (part.textContent !== text) part.textContent = text;
    };
    put("rule", minutes ? words.say("slow_rule", { n: minutes }) : "");
    // By minutes, then by tens of seconds: somebody who listens to the page is not told each second.
    put("wait", left <= 0 ? "" : seconds > 90 ? words.say("again_min", { n: Math.ceil(seconds / 60) }) : words.say("again_s", { n: seconds > 10 ? Math.ceil(seconds / 10) * 10 : seconds }));
    this.line.hidden = !minutes && left <= 0;
  }
}

/** Whether one may write, and why not. */
export function drawClosed(state) {
  const open = Boolean(state.webinar.questions_open) && !state.muted;
  const closed = document.getElementById("closed");
  document.getElementById("composer").hidden = !open;
  closed.hidden = open;
  closed.querySelector("[data-is=muted]").hidden = !state.muted;
  closed.querySelector("[data-is=shut]").hidden = state.muted;
}
