// Who is on which row of the console: what others hold is shown, what this desk works on is said. It warns and never prevents.

const RENEW = 8_000; // ms; the lease is 20 s (webinars/live/holds.py)
const ACTIVE = 20_000; // ms after the last move of a hand in which somebody is still there

export class Holds {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.moved = 0;
    this.said = "0"; // what the server heard last
    this.saidAt = 0;
    for (const use of ["pointerdown", "pointermove", "keydown", "input"]) document.addEventListener(use, () => (this.moved = Date.now()), { passive: true, capture: true });
    for (const change of ["toggle", "focusin", "input"]) document.addEventListener(change, () => queueMicrotask(() => this.say()), { capture: true });
    document.addEventListener("visibilitychange", () => this.say());
    setInterval(() => this.say(), 1000);
  }

  /** "12", "12 write", or "0": the row that is open under somebody's hands. */
  get here() {
    if (document.hidden || Date.now() - this.moved > ACTIVE) return "0";
    const row = document.activeElement?.closest("details.cr[open]") ?? document.querySelector("details.cr[open][aria-current]") ?? document.querySelector("details.cr[open]");
    if (!row || row.matches(".left")) return "0";
    const writes = row.contains(document.activeElement) && document.activeElement.matches("input:not([type=checkbox]), textarea") && document.activeElement.value;
    return row.parentElement.dataset.question + (writes ? " write" : "");
  }

  /** To the server, when it changed or the lease runs out; by the socket, or with the next look where there is none. */
  say() {
    const { here } = this;
    if (here === this.said && (here === "0" || Date.now() - this.saidAt < RENEW)) return;
    if (!this.desk.line.socket.send(`hold ${here}`)) return;
    this.said = here;
    this.saidAt = Date.now();
  }

  /** A new socket knows nothing of what was said on the old one. */
  forget() {
    this.said = "0";
    this.say();
  }

  draw(state, before) {
    if (before && state.holds === before.holds && state.rows === before.rows && state.review === before.review) return;
    const { words, config } = this.desk;
    const held = new Map();
    for (const hold of state.holds) if (hold.by !== config.participant && !held.has(String(hold.question))) held.set(String(hold.question), hold);
    for (const item of document.querySelectorAll(".rows > li[data-question]")) {
      const chip = item.querySelector("[data-is=held]");
      const hold = held.get(item.dataset.question);
      if (!chip || (!hold && chip.hidden)) continue;
      chip.hidden = !hold;
      const said = hold ? words.say(hold.name ? (hold.writes ? "held_writes" : "held") : "held_nameless", { name: hold.name }) : "";
      if (chip.textContent === said) continue;
      chip.textContent = said;
      // Whoever works on the same row hears it, once.
      if (hold && item.firstElementChild.open) this.desk.teller.tell(said);
    }
  }
}
