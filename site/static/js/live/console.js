// The console: the same line and the same reducer as the room, drawn for those who decide.
import { post } from "../site/post.js";
import { best, write } from "./card.js";
import { Columns } from "./columns.js";
import { Deeds } from "./deeds.js";
import { drawAgenda } from "./head.js";
import { keepFocus } from "./keep-focus.js";
import { Keys } from "./keys.js";
import { Line } from "./line.js";
import { Pill, Teller, Toasts } from "./pill.js";
import { EMPTY, apply, isBehind } from "./state.js";
import { Turn } from "./turn.js";
import { Words } from "./words.js";

const COLOUR = { live: "live", hold: "steppe" };

class Desk {
  constructor() {
    this.config = JSON.parse(document.getElementById("room-data").textContent);
    const { snapshot, mine, here, beside, participant, now } = this.config;
    this.state = apply(apply({ ...EMPTY, participant, here, beside, offset: now - Date.now() }, snapshot), { mine });
    this.words = new Words(document.getElementById("words"), document.documentElement.lang);
    const own = new Words(document.getElementById("desk-words"), document.documentElement.lang);
    for (const [name, line] of own.lines) this.words.lines.set(name, line);
    this.toasts = new Toasts();
    this.pill = new Pill(this.words);
    this.teller = new Teller(document.getElementById("status"));
    this.line = new Line({
      urls: this.config.urls,
      cursor: () => this.state.cursor,
      heard: (message) => this.hear(message),
      status: (status) => this.stand(status),
      post,
    });
    this.turn = new Turn(this);
    this.columns = new Columns(this);
    this.deeds = new Deeds(this);
    this.keys = new Keys();
    keepFocus();
    this.draw(this.state);
    this.line.start();
  }

  hear(message) {
    if (message.hello && message.hello.audience !== "desk") return location.reload(); // the right to be here is gone
    if (message.hello && message.hello.release !== this.config.release) this.toasts.show(this.words.say("new_release"), 60);
    if (message.beat && isBehind(this.state, message.beat)) return this.line.socket.reconnect();
    const before = this.state;
    this.state = apply(before, { ...message, heard: Date.now() });
    if (this.state === before) return;
    if (this.state.audience !== "desk") return location.reload();
    this.draw(this.state, before);
  }

  draw(state, before) {
    this.columns.draw(state, before);
    this.turn.draw(state, before);
    if (state.webinar !== before?.webinar) this.drawWebinar(state.webinar);
    if (state.notices !== before?.notices) this.drawNotices(state.notices);
    if (before && state.review.length > before.review.length) this.teller.tell(this.words.say("new_questions", { n: state.review.length }));
  }

  drawWebinar(webinar) {
    const chip = document.getElementById("state");
    chip.className = `chip ${COLOUR[webinar.state] ?? ""}`;
    chip.firstElementChild.textContent = this.words.say(`state_${webinar.state}`);
    drawAgenda(webinar);
    const next = this.config.next_states[webinar.state] ?? [];
    for (const button of document.querySelectorAll("#webinar-sheet button[name=to]:not([value=ended])")) button.hidden = !next.includes(button.value);
    const end = document.querySelector("[data-step=ended]");
    if (end) end.hidden = !next.includes("ended");
  }

  drawNotices(notices) {
    const mould = document.getElementById("desk-notice-mould").content.querySelector("li");
    const lines = notices.map((notice) => {
      const line = mould.cloneNode(true);
      const [language, text] = best(notice.text, this.config.reads);
      line.dataset.notice = notice.id;
      line.querySelector("input[name=notice]").value = notice.id;
      write(line.querySelector("[data-is=text]"), text, language);
      return line;
    });
    document.getElementById("desk-notices").replaceChildren(...lines);
  }

  stand(status) {
    this.pill.show(status);
    if (status.why === "removed" || status.why === "signed_out") location.reload(); // nothing of the desk stays on the screen
  }

  languageName(code) {
    return this.config.languages[code] ?? code;
  }

  country(code) {
    return code ? (this.config.countries[code] ?? code) : "";
  }
}

new Desk();
