// A decision on what changed meanwhile: the server draws what it was, what it is and who changed it; one press decides all the same.
import { fetchFragment } from "../site/html.js";

export class Changed {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.sheet = document.getElementById("changed-sheet");
    document.addEventListener("click", (event) => {
      const leave = event.target.closest?.("[data-leave-it]");
      if (!leave) return;
      event.preventDefault();
      this.close(leave);
    });
  }

  /**
   * Under the row where it is open, else in a sheet of its own that a toast leads to.
   * @param {{do: string, question: number, was?: string, seen?: number, reason?: string, note?: string}} command
   */
  async show(command) {
    const body = document.querySelector(`.rows > li[data-question="${command.question}"] > details[open] [data-is=difference]`);
    if (body?.closest("details").checkVisibility()) return this.fill(body, command);
    const toast = this.desk.toasts.show(this.desk.words.refusal({ error: "changed" }), 15);
    const button = document.getElementById("difference-mould").content.querySelector("button").cloneNode(true);
    button.addEventListener("click", async () => {
      toast.remove();
      await this.fill(this.sheet.querySelector("[data-is=difference]"), command);
      this.sheet.showPopover();
    });
    toast.querySelector("button").before(button);
  }

  async fill(place, command) {
    const { question, ...told } = command;
    const query = new URLSearchParams(Object.entries(told).filter(([name, value]) => ["do", "was", "seen", "reason", "note"].includes(name) && value !== ""));
    const url = this.desk.config.urls.changed.replace("/changed/0/", `/changed/${question}/`);
    try {
      place.replaceChildren(await fetchFragment(`${url}?${query}`, "[data-difference]"));
    } catch {
      // no line: the row itself says where it went
    }
  }

  /** @param {Element} inside */
  close(inside) {
    const popover = inside.closest("[popover]");
    const row = inside.closest("details.cr")?.querySelector("summary");
    inside.closest("[data-difference]")?.remove();
    if (popover?.matches(":popover-open")) popover.hidePopover();
    row?.focus();
  }
}

/** What a press of this kind on a row would have sent. @param {HTMLElement} row @param {string} verb */
export function commandOn(row, verb) {
  const form = [...row.querySelectorAll("form")].find(({ elements }) => elements.was && elements.question);
  if (!form) return null;
  const why = row.querySelector(`details.why[data-verb="${verb}"] form`);
  return {
    do: verb,
    question: Number(form.elements.question.value),
    was: form.elements.was.value,
    seen: form.elements.seen?.value ?? "",
    reason: why?.elements.reason?.value ?? "",
    note: why?.elements.note?.value ?? "",
  };
}
