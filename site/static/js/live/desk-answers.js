// Around the floor of the console: who answers, what can go on, what askers say of answers, and what is left to settle.
import { write } from "./texts.js";

const CLOSING = new Set(["wrap_up", "ended"]);
const id = (name) => document.getElementById(name);

export class DeskAnswers {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.mould = id("paused-mould").content.querySelector("li");
    this.drawn = "";
  }

  draw(state, before) {
    const { floor, paused = [], next = [], state: stage } = state.webinar;
    if (!before || before.webinar.floor !== floor) this.speakers(floor);
    this.paused(state, floor ? [] : paused, new Set(next));
    const { partly = 0, not = 0 } = state.judged;
    const unhappy = id("judged");
    unhappy.hidden = !(partly + not);
    unhappy.textContent = partly + not ? this.desk.words.say("unhappy", { n: partly + not }) : "";
    const waiting = this.unsettled(state);
    id("settle").hidden = !CLOSING.has(stage) || !waiting;
    id("settle").querySelector("[data-is=n]").textContent = String(waiting);
  }

  /** Of what this window holds: most of them, and all in any room with fewer than two hundred questions. */
  unsettled(state) {
    const lists = new Set([...state.order, ...(state.webinar.next ?? [])]);
    const open = [...lists].map((one) => state.rows[one]).filter((row) => row && row.floor !== "done" && !row.closed && !row.answers.length);
    return open.length;
  }

  speakers(floor) {
    const box = id("turn-speakers");
    if (!box) return;
    box.hidden = !floor;
    const form = box.querySelector("form");
    form.elements.turn.value = floor?.turn ?? "";
    const now = new Set((floor?.speakers ?? []).map((speaker) => speaker.id));
    for (const one of form.querySelectorAll("[name=speakers]")) one.checked = one.defaultChecked = now.has(Number(one.value));
  }

  paused(state, turns, next) {
    const rowsOf = (turn) => turn.questions.filter((one) => next.has(one)).map((one) => state.rows[one]).filter(Boolean);
    const there = turns.map((turn) => [turn.turn, rowsOf(turn)]).filter(([, rows]) => rows.length);
    const sign = JSON.stringify(there.map(([turn, rows]) => [turn, rows.map((row) => row.text)]));
    id("paused").hidden = !there.length;
    if (sign === this.drawn) return;
    this.drawn = sign;
    id("paused").replaceChildren(
      ...there.map(([turn, rows]) => {
        const item = this.mould.cloneNode(true);
        item.querySelector("[name=turn]").value = turn;
        const lines = rows.map((row) => {
          const line = Object.assign(document.createElement("p"), { dir: "auto" });
          write(line, row.text, row.lang);
          return line;
        });
        item.querySelector("[data-is=texts]").replaceChildren(...lines);
        return item;
      }),
    );
  }
}

/** Under a row: who is to answer, and the desk's notes. What somebody is choosing is left alone. */
export function fillStaff(item, row) {
  const choice = item.querySelector("[data-is=assigned]");
  const now = String(row.assigned?.id ?? "");
  if (choice) {
    const said = choice.dataset.was ?? [...choice.options].find((option) => option.defaultSelected)?.value ?? "";
    if (choice.value === said) choice.value = now;
    choice.dataset.was = now;
  }
  item.querySelector("[data-is=notes]")?.replaceChildren(...(row.notes ?? []).map(noteLine));
}

function noteLine({ text, by, at }) {
  const make = (tag, words) => Object.assign(document.createElement(tag), { textContent: words });
  const line = document.createElement("li");
  const small = Object.assign(document.createElement("small"), { className: "meta" });
  const when = make("time-here", "");
  when.setAttribute("format", "time");
  when.setAttribute("datetime", new Date(at).toISOString());
  const time = document.createElement("span");
  time.append(when);
  small.append(make("span", by), time);
  line.append(make("span", text), " ", small);
  return line;
}
