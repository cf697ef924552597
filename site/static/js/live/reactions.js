// Reactions: pressed, gone at once, and never kept for later. What the hall says rises beside each button for a moment.
import { Lost } from "./line.js";

const SHOWN = 4_000; // ms after the last one

/** @param {any} page the room or the text-only room */
export function mount(page) {
  return new Reactions(page);
}

class Reactions {
  constructor(page) {
    this.page = page;
    this.form = document.getElementById("reactions");
    this.fading = new Map();
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.press(event.submitter.value);
    });
  }

  draw(state) {
    this.form.hidden = !state.webinar.reactions_open || this.page.config.muted;
  }

  async press(kind) {
    const { line, toasts, words } = this.page;
    try {
      if (!line.isOpen) throw new Lost();
      const reply = await line.request({ do: "react", kind });
      if (reply.error) toasts.show(words.refusal(reply));
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      toasts.show(words.say("reaction_lost"));
    }
  }

  /** @param {Record<string, number>} sums how many more of each kind */
  heard(sums) {
    for (const [kind, more] of Object.entries(sums)) {
      const count = this.form.querySelector(`button[value="${kind}"] b`);
      if (!count) continue;
      const shown = this.fading.get(kind);
      clearTimeout(shown?.timer);
      const number = (shown?.number ?? 0) + more;
      count.textContent = String(number);
      count.dataset.on = "";
      const timer = setTimeout(() => {
        this.fading.delete(kind);
        delete count.dataset.on;
      }, SHOWN);
      this.fading.set(kind, { number, timer });
    }
  }
}
