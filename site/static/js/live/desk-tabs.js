// On a phone one column at a time, chosen by tabs; on a desk all three stand side by side.
import { elapsed } from "./columns.js";

export class DeskTabs {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.main = document.querySelector("main.console");
    this.tabs = document.querySelector(".desk-tabs");
    this.tabs.addEventListener("click", (event) => {
      const tab = event.target.closest("[data-shows]");
      if (!tab) return;
      event.preventDefault();
      this.show(tab.dataset.shows);
    });
    this.show("review");
    setInterval(() => this.age(), 1000);
  }

  show(column) {
    this.main.dataset.shown = column;
    for (const tab of this.tabs.children) {
      if (tab.dataset.shows === column) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
    if (getComputedStyle(this.tabs).display !== "none") scrollTo({ top: 0 });
  }

  draw(state) {
    const count = (name, value) => (this.tabs.querySelector(`[data-is=${name}]`).textContent = value);
    count("review", state.review.length);
    count("published", document.getElementById("published-count").textContent);
    this.age();
  }

  age() {
    const { floor } = this.desk.state.webinar;
    this.tabs.querySelector("[data-is=onfloor]").textContent = floor ? elapsed(this.desk.now - floor.since) : "";
  }
}
