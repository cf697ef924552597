// The text-only room kept true: the same line, reducer and outbox as the room, drawn as plainly as the page is.
import { post } from "../site/post.js";
import { best, clock, answersOf, drawVote, fillSame, isNamed, write } from "./card.js";
import { keepFocus } from "./keep-focus.js";
import { Draft, openStore } from "./kept.js";
import { Later } from "./later.js";
import { who } from "./floor-who.js";
import { Line } from "./line.js";
import { NO_WAY_BACK, drawUnclear, fate, judge, mayRewrite } from "./mine.js";
import { Missed } from "./missed.js";
import { freeze, orderOf, thaw, waiting, want } from "./order.js";
import { Outbox, uuid } from "./outbox.js";
import { drawRecord } from "./own-record.js";
import { Pill, Teller } from "./pill.js";
import { EMPTY, apply, isBehind, isOwn, isVoted, votesOf } from "./state.js";
import { Slow, drawClosed } from "./slow.js";
import { drawTranslated, shownOf } from "./texts.js";
import { Words } from "./words.js";

const id = (name) => document.getElementById(name);
const element = (tag, text, language, className = "") => {
  const made = Object.assign(document.createElement(tag), { className, dir: "auto" });
  write(made, text, language);
  return made;
};
/** These and no others, in this order. What is there already is not taken out: somebody may be writing in it. */
function arrange(place, items) {
  for (const one of [...place.children]) if (!items.includes(one)) one.remove();
  let at = place.firstElementChild;
  for (const item of items) {
    if (item === at) at = at.nextElementSibling;
    else place.insertBefore(item, at);
  }
}

class TextRoom {
  constructor(store) {
    this.config = JSON.parse(id("room-data").textContent);
    const { snapshot, mine, participant, webinar } = this.config;
    this.state = apply(apply({ ...EMPTY, participant }, snapshot), { mine });
    this.words = new Words(id("words"), document.documentElement.lang);
    this.slow = new Slow(this);
    this.pill = new Pill(this.words);
    this.teller = new Teller(id("status"));
    this.items = new Map([...id("list").children].map((item) => [Number(item.dataset.question), item]));
    this.order = orderOf([...this.items.keys()]);
    this.strips = new Map([...id("mines").children].map((form) => [Number(form.dataset.own), form]));
    this.line = new Line({
      urls: this.config.urls,
      cursor: () => this.state.cursor,
      heard: (message) => this.hear(message),
      status: (status) => this.stand(status),
      post,
    });
    this.outbox = new Outbox(store, `${webinar}.${participant}`, {
      send: (command) => this.line.request(command),
      isOpen: () => this.line.isOpen,
      changed: (entries) => {
        this.drawMine();
        for (const part of this.parts) part.kept?.(entries);
      },
      done: (entry, reply) => this.done(entry, reply),
    });
    this.toasts = { show: (text) => this.say(text) }; // words only: said where refusals are said
    this.parts = [];
    this.missed = new Missed({ url: this.config.urls.missed, offset: () => this.state.offset, tell: (said) => this.teller.tell(said) });
    this.parts.push(new Later(this));
    this.listen();
    keepFocus();
    this.line.start();
    this.outbox.load();
    setInterval(() => this.outbox.flush(), 10_000);
  }

