// The polls at the desk: each with its live counts and what can be done with it. The sheet opens by its button or B.
import { fetchFragment } from "../site/html.js";
import { drawResults } from "./bars.js";
import { uuid } from "./outbox.js";
import { best, write } from "./texts.js";

const id = (name) => document.getElementById(name);
const mould = (name) => id(`${name}-mould`).content.firstElementChild.cloneNode(true);

export class DeskPolls {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.list = id("desk-polls");
    this.items = new Map([...this.list.children].map((item) => [Number(item.dataset.poll), item]));
    this.list.addEventListener("click", (event) => this.edit(event));
    if ("opens" in id("polls-sheet").dataset) id("polls-sheet").showPopover();
  }

  draw(state, before) {
    if (state.polls === before?.polls) return;
    const { order, items } = state.polls;
    for (const [one, item] of this.items) if (!items[one]) this.items.delete(one), item.remove();
    order.forEach((one, n) => {
      const item = this.items.get(one) ?? this.make(one);
      if (this.list.children[n] !== item) this.list.insertBefore(item, this.list.children[n] ?? null);
      if (items[one] !== before?.polls.items[one]) this.fill(item, items[one]);
    });
    id("desk-polls-empty").hidden = order.length > 0;
    const open = order.filter((one) => items[one].state === "open").length;
    id("desk-polls-open").hidden = !open;
    id("desk-polls-open").textContent = String(open);
  }

  make(poll) {
    const item = mould("desk-poll");
    item.dataset.poll = poll;
    for (const field of item.querySelectorAll("input[name=poll]")) field.value = poll;
    item.querySelector("[data-edit]").setAttribute("href", `?poll=${poll}`);
    this.items.set(poll, item);
    return item;
  }

  fill(item, poll) {
    const { reads } = this.desk.config;
    const isFree = !poll.ballots && ["draft", "open"].includes(poll.state);
    item.dataset.state = poll.state;
    const is = { secret: poll.secret, named: !poll.secret, wall: poll.wall };
    for (const state of ["draft", "open", "closed", "published"]) is[state] = poll.state === state;
    for (const [name, isSo] of Object.entries(is)) item.querySelector(`[data-is=${name}]`).hidden = !isSo;
    const can = { draft: is.draft, open: is.open, closed: is.closed, unanswered: isFree, "on-wall": poll.wall, "off-wall": !poll.wall && (is.open || is.published) };
    for (const button of item.querySelectorAll(":scope > .row [data-when]")) button.hidden = !can[button.dataset.when];
    write(item.querySelector("h3"), ...best(poll.text, reads).reverse());
    drawResults(item.querySelector("[data-is=results]"), { ...poll, answers: [] }, { reads });
    this.drawAnswers(item.querySelector("[data-is=desk-answers]"), poll);
  }

  drawAnswers(list, poll) {
    const there = new Map([...list.children].map((line) => [Number(line.dataset.answer), line]));
    const lines = (poll.answers ?? []).map((answer) => {
      const line = there.get(answer.id) ?? this.answer(poll, answer);
      const text = line.querySelector("[data-is=text]");
      write(text, answer.text, answer.lang);
      text.classList.toggle("is-hidden", answer.hidden);
      line.querySelector("[data-is=name]").textContent = answer.name ?? "";
      line.querySelector("[data-when=shown]").hidden = answer.hidden;
      line.querySelector("[data-when=hidden]").hidden = !answer.hidden;
      return line;
    });
    for (const line of there.values()) if (!lines.includes(line)) line.remove();
    lines.forEach((line, n) => list.children[n] !== line && list.insertBefore(line, list.children[n] ?? null));
  }

  answer(poll, answer) {
    const line = mould("desk-answer");
    line.dataset.answer = answer.id;
    const { poll: whose, answer: which } = line.querySelector("form").elements;
    [whose.value, which.value] = [poll.id, answer.id];
    return line;
  }

  /** It is in the list: the form is empty again, whatever it was opened with. */
  saved(form) {
    for (const box of form.querySelectorAll("[name=texts], [name=lines]")) box.value = box.defaultValue = "";
    form.querySelector(".notice")?.remove();
    form.elements.poll.value = "";
    form.elements.client_id.value = uuid();
    id("poll-writing").open = false;
  }

  /** The form with what the poll says now, without leaving the page: somebody may be writing a gist behind the sheet. */
  async edit(event) {
    const link = event.target.closest("[data-edit]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    try {
      id("poll-form").replaceWith(await fetchFragment(link.href, "#poll-form"));
    } catch {
      return this.desk.toasts.show(this.desk.words.say("not_sent"));
    }
    id("poll-writing").open = true;
    id("poll-form").scrollIntoView({ block: "nearest" });
    id("poll-form").querySelector("input[name=texts]").focus();
  }
}
