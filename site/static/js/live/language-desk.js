// The language desk: one text at a time. What there is to do is drawn by the server whenever something moved (signal, then
// pull); what one writes stays under one's hands, is kept on this device, and is sent once.
import { fetchFragment } from "../site/html.js";
import { post } from "../site/post.js";
import { commandOf } from "./deeds.js";
import { Draft, openStore } from "./kept.js";
import { isOurs } from "./keys.js";
import { Line, Lost } from "./line.js";
import { Outbox } from "./outbox.js";
import { Pill, Teller, Toasts } from "./pill.js";
import { isBehind } from "./state.js";
import { write } from "./texts.js";
import { Words } from "./words.js";

const REST = 1_500; // ms from one look at what there is to the next
const SOON = 30_000; // ms left from which the time calls for attention
const MOVES = ["questions", "gone", "review", "order", "answered", "webinar", "notices", "jobs", "snapshot"];
const BEHIND = new Set(["staff", "desk"]);
const id = (name) => document.getElementById(name);

class LanguageDesk {
  constructor(store) {
    this.config = JSON.parse(id("room-data").textContent);
    this.state = { cursor: this.config.cursor };
    this.offset = this.config.now - Date.now();
    this.words = new Words(id("words"), document.documentElement.lang);
    this.pill = new Pill(this.words);
    this.teller = new Teller(id("status"));
    this.toasts = new Toasts();
    this.looked = 0;
    this.line = new Line({
      urls: this.config.urls,
      cursor: () => this.state.cursor,
      heard: (message) => this.hear(message),
      status: (status) => this.stand(status),
      post,
    });
    this.outbox = new Outbox(store, `desk.${this.config.webinar}.${this.config.participant}`, {
      send: (command) => this.line.request(command),
      isOpen: () => this.line.isOpen,
      changed: (entries) => this.drawUnsent(entries),
      done: (entry, reply) => this.sent(entry, reply),
    });
    document.addEventListener("submit", (event) => this.submit(event));
    document.addEventListener("click", (event) => this.click(event));
    document.addEventListener("keydown", (event) => this.press(event));
    document.addEventListener("input", (event) => event.target.id === "own-text" && this.typed());
    addEventListener("pagehide", () => this.keep());
    this.opened();
    this.line.start();
    this.outbox.load();
    setInterval(() => this.outbox.flush(), 10_000);
    setInterval(() => this.tick(), 1000);
  }

  // --- the line -----------------------------------------------------------------------------------------

  hear(message) {
    if (message.hello) {
      this.offset = message.hello.now - Date.now();
      if (!BEHIND.has(message.hello.audience)) return location.reload(); // the right to be here is gone
      if (message.hello.release !== this.config.release) this.toasts.show(this.words.say("new_release"), 60);
    }
    if (message.beat && isBehind(this.state, message.beat)) return this.line.socket.reconnect();
    if (!message.cursor) return;
    this.state = { cursor: message.cursor };
    if (MOVES.some((what) => what in message)) this.lookSoon();
  }

  stand(status) {
    this.pill.show(status);
    if (status.state === "on") this.outbox.flush();
    if (status.why === "removed" || status.why === "signed_out") {
      this.keep();
      location.reload(); // nothing of the desk stays on the screen
    }
  }

  // --- what there is to do --------------------------------------------------------------------------------

  lookSoon() {
    if (this.looking) return (this.again = true);
    const wait = Math.max(0, this.looked + REST - Date.now());
    this.looking = setTimeout(() => this.look(), wait);
  }

  /** Ask the server how it stands; the box one writes in is left alone. */
  async look() {
    this.again = false;
    try {
      const fresh = await fetchFragment(this.address(), "#jobs, #open");
      this.drawJobs(fresh.querySelector("#jobs"));
      this.drawAround(fresh.querySelector("#open"));
    } catch {
      // the line says by itself that it is gone
    } finally {
      this.looked = Date.now();
      this.looking = null;
      if (this.again) this.lookSoon();
    }
  }

  address(job = this.job, from = job === this.job ? this.from : "") {
    const query = new URLSearchParams();
    if (job) query.set("job", job);
    if (from) query.set("from", from);
    return `${this.config.urls.desk}?${query}`;
  }

  drawJobs(fresh) {
    const old = id("jobs");
    const known = new Set([...old.querySelectorAll("[data-job]")].map((job) => job.dataset.job));
    const there = [...fresh.querySelectorAll("[data-job]")].filter((job) => !job.hasAttribute("data-held"));
    const at = document.activeElement?.dataset?.job;
    const top = old.scrollTop;
    old.replaceWith(fresh);
    fresh.scrollTop = top;
    this.mark();
    if (at) this.button(at)?.focus({ preventScroll: true });
    if (there.some((job) => !known.has(job.dataset.job))) this.teller.tell(this.words.say("new_jobs"));
  }

