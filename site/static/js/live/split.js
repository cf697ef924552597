// What unites and where we differ, brought into the room when somebody opens it; the link to its page stays where nothing comes.
import { fetchFragment } from "../site/html.js";

export class Split {
  /** @param {HTMLDetailsElement | null} fold */
  constructor(fold) {
    this.place = fold?.querySelector("[data-from]");
    fold?.addEventListener("toggle", () => fold.open && this.load());
    if (fold?.open) this.load();
  }

  async load() {
    this.place.setAttribute("aria-busy", "true");
    try {
      const parts = await fetchFragment(this.place.dataset.from, "#split > *");
      const link = this.place.querySelector("p:last-child");
      this.place.replaceChildren(parts, link);
    } catch {
      // the link leads there, and says what is wrong
    } finally {
      this.place.removeAttribute("aria-busy");
    }
  }
}
