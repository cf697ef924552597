// The prompter beside a speaker's camera: one glance, nothing that moves under the eyes, dark until the role is gone.
import { stayAwake } from "./awake.js";
import { post } from "../site/post.js";
import { Fit } from "./fit.js";
import { who } from "./floor-who.js";
import { Line } from "./line.js";
import { Pill, Teller } from "./pill.js";
import { Confirm } from "./prompter-confirm.js";
import { renew } from "./renew.js";
import { drawAgendaLine, said, sides } from "./said.js";
import { EMPTY, apply, isBehind, votesOf } from "./state.js";
import { StillList } from "./still-list.js";
import { best, textsOf } from "./texts.js";
import { span, untilOf } from "./time-left.js";
import { Words } from "./words.js";

const SHORT = 120_000; // ms left from which the time calls for attention
const COLOUR = { live: "live", hold: "steppe" };
const id = (name) => document.getElementById(name);

class Prompter {
  constructor() {
    this.config = JSON.parse(id("room-data").textContent);
    const { snapshot, now, participant } = this.config;
    this.state = apply({ ...EMPTY, participant, offset: now - Date.now() }, snapshot);
    this.words = new Words(id("words"), document.documentElement.lang);
    this.pill = new Pill(this.words);
    this.teller = new Teller(id("status"));
    this.fit = new Fit(id("fit"));
    const left = (line) => this.left(line);
    this.mine = new StillList(id("mine"), (row) => this.cue(row), left);
    this.review = id("review") && new StillList(id("review"), (row) => this.cue(row), left);
    this.line = new Line({
      urls: this.config.urls,
      cursor: () => this.state.cursor,
      heard: (message) => this.hear(message),
      status: (status) => this.stand(status),
      post,
    });
    this.confirm = new Confirm(this);
    stayAwake();
    mountFull();
    this.draw();
    this.ticking = setInterval(() => this.tick(), 1000);
    this.line.start();
  }

  hear(message) {
    if (message.hello && message.hello.release !== this.config.release) renew();
    if (message.beat && isBehind(this.state, message.beat)) return this.line.socket.reconnect();
    const before = this.state;
    this.state = apply(before, { ...message, heard: Date.now() });
    if (this.state === before) return;
    // What one may see is another now: less of it (the role is gone), or the page lacks the place for more.
    if (this.state.audience === "everyone") return this.close("no_role");
    if (this.state.audience !== before.audience) return location.reload();
    this.draw(before);
  }

  stand(status) {
    this.pill.show(status);
    if (status.why === "removed" || status.why === "signed_out") this.close(status.why);
  }

  /** Nothing of what was shown stays in the page. */
  close(why) {
    clearInterval(this.ticking);
    this.pill = { show() {} };
    id("pill").remove();
    if (!this.line.socket.over) this.line.socket.stop();
    const words = this.words.say(why);
    id("prompter").replaceChildren();
    id("room-data").remove();
    id("closed").hidden = false;
    id("closed").querySelector("p").textContent = words;
    this.state = EMPTY;
  }

  // --- drawing ----------------------------------------------------------------------------------------

  draw(before) {
    const { state, config } = this;
    const { webinar } = state;
    const rows = (ids) => (ids ?? []).map((one) => state.rows[one]).filter(Boolean);
    const onFloor = rows(webinar.floor?.questions);
    const toMe = (row) => row.floor !== "done" && isTo(row, config);
    this.drawState(webinar.state);
    drawAgendaLine(webinar);
    id("floor-head").hidden = !onFloor.length;
    who(id("floor-who"), webinar.floor);
    id("floor-empty").hidden = onFloor.length > 0;
    if (this.changed("floor", onFloor)) {
      id("floor").replaceChildren(...onFloor.map((row) => this.cue(row)));
      this.fit.again();
    }
    const next = rows(webinar.next);
    if (this.changed("next", next)) id("next").replaceChildren(...next.slice(0, config.most.next).map((row) => this.cue(row)));
    id("next-empty").hidden = next.length > 0;
    const more = next.length - config.most.next;
    id("next-more").textContent = more > 0 ? this.words.say("more", { n: more }) : "";
    const waiting = rows(state.review);
    const mine = [...rows(state.addressed), ...waiting].filter(toMe).sort((one, other) => one.id - other.id);
    this.mine.draw(mine);
    id("mine-empty").hidden = id("mine").children.length > 0;
    this.confirm.draw(state);
    this.review?.draw(waiting);
    if (this.review) id("review-count").textContent = String(waiting.length);
    if (this.changed("notices", state.notices)) this.drawNotices();
    this.tick();
    if (before) this.tellNews(state, before, onFloor);
  }

