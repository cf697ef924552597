// What is on the floor and what is next: outside the list, in its own place.
import { write } from "./card.js";
import { who } from "./floor-who.js";
import { votesOf } from "./state.js";

export class Floor {
  /** @param {import("./room.js").Room} room */
  constructor(room) {
    this.room = room;
    this.floor = document.getElementById("floor");
    this.next = document.getElementById("next");
  }

  draw(state, before) {
    const onFloor = (state.webinar.floor?.questions ?? []).map((id) => state.rows[id]).filter(Boolean);
    const next = (state.webinar.next ?? []).map((id) => state.rows[id]).filter(Boolean);
    this.floor.hidden = !onFloor.length;
    this.next.hidden = !next.length;
    lines(document.getElementById("floor-texts"), onFloor, (row) => said("p", row, "floor-text"));
    who(document.getElementById("floor-who"), state.webinar.floor);
    const wanted = onFloor.reduce((most, row) => Math.max(most, votesOf(state, row.id)), 0);
    document.getElementById("floor-votes").textContent = wanted ? this.room.words.say("wanted_to_know", { n: wanted }) : "";
    lines(this.next.querySelector("ol"), next, (row) => {
      const item = document.createElement("li");
      item.append(said("span", row, ""));
      return item;
    });
    const turn = state.webinar.floor?.turn;
    if (before && turn && turn !== before.webinar.floor?.turn && onFloor.length) {
      this.room.tell(this.room.words.say("on_floor_now", { text: onFloor[0].text }));
    }
  }
}

function said(tag, row, className) {
  const element = document.createElement(tag);
  element.className = className;
  element.dir = "auto";
  write(element, row.text, row.lang);
  return element;
}

/** Draw rows as lines, only when their words changed. */
function lines(place, rows, make) {
  const texts = rows.map((row) => row.text);
  const there = [...place.children].map((line) => line.textContent);
  if (texts.length === there.length && texts.every((text, n) => text === there[n])) return;
  place.replaceChildren(...rows.map(make));
}
