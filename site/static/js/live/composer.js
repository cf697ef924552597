// Where a question is written: grows with its words, counts them as people count, and lets go of them only when they are safe.
import { Draft } from "./kept.js";
import { uuid } from "./outbox.js";

const NEAR = 100; // the counter speaks when this many are left
const COMPARED = 12; // characters from which on it is compared with what others asked

const graphemes = globalThis.Intl?.Segmenter ? new Intl.Segmenter() : null;

/** Length as a person counts it: "й" typed in two parts is one, and so is a flag. */
export function lengthOf(text) {
  const said = text.trim().normalize("NFC");
  return graphemes ? [...graphemes.segment(said)].length : [...said].length;
}

export class Composer {
  /** @param {{config: any, words: any, outbox: any, toasts: any, tell: Function}} room */
  constructor(room) {
    this.room = room;
    this.form = document.getElementById("composer");
    this.box = this.form.elements.text;
    this.left = document.getElementById("ask-left");
    this.draft = new Draft(room.config.participant, "ask");
    if (!this.box.value) this.box.value = this.draft.get();
    this.box.addEventListener("input", () => this.typed());
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && matchMedia("(pointer: fine)").matches) {
        event.preventDefault();
        this.form.requestSubmit();
      }
    });
    this.form.elements.language.addEventListener("change", (event) => (this.box.lang = event.target.value));
    this.form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("pagehide", () => this.draft.set(this.box.value));
    this.show();
  }

  typed() {
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.draft.set(this.box.value), 400);
    this.show();
    this.compare();
  }

  /** With the first words: what is like them. */
  compare() {
    if (this.comparing || this.box.value.trim().length < COMPARED) return;
    this.comparing = true;
    this.room.mountSimilar(this.form).then((similar) => (this.similar = similar), () => (this.comparing = false));
  }

  show() {
    const left = this.room.config.max - lengthOf(this.box.value);
    const over = left < 0;
    this.left.textContent = over ? this.room.words.say("over", { n: -left }) : left < NEAR ? this.room.words.say("left", { n: left }) : "";
    this.left.classList.toggle("over", over);
    this.box.setAttribute("aria-invalid", String(over));
    if (!CSS.supports("field-sizing", "content")) {
      this.box.rows = Math.min(8, 1 + (this.box.value.match(/\n/g)?.length ?? 0) + Math.floor(this.box.value.length / 40));
    }
  }

  async submit(event) {
    if (event.submitter?.name === "way") return; // picture, sound, text: the words go along
    event.preventDefault();
    const { text, language, name_shown: nameShown, addressed_to: to } = this.form.elements;
    const words = text.value;
    if (!/[\p{L}\p{N}]/u.test(words)) return this.refuse({ error: "empty" });
    const slowed = this.room.slow.refusal();
    if (slowed) return this.refuse(slowed); // the words stay in the box
    const length = lengthOf(words);
    if (length > this.room.config.max) return this.refuse({ error: "too_long", length, limit: this.room.config.max });
    const command = { do: "ask", client_id: uuid(), text: words, language: language.value, name_shown: nameShown.value };
    if (to?.value) command.addressed_to = Number(to.value) || to.value; // a speaker, or a country by its letters;
    const { rendition, rendition_language: into } = this.form.elements;
    if (rendition.value.trim()) Object.assign(command, { rendition: rendition.value, rendition_language: into.value });
    try {
      await this.room.outbox.add(command);
    } catch (error) {
      return this.refuse({ error: error.message || "not_saved", retry_after: 10 });
    }
    // Now it is kept: the box may be empty.
    clearTimeout(this.saving);
    this.box.value = rendition.value = "";
    rendition.closest("details").open = false;
    this.draft.set("");
    this.refuse(null);
    this.show();
  }

  refuse(reply) {
    const line = this.form.querySelector("[role=alert]");
    line.hidden = !reply;
    line.textContent = reply ? this.room.words.refusal(reply) : "";
    if (reply) this.box.focus();
  }
}
