// The console: the same line and the same reducer as the room, drawn for those who decide.
import { post } from "../site/post.js";
import { Bulk } from "./bulk.js";
import { Changed } from "./changed.js";
import { Columns } from "./columns.js";
import { Deeds } from "./deeds.js";
import { DeskAnswers } from "./desk-answers.js";
import { DeskLens } from "./desk-lens.js";
import { Holds } from "./desk-holds.js";
import { DeskNotices } from "./desk-notices.js";
import { DeskOpinions } from "./desk-opinions.js";
import { DeskPolls } from "./desk-polls.js";
import { DeskQueue } from "./desk-queue.js";
import { DeskTabs } from "./desk-tabs.js";
import { Gauges } from "./gauges.js";
import { drawAgenda } from "./head.js";
import { keepFocus } from "./keep-focus.js";
import { Keys } from "./keys.js";
import { Line } from "./line.js";
import { MergeSheet } from "./merge-sheet.js";
import { Pill, Teller, Toasts } from "./pill.js";
import { ReactionLine } from "./reaction-line.js";
import { Reads } from "./reads.js";
import { EMPTY, apply, isBehind } from "./state.js";
import { Troubles } from "./troubles.js";
import { Turn } from "./turn.js";
import { Words } from "./words.js";

const COLOUR = { live: "live", hold: "steppe" };

class Desk {
  constructor() {
    this.config = JSON.parse(document.getElementById("room-data").textContent);
    const { snapshot, mine, here, beside, pace, alike, holds, participant, now } = this.config;
    this.state = apply(apply({ ...EMPTY, participant, here, beside, pace, offset: now - Date.now() }, snapshot), { mine, alike, holds });
    this.words = new Words(document.getElementById("words"), document.documentElement.lang);
    for (const more of ["desk-words", "calm-words"]) {
      const own = new Words(document.getElementById(more), document.documentElement.lang);
      for (const [name, line] of own.lines) this.words.lines.set(name, line);
    }
    this.toasts = new Toasts();
    this.pill = new Pill(this.words);
    this.teller = new Teller(document.getElementById("status"));
    this.line = new Line({
      urls: this.config.urls,
      cursor: () => this.state.cursor,
      heard: (message) => this.hear(message),
      status: (status) => this.stand(status),
      post,
      also: () => `&hold=${encodeURIComponent(this.holds.here)}`,
    });
    this.reads = new Reads(this);
    this.turn = new Turn(this);
    this.columns = new Columns(this);
    this.lens = new DeskLens(this);
    this.bulk = new Bulk(this);
    this.holds = new Holds(this);
    this.changed = new Changed(this);
    this.polls = new DeskPolls(this);
    this.parts = [this.lens, this.columns, this.bulk, this.holds, this.turn, new Gauges(this), new Troubles(this), new DeskNotices(this), this.polls, new DeskOpinions(this), new DeskTabs(this), new DeskAnswers(this), new DeskQueue(this), new ReactionLine(this), this.reads];
    this.deeds = new Deeds(this);
    this.merging = new MergeSheet(this);
    this.keys = new Keys(this);
    keepFocus();
    this.draw(this.state);
    this.line.start();
  }

  /** The server's clock, in ms. */
  get now() {
    return Date.now() + this.state.offset;
  }

  hear(message) {
    if (message.hello && message.hello.audience !== "desk") return location.reload(); // the right to be here is gone
    if (message.hello && message.hello.release !== this.config.release) this.toasts.show(this.words.say("new_release"), 60);
    if (message.beat && isBehind(this.state, message.beat)) return this.line.socket.reconnect();
    if (message.reactions) for (const part of this.parts) part.heard?.(message.reactions);
    if (message.hello) this.holds.forget();
    const before = this.state;
    this.state = apply(before, { ...message, heard: Date.now() });
    if (this.state === before) return;
    if (this.state.audience !== "desk") return location.reload();
    this.draw(this.state, before);
  }

  draw(state, before) {
    for (const part of this.parts) part.draw(state, before);
    if (state.webinar !== before?.webinar) this.drawWebinar(state.webinar);
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
