// The wall of a hall: the same line and reducer as the room, as everybody may see it, drawn huge. Nobody stands at it,
// so it comes back by itself: after a lost line, a restarted server, a new release.
import { stayAwake } from "./awake.js";
import "./clocks.js";
import { Fit } from "./fit.js";
import { who } from "./floor-who.js";
import { Line } from "./line.js";
import { renew } from "./renew.js";
import { drawAgendaLine, said, sides } from "./said.js";
import { EMPTY, apply, isBehind, votesOf } from "./state.js";
import { beside, textsOf } from "./texts.js";

const GENTLE = 1_500; // ms a hiccup may last before the hall is told
const STILL = 4_000; // ms without a hand on the mouse, and the wall is a wall
const AFTER = 20_000; // ms between two looks at a webinar that has ended: its host may open it once more
const COLOUR = { live: "live", hold: "steppe" };
const id = (name) => document.getElementById(name);

class Projector {
  constructor() {
    this.config = JSON.parse(id("room-data").textContent);
    this.state = apply(EMPTY, this.config.snapshot);
    this.fit = new Fit(id("fit"));
    this.drawn = new Map(); // place → what was drawn there
    this.line = new Line({
      urls: this.config.urls,
      cursor: () => this.state.cursor,
      heard: (message) => this.hear(message),
      status: (status) => this.stand(status),
    });
    mountTools();
    stayAwake();
    this.draw();
    if (id("wall").dataset.scene === "ended") setInterval(() => this.lookAgain(), AFTER);
    else this.line.start();
  }

  async lookAgain() {
    const { changes } = this.config.urls;
    const answer = await fetch(`${changes}?since=${this.state.cursor}`, { cache: "no-store" }).catch(() => null);
    if (answer?.ok || answer?.status === 403) renew(0);
  }

  hear(message) {
    if (message.hello && message.hello.release !== this.config.release) renew();
    if (message.beat && isBehind(this.state, message.beat)) return this.line.socket.reconnect();
    const before = this.state;
    this.state = apply(before, { ...message, heard: Date.now() });
    if (this.state !== before) this.draw();
  }

  /** The last picture stays; words say from when it is. */
  stand(status) {
    clearTimeout(this.later);
    if (status.state === "on") {
      this.lostAt = undefined;
      id("lost").hidden = true;
      return;
    }
    if (status.why === "signed_out" || status.why === "removed") renew(0); // shown on as the server then gives it
    this.lostAt ??= new Date();
    this.later = setTimeout(() => this.tellLost(), GENTLE);
  }

  tellLost() {
    const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(this.lostAt);
    const words = this.words("lost");
    for (const one of words) one.textContent = one.textContent.replace("{time}", time);
    id("lost").hidden = false;
    id("lost").replaceChildren(...words);
  }

  /** The page's own words, in its languages. */
  words(name) {
    return [...id("words").content.querySelector(`[data-word="${name}"]`).cloneNode(true).children];
  }

  // --- drawing ----------------------------------------------------------------------------------------

  draw() {
    const { state, config } = this;
    const { webinar } = state;
    const rows = (ids) => (ids ?? []).map((one) => state.rows[one]).filter(Boolean);
    const onFloor = rows(webinar.floor?.questions);
    const next = rows(webinar.next).slice(0, config.most.next);
    const wanted = rows(state.order).filter((row) => row.floor === "waiting").slice(0, config.most.wanted);
    const poll = this.poll();
    const usual = config.scenes[webinar.state] ?? (onFloor.length ? "floor" : "free");
    const scene = poll && ["floor", "free", "before"].includes(usual) ? "poll" : usual;
    id("wall").dataset.scene = scene;
    const empty = { next: !next.length, wanted: !wanted.length, nothing: Boolean(wanted.length || next.length) };
    for (const part of document.querySelectorAll("[data-scenes]")) {
      const list = part.querySelector("ol")?.id ?? part.id;
      part.hidden = !part.dataset.scenes.split(" ").includes(scene) || Boolean(empty[list]);
    }
    this.drawState(webinar.state);
    this.drawDoor(scene === "ended" ? "read" : webinar.questions_open ? "ask" : "enter");
    drawAgendaLine(webinar);
    this.place("notices", state.notices.slice(0, config.most.notices), (notice) => this.notice(notice));
    who(id("floor-who"), webinar.floor);
    this.place("next", next, (row) => this.said(row));
    this.place("wanted", wanted, (row) => this.said(row));
    if (this.place("floor", onFloor, (row) => this.said(row))) this.fit.again();
    else this.fit.draw();
  }

  /** The one a moderator put here; what draws it is fetched when there is one, and the wall drawn again. */
  poll() {
    const poll = this.state.polls.order.map((one) => this.state.polls.items[one]).find((one) => one.wall && one.state !== "draft");
    if (!poll || this.drawn.get("poll") === poll) return poll;
    if (this.drawWallPoll) {
      this.drawn.set("poll", poll);
      this.drawWallPoll(poll, this.config.sides);
    } else {
      import("./wall-poll.js").then((part) => ((this.drawWallPoll = part.drawWallPoll), this.draw())).catch(() => setTimeout(() => this.draw(), AFTER));
    }
    return poll;
  }

  /** Draw things as lines, only when they changed. @returns {boolean} */
  place(name, things, make) {
    const whole = JSON.stringify(things.map((thing) => [thing, votesOf(this.state, thing.id)]));
    if (this.drawn.get(name) === whole) return false;
    this.drawn.set(name, whole);
    id(name).replaceChildren(...things.map(make));
    return true;
  }

  said(row) {
    const { sides: languages, countries } = this.config;
    return said(row, beside(textsOf(row), languages), { votes: votesOf(this.state, row.id), countries });
  }

  notice({ text }) {
    const line = id("notice-mould").content.firstElementChild.cloneNode(true);
    line.querySelector(".beside").replaceChildren(...sides(beside(text, this.config.sides)));
    return line;
  }

  drawState(code) {
    const chip = id("state");
    if (chip.dataset.state === code) return;
    chip.dataset.state = code;
    chip.className = `chip both ${COLOUR[code] ?? ""}`;
    chip.replaceChildren(...this.words(`state_${code}`));
  }

  drawDoor(word) {
    const head = id("h-door");
    if (!head || head.dataset.word === word) return;
    head.dataset.word = word;
    head.replaceChildren(...this.words(word));
  }
}

/** Full screen, and no pointer or button in the picture while no hand is on the mouse. */
function mountTools() {
  const button = id("full");
  button.hidden = !document.fullscreenEnabled;
  button.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()));
  let still;
  const moved = () => {
    document.body.classList.remove("still");
    clearTimeout(still);
    still = setTimeout(() => document.fullscreenElement && document.body.classList.add("still"), STILL);
  };
  for (const event of ["pointermove", "pointerdown", "keydown", "fullscreenchange"]) document.addEventListener(event, moved, { passive: true });
}

new Projector();