  /** Everything round the box: the words to translate may have changed, or somebody else was faster. */
  drawAround(fresh) {
    const open = id("open");
    if (!this.job || fresh?.dataset.job !== this.job) return;
    if (open.dataset.mark !== fresh.dataset.mark) {
      this.toasts.show(this.words.say("new_source"), 20);
      id("translate").elements.mark.value = fresh.dataset.mark;
    }
    open.dataset.mark = fresh.dataset.mark;
    open.dataset.until = fresh.dataset.until;
    const asking = id("unclear")?.open;
    if (!asking) for (const part of ["source", "helps"]) id(part).replaceWith(fresh.querySelector(`#${part}`));
    if (fresh.dataset.version !== open.dataset.version && !this.isWritten) this.put(fresh);
    this.tick();
  }

  button(job) {
    return document.querySelector(`#jobs [data-job="${CSS.escape(job)}"]`);
  }

  mark() {
    for (const job of document.querySelectorAll("#jobs [data-job]")) {
      if (job.dataset.job === this.job) job.setAttribute("aria-current", "true");
      else job.removeAttribute("aria-current");
    }
  }

  // --- the text that is open ------------------------------------------------------------------------------

  get job() {
    return id("open").dataset.job ?? "";
  }

  /** The language it is made from, where that is not the original's. */
  get from() {
    return id("translate")?.elements.made_from.value ?? "";
  }

  get isWritten() {
    const box = id("own-text");
    return Boolean(box) && box.value.trim() !== box.defaultValue.trim();
  }

  put(fresh) {
    this.keep();
    id("open").replaceWith(fresh);
    this.opened();
    history.replaceState(null, "", this.address());
  }

  /** A text was opened: what was written for it here before is in the box. */
  opened() {
    this.mark();
    this.renewed = 0;
    const box = id("own-text");
    this.draft = box && new Draft(this.config.participant, `rendition:${this.job}`);
    if (box) box.value = this.draft.get() || box.value;
    this.tick();
  }

  keep() {
    const box = id("own-text");
    if (box && this.draft) this.draft.set(this.isWritten ? box.value : "");
  }

  async open(job, from) {
    const fresh = await fetchFragment(this.address(job, from), "#open").catch(() => null);
    if (!fresh) return this.toasts.show(this.words.say("not_sent"));
    this.put(fresh.firstElementChild);
    id("own-text")?.focus({ preventScroll: true });
    id("work").scrollIntoView({ block: "nearest" });
  }

