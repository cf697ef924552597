// Asking to speak: one's own place, who speaks now, and being called, which nobody may overlook. In the room and on the text-only page.
import { uuid } from "./outbox.js";

const TOLD = new Set(["waiting", "called", "speaking", "missed"]);
const LOUD = new Set(["called", "speaking"]);
const MINUTE = 60_000;
const id = (name) => document.getElementById(name);

/** @param {any} page the room or the text-only room */
export function mount(page) {
  return new Queue(page);
}

class Queue {
  constructor(page) {
    this.page = page;
    this.title = document.title;
    this.stands = id("queue-own").dataset.stands;
    this.form = id("raise");
    this.form.addEventListener("submit", (event) => this.raise(event));
    for (const form of document.querySelectorAll("form[data-lower]")) form.addEventListener("submit", (event) => this.lower(event));
    setInterval(() => this.age(), 10_000);
  }

  draw(state, before) {
    if (before && state.queue === before.queue && state.own === before.own && state.webinar === before.webinar) return;
    const hands = state.queue.order.map((hand) => state.queue.items[hand]);
    const waiting = hands.filter((hand) => hand.stands === "waiting");
    const own = state.own.queue ?? {};
    const there = state.queue.items[own.id]?.stands;
    const stands = TOLD.has(there) ? there : "";
    this.drawHall(state, hands, waiting);
    this.drawOwn(own, stands, waiting.findIndex((hand) => hand.id === own.id) + 1);
    this.drawCalled(stands);
    if (stands !== this.stands && stands) this.page.teller.tell(this.page.words.say(`hand_${stands}`));
    this.stands = stands;
  }

  drawHall(state, hands, waiting) {
    const { words, config } = this.page;
    const open = Boolean(state.webinar.queue_open);
    const there = open || hands.length > 0;
    const tab = id("queue-tab");
    if (tab) tab.hidden = !there && document.querySelector(".panel").dataset.shown !== "queue";
    else id("queue").hidden = !there;
    const speaking = hands.find((hand) => hand.stands === "speaking");
    id("queue-now").hidden = !speaking;
    id("queue-now").querySelector("b").textContent = speaking?.name ?? "";
    id("queue-now").querySelector(".meta").textContent = speaking ? (config.countries[speaking.country] ?? speaking.country) : "";
    id("queue-count").textContent = waiting.length ? words.say("hands", { n: waiting.length }) : words.say("hands_none");
    if (id("queue-number")) {
      id("queue-number").hidden = !waiting.length;
      id("queue-number").textContent = String(waiting.length);
    }
    id("queue-closed").hidden = open;
    this.form.hidden = !open || config.muted;
  }

  drawOwn(own, stands, place) {
    const box = id("queue-own");
    box.hidden = !stands;
    box.dataset.stands = stands;
    if (stands) id("queue-stands").textContent = this.page.words.say(`hand_${stands}`);
    id("queue-where").hidden = stands !== "waiting";
    id("queue-place").textContent = this.page.words.say("hand_place", { n: place });
    id("queue-words").textContent = own.text ?? "";
    id("queue-words").lang = own.lang ?? "";
    id("queue-lower").hidden = stands === "missed";
    // Whoever is in the queue need not ask again.
    if (stands && stands !== "missed") this.form.hidden = true;
    this.age();
  }

  drawCalled(stands) {
    const strip = id("called");
    const loud = LOUD.has(stands);
    if (strip.dataset.stands !== stands) {
      strip.dataset.stands = stands;
      strip.hidden = !loud;
      if (loud) id("called-words").textContent = this.page.words.say(`hand_${stands}`);
      for (const word of strip.querySelectorAll("[data-when]")) word.hidden = word.dataset.when !== stands;
    }
    document.title = loud ? `● ${this.page.words.say("hand_title")} · ${this.title}` : this.title;
  }

  age() {
    const { asked } = this.page.state.own.queue ?? {};
    if (!asked) return;
    const n = Math.max(0, Math.floor((Date.now() + this.page.state.offset - asked) / MINUTE));
    id("queue-waited").textContent = this.page.words.say("hand_waited", { n });
  }

  raise(event) {
    event.preventDefault();
    const { text, language } = this.form.elements;
    this.send({ do: "raise", client_id: uuid(), text: text.value, language: language.value }, () => (text.value = ""));
  }

  lower(event) {
    event.preventDefault();
    this.send({ do: "lower" });
  }

  async send(command, then = () => {}) {
    const { outbox, line, toasts, words } = this.page;
    try {
      await outbox.add(command);
      then();
      if (!line.isOpen) toasts.show(words.say("kept"));
    } catch {
      toasts.show(words.refusal({ error: "not_saved" }));
    }
  }

  /** Refused, with the words back in their box. */
  settled(command, reply) {
    if (command.do === "raise" && reply.error && !this.form.elements.text.value) this.form.elements.text.value = command.text;
  }
}