  listen() {
    const form = id("composer");
    const draft = new Draft(this.config.participant, "ask");
    form.text.value ||= draft.get();
    form.text.addEventListener("input", () => {
      draft.set(form.text.value);
      this.compare(form);
    });
    addEventListener("pagehide", () => draft.set(form.text.value));
    form.addEventListener("submit", async (event) => {
      if (event.submitter?.name === "way") return; // picture, sound, text: the words go along
      event.preventDefault();
      const { text, language, name_shown: moderatorsOnly, rendition, rendition_language: into } = form.elements;
      if (!/[\p{L}\p{N}]/u.test(text.value)) return this.trouble({ error: "empty" });
      const slowed = this.slow.refusal();
      if (slowed) return this.trouble(slowed); // the words stay in the box
      const nameShown = moderatorsOnly.checked ? moderatorsOnly.value : "all";
      const own = rendition.value.trim() ? { rendition: rendition.value, rendition_language: into.value } : {};
      await this.outbox.add({ do: "ask", client_id: uuid(), text: text.value, language: language.value, name_shown: nameShown, ...own });
      text.value = rendition.value = "";
      draft.set("");
      this.trouble(null);
    });
    const list = id("list");
    for (const event of ["pointerenter", "touchstart", "focusin"]) list.addEventListener(event, () => (this.order = freeze(this.order)), { passive: true });
    list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      event.preventDefault();
      this.vote(Number(button.value));
    });
    id("fresh").addEventListener("click", () => {
      this.order = thaw(this.order);
      this.draw(this.state);
    });
    id("mines").addEventListener("submit", (event) => this.submitMine(event));
  }

  /** With the first words: what is like them. */
  compare(form) {
    if (this.comparing || form.text.value.trim().length < 12) return;
    this.comparing = true;
    const page = {
      form,
      url: this.config.urls.similar,
      vote: (question) => this.vote(question),
      isVoted: (question) => isVoted(this.state, question),
      tell: () => this.teller.tell(this.words.say("similar_found")),
    };
    import("./similar.js").then(({ mountSimilar }) => (this.similar = mountSimilar(page)), () => (this.comparing = false));
  }

  async vote(question) {
    const on = !isVoted(this.state, question);
    this.dispatch({ local: "vote", question, on });
    await this.outbox.add({ do: "vote", question, on });
  }

  hear(message) {
    if (message.reactions) for (const part of this.parts) part.heard?.(message.reactions);
    if (message.beat && isBehind(this.state, message.beat)) return this.line.socket.reconnect();
    this.dispatch({ ...message, heard: Date.now() });
    if (message.mine) this.outbox.flush();
  }

  dispatch(message) {
    const before = this.state;
    this.state = apply(before, message);
    if (this.state === before) return;
    this.draw(this.state, before);
  }

  stand(status) {
    this.pill.show(status);
    this.missed.stand(status);
    if (status.state === "on") this.outbox.flush();
  }

  done({ command }, reply) {
    const { question, on } = command;
    if (command.do === "vote") {
      this.dispatch(reply.error ? { local: "refused", question } : { local: "voted", question, on });
      setTimeout(() => this.dispatch({ local: "settled", question }), 1500);
    }
    for (const part of this.parts) part.settled?.(command, reply);
    if (reply.ok?.again_in) this.slow.wait(reply.ok.again_in);
    this.trouble(reply.error ? reply : null);
  }

  trouble(reply) {
    this.say(reply ? this.words.refusal(reply) : "");
  }

  say(text) {
    id("trouble").hidden = !text;
    id("trouble").textContent = text;
  }

  // --- drawing ----------------------------------------------------------------------------------------

  draw(state, before) {
    const rows = (ids) => (ids ?? []).map((one) => state.rows[one]).filter(Boolean);
    const part = (name, items) => {
      id(name).hidden = !items.length;
      id(name).lastElementChild.replaceChildren(...items);
    };
    part("floor", rows(state.webinar.floor?.questions).map((row) => this.said("p", row, "now")));
    who(id("floor-who"), state.webinar.floor);
    part("next", rows(state.webinar.next).map((row) => this.said("li", row)));
    part("answers", rows(state.order).filter((row) => answersOf(row).given?.gist).map((row) => this.answer(row)));
    id("notices").replaceChildren(...state.notices.filter((notice) => this.config.told.includes(notice.to)).map((notice) => element("p", ...best(notice.text, this.config.reads).reverse(), "notice")));
    id("state").textContent = this.words.say(`state_${state.webinar.state}`);
    drawClosed(state);
    this.slow.draw(state, before);
    for (const one of this.parts) one.draw(state, before);
    this.drawList(state);
    this.similar?.draw();
    if (state.mine !== before?.mine) this.drawMine();
  }

  /** In the first language its reader reads. */
  said(tag, row, className = "") {
    const { text, lang } = shownOf(row, this.config.reads);
    return element(tag, text, lang, className);
  }

  languageName(code) {
    return this.config.endonyms[code] ?? code;
  }

  answer(row) {
    const { given } = answersOf(row);
    const line = document.createElement("p");
    const gist = shownOf(given, this.config.reads, "gist");
    line.append(this.said("span", row), " — ", element("span", gist.text, gist.lang), " ", element("small", clock(given.second)));
    return line;
  }

  drawList(state) {
    this.order = want(this.order, state.order.filter((one) => !answersOf(state.rows[one]).given));
    const { fresh, moved, left } = waiting(this.order);
    const said = [fresh && this.words.say("new", { n: fresh }), moved + left.size && this.words.say("moved", { n: moved + left.size })].filter(Boolean);
    id("fresh").hidden = !said.length;
    id("fresh").textContent = said.join(", ");
    const items = this.order.shown.map((one) => {
      const item = this.itemOf(state, one);
      const gone = left.has(one);
      if (!gone && item.row && item.row !== state.rows[one]) this.fill(item, state.rows[one]);
      item.row ??= state.rows[one]; // drawn by the server
      if (gone) item.querySelector("p").textContent = this.words.say(state.rows[one] ? "moved_down" : "gone");
      const number = item.querySelector("button");
      if (number) drawVote(item, { votes: votesOf(state, one), voted: isVoted(state, one), open: state.webinar.voting_open && !state.muted && !gone });
      else item.querySelector(".num").textContent = String(votesOf(state, one));
      return item;
    });
    const list = id("list");
    arrange(list, items);
    for (const one of [...this.items.keys()]) if (!this.order.shown.includes(one)) this.items.delete(one);
    id("empty").hidden = items.length > 0;
  }

  /** The line of a question; made anew where who asked it, or asks it too, changed. */
  itemOf(state, one) {
    const row = state.rows[one];
    const known = this.items.get(one);
    const same = JSON.stringify(row?.same ?? []);
    if (known && (!row || (known.dataset.same ?? same) === same)) {
      known.dataset.same = same;
      return known;
    }
    const item = this.make(row, isOwn(state, one));
    item.dataset.same = same;
    known?.replaceWith(item);
    this.items.set(one, item);
    return item;
  }

  make(row, own) {
    const item = id("question-mould").content.querySelector("li").cloneNode(true);
    item.id = `q-${row.id}`;
    item.dataset.question = row.id;
    item.querySelector(own ? "button" : "b").remove();
    if (!own) item.querySelector("button").value = row.id;
    this.fill(item, row);
    item.querySelector("div > small").textContent = [isNamed(row) && (row.for || row.place), this.config.countries[row.country] ?? row.country].filter(Boolean).join(", ");
    fillSame(item.querySelector("[data-is=same]"), row, { words: this.words, country: (code) => this.config.countries[code] ?? code });
    return item;
  }

  fill(item, row) {
    const said = shownOf(row, this.config.reads);
    item.row = row;
    write(item.querySelector("p"), said.text, said.lang);
    const mould = id("question-mould").content.querySelector(".q-other").cloneNode(true);
    item.querySelector(".q-other")?.remove();
    item.querySelector("p").after(mould);
    drawTranslated(mould, said, row, "text", { words: this.words, languageName: (code) => this.languageName(code) });
  }

  drawMine() {
    const { words } = this;
    const sent = new Set(this.state.mine.map((own) => own.client_id));
    const unsent = this.outbox.entries.filter(({ command }) => command.do === "ask" && !sent.has(command.client_id));
    const lines = unsent.map((entry) => {
      const why = entry.error ? words.refusal(entry.facts) : words.say("kept");
      return element("p", `${words.say("fate_unsent")}: ${entry.command.text} ${why}`, entry.command.language, "mine unsent");
    });
    const forms = this.state.mine.filter((own) => own.visibility !== "withdrawn").map((own) => this.strip(own));
    arrange(id("mines"), [...lines, ...forms]);
  }

  strip(own) {
    const form = this.strips.get(own.id) ?? id("mine-mould").content.querySelector("form").cloneNode(true);
    const known = this.strips.has(own.id) && form.dataset.fate === fate(own);
    this.strips.set(own.id, form);
    const stands = (form.dataset.fate = fate(own));
    const part = (name) => form.querySelector(`.mine-${name}`);
    form.classList.toggle("returned", stands === "returned");
    form.elements.question.value = own.id;
    part("fate").textContent = this.words.say(`fate_${stands}`);
    part("reason").textContent = own.reason ? this.words.say(`reason_${own.reason}`) : "";
    part("note").textContent = own.note ?? "";
    write(part("words"), own.text, own.lang);
    part("words").hidden = mayRewrite(own);
    part("rewrite").hidden = !mayRewrite(own);
    if (!known) form.elements.text.value = own.text;
    part("withdraw").hidden = NO_WAY_BACK.has(stands);
    judge(part("judge"), own, stands);
    drawUnclear(form.querySelector(".mine-unclear"), own);
    drawRecord(form, own);
    return form;
  }

  submitMine(event) {
    event.preventDefault();
    const { question, text, clarify, plea } = event.target.elements;
    const pressed = event.submitter;
    if (pressed?.name === "says") return this.outbox.add({ do: "judge", question: Number(question.value), says: pressed.value });
    const verb = pressed?.value ?? "rewrite";
    const said = { rewrite: { text: text.value }, clarify: { text: clarify?.value }, appeal: { plea: plea.value } }[verb];
    this.outbox.add({ do: verb, question: Number(question.value), ...said });
  }
}

new TextRoom(await openStore());
