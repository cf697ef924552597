// How a poll went: a bar and two figures an option, or what people wrote. The mould is the server's (_poll_bar.html).
import { best, write } from "./texts.js";
import { Words } from "./words.js";

/**
 * @param {HTMLElement} place with the parts of _poll_results.html
 * @param {any} poll of the wire, with its counts @param {{reads: string[], chosen?: number[]}} reader
 */
export function drawResults(place, poll, { reads, chosen = [] }) {
  const said = wordsOf(place);
  const part = (name) => place.querySelector(`[data-is=${name}]`);
  const { ballots = 0, counts = [], answers = [] } = poll;
  const bars = poll.kind === "text" ? [] : poll.options;
  fit(part("bars"), bars.length, () => document.getElementById("bar-mould").content.querySelector("li").cloneNode(true));
  bars.forEach((option, n) => drawBar(part("bars").children[n], { option, number: n + 1, votes: counts[n] ?? 0, ballots, reads, isOwn: chosen.includes(option.id) }));
  const shown = answers.filter(({ hidden }) => !hidden);
  fit(part("answers"), shown.length, () => document.createElement("li"));
  shown.forEach(({ text, lang }, n) => write(part("answers").children[n], text, lang));
  part("how-many").textContent = said.say("poll_how_many", { n: ballots });
  const given = counts.reduce((sum, votes) => sum + votes, 0);
  const average = poll.kind === "rating" && given ? counts.reduce((sum, votes, n) => sum + votes * (n + 1), 0) / given : 0;
  part("average").textContent = average ? said.say("poll_average", { number: average.toFixed(1) }) : "";
}

/** The words of an option: its own, or its number where it has none (a rating). @returns {[string, string]} */
export function optionText(option, number, reads) {
  const [language, text] = best(option.text, reads);
  return [language, text || String(number)];
}

/** Of a hundred who answered. */
export function percentOf(votes, ballots) {
  return ballots ? Math.round((100 * votes) / ballots) : 0;
}

function drawBar(bar, { option, number, votes, ballots, reads, isOwn }) {
  const percent = percentOf(votes, ballots);
  const [language, text] = optionText(option, number, reads);
  bar.classList.toggle("chosen", isOwn);
  write(bar.querySelector(".bar-text"), text, language);
  bar.querySelector(".bar-own").hidden = !isOwn;
  bar.querySelector(".bar-figures b").textContent = String(votes);
  bar.querySelector(".bar-figures span").textContent = `${percent}%`;
  bar.querySelector("rect").setAttribute("width", `${percent}%`);
}

function fit(list, length, make) {
  while (list.children.length > length) list.lastElementChild.remove();
  while (list.children.length < length) list.append(make());
}

let said;
function wordsOf() {
  return (said ??= new Words(document.getElementById("bars-said"), document.documentElement.lang));
}
