// The notices that stand on screens now, and who sees each.
import { best, write } from "./texts.js";

export class DeskNotices {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.list = document.getElementById("desk-notices");
    this.mould = document.getElementById("desk-notice-mould").content.querySelector("li");
  }

  draw(state, before) {
    if (state.notices === before?.notices) return;
    const there = new Map([...this.list.children].map((line) => [Number(line.dataset.notice), line]));
    this.list.replaceChildren(...state.notices.map((notice) => there.get(notice.id) ?? this.make(notice)));
  }

  make(notice) {
    const line = this.mould.cloneNode(true);
    const [language, text] = best(notice.text, this.desk.config.reads);
    line.dataset.notice = notice.id;
    line.querySelector("input[name=notice]").value = notice.id;
    line.querySelector("[data-is=to]").textContent = this.desk.words.say(`seen_${notice.to}`);
    write(line.querySelector("[data-is=text]"), text, language);
    return line;
  }
}
