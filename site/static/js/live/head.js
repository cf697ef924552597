// The head of the room: state, who is here, agenda, notices to everybody.
import { best, write } from "./card.js";
import { drawClosed } from "./slow.js";

const COLOUR = { live: "live", hold: "steppe" }; // red means live now and nothing else

export class Head {
  /** @param {import("./room.js").Room} room */
  constructor(room) {
    this.room = room;
    this.state = document.getElementById("state");
    this.here = document.getElementById("here");
    this.notices = document.getElementById("notices");
    this.mould = document.getElementById("notice-mould").content.querySelector(".notice");
  }

  draw(state, before) {
    this.drawState(state.webinar.state);
    this.here.hidden = !state.here;
    this.here.querySelector("b").textContent = String(state.here);
    if (state.webinar !== before?.webinar) drawAgenda(state.webinar);
    if (state.notices !== before?.notices) this.drawNotices(state.notices, Boolean(before));
    drawClosed(state);
  }

  drawState(code) {
    if (this.state.dataset.state === code) return;
    this.state.dataset.state = code;
    this.state.className = `chip ${COLOUR[code] ?? ""}`;
    this.state.textContent = this.room.words.say(`state_${code}`);
  }

  drawNotices(notices, isNews) {
    const there = new Map([...this.notices.querySelectorAll("[data-notice]")].map((strip) => [strip.dataset.notice, strip]));
    const strips = notices.filter((notice) => this.room.config.told.includes(notice.to)).map((notice) => {
      const known = there.get(String(notice.id));
      if (known) return known;
      const strip = this.mould.cloneNode(true);
      const [language, text] = best(notice.text, this.room.config.reads);
      Object.assign(strip.dataset, { notice: notice.id, to: notice.to });
      write(strip.querySelector("p"), text, language);
      if (isNews) this.room.tell(this.room.words.say("a_notice", { text }));
      return strip;
    });
    if (strips.length !== this.notices.children.length || strips.some((strip, n) => strip !== this.notices.children[n])) {
      this.notices.replaceChildren(...strips);
    }
  }
}

export function drawAgenda(webinar) {
  for (const [id, , ended] of webinar.agenda ?? []) {
    const line = document.querySelector(`[data-item="${id}"]`);
    if (!line) continue;
    const state = id === webinar.agenda_now ? "now" : ended ? "past" : "coming";
    line.className = state;
    line.toggleAttribute("aria-current", state === "now");
    if (state === "now") line.setAttribute("aria-current", "true");
    for (const chip of line.querySelectorAll("[data-is]")) chip.hidden = chip.dataset.is !== state;
  }
}
