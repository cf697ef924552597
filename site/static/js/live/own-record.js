// What only the asker reads of a question of theirs (templates/webinars/_own_record.html): the page of words has the same.
import { write } from "./texts.js";

/** @param {Element} strip what holds the partial @param {any} own a row of one's own */
export function drawRecord(strip, own) {
  const part = (name) => strip.querySelector(`.mine-${name}`);
  part("record").hidden = !own.head && !own.split && !own.appeal;
  part("joined").hidden = !own.head;
  write(part("head"), own.head?.text ?? "", own.head?.lang);
  part("split").hidden = !own.split;
  write(part("asked"), own.before_split ?? "", own.lang);
  part("appealed").hidden = !own.appeal;
  part("plea").textContent = own.appeal?.text ?? "";
  for (const line of strip.querySelectorAll("[data-outcome]")) line.hidden = line.dataset.outcome !== own.appeal?.outcome;
  part("plead").hidden = own.visibility !== "declined" || Boolean(own.appeal);
}
