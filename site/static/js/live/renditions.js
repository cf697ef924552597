// What there is of a row of the console in other languages, and which of it a translation written here would replace.
import { write } from "./texts.js";

export class Renditions {
  /** @param {{words: any, languageName: Function}} desk */
  constructor(desk) {
    this.desk = desk;
    this.mould = document.getElementById("rendition-mould").content.querySelector("blockquote");
  }

  fill(item, row) {
    const place = item.querySelector("[data-is=renditions]");
    if (!place) return; // not furnished yet
    place.replaceChildren(...Object.entries(row.texts ?? {}).map(([code, made]) => this.make(code, made)));
    const form = item.querySelector("[data-verb=translate] form");
    if (!form) return;
    this.settle(form, row);
    form.elements.language.onchange = () => this.settle(form, row);
  }

  make(code, made) {
    const one = this.mould.cloneNode(true);
    const part = (name) => one.querySelector(`[data-is="${name}"]`);
    write(part("language"), this.desk.languageName(code), code);
    part("by").textContent = this.desk.words.say(`by_${made.by}`);
    part("stale").hidden = !made.stale;
    part("waits").hidden = !made.waits;
    write(part("text"), made.text, code);
    return one;
  }

  /** What stands there in that language: another by the time it arrives, and it is refused. */
  settle(form, row) {
    const { language, version, text } = form.elements;
    const there = row.texts?.[language.value];
    version.value = there?.version ?? 0;
    text.lang = language.value;
    if (!text.value) text.value = there?.text ?? "";
  }
}
