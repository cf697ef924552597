// <guide-editor data-key data-preview data-language>: saves while one types, keeps what could not be saved, shows the preview.
//
// The status line always says one of: saved at, kept here, saving, no connection, signed out, conflict, something is wrong.

import { fetchFragment } from "../site/html.js";
import { post } from "../site/post.js";
import { LocalCopy } from "./local-copy.js";
import * as marks from "./marks.js";
import { paced } from "./pace.js";
import "./chips-field.js";

const QUIET = 2_000;
const LATEST = 15_000;
const PREVIEW = 400;
const HIDDEN = new Set(["csrfmiddlewaretoken", "version", "base", "do"]);

class GuideEditor extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form#writing");
    this.body = this.form.elements.body;
    this.status = document.getElementById("saved");
    this.copy = new LocalCopy(this.dataset.key, localStorage);
    this.dirty = false;
    this.saving = null;
    this.save = paced(() => this.store(), { quiet: QUIET, latest: LATEST });
    this.show = paced(() => this.preview(), { quiet: PREVIEW, latest: 4 * PREVIEW });
    this.offerCopy();
    for (const part of this.querySelectorAll(".tools, [data-cite]")) part.hidden = false;
    this.form.addEventListener("input", (event) => this.typed(event));
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.querySelector(".tools").addEventListener("click", (event) => this.tool(event));
    this.querySelector("[data-cite] button").addEventListener("click", () => this.cite());
    document.querySelector(".parts").addEventListener("click", (event) => this.part(event));
    document.addEventListener("keydown", (event) => this.key(event));
    addEventListener("online", () => this.dirty && this.store());
    addEventListener("beforeunload", (event) => this.dirty && !this.kept && event.preventDefault());
    this.querySelector("[role=alert]")?.focus();
  }

  // --- what is typed ---------------------------------------------------------------------------------------

  /** The fields as one would send them, without those that only the server and this script care about. */
  fields() {
    return Object.fromEntries([...new FormData(this.form)].filter(([name]) => !HIDDEN.has(name) && !name.startsWith("source-")));
  }

  typed(event) {
    if (event?.target?.name?.startsWith("source-")) return;
    this.dirty = true;
    this.kept = this.copy.keep(this.fields(), { stored: this.dataset.stored });
    if (this.status.dataset.state !== "conflict") this.say("typing");
    this.save();
    this.show();
  }

  change(selected) {
    this.body.value = selected.text;
    this.body.focus();
    this.body.setSelectionRange(selected.start, selected.end);
    this.body.dispatchEvent(new Event("input", { bubbles: true }));
  }

  get selected() {
    return { text: this.body.value, start: this.body.selectionStart, end: this.body.selectionEnd };
  }

  tool(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.around) this.change(marks.around(this.selected, button.dataset.around));
    else if (button.dataset.before) this.change(marks.before(this.selected, button.dataset.before));
    else if ("link" in button.dataset) this.change(marks.link(this.selected));
  }

  cite() {
    const field = this.querySelector("[data-cite] input");
    const key = field.value.trim();
    if (key) this.change(marks.cite(this.selected, key));
    field.value = "";
  }

  part(event) {
    const link = event.target.closest("[data-heading]");
    if (!link) return;
    const at = marks.headingAt(this.body.value, link.dataset.heading);
    if (at < 0) return;
    event.preventDefault();
    this.body.focus();
    // A browser scrolls to the caret only when something is typed; put there from the end, it has to come up.
    this.body.setSelectionRange(at, at);
    const line = parseFloat(getComputedStyle(this.body).lineHeight) || 24;
    this.body.scrollTop = (this.body.value.slice(0, at).split("\n").length - 1) * line;
  }

  key(event) {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (!command) return;
    if (event.key === "s") {
      event.preventDefault();
      this.store();
    } else if (event.target === this.body && (event.key === "b" || event.key === "i")) {
      event.preventDefault();
      this.change(marks.around(this.selected, event.key === "b" ? "**" : "*"));
    }
  }

  // --- saving ----------------------------------------------------------------------------------------------

  async store() {
    this.save.cancel();
    if (this.saving) return this.saving.then(() => this.dirty && this.save());
    if (this.status.dataset.state === "conflict") return undefined; // the writer decides, with the Save button
    this.dirty = false;
    const sent = JSON.stringify(this.fields());
    this.say("saving");
    this.saving = this.send(sent).finally(() => (this.saving = null));
    return this.saving;
  }

  async send(sent) {
    const data = new FormData(this.form);
    data.set("do", "save");
    try {
      const answer = await post(this.form.action || location.href, data);
      if (answer.ok && answer.data) {
        this.form.elements.version.value = answer.data.version;
        this.dataset.stored = answer.data.saved_at;
        if (JSON.stringify(this.fields()) === sent) this.copy.drop();
        this.say(Object.keys(answer.data.errors).length ? "refused" : "saved", answer.data.saved_at);
        return;
      }
      this.dirty = true;
      this.say(answer.status === 409 ? "conflict" : answer.ok ? "out" : "away"); // a page instead of JSON: the sign-in
    } catch {
      this.dirty = true;
      this.say("away");
      this.save(); // tries again; "online" does so at once
    }
  }

  submit(event) {
    this.save.cancel();
    if (this.saving) {
      // The answer under way brings the version the form must carry; without it one would conflict with oneself.
      event.preventDefault();
      this.saving.finally(() => this.form.requestSubmit(event.submitter));
      return;
    }
    this.show.cancel();
    this.dirty = false;
    if (event.submitter?.value === "discard") this.copy.drop();
    else this.copy.keep(this.fields(), { stored: this.dataset.stored, submitted: true });
  }

  /** One of the words of the status line; the others hide. */
  say(state, at = null) {
    this.status.dataset.state = state;
    for (const words of this.status.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== state;
    if (!at) return;
    const time = document.createElement("time-here");
    time.setAttribute("format", "time");
    time.setAttribute("datetime", at);
    this.status.querySelector("time-here")?.replaceWith(time);
  }

  /** Words typed here that the server does not have, from before a crash or a lost session. */
  offerCopy() {
    const notice = this.querySelector("[data-local]");
    if (!this.copy.lost(this.fields(), this.dataset.stored)) {
      this.copy.drop();
      return;
    }
    notice.hidden = false;
    notice.querySelector("[data-use]").addEventListener("click", () => {
      for (const [name, value] of Object.entries(this.copy.read()?.fields ?? {})) {
        const field = this.form.elements[name];
        if (field) field.value = value;
      }
      for (const chips of this.querySelectorAll("chips-field")) chips.draw?.();
      notice.hidden = true;
      this.typed();
    });
    notice.querySelector("[data-drop]").addEventListener("click", () => {
      this.copy.drop();
      notice.hidden = true;
    });
  }

  // --- the preview -----------------------------------------------------------------------------------------

  async preview() {
    this.asking?.abort();
    this.asking = new AbortController();
    const pane = document.querySelector(".preview");
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "title", "summary", "body"]) body.set(name, this.form.elements[name].value);
    body.set("language", this.dataset.language);
    pane.setAttribute("aria-busy", "true");
    try {
      const { signal } = this.asking;
      const fragment = await fetchFragment(this.dataset.preview, "[data-live]", { method: "POST", body, signal });
      for (const part of [...fragment.children]) document.querySelector(`[data-live="${part.dataset.live}"]`)?.replaceWith(part);
      pane.removeAttribute("aria-busy");
    } catch (problem) {
      if (problem.name !== "AbortError") pane.removeAttribute("aria-busy"); // the last one stays; the text is kept anyway
    }
  }
}

customElements.define("guide-editor", GuideEditor);
