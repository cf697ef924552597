// Where an opinion is written: one short statement, counted as people count, let go of only when it is kept.
import { lengthOf } from "./composer.js";
import { Draft } from "./kept.js";
import { uuid } from "./outbox.js";

const NEAR = 60; // the counter speaks when this many are left

export class OpinionBox {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    this.form = document.getElementById("opine");
    this.box = this.form.elements.text;
    this.left = document.getElementById("opine-left");
    this.draft = new Draft(page.config.participant, "opine");
    if (!this.box.value) this.box.value = this.draft.get();
    this.box.addEventListener("input", () => this.typed());
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || !matchMedia("(pointer: fine)").matches) return;
      event.preventDefault();
      this.form.requestSubmit();
    });
    this.form.elements.language.addEventListener("change", ({ target }) => (this.box.lang = target.value));
    this.form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("pagehide", () => this.draft.set(this.box.value));
    this.show();
  }

  draw(state) {
    const open = Boolean(state.webinar.questions_open) && !this.page.config.muted;
    this.form.hidden = !open;
    document.getElementById("opine-closed").hidden = open;
  }

  typed() {
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.draft.set(this.box.value), 400);
    this.show();
  }

  show() {
    const left = this.page.config.max_opinion - lengthOf(this.box.value);
    const { words } = this.page;
    this.left.textContent = left < 0 ? words.say("over", { n: -left }) : left < NEAR ? words.say("left", { n: left }) : "";
    this.left.classList.toggle("over", left < 0);
    this.box.setAttribute("aria-invalid", String(left < 0));
  }

  async submit(event) {
    event.preventDefault();
    const { text, language, name_shown: nameShown } = this.form.elements;
    const words = text.value;
    const limit = this.page.config.max_opinion;
    const length = lengthOf(words);
    if (!/[\p{L}\p{N}]/u.test(words)) return this.refuse({ error: "empty" });
    if (length > limit) return this.refuse({ error: "too_long", length, limit });
    try {
      await this.page.outbox.add({ do: "opine", client_id: uuid(), text: words, language: language.value, name_shown: nameShown.value });
    } catch (error) {
      return this.refuse({ error: error.message || "not_saved", retry_after: 10 });
    }
    // Now it is kept: the box may be empty.
    clearTimeout(this.saving);
    this.box.value = "";
    this.draft.set("");
    this.refuse(null);
    this.show();
  }

  refuse(reply) {
    const line = this.form.querySelector("[role=alert]");
    line.hidden = !reply;
    line.textContent = reply ? this.page.words.refusal(reply) : "";
    if (reply) this.box.focus();
  }
}
