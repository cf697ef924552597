// The room of a participant: reads what the server put into the page, opens the line, and lets each part draw itself.
import { post } from "../site/post.js";
import { mountClocks } from "./clocks.js";
import { Composer } from "./composer.js";
import { Floor } from "./floor.js";
import { Head } from "./head.js";
import { keepFocus } from "./keep-focus.js";
import { openStore } from "./kept.js";
import { Later } from "./later.js";
import { Line } from "./line.js";
import { Mine } from "./mine.js";
import { Missed } from "./missed.js";
import { Outbox } from "./outbox.js";
import { Pill, Teller, Toasts } from "./pill.js";
import { Questions } from "./questions.js";
import { Slow } from "./slow.js";
import { Report } from "./report.js";
import { mountStage } from "./stage.js";
import { EMPTY, apply, isBehind, isVoted } from "./state.js";
import { mountTabs } from "./tabs.js";
import { Words } from "./words.js";

const SETTLE = 1_500; // ms after an acknowledged vote in which a frame must have told its count

export class Room {
  constructor(store) {
    this.config = JSON.parse(document.getElementById("room-data").textContent);
    const { snapshot, mine, here, participant } = this.config;
    const start = { ...EMPTY, participant, offset: 0, here };
    this.state = apply(apply(start, snapshot), { mine });
    this.words = new Words(document.getElementById("words"), document.documentElement.lang);
    this.toasts = new Toasts();
    this.pill = new Pill(this.words);
    this.teller = new Teller(document.getElementById("status"));
    this.parts = [];
    this.line = new Line({
      urls: this.config.urls,
      cursor: () => this.state.cursor,
      heard: (message) => this.hear(message),
      status: (status) => this.stand(status),
      post,
    });
    this.outbox = new Outbox(store, `${this.config.webinar}.${participant}`, {
      send: (command) => this.line.request(command),
      isOpen: () => this.line.isOpen,
      changed: (entries) => {
        this.mine?.waiting(entries);
        for (const part of this.parts) part.kept?.(entries);
      },
      done: (entry, reply) => this.done(entry, reply),
    });
  }

  start() {
    this.slow = new Slow(this);
    this.composer = new Composer(this);
    this.mine = new Mine(this);
    this.report = new Report(this);
    this.questions = new Questions(this);
    this.parts = [new Head(this), this.slow, new Floor(this), this.mine, this.questions, new Later(this)];
    this.missed = new Missed({ url: this.config.urls.missed, offset: () => this.state.offset, tell: (said) => this.tell(said) });
    this.mountLens();
    mountClocks();
    mountStage();
    mountTabs();
    keepFocus();
    this.line.start();
    this.outbox.load().then(() => this.pressUnsent());
    setInterval(() => this.outbox.flush(), 10_000);
  }

  /** Other orders and searching are loaded when somebody asks for them, or comes to an address that says so. */
  mountLens() {
    const open = document.getElementById("lens-open");
    const load = async () => (this.lens ??= await import("./lens.js").then(({ Lens }) => new Lens(this)));
    open.addEventListener("click", async (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      try {
        const lens = await load();
        if (lens.form && !lens.place.hidden) lens.close();
        else await lens.open();
        open.setAttribute("aria-expanded", String(!lens.place.hidden));
      } catch {
        location.assign(open.href);
      }
    });
    if (/[?&](q|sort|only|to|country|language|topic)=./.test(location.search)) {
      const { search } = location;
      load().then(async (lens) => {
        await lens.apply(search);
        await lens.furnish();
      }, () => {});
    }
  }

  hear(message) {
    if (message.reactions) for (const part of this.parts) part.heard?.(message.reactions);
    if (message.hello && message.hello.release !== this.config.release) this.toasts.show(this.words.say("new_release"), 60);
    if (message.beat && isBehind(this.state, message.beat)) return this.line.socket.reconnect();
    this.dispatch({ ...message, heard: Date.now() });
    if (message.mine) this.outbox.flush(); // the last thing said after an opening: now the state is the server's
  }

  dispatch(message) {
    const before = this.state;
    this.state = apply(before, message);
    if (this.state === before) return;
    this.lens?.heard(message);
    this.questions.steady(() => {
      for (const part of this.parts) part.draw(this.state, before);
    });
    this.lens?.draw(this.state, before);
    this.composer.similar?.draw();
  }

  stand(status) {
    this.pill.show(status);
    this.missed.stand(status);
    if (status.state === "on") this.outbox.flush();
    if (status.state === "off" && this.words.has(status.why)) this.toasts.show(this.words.say(status.why), 60);
  }

  tell(message) {
    this.teller.tell(message);
  }

  languageName(code) {
    const option = [...document.querySelectorAll("select[name=language] option")].find(({ value }) => value === code);
    return option?.textContent ?? code;
  }

  /** What is like the words in the composer: loaded with the first of them. */
  mountSimilar(form) {
    const page = {
      form,
      url: this.config.urls.similar,
      vote: (question, on) => this.vote(question, on),
      isVoted: (question) => isVoted(this.state, question),
      tell: () => this.tell(this.words.say("similar_found")),
    };
    return import("./similar.js").then(({ mountSimilar }) => mountSimilar(page));
  }

  // --- votes ------------------------------------------------------------------------------------------

  async vote(question, on) {
    this.dispatch({ local: "vote", question, on });
    try {
      await this.outbox.add({ do: "vote", question, on });
    } catch {
      this.dispatch({ local: "refused", question });
    }
  }

  /** Votes that waited on this device look as they were pressed. */
  pressUnsent() {
    for (const { command } of this.outbox.entries) {
      if (command.do === "vote") this.dispatch({ local: "vote", question: command.question, on: command.on });
    }
  }

  done({ command }, reply) {
    if (command.do === "vote") {
      const { question, on } = command;
      if (reply.error) {
        this.dispatch({ local: "refused", question });
      } else {
        const step = Number(on) - Number(Boolean(this.state.voted[question]));
        this.questions.counted(question, step);
        this.lens?.counted(question, step);
        this.dispatch({ local: "voted", question, on });
        setTimeout(() => this.dispatch({ local: "settled", question }), SETTLE);
      }
    }
    if (command.do === "report") this.report.settled(command, reply);
    for (const part of this.parts) part.settled?.(command, reply);
    if (command.do === "ask" && reply.ok) this.tell(this.words.say("sent"));
    if (reply.ok?.again_in) this.slow.wait(reply.ok.again_in);
    if (reply.error) this.toasts.show(this.words.refusal(reply));
  }
}

new Room(await openStore()).start();
