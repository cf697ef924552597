// Something does not work: a strip with counts by kind; what is open in it stays open while reports come in.
import { elapsed } from "./columns.js";
import { write } from "./texts.js";

export class Troubles {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.strip = document.getElementById("troubles");
    this.mould = document.getElementById("trouble-mould").content.querySelector("li");
    setInterval(() => this.age(), 1000);
  }

  draw(state, before) {
    if (state.troubles === before?.troubles) return;
    const { counts = {}, open = [] } = state.troubles;
    this.strip.hidden = !open.length;
    for (const kind of this.strip.querySelectorAll("[data-kind]")) {
      const code = kind.dataset.kind;
      const reports = open.filter((report) => report.kind === code);
      kind.hidden = !counts[code];
      kind.querySelector("[data-is=count]").textContent = String(counts[code] ?? "");
      kind.querySelector("input[name=upto]").value = open[0]?.id ?? 0; // what this screen has seen, and nothing later
      this.list(kind.querySelector("ul"), reports);
    }
    if (before) this.tell(counts, before.troubles.counts ?? {});
    this.age();
  }

  list(place, reports) {
    const there = new Map([...place.children].map((line) => [Number(line.dataset.trouble), line]));
    const wanted = new Set(reports.map((report) => report.id));
    for (const [id, line] of there) if (!wanted.has(id)) line.remove();
    let at = place.firstElementChild;
    for (const report of reports) {
      const line = there.get(report.id) ?? this.mould.cloneNode(true);
      this.fill(line, report);
      if (line === at) at = at.nextElementSibling;
      else place.insertBefore(line, at);
    }
  }

  fill(line, report) {
    const { words } = this.desk;
    const part = (name) => line.querySelector(`[data-is=${name}]`);
    line.dataset.trouble = report.id;
    line.querySelector("input[name=trouble]").value = report.id;
    write(part("text"), report.text, report.lang);
    part("from").textContent = [report.name, report.organisation, report.place, this.desk.country(report.country)].filter(Boolean).join(" · ");
    part("way").textContent = report.way === "sound" || report.way === "text" ? words.say(`way_${report.way}`) : "";
    line.querySelector("[data-since]").dataset.since = report.at;
    if (!report.question) part("question")?.remove();
    else if (part("question")) part("question").elements.question.value = report.question;
  }

  /** Said once to those who listen, when a kind grew. */
  tell(counts, before) {
    for (const [kind, count] of Object.entries(counts)) {
      if (count > (before[kind] ?? 0)) this.desk.teller.tell(this.desk.words.say("new_trouble", { kind: this.desk.words.say(`kind_${kind}`) }));
    }
  }

  age() {
    if (this.strip.hidden) return;
    for (const time of this.strip.querySelectorAll("[data-since]")) time.textContent = elapsed(this.desk.now - Number(time.dataset.since));
  }
}
