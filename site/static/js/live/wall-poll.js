// A poll on the wall: its words in two languages, bars with figures once everybody may know them.
import { percentOf } from "./bars.js";
import { beside, write } from "./texts.js";

const ANSWERS = 12; // of a poll by words: what does not fit is not shown

/** @param {any} poll of the wire @param {string[]} sides the wall's languages */
export function drawWallPoll(poll, sides) {
  const place = document.getElementById("wall-poll");
  place.dataset.poll = poll.id;
  place.dataset.rows = poll.options.length > 8 ? "many" : poll.options.length > 5 ? "some" : "few";
  place.querySelector("[data-is=open]").hidden = poll.state !== "open";
  place.querySelector("h2").replaceChildren(...lines("span", poll.text, sides));
  place.querySelector(".wall-bars").replaceChildren(...(poll.kind === "text" ? [] : poll.options.map((option, n) => bar(poll, option, n, sides))));
  const answers = (poll.answers ?? []).filter(({ hidden }) => !hidden).slice(0, ANSWERS);
  place.querySelector(".wall-answers").replaceChildren(...answers.map(({ text, lang }) => line("li", text, lang)));
}

function bar(poll, option, n, sides) {
  const made = document.getElementById("wall-bar-mould").content.firstElementChild.cloneNode(true);
  const isKnown = Boolean(poll.counts);
  const percent = isKnown ? percentOf(poll.counts[n], poll.ballots) : 0;
  const texts = lines("p", option.text, sides);
  made.querySelector(".beside").replaceChildren(...(texts.length ? texts : [line("p", String(n + 1), "")]));
  made.querySelector(".wall-figures").hidden = !isKnown;
  made.querySelector(".wall-figures b").textContent = `${percent}%`;
  made.querySelector(".wall-figures span").textContent = String(poll.counts?.[n] ?? 0);
  made.querySelector("svg").toggleAttribute("hidden", !isKnown);
  made.querySelector("rect").setAttribute("width", `${percent}%`);
  return made;
}

function lines(tag, texts, sides) {
  return beside(texts, sides).map(([language, text]) => line(tag, text, language));
}

function line(tag, text, language) {
  const made = Object.assign(document.createElement(tag), { dir: "auto" });
  write(made, text, language);
  return made;
}
