// A question's card: the mould is the server's own partial (templates/webinars/_question.html), filled from a row of the wire.
import { countryOf, drawTranslated, shownOf, write } from "./texts.js";

export { best, write } from "./texts.js";

/** 1868 → "0:31:08", as moments are written everywhere. */
export function clock(seconds) {
  if (seconds === null || seconds === undefined) return "";
  const two = (n) => String(n).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Given and promised answers of a row: the last of each. */
export function answersOf(row) {
  const given = row.answers.filter((answer) => answer.kind !== "promised").at(-1);
  const promise = given ? undefined : row.answers.findLast((answer) => answer.kind === "promised");
  return { given, promise };
}

/** May this screen say who asks? The desk's rows hold more than others in the room may read over a shoulder. */
export const isNamed = (row) => !row.name_shown || row.name_shown === "all";

export class Cards {
  /** @param {HTMLTemplateElement} mould @param {{words: any, config: any, languageName: (code: string) => string}} page */
  constructor(mould, { words, config, languageName }) {
    this.mould = mould.content.querySelector("li");
    this.words = words;
    this.config = config;
    this.languageName = languageName;
  }

  /** A new card of a row. @returns {HTMLLIElement} */
  make(row, own) {
    const card = this.mould.cloneNode(true);
    card.id = `q-${row.id}`;
    card.dataset.question = row.id;
    card.classList.toggle("own", own);
    card.querySelector(own ? "button.vote" : ".vote.still").remove();
    const button = card.querySelector("button.vote");
    if (button) button.value = row.id;
    this.fill(card, row, own);
    return card;
  }

  /** The row changed: its words are drawn anew, the vote's button stays the very same. */
  redraw(card, row, own) {
    const body = card.querySelector(".q-body");
    const fresh = this.mould.querySelector(".q-body").cloneNode(true);
    const hadFocus = body.contains(document.activeElement);
    const wasOpen = [".q-other", ".q-same"].filter((fold) => body.querySelector(fold)?.open);
    body.replaceWith(fresh);
    this.fill(card, row, own);
    for (const fold of wasOpen) if (fresh.querySelector(fold)) fresh.querySelector(fold).open = true;
    if (hadFocus) fresh.querySelector("a")?.focus();
  }

  fill(card, row, own) {
    const { given, promise } = answersOf(row);
    card.classList.toggle("answered", Boolean(given));
    const part = (name) => card.querySelector(`[data-is="${name}"]`);
    if (!own) part("own").remove();
    if (given) part("answered").querySelector("time").textContent = clock(given.second);
    else part("answered").remove();
    if (!promise) part("promised").remove();
    if (row.closed) part("closed").textContent = [this.words.say(`closed_${row.closed}`), row.closed_note].filter(Boolean).join(": ");
    else part("closed").remove();
    if (!row.speaker || !isNamed(row)) part("speaker").remove();
    const [guide] = row.guides ?? [];
    if (guide) part("lesson").href = `${this.config.urls.guides}${guide.id}/${guide.anchor ? `#${guide.anchor}` : ""}`;
    else part("lesson").remove();
    const text = card.querySelector(".q-text");
    const said = shownOf(row, this.config.reads);
    write(text, said.text, said.lang);
    text.dir = "auto";
    drawTranslated(card.querySelector(".q-body > .q-other"), said, row, "text", this);
    this.from(card.querySelector(".q-from"), row, said);
    fillSame(part("same"), row, { words: this.words, country: (code) => this.country(code) });
    const answer = card.querySelector(".q-answer");
    if (!given?.gist) return answer.remove();
    const gist = shownOf(given, this.config.reads, "gist");
    write(answer.querySelector(".q-gist"), gist.text, gist.lang);
    answer.querySelector(".q-sure").textContent = this.words.sure(given);
    drawTranslated(answer.querySelector(".q-other"), gist, given, "gist", this);
  }

  /** Who asks, from where, for whom, and in which language where the reader does not read it. */
  from(line, row, said) {
    const parts = isNamed(row) ? [row.name, row.organisation, row.place] : [];
    parts.push(this.country(row.country));
    if (row.for) parts.push(this.words.say("for_whom", { name: row.for }));
    if (row.came_by) parts.push(this.words.say(`came_${row.came_by}`));
    if (row.to || row.to_country) parts.push(this.words.say("to_whom", { name: row.to?.name ?? this.country(row.to_country) }));
    if (!said.by && !this.config.reads.includes(row.lang)) parts.push(this.languageName(row.lang));
    line.replaceChildren(...parts.filter(Boolean).map((part) => Object.assign(document.createElement("span"), { textContent: part })));
  }

  country(code) {
    return countryOf(code, this.config.countries);
  }
}

/** Those merged into it: how many, and their words in their languages (templates/webinars/_same.html). */
export function fillSame(fold, row, { words, country }) {
  if (!row.same?.length) return fold.remove();
  fold.querySelector("summary").textContent = words.say("with_more", { n: row.same.length });
  const said = row.same.filter((one) => one.text).map((one) => {
    const [line, text, from] = ["li", "span", "small"].map((tag) => document.createElement(tag));
    write(text, one.text, one.lang);
    text.dir = "auto";
    from.textContent = country(one.country);
    line.append(text, " ", from);
    return line;
  });
  fold.querySelector("ul").replaceChildren(...said);
}

/** Draw the vote's button (or its still twin): number, pressed or not, open or closed. */
export function drawVote(card, { votes, voted, open }) {
  const vote = card.querySelector(".vote");
  const number = vote.querySelector(".num");
  const said = String(votes);
  if (number.textContent !== said) {
    number.textContent = said;
    vote.classList.remove("bump");
    requestAnimationFrame(() => vote.classList.add("bump"));
  }
  if (vote.classList.contains("still")) return;
  vote.setAttribute("aria-pressed", String(voted));
  vote.setAttribute("form", voted ? "unvote" : "vote"); // what a press without this script would send
  vote.disabled = !open;
}
