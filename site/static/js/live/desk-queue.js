// The speaking queue at the desk: rows in the server's order. What somebody types into one stays while others come and go.
import { elapsed } from "./columns.js";
import { write } from "./texts.js";

export class DeskQueue {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.place = document.getElementById("desk-queue");
    this.list = document.getElementById("hands");
    this.mould = document.getElementById("hand-mould").content.querySelector("li");
    setInterval(() => this.age(), 1000);
  }

  draw(state, before) {
    if (before && state.queue === before.queue && state.webinar === before.webinar) return;
    const hands = state.queue.order.map((id) => state.queue.items[id]);
    const waiting = hands.filter((hand) => hand.stands === "waiting");
    this.place.hidden = !state.webinar.queue_open && !hands.length;
    document.getElementById("desk-queue-count").textContent = String(waiting.length);
    document.getElementById("hands-empty").hidden = hands.length > 0;
    const there = new Map([...this.list.children].map((line) => [Number(line.dataset.hand), line]));
    for (const [id, line] of there) if (!state.queue.items[id]) line.remove();
    let at = this.list.firstElementChild;
    for (const hand of hands) {
      const line = there.get(hand.id) ?? this.mould.cloneNode(true);
      this.fill(line, hand, waiting.indexOf(hand) + 1);
      if (line === at) at = at.nextElementSibling;
      else this.list.insertBefore(line, at);
    }
    if (before && waiting.length > before.queue.order.filter((id) => before.queue.items[id].stands === "waiting").length) {
      this.desk.teller.tell(this.desk.words.say("hands", { n: waiting.length }));
    }
    this.age();
  }

  fill(line, hand, place) {
    const part = (name) => line.querySelector(`[data-is=${name}]`);
    line.dataset.hand = hand.id;
    line.dataset.stands = hand.stands;
    line.querySelector("input[name=hand]").value = hand.id;
    part("place").textContent = place ? String(place) : "";
    part("name").textContent = hand.name;
    part("lang").hidden = !hand.lang;
    part("lang").textContent = part("lang").lang = hand.lang;
    part("from").textContent = [hand.organisation, hand.place, this.desk.country(hand.country)].filter(Boolean).join(" · ");
    write(part("text"), hand.text, hand.lang);
    part("reason").textContent = hand.reason;
    line.querySelector("[data-since]").dataset.since = place ? hand.asked : hand.since;
    // Of those who wait only the first is called without a reason.
    const stands = place === 1 ? "first" : place ? "later" : hand.stands;
    if (stands !== "later") {
      line.querySelector("input[name=reason]").value = "";
      line.querySelector("details").open = false;
    }
    for (const one of line.querySelectorAll("[data-when]")) {
      one.hidden = !one.dataset.when.split(" ").includes(stands);
    }
  }

  age() {
    if (this.place.hidden) return;
    for (const time of this.place.querySelectorAll("[data-since]")) time.textContent = elapsed(this.desk.now - Number(time.dataset.since));
  }
}
