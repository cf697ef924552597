// Every form of the console goes over the line instead of leaving the page; what was done can be taken back for ten seconds.
import { Lost } from "./line.js";
import { uuid } from "./outbox.js";

const UNDO = 10; // seconds
const NUMBERS = new Set(["question", "item", "notice", "act", "turn", "into", "trouble", "upto", "hand", "opinion", "speaker", "answer", "poll", "seen", "person", "minutes", "version"]);
const LISTS = new Set(["questions", "speakers"]);
const BESIDE = new Set(["languages", "texts", "lines"]); // a poll's: they stand beside each other, an empty one keeps its place
// Decisions that say what they did by an act; without one it stood so already.
const OF_OPINIONS = ["publish", "return", "decline", "hide", "move"].map((verb) => `opinion_${verb}`);
const OF_POLLS = ["open_poll", "close_poll", "publish_poll", "drop_poll", "hide_answer"];
const DECISIONS = new Set(["publish", "return", "decline", "hide", "next", "unnext", "floor", "merge", "unmerge", "split", "move", "solve", "notice_off", "hand", "assign", "speakers", "bulk", "mute", "remove", "slow", ...OF_OPINIONS, ...OF_POLLS]);

/** A form's fields as a command: numbers as numbers, yes and no as such, empty ones left out. */
export function commandOf(fields) {
  const command = {};
  for (const [name, value] of fields) {
    if (BESIDE.has(name)) {
      command[name] = [...(command[name] ?? []), value];
      continue;
    }
    if (name === "csrfmiddlewaretoken" || name === "back" || value === "") continue;
    if (NUMBERS.has(name)) command[name] = Number(value);
    else if (LISTS.has(name)) command[name] = [...(command[name] ?? []), /^\d+$/.test(value) ? Number(value) : value];
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
    const command = commandOf(fields);
    const reply = await this.run(command);
    form.ariaBusy = null;
    if (reply?.ok) this.done(form, reply.ok);
    else if (reply?.error === "changed" && command.question) this.desk.changed.show(command);
    else if (reply?.error === "turn_over") this.desk.turn.refused();
  }

  /** @returns {Promise<any>} the reply; null when it was not sent */
  async run(command) {
    const { words, toasts } = this.desk;
    const { acted } = this.desk.columns.rows;
    const ids = [command.question, command.into, ...(command.questions ?? []).map((one) => Number.parseInt(one, 10))].filter(Boolean);
    for (const id of ids) acted.add(id);
    try {
      const reply = await this.desk.line.request(command);
      if (reply.error) {
        for (const id of ids) acted.delete(id);
        if (reply.error !== "changed" || !command.was) toasts.show(words.refusal(reply));
        else toasts.show(words.refusal(reply), 4);
      } else this.offerUndo(command, reply.ok, ids);
      return reply;
    } catch (error) {
      for (const id of ids) acted.delete(id);
      if (!(error instanceof Lost)) throw error;
      toasts.show(words.say("not_sent"));
      return null;
    }
  }

  /** The words are safe: their boxes may be empty, what was opened may close. */
  done(form, ok) {
    if (form.matches(".bulk")) this.desk.bulk.done(form, ok);
    if (ok.waiting) this.desk.bulk.offer(ok.waiting);
    if (form.closest("[data-difference]")) this.desk.changed.close(form);
    if (form.matches("#gist, #gist-left")) this.desk.turn.emptied();
    if ("empties" in form.dataset) form.reset();
    if (form.elements.client_id) form.elements.client_id.value = uuid(); // the next one is another question
    for (const select of form.querySelectorAll("select")) select.dataset.was = select.value;
    delete form.dataset.chosen;
    if (form.id === "poll-form") return this.desk.polls.saved(form);
    const why = form.closest("details.why, [data-step]");
    if (why) {
      why.open = false;
      form.reset();
    }
    const sheet = form.closest("[popover]");
    if (sheet?.matches(":popover-open") && form.closest("#notice-sheet, #webinar-sheet, #behalf-sheet, #slow-sheet, #merge-sheet")) sheet.hidePopover();
  }

  offerUndo(command, ok, ids) {
    const { words, toasts } = this.desk;
    if (DECISIONS.has(command.do) && !ok.act) return toasts.show(words.say("did_same"), 4);
    const did = words.say(ok.stayed ? "stayed" : command.do === "ask" ? "did_ask_for" : `did_${command.do}`, { n: ok.stayed ?? ok.done });
    if (!did) return;
    // What was asked for somebody is taken back as one's own question is.
    const back = ok.undo ? { do: "undo", act: ok.act } : command.do === "ask" ? { do: "withdraw", question: ok.question } : null;
    const toast = toasts.show(did, back ? UNDO : 4);
    if (!back) return;
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
      for (const id of ids) this.desk.columns.rows.acted.add(id);
      this.run(back);
    });
    toast.querySelector("button").replaceWith(button);
  }
}

function initial(select) {
  return [...select.options].find((option) => option.defaultSelected)?.value ?? select.options[0]?.value;
}
