// Those merged into a question of the console: how many, their words, and the way out again.
import { countryOf, write } from "./texts.js";

export class DeskSet {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.mould = document.getElementById("set-mould").content.querySelector("li");
  }

  /** The chip in the row's line, and the list under it where the row is open. */
  fill(item, row) {
    const same = row.same ?? [];
    const chip = item.querySelector("[data-is=with-more]");
    if (!chip) return;
    chip.hidden = !same.length;
    chip.querySelector(".num").textContent = same.length ? `+${same.length}` : "";
    const section = item.querySelector("[data-is=set]");
    if (!section) return;
    section.hidden = !same.length;
    section.querySelector("ul").replaceChildren(...same.map((one) => this.line(one)));
  }

  line(one) {
    const line = this.mould.cloneNode(true);
    line.dataset.same = one.id;
    write(line.querySelector("[data-is=text]"), one.text ?? "…", one.lang);
    line.querySelector(".lang").textContent = one.lang ?? "";
    line.querySelector("[data-is=country]").textContent = countryOf(one.country, this.desk.config.countries);
    line.querySelector("input[name=question]").value = one.id;
    return line;
  }
}
