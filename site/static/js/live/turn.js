// What is on the floor, as the desk sees it: who answers, the questions of the turn, and the gist being written.
import { write } from "./card.js";
import { Draft } from "./kept.js";
import { shownOf } from "./texts.js";

export class Turn {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.box = document.getElementById("gist-text");
    this.left = document.getElementById("gist-left");
    this.draft = new Draft(desk.config.participant, "gist");
    this.about = new Draft(desk.config.participant, "gist-of"); // the turn the words are about, and its first question
    this.box.addEventListener("input", () => this.keep());
    this.left.querySelector("[data-drop]").addEventListener("click", () => this.emptied());
  }

  get floor() {
    return this.desk.state.webinar.floor;
  }

  keep() {
    this.draft.set(this.box.value);
    this.about.set(this.box.value && this.floor ? `${this.floor.turn}.${this.floor.questions[0] ?? ""}` : "");
  }

  draw(state, before) {
    const floor = state.webinar.floor;
    const rows = (floor?.questions ?? []).map((id) => state.rows[id]).filter(Boolean);
    document.getElementById("turn").hidden = !floor;
    this.box.form.elements.turn.value = floor?.turn ?? "";
    document.getElementById("floor-empty").hidden = Boolean(floor);
    document.getElementById("onfloor").classList.toggle("free", !floor);
    const names = (floor?.speakers ?? []).map((speaker) => speaker.name);
    document.getElementById("turn-who").replaceChildren(...names.map((name) => Object.assign(document.createElement("span"), { textContent: name })));
    const texts = document.getElementById("turn-texts");
    texts.replaceChildren(
      ...rows.map((row) => {
        const line = Object.assign(document.createElement("p"), { className: "turn-text", dir: "auto" });
        const said = shownOf(row, this.desk.config.reads);
        write(line, said.text, said.lang);
        if (said.by) line.title = row.text;
        return line;
      }),
    );
    if (!before || before.webinar.floor?.turn !== floor?.turn) this.sort(floor);
  }

  /** Words of the turn that is open stand in its box; those of one that somebody else ended stand apart and wait. */
  sort(floor) {
    if (this.box.form.ariaBusy === "true") return; // our own press: its reply says what became of it
    const words = this.draft.get();
    const [turn, question] = this.about.get().split(".");
    const isOfThis = !turn || Number(turn) === floor?.turn;
    this.box.value = isOfThis && floor ? this.box.value || words : "";
    const { gist, question: field } = this.left.elements;
    if (!isOfThis && words) gist.value = words;
    field.value = question ?? "";
    this.left.hidden = isOfThis || !words || !question;
  }

  /** Our press came too late: the turn was over. */
  refused() {
    this.sort(this.floor);
  }

  /** The words are on the server's disk, or thrown away. */
  emptied() {
    this.draft.set("");
    this.about.set("");
    this.box.value = "";
    this.left.hidden = true;
  }
}
