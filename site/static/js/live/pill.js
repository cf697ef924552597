// How the connection stands, in words; the polite line for those who listen; and toasts.

const GENTLE = 600; // ms a hiccup may last before anybody is told
const PAUSE = 5_000; // one short message per five seconds

export class Pill {
  /** @param {any} words */
  constructor(words) {
    this.words = words;
    this.pill = document.getElementById("pill");
  }

  /** @param {import("./socket.js").Status} status */
  show(status) {
    clearTimeout(this.later);
    clearInterval(this.counting);
    if (status.state === "on") return this.set("on");
    this.later = setTimeout(() => {
      const word = this.pill.querySelector(`[data-when="${status.state}"]`);
      if (status.state === "wait") this.countDown(word, Date.now() + status.seconds * 1000 - GENTLE);
      else if (this.words.has(status.why)) word.textContent = this.words.say(status.why);
      this.set(status.state);
    }, GENTLE);
  }

  set(state) {
    this.pill.dataset.state = state;
    this.pill.hidden = false;
  }

  countDown(word, until) {
    const say = () => {
      const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      word.textContent = this.words.say("reconnecting", { n: left });
    };
    say();
    this.counting = setInterval(say, 1000);
  }
}

/** A status line that says one thing at a time, the newest last; what was overtaken is left out. */
export class Teller {
  constructor(element) {
    this.element = element;
    this.queue = [];
  }

  tell(message) {
    this.queue = [...this.queue.filter((other) => other !== message), message].slice(-3);
    if (!this.pausing) this.next();
  }

  next() {
    const message = this.queue.shift();
    this.pausing = Boolean(message);
    if (!message) return;
    this.element.textContent = message;
    setTimeout(() => this.next(), PAUSE);
  }
}

export class Toasts {
  constructor() {
    this.place = document.getElementById("toasts");
    this.mould = document.getElementById("toast-mould").content.querySelector(".toast");
  }

  /** @param {string} message @param {number} seconds how long it stays @returns {HTMLElement} */
  show(message, seconds = 8) {
    const toast = this.mould.cloneNode(true);
    toast.querySelector("p").textContent = message;
    toast.querySelector("button").addEventListener("click", () => toast.remove());
    while (this.place.children.length > 2) this.place.firstElementChild.remove();
    this.place.append(toast);
    setTimeout(() => toast.remove(), seconds * 1000);
    return toast;
  }
}
