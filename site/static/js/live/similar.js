// What is like the question somebody types: below the box, quiet, never in the way. Loaded with the first words.
import { fetchFragment } from "../site/html.js";

const PAUSE = 800; // ms without a key
const SHORTEST = 12; // characters (webinars/similar.py says the same)
const KEPT = 40; // answers

export class Similar {
  /**
   * @param {{form: HTMLFormElement, url: string, vote: (question: number, on: boolean) => void,
   *   isVoted: (question: number) => boolean, tell: () => void}} page
   */
  constructor(page) {
    this.page = page;
    this.place = document.getElementById("similar");
    this.body = this.place.querySelector("[data-is=found]");
    this.known = new Map(); // words → what the server drew
    this.refused = 0; // until when the server wants to be left alone
    this.place.querySelector("[data-is=dismiss]").addEventListener("click", () => this.dismiss());
    this.body.addEventListener("click", (event) => this.press(event));
  }

  /** Called at every key. */
  typed() {
    clearTimeout(this.timer);
    this.asking?.abort();
    const words = this.words();
    if (!words) this.dismissed = false; // the next question
    if (words.length < SHORTEST || this.dismissed) return this.hide();
    this.timer = setTimeout(() => this.ask(words), PAUSE);
  }

  /** The next question is another one. */
  sent() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.dismissed = false;
    this.hide();
  }

  words() {
    return this.page.form.elements.text.value.trim().replace(/\s+/g, " ");
  }

  async ask(words) {
    const language = this.page.form.elements.language.value;
    const key = `${language} ${words.toLowerCase()}`;
    try {
      if (!this.known.has(key)) {
        if (Date.now() < this.refused) return;
        this.keep(key, await this.fetch(words, language));
      }
      if (words === this.words() && !this.dismissed) this.show(this.known.get(key));
    } catch (error) {
      if (error.message === "status 429") this.refused = Date.now() + 15_000;
      // Nothing is lost by not knowing: the question is sent as any.
    }
  }

  fetch(words, language) {
    this.asking = new AbortController();
    const body = new URLSearchParams({ text: words, language, csrfmiddlewaretoken: this.page.form.elements.csrfmiddlewaretoken.value });
    const headers = { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" };
    return fetchFragment(this.page.url, ".similar-found", { method: "POST", body, headers, signal: this.asking.signal });
  }

  keep(key, found) {
    this.known.set(key, found);
    if (this.known.size > KEPT) this.known.delete(this.known.keys().next().value);
  }

  show(found) {
    const drawn = found.cloneNode(true);
    const items = drawn.querySelectorAll("li");
    if (!items.length) return this.hide();
    const news = this.said !== drawn.textContent;
    this.said = drawn.textContent;
    this.body.replaceChildren(drawn);
    this.place.hidden = false;
    this.draw();
    if (news) this.page.tell();
  }

  hide() {
    this.place.hidden = true;
    this.said = "";
  }

  dismiss() {
    this.dismissed = true;
    this.hide();
    this.page.form.elements.text.focus();
  }

  press(event) {
    const vote = event.target.closest("button.vote");
    if (!vote) return;
    event.preventDefault();
    const question = Number(vote.value);
    this.page.vote(question, !this.page.isVoted(question));
    this.draw();
  }

  /** One's own votes as they stand. */
  draw() {
    for (const vote of this.body.querySelectorAll("button.vote")) vote.setAttribute("aria-pressed", String(this.page.isVoted(Number(vote.value))));
  }
}

/** Load it with the first words of a question. @returns {{typed: () => void, draw: () => void}} */
export function mountSimilar(page) {
  const similar = new Similar(page);
  page.form.elements.text.addEventListener("input", () => similar.typed());
  page.form.addEventListener("submit", () => similar.sent());
  similar.typed();
  return similar;
}
