// The polls of a room: answered by form, kept on this device until they are counted, their results once published.
import { drawResults, optionText } from "./bars.js";
import { best, write } from "./texts.js";
import { Words } from "./words.js";

const id = (name) => document.getElementById(name);
const mould = (name) => id(`${name}-mould`).content.firstElementChild.cloneNode(true);

/** @param {any} room the room, or the text-only room */
export function mount(room) {
  return new Polls(room);
}

class Polls {
  constructor(room) {
    this.room = room;
    this.words = new Words(id("poll-said"), document.documentElement.lang);
    this.list = id("polls-list");
    this.items = new Map([...this.list.children].map((item) => [Number(item.dataset.poll), item]));
    this.drawn = new Map(); // poll → the thing its options were made from
    dress(id("polls").dataset.sheet);
    this.list.addEventListener("submit", (event) => this.submit(event));
    this.list.addEventListener("input", ({ target }) => (target.closest("li").dataset.touched = "1"));
  }

  /** What this person wants to have answered: kept here still, or as the server has it. */
  ownOf(state, poll) {
    return this.unsent(poll)?.command ?? state.own.polls?.[poll] ?? {};
  }

  unsent(poll) {
    return this.room.outbox.entries.find(({ command }) => command.do === "ballot" && command.poll === poll);
  }

  kept() {
    this.draw(this.room.state);
  }

  draw(state, before) {
    if (before && state.polls === before.polls && state.own === before.own && state.webinar === before.webinar) return;
    const polls = state.polls.order.map((one) => state.polls.items[one]).filter((poll) => poll.state !== "draft");
    const open = polls.filter((poll) => poll.state === "open");
    const shown = [...open, ...polls.filter((poll) => poll.state !== "open")];
    for (const [one, item] of this.items) if (!shown.some((poll) => poll.id === one)) this.items.delete(one), item.remove();
    shown.forEach((poll, n) => {
      const item = this.items.get(poll.id) ?? this.make(poll.id);
      if (this.list.children[n] !== item && !item.contains(document.activeElement)) this.list.insertBefore(item, this.list.children[n] ?? null);
      this.fill(item, poll, state);
    });
    this.drawTab(shown.length, open.length);
    if (before) this.tellNews(polls, before);
  }

  drawTab(shown, open) {
    const tab = id("polls-tab");
    if (!tab) return id("polls").toggleAttribute("hidden", !shown);
    tab.hidden = !shown;
    id("polls-open").hidden = !open;
    id("polls-open").textContent = String(open);
    if (!shown && tab.hasAttribute("aria-current")) document.querySelector(".tabs > a")?.click();
  }

  tellNews(polls, before) {
    for (const poll of polls) {
      const was = before.polls.items[poll.id]?.state;
      const word = poll.state === was ? "" : { open: "poll_new", published: "poll_results" }[poll.state];
      if (word) this.room.teller.tell(this.words.say(word, { text: best(poll.text, this.room.config.reads)[1] }));
    }
  }

  make(poll) {
    const item = mould("poll");
    Object.assign(item, { id: `poll-${poll}` });
    item.dataset.poll = poll;
    item.querySelector("h3").id = `poll-${poll}-text`;
    item.querySelector("fieldset").setAttribute("aria-labelledby", `poll-${poll}-text`);
    const { poll: field, back } = item.querySelector("form").elements;
    field.value = poll;
    back.value += poll;
    this.items.set(poll, item);
    return item;
  }

  fill(item, poll, state) {
    const { config } = this.room;
    const part = (name) => item.querySelector(`[data-is=${name}]`);
    const own = this.ownOf(state, poll.id);
    item.dataset.state = poll.state;
    write(item.querySelector("h3"), ...best(poll.text, config.reads).reverse());
    const facts = { form: poll.state === "open", closed: poll.state === "closed", results: poll.state === "published", rating: poll.kind === "rating", several: poll.kind === "multiple", secret: poll.secret, named: !poll.secret };
    for (const [name, isSo] of Object.entries(facts)) part(name).hidden = !isSo;
    if (poll.state === "published") return drawResults(part("results"), poll, { reads: config.reads, chosen: own.options });
    this.drawForm(item, poll, own);
    const takesPart = state.webinar.state !== "ended" && !config.muted;
    part("choices").disabled = !takesPart;
    item.querySelector("form button").disabled = !takesPart;
  }

  drawForm(item, poll, own) {
    const fields = item.querySelector("fieldset");
    const isNew = JSON.stringify(this.drawn.get(poll.id)) !== JSON.stringify([poll.kind, poll.options]);
    if (isNew) {
      this.drawn.set(poll.id, [poll.kind, poll.options]);
      fields.replaceChildren(...(poll.kind === "text" ? [this.field(poll)] : poll.options.map((option, n) => this.option(poll, option, n))));
    }
    // What somebody is choosing or writing and has not sent is left alone.
    if (!item.dataset.touched) {
      for (const box of fields.querySelectorAll("[name=options]")) box.checked = (own.options ?? []).includes(Number(box.value));
      for (const box of fields.querySelectorAll("[name=text]")) if (box !== document.activeElement) box.value = own.text ?? "";
    }
    const isAnswered = own.text || own.options?.length;
    const said = this.unsent(poll.id) ? this.room.words.say("kept") : isAnswered ? this.words.say("poll_counted") : "";
    const line = item.querySelector("[data-is=counted]");
    if (line.textContent.trim() !== said) line.textContent = said;
  }

  option(poll, option, n) {
    const label = mould("poll-option");
    const box = label.querySelector("input");
    Object.assign(box, { type: poll.kind === "multiple" ? "checkbox" : "radio", value: option.id, required: poll.kind !== "multiple" });
    write(label.querySelector("span"), ...optionText(option, n + 1, this.room.config.reads).reverse());
    return label;
  }

  field(poll) {
    const field = mould("poll-words");
    field.querySelector("label").htmlFor = field.querySelector("input").id = `poll-${poll.id}-words`;
    return field;
  }

  async submit(event) {
    event.preventDefault();
    const item = event.target.closest("li");
    const poll = Number(item.dataset.poll);
    try {
      await this.room.outbox.add({ do: "ballot", poll, ...answerOf(event.target) });
    } catch (error) {
      this.refuse({ error: error.message || "not_saved", retry_after: 10 });
    }
  }

  /** A ballot is on the server's disk, or refused: then what was chosen stays in the form. */
  settled({ do: verb, poll, options, text }, reply) {
    if (verb !== "ballot") return;
    const form = this.items.get(poll)?.querySelector("form");
    if (reply.error || !form) return;
    const now = answerOf(form);
    const isIt = text ? now.text === text : String(now.options) === String(options);
    if (isIt) delete form.closest("li").dataset.touched; // nothing was chosen since
    this.room.dispatch({ mine: { polls: { ...this.room.state.own.polls, [poll]: text ? { text } : { options } } } });
  }

  refuse(reply) {
    if (this.room.toasts) this.room.toasts.show(this.room.words.refusal(reply));
    else this.room.trouble(reply);
  }
}

/** What the form says, as a ballot carries it. */
function answerOf(form) {
  const { text, language } = form.elements;
  if (text) return { text: text.value, language: language.value };
  return { options: [...form.querySelectorAll("[name=options]:checked")].map((box) => Number(box.value)) };
}

/** The text-only room has no sheet for polls before there is one. */
function dress(sheet) {
  if (!sheet || document.querySelector(`link[href="${sheet}"]`)) return;
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: sheet }));
}
