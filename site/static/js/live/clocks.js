// <live-clock zone="Asia/Ulaanbaatar">: the time there, or for the reader without a zone; <span data-own-clock> shows the reader's own.

const locale = document.documentElement.lang || "en";
const own = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

class LiveClock extends HTMLElement {
  connectedCallback() {
    const timeZone = this.getAttribute("zone") || own;
    try {
      this.format = new Intl.DateTimeFormat(locale, { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    } catch {
      return; // the server's time stays
    }
    const tick = () => {
      this.textContent = this.format.format();
      this.timer = setTimeout(tick, 60_000 - (Date.now() % 60_000));
    };
    tick();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }
}

customElements.define("live-clock", LiveClock);

/** The reader's own clock, unless one of the cities is theirs already. */
export function mountClocks() {
  const mine = document.querySelector("[data-own-clock]");
  if (!mine) return;
  const shown = [...document.querySelectorAll("[data-zone]")].map((clock) => clock.dataset.zone);
  mine.hidden = shown.includes(own);
}
