// "Something does not work": told to those who run the webinar, and kept on this device until it can be.
import { uuid } from "./outbox.js";

export class Report {
  /** @param {import("./room.js").Room} room */
  constructor(room) {
    this.room = room;
    this.form = document.getElementById("report");
    this.sheet = this.form.closest("[popover]");
    this.form.addEventListener("submit", (event) => this.submit(event));
  }

  async submit(event) {
    event.preventDefault();
    const { kind, text, language } = this.form.elements;
    const { outbox, line, toasts, words } = this.room;
    if (kind.value === "other" && !/[\p{L}\p{N}]/u.test(text.value)) return toasts.show(words.refusal({ error: "empty" }));
    try {
      await outbox.add({ do: "report", client_id: uuid(), kind: kind.value, text: text.value, language: language.value });
    } catch {
      return toasts.show(words.refusal({ error: "not_saved" }));
    }
    this.form.reset();
    this.sheet.hidePopover();
    if (!line.isOpen) toasts.show(words.say("kept"));
  }

  /** Thanked for; or refused, with the words back in their box. */
  settled(command, reply) {
    if (reply.ok) return this.room.toasts.show(this.room.words.say("reported"));
    const { kind, text } = this.form.elements;
    kind.value = command.kind;
    text.value = command.text;
  }
}
