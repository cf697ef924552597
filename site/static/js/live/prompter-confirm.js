// On the prompter: what was written down of the speaker's own answers, to confirm or to put right in place.
import { answersOf } from "./card.js";
import { Lost } from "./line.js";
import { write } from "./texts.js";

export class Confirm {
  /** @param {{config: any, state: any, line: any, teller: any, words: any}} prompter */
  constructor(prompter) {
    this.prompter = prompter;
    this.box = document.getElementById("confirm");
    this.list = this.box.querySelector("ol");
    this.mould = document.getElementById("confirm-mould").content.querySelector("li");
    this.lines = new Map([...this.list.children].map((line) => [Number(line.dataset.answer), line]));
    this.box.addEventListener("submit", (event) => this.submit(event));
  }

  draw(state) {
    const me = this.prompter.config.participant;
    const waiting = state.addressed
      .map((one) => state.rows[one])
      .filter((row) => row?.floor === "done")
      .map((row) => [row, answersOf(row).given])
      .filter(([, given]) => given?.gist && !given.confirmed && isBy(given, me));
    const still = new Set(waiting.map(([, given]) => given.id));
    for (const [id, line] of this.lines) {
      if (still.has(id)) continue;
      line.remove();
      this.lines.delete(id);
    }
    for (const [row, given] of waiting) this.line(row, given);
    this.box.hidden = !waiting.length;
  }

  /** Words that somebody is changing are left alone. */
  line(row, given) {
    let line = this.lines.get(given.id);
    if (!line) {
      line = this.mould.cloneNode(true);
      line.dataset.answer = given.id;
      line.querySelector("[name=answer]").value = given.id;
      this.lines.set(given.id, line);
      this.list.append(line);
    }
    write(line.querySelector(".cue-of"), row.text, row.lang);
    const box = line.querySelector("textarea");
    if (box.value === box.defaultValue) box.value = given.gist;
    box.defaultValue = given.gist;
    box.lang = given.lang;
  }

  async submit(event) {
    event.preventDefault();
    const { answer, gist } = event.target.elements;
    const { line, teller, words } = this.prompter;
    try {
      const reply = await line.request({ do: "confirm", answer: Number(answer.value), gist: gist.value });
      teller.tell(reply.error ? words.refusal(reply) : words.say("did_confirm"));
      event.target.querySelector("button").ariaInvalid = reply.error ? "true" : null;
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      event.target.submit(); // the line is gone: the page's own way says what became of it
    }
  }
}

function isBy(answer, person) {
  return [answer.speaker, ...(answer.with ?? [])].some((one) => one?.id === person);
}
