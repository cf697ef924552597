// What is on the floor and what is next: outside the list, in its own place.
import { who } from "./floor-who.js";
import { votesOf } from "./state.js";
import { drawTranslated, shownOf, write } from "./texts.js";

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
    const { reads } = this.room.config;
    lines(document.getElementById("floor-texts"), onFloor, reads, (row, shown) => this.one(row, shown));
    who(document.getElementById("floor-who"), state.webinar.floor);
    const wanted = onFloor.reduce((most, row) => Math.max(most, votesOf(state, row.id)), 0);
    document.getElementById("floor-votes").textContent = wanted ? this.room.words.say("wanted_to_know", { n: wanted }) : "";
    lines(this.next.querySelector("ol"), next, reads, (_, { lang, text }) => {
      const item = document.createElement("li");
      item.append(said("span", [lang, text], ""));
      return item;
    });
    const turn = state.webinar.floor?.turn;
    if (before && turn && turn !== before.webinar.floor?.turn && onFloor.length) {
      this.room.tell(this.room.words.say("on_floor_now", { text: shownOf(onFloor[0], reads).text }));
    }
  }

  one(row, shown) {
    const one = Object.assign(document.createElement("div"), { className: "floor-one" });
    one.append(said("p", [shown.lang, shown.text], "floor-text"));
    if (!shown.by) return one;
    one.append(document.getElementById("translated-mould").content.cloneNode(true));
    drawTranslated(one.querySelector(".q-other"), shown, row, "text", this.room);
    return one;
  }
}

function said(tag, [lang, text], className) {
  const element = document.createElement(tag);
  element.className = className;
  element.dir = "auto";
  write(element, text, lang);
  return element;
}

/** Draw rows as lines, only when what this reader is shown of them changed. */
function lines(place, rows, reads, make) {
  const shown = rows.map((row) => shownOf(row, reads));
  const sign = JSON.stringify(shown.map((one, n) => [one, rows[n].text]));
  if (place.drawn === sign) return;
  place.drawn = sign;
  place.replaceChildren(...rows.map((row, n) => make(row, shown[n])));
}
