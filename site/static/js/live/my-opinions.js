// "Your opinions": one line that says where the newest stands, or which came back; unsent ones first.
import { write } from "./texts.js";

const fate = (own) => (own.visibility === "submitted" ? "waiting" : own.visibility); // views/opinions.py says the same

export class MyOpinions {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    this.fold = document.getElementById("my-opinions");
    this.list = this.fold.querySelector("ul");
    this.mould = document.getElementById("my-opinion-mould").content.querySelector("li");
    this.items = new Map([...this.list.children].map((item) => [`o${item.dataset.own}`, item]));
    this.entries = page.outbox.entries.filter(({ command }) => command.do === "opine" || command.do === "opinion_rewrite");
    this.fates = new Map();
    this.fold.addEventListener("submit", (event) => this.submit(event));
  }

  waiting(entries, own) {
    this.entries = entries;
    this.draw(own, false);
  }

  draw({ said }, isNews) {
    const sent = new Set(said.map((own) => own.client_id));
    const unsent = this.entries.filter(({ command }) => command.do === "opine" && !sent.has(command.client_id));
    const items = [...unsent.reverse().map((entry) => this.unsent(entry)), ...said.map((own) => this.item(own))];
    for (const [key, item] of this.items) {
      if (items.includes(item)) continue;
      item.remove();
      this.items.delete(key);
    }
    items.forEach((item, n) => this.list.children[n] !== item && this.list.insertBefore(item, this.list.children[n] ?? null));
    this.fold.hidden = !items.length;
    const news = items.find((item) => item.dataset.fate === "returned" || item.classList.contains("refused")) ?? items[0];
    this.fold.dataset.fate = news?.dataset.fate ?? "";
    this.fold.querySelector("summary .mine-fate").textContent = news ? this.page.words.say(`opinion_${news.dataset.fate}`) : "";
    this.tell(said, isNews);
  }

  make(key) {
    const item = this.mould.cloneNode(true);
    this.items.set(key, item);
    return item;
  }

  item(own) {
    const key = `o${own.id}`;
    const known = this.items.get(key);
    const item = known ?? this.make(key);
    const refused = this.entries.find((entry) => entry.command.opinion === own.id && entry.error);
    const stands = fate(own);
    const news = item.dataset.fate !== stands;
    Object.assign(item.dataset, { fate: stands, own: own.id });
    const why = own.reason ? this.page.words.say(`opinion_reason_${own.reason}`) : "";
    this.fill(item, { text: own.text, lang: own.lang, why: refused ? this.page.words.refusal(refused.facts) : why, note: own.note, rewrite: stands === "returned" });
    for (const form of item.querySelectorAll("form")) form.elements.opinion.value = own.id;
    const box = item.querySelector("textarea");
    if (refused && item.entry !== refused) box.value = refused.command.text;
    else if (news || !known) box.value = own.text;
    item.entry = refused;
    if (news && stands === "returned") this.fold.open = true;
    return item;
  }

  /** Typed and kept here: waiting for a connection, or refused with the reason. */
  unsent(entry) {
    const key = `u${entry.key}`;
    const known = this.items.get(key);
    const item = known ?? this.make(key);
    const refused = Boolean(entry.error);
    item.dataset.fate = "unsent";
    const { words } = this.page;
    this.fill(item, { text: entry.command.text, lang: entry.command.language, why: refused ? words.refusal(entry.facts) : words.say("kept"), note: "", rewrite: refused });
    if (!known || (refused && !item.classList.contains("refused"))) item.querySelector("textarea").value = entry.command.text;
    if (refused && !item.classList.contains("refused")) this.fold.open = true;
    item.classList.toggle("refused", refused);
    item.entry = entry;
    return item;
  }

  fill(item, { text, lang, why, note, rewrite }) {
    const part = (name) => item.querySelector(`.mine-${name}`);
    part("fate").textContent = this.page.words.say(`opinion_${item.dataset.fate}`);
    write(part("words"), text, lang);
    part("words").hidden = rewrite;
    part("reason").textContent = why;
    part("note").textContent = note ?? "";
    part("why").hidden = !why && !note;
    part("rewrite").hidden = !rewrite;
  }

  async submit(event) {
    event.preventDefault();
    const form = event.target;
    const { entry } = form.closest("li");
    const { do: verb, opinion, text } = form.elements;
    const { outbox } = this.page;
    const again = verb.value === "opinion_rewrite";
    if (entry) await outbox.drop(entry);
    if (entry?.command.do === "opine") {
      if (again) await outbox.add({ ...entry.command, text: text.value });
      return;
    }
    const command = { do: verb.value, opinion: Number(opinion.value) };
    await outbox.add(again ? { ...command, text: text.value } : command);
  }

  /** Say a change of fate once, to those who listen to the page. */
  tell(said, isNews) {
    const { teller, words } = this.page;
    for (const own of said) {
      const [old, now] = [this.fates.get(own.id), fate(own)];
      if (isNews && old && old !== now) teller.tell(words.say("your_opinion", { fate: words.say(`opinion_${now}`) }));
      this.fates.set(own.id, now);
    }
  }
}
