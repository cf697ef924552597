// What is on the floor, as the desk sees it: who answers, the questions of the turn, and the gist being written.
import { write } from "./card.js";
import { Draft } from "./kept.js";

export class Turn {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.box = document.getElementById("gist-text");
    this.draft = new Draft(desk.config.participant, "gist");
    this.box.value ||= this.draft.get();
    this.box.addEventListener("input", () => this.draft.set(this.box.value));
  }

  draw(state, before) {
    const floor = state.webinar.floor;
    const rows = (floor?.questions ?? []).map((id) => state.rows[id]).filter(Boolean);
    document.getElementById("turn").hidden = !floor;
    document.getElementById("floor-empty").hidden = Boolean(floor);
    document.getElementById("onfloor").classList.toggle("free", !floor);
    const names = (floor?.speakers ?? []).map((speaker) => speaker.name);
    document.getElementById("turn-who").replaceChildren(...names.map((name) => Object.assign(document.createElement("span"), { textContent: name })));
    const texts = document.getElementById("turn-texts");
    texts.replaceChildren(
      ...rows.map((row) => {
        const line = Object.assign(document.createElement("p"), { className: "turn-text", dir: "auto" });
        write(line, row.text, row.lang);
        return line;
      }),
    );
    // Closed by somebody else: their gist stands; one's own words wait for the next turn only if never sent.
    if (before?.webinar.floor && !floor) this.emptied();
  }

  /** The words are on the server's disk. */
  emptied() {
    this.box.value = "";
    this.draft.set("");
  }
}
