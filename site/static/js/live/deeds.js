// Every form of the console goes over the line instead of leaving the page; what was done can be taken back for ten seconds.
import { Lost } from "./line.js";

const UNDO = 10; // seconds

/** A form's fields as a command: numbers as numbers, yes and no as such, empty ones left out. */
export function commandOf(fields) {
  const command = {};
  for (const [name, value] of fields) {
    if (name === "csrfmiddlewaretoken" || name === "back" || value === "") continue;
    if (["question", "item", "notice", "act", "turn"].includes(name)) command[name] = Number(value);
    else command[name] = value === "true" ? true : value === "false" ? false : value;
  }
  return command;
}

export class Deeds {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    document.addEventListener("submit", (event) => this.submit(event));
  }

  async submit(event) {
    const form = event.target;
    if (event.defaultPrevented || "plain" in form.dataset || !form.action.endsWith(this.desk.config.urls.do)) return;
    event.preventDefault();
    const fields = new FormData(form, event.submitter);
    if ("changedOnly" in form.dataset) {
      for (const select of form.querySelectorAll("select")) if (select.value === (select.dataset.was ?? initial(select))) fields.delete(select.name);
    }
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    const reply = await this.run(commandOf(fields));
    form.ariaBusy = null;
    if (reply?.ok) this.done(form);
    else if (reply?.error === "turn_over") this.desk.turn.refused();
  }

  /** @returns {Promise<any>} the reply; null when it was not sent */
  async run(command) {
    const { words, toasts } = this.desk;
    try {
      const reply = await this.desk.line.request(command);
      if (reply.error) toasts.show(words.refusal(reply));
      else this.offerUndo(command, reply.ok);
      return reply;
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      toasts.show(words.say("not_sent"));
      return null;
    }
  }

  /** The words are safe: their boxes may be empty, what was opened may close. */
  done(form) {
    if (form.matches("#gist, #gist-left")) this.desk.turn.emptied();
    if ("empties" in form.dataset) form.reset();
    for (const select of form.querySelectorAll("select")) select.dataset.was = select.value;
    const why = form.closest("details.why, [data-step]");
    if (why) {
      why.open = false;
      form.reset();
    }
    const sheet = form.closest("[popover]");
    if (sheet?.matches(":popover-open") && form.closest("#notice-sheet, #webinar-sheet")) sheet.hidePopover();
  }

  offerUndo(command, ok) {
    const { words, toasts } = this.desk;
    const did = words.say(`did_${command.do}`);
    if (!did) return;
    const undoable = ok.act && !["state", "settings", "agenda", "gist", "promise"].includes(command.do);
    const toast = toasts.show(did, undoable ? UNDO : 4);
    if (!undoable) return;
    const button = document.getElementById("undo-mould").content.querySelector("button").cloneNode(true);
    const count = button.querySelector(".count");
    let left = UNDO;
    count.textContent = String(left);
    const ticking = setInterval(() => {
      left -= 1;
      count.textContent = String(Math.max(0, left));
      if (left <= 0 || !button.isConnected) clearInterval(ticking);
    }, 1000);
    button.addEventListener("click", () => {
      toast.remove();
      this.run({ do: "undo", act: ok.act });
    });
    toast.querySelector("button").replaceWith(button);
  }
}

function initial(select) {
  return [...select.options].find((option) => option.defaultSelected)?.value ?? select.options[0]?.value;
}