  typed() {
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.keep(), 400);
    if (Date.now() - this.renewed > this.config.renew) this.renew();
  }

  /** Typing keeps it mine. Where somebody else has it by now, the words stay and the page says so. */
  async renew() {
    const { job } = this;
    this.renewed = Date.now();
    const reply = await this.request({ do: "claim", ...targetOf(id("translate")) }, true);
    if (job !== this.job || !reply) return;
    if (reply.error) this.toasts.show(this.words.refusal(reply));
    else id("open").dataset.until = String(reply.ok.until);
    this.tick();
  }

  tick() {
    const until = Number(id("open").dataset.until ?? 0);
    const chip = id("lease");
    if (!chip) return;
    chip.hidden = !until;
    const left = until - (Date.now() + this.offset);
    chip.dataset.left = left < 0 ? "over" : left < SOON ? "short" : "enough";
    const seconds = Math.max(0, Math.ceil(left / 1000));
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    chip.querySelector("span").textContent = left < 0 ? this.words.say("ran_out") : this.words.say("yours", { time });
  }

  // --- deeds ------------------------------------------------------------------------------------------------

  async submit(event) {
    const form = event.target;
    if (!form.action.endsWith(this.config.urls.do)) return;
    event.preventDefault();
    const command = commandOf(new FormData(form, event.submitter));
    if (command.do === "claim") return this.take(event.submitter.dataset.job, command);
    if (command.do === "translate") return this.done(form, command);
    if (command.do === "give_back" || command.do === "approve") command.text = undefined;
    const reply = await this.request(command);
    if (!reply?.ok) return;
    this.toasts.show(this.words.say(`did_${command.do}`), 4);
    if (command.do === "unclear") await this.request({ do: "give_back", ...targetOf(id("translate")) });
    this.forget();
    if (command.do === "give_back") this.close();
    else await this.next();
  }

  async take(job, command) {
    const reply = await this.request(command);
    if (reply?.error) this.lookSoon();
    if (reply?.ok) await this.open(job);
  }

  /** Kept first, then sent; the next one comes under the hands at once. */
  async done(form, command) {
    if (!/[\p{L}\p{N}]/u.test(command.text ?? "")) return this.toasts.show(this.words.refusal({ error: "empty" }));
    command.version ??= 0;
    try {
      await this.outbox.add({ ...command, job: this.job });
    } catch (error) {
      return this.toasts.show(this.words.refusal({ error: error.message || "not_saved" }));
    }
    this.forget();
    await this.next();
  }

  /** Its words are safe elsewhere. */
  forget() {
    clearTimeout(this.saving);
    this.draft?.set("");
    const box = id("own-text");
    if (box) box.defaultValue = box.value;
  }

  /** The first that is free below the one that is done, else the first of all. */
  async next() {
    const free = [...document.querySelectorAll("#jobs [data-job]:not([data-held])")].filter((one) => one.dataset.job !== this.job);
    const here = this.button(this.job);
    const after = here && free.find((one) => here.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
    const next = after ?? free[0];
    if (!next || !this.line.isOpen) return this.close();
    this.button(this.job)?.closest("li").remove();
    await this.take(next.dataset.job, commandOf(new FormData(next.form)));
  }

  async close() {
    const fresh = await fetchFragment(`${this.config.urls.desk}?job=none`, "#open").catch(() => null);
    if (fresh) {
      id("open").replaceWith(fresh);
      history.replaceState(null, "", this.config.urls.desk);
    }
    this.draft = null;
    this.mark();
    this.lookSoon();
    document.querySelector("#jobs [data-job]")?.focus({ preventScroll: true });
  }

  async request(command, quiet = false) {
    try {
      const reply = await this.line.request(command);
      if (reply.error && !quiet) this.toasts.show(this.words.refusal(reply));
      return reply;
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      if (!quiet) this.toasts.show(this.words.say("not_sent"));
      return null;
    }
  }

  sent({ command }, reply) {
    if (reply.ok) this.teller.tell(this.words.say("did_translate"));
    else this.toasts.show(this.words.refusal(reply));
    if (command.job === this.job) this.lookSoon();
  }

  /** What is typed and not on the server: waiting for the line, or refused with the reason. Its writer decides. */
  drawUnsent(entries) {
    const lines = entries.map((entry) => {
      const line = id("unsent-mould").content.firstElementChild.cloneNode(true);
      line.entry = entry;
      line.querySelector("[data-is=why]").textContent = entry.error ? this.words.refusal(entry.facts) : this.words.say("kept");
      write(line.querySelector("[data-is=text]"), entry.command.text, entry.command.language);
      for (const button of line.querySelectorAll("button")) button.hidden = !entry.error;
      return line;
    });
    id("unsent").replaceChildren(...lines);
  }

  async click(event) {
    const from = event.target.closest("a[data-from]");
    if (from && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      return this.open(this.job, from.dataset.from);
    }
    const { entry } = event.target.closest("#unsent > li") ?? {};
    const what = event.target.closest("[data-do]")?.dataset.do;
    if (!entry || !what) return;
    if (what === "open") {
      new Draft(this.config.participant, `rendition:${entry.command.job}`).set(entry.command.text);
      await this.open(entry.command.job);
    }
    await this.outbox.drop(entry);
  }

  press(event) {
    const box = event.target.id === "own-text";
    if (box && event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      return id("translate").requestSubmit(id("translate").querySelector("[value=translate]"));
    }
    if (box && event.key === "Escape") return (this.button(this.job) ?? document.querySelector("#jobs [data-job]"))?.focus();
    const key = /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : event.code.replace("Key", "").toLowerCase();
    if (!isOurs(event) || !"jk".includes(key)) return;
    const jobs = [...document.querySelectorAll("#jobs [data-job]")];
    const at = jobs.indexOf(document.activeElement);
    jobs[Math.min(jobs.length - 1, Math.max(0, at + (key === "j" ? 1 : -1)))]?.focus();
    event.preventDefault();
  }
}

/** Which text a form is about: question, answer or notice, and the language. */
function targetOf(form) {
  const { question, answer, notice, language } = commandOf(new FormData(form));
  return { ...(question && { question }), ...(answer && { answer }), ...(notice && { notice }), language };
}

new LanguageDesk(await openStore());
