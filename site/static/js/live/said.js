// A question on a screen that many look at: the mould is the server's own (templates/webinars/_said.html).
import { countryOf, write } from "./texts.js";

/**
 * @param {any} row of the wire @param {[string, string][]} texts language and words, side by side
 * @param {{votes: number, countries: Record<string, string>}} facts @returns {HTMLLIElement}
 */
export function said(row, texts, { votes, countries }) {
  const line = document.getElementById("said-mould").content.firstElementChild.cloneNode(true);
  line.dataset.said = row.id;
  line.querySelector(".beside").replaceChildren(...sides(texts));
  line.querySelector(".said-votes").hidden = !votes;
  line.querySelector(".said-votes b").textContent = String(votes);
  line.querySelector(".said-where").textContent = whereOf(row, countries);
  return line;
}

/** Texts as paragraphs, each in its language. */
export function sides(texts) {
  return texts.map(([language, text]) => {
    const side = Object.assign(document.createElement("p"), { dir: "auto" });
    write(side, text, language);
    return side;
  });
}

/** Who asks and from where, as far as those who look may know (views/screens.py says the same). */
function whereOf(row, countries) {
  const country = countryOf(row.country, countries);
  if (row.name_shown && row.name_shown !== "all") return country; // the desk's row: others look at this screen
  return row.for || [row.name, row.organisation, row.place, country].filter(Boolean).join(", ");
}

/** Of the agenda's lines in the page, the one that runs and the one that comes then. */
export function drawAgendaLine({ agenda = [], agenda_now: now }) {
  const coming = agenda.find(([item, , ended]) => item !== now && !ended)?.[0];
  for (const line of document.querySelectorAll("[data-item]")) {
    line.hidden = Number(line.dataset.item) !== (line.dataset.is === "now" ? now : coming);
  }
}
