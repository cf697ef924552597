// Parts of a room that only some rooms use: their scripts come once the room has one, or somebody opens their tab.

const LOADERS = {
  opinions: () => import("./opinions.js"),
  polls: () => import("./polls.js"),
  queue: () => import("./queue.js"),
  reactions: () => import("./reactions.js"),
};

export class Later {
  /** @param {any} page with `parts`, which are drawn with every change */
  constructor(page) {
    this.page = page;
    this.begun = new Set();
    document.querySelector(".tabs")?.addEventListener("click", ({ target }) => this.load(target.closest("[data-shows]")?.dataset.shows));
    this.load(document.querySelector(".panel")?.dataset.shown);
    this.load("reactions"); // what others react is shown to those who never do
    this.draw(page.state);
  }

  draw(state) {
    for (const part of Object.keys(LOADERS)) if (state[part]?.order.length) this.load(part);
    if (state.webinar.queue_open && document.getElementById("raise").hidden) this.load("queue"); // opened after the page was made
  }

  async load(part) {
    if (!LOADERS[part] || this.begun.has(part)) return;
    this.begun.add(part);
    try {
      const made = (await LOADERS[part]()).mount(this.page);
      this.page.parts.push(made);
      made.draw(this.page.state);
    } catch {
      this.begun.delete(part); // no connection: with the next change, or the next press on its tab; forms work meanwhile
    }
  }
}