  /** Is what stands at a place another than what was drawn there last? */
  changed(name, things) {
    const whole = JSON.stringify(things.map((thing) => [thing, votesOf(this.state, thing.id)]));
    this.drawn ??= {};
    if (this.drawn[name] === whole) return false;
    this.drawn[name] = whole;
    return true;
  }

  cue(row) {
    const { countries, reads } = this.config;
    const texts = textsOf(row);
    const own = best(texts, reads);
    const shown = own[0] === row.lang ? [own] : [own, [row.lang, row.text]];
    const line = said(row, shown, { votes: votesOf(this.state, row.id), countries });
    line.querySelector("[data-is=mine]").hidden = !isTo(row, this.config);
    line.querySelector("[data-is=waits]").hidden = !this.state.review.includes(row.id);
    return line;
  }

  /** A line that left keeps its place and its height. The words go with the right to read them. */
  left(line) {
    line.classList.add("left");
    if (this.state.rows[Number(line.dataset.said)]) return;
    line.style.blockSize = `${line.offsetHeight}px`;
    line.classList.add("gone");
    line.replaceChildren(...sides([[document.documentElement.lang, this.words.say("gone")]]));
  }

  drawNotices() {
    const forMe = ({ to }) => Number(to === "speakers");
    const first = [...this.state.notices].sort((one, other) => forMe(other) - forMe(one));
    const lines = first.slice(0, this.config.most.notices).map((notice) => {
      const line = id("notice-mould").content.firstElementChild.cloneNode(true);
      line.querySelector("[data-is=text]").replaceChildren(...sides([best(notice.text, this.config.reads)]));
      line.querySelector("[data-is=to]").textContent = this.words.say(`to_${notice.to}`);
      return line;
    });
    id("notices").replaceChildren(...lines);
  }

  drawState(code) {
    const chip = id("state");
    if (chip.dataset.state === code) return;
    chip.dataset.state = code;
    chip.className = `chip ${COLOUR[code] ?? ""}`;
    chip.textContent = this.words.say(`state_${code}`);
  }

  tick() {
    const { what, at } = untilOf(this.state.webinar, this.config);
    const time = id("time");
    time.hidden = !what;
    if (!what) return;
    const left = at - (Date.now() + this.state.offset);
    time.dataset.left = left < 0 ? "over" : left < SHORT && what !== "start" ? "short" : "enough";
    time.dataset.what = what;
    id("left").textContent = span(left < 0 ? left : left + 999); // 0:00 is when it is over, not a second before
    for (const part of time.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(left < 0 ? `${what}-over` : what);
    const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: this.config.zone });
    id("until").textContent = clock.format(at);
  }

  /** One short line for those who listen. */
  tellNews(state, before, onFloor) {
    const turn = state.webinar.floor?.turn;
    if (turn && turn !== before.webinar.floor?.turn && onFloor.length) this.teller.tell(this.words.say("on_floor_now", { text: onFloor[0].text }));
    const known = new Set(before.notices.map((notice) => notice.id));
    const fresh = state.notices.find((notice) => !known.has(notice.id));
    if (fresh) this.teller.tell(this.words.say("a_notice", { text: best(fresh.text, this.config.reads)[1] }));
  }
}

/** Is it this speaker's to answer? As the desk decided, else as the asker said (webinars/views/prompter.py says the same). */
function isTo(row, { participant, country }) {
  if (row.assigned) return row.assigned.id === participant;
  return row.to ? row.to.id === participant : Boolean(row.to_country) && row.to_country === country;
}

function mountFull() {
  const button = id("full");
  button.hidden = !document.fullscreenEnabled;
  button.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()));
}

new Prompter();
