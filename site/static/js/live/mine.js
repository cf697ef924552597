// "Your question": where each of one's own stands, the newest in sight, unsent ones first.
import { answersOf, write } from "./card.js";
import { drawRecord } from "./own-record.js";

/** In one word (webinars/views/room_page.py says the same). */
export function fate(own) {
  if (own.visibility === "submitted") return own.appeal?.outcome === "" ? "appealed" : "waiting";
  const at = own.head ?? own; // a merged one fares as the question that stands for it
  if (at.visibility === "published" || at.visibility === "merged") {
    const stands = { waiting: "published", next: "next", in_turn: "floor", done: "answered" }[at.floor];
    if (stands !== "published") return stands;
    return own.closed ? "closed" : own.answers?.length ? "promised" : stands;
  }
  return at.visibility;
}

/** It came back, or the language desk asked about it before anybody decided. */
export const mayRewrite = (own) => own.visibility === "returned" || (own.visibility === "submitted" && Boolean(own.unclear));

export const NO_WAY_BACK = new Set(["floor", "answered", "withdrawn", "trouble", "opinion"]);

/** What the language desk would like to know, while it can still be answered (templates/webinars/_unclear.html). */
export function drawUnclear(place, own) {
  const open = Boolean(own.unclear) && (own.visibility === "submitted" || own.visibility === "published");
  place.hidden = !open;
  if (!open) return;
  write(place.querySelector("[data-is=asked]"), own.unclear.text, own.unclear.lang);
  const { answer = "", answer_lang: lang } = own.unclear;
  write(place.querySelector("[data-is=answer]"), answer, lang);
  place.querySelector("[data-is=answered]").hidden = !answer;
  place.querySelector("[data-is=open]").hidden = Boolean(answer);
}

export class Mine {
  /** @param {import("./room.js").Room} room */
  constructor(room) {
    this.room = room;
    this.place = document.getElementById("mines");
    this.mould = document.getElementById("mine-mould").content.querySelector("details");
    this.older = document.getElementById("older-mould").content.querySelector("details");
    this.unsent = [];
    this.strips = new Map(); // key → details
    for (const strip of this.place.querySelectorAll("[data-own]")) this.strips.set(`q${strip.dataset.own}`, strip);
    this.place.addEventListener("submit", (event) => this.submit(event));
  }

  /** @param {import("./outbox.js").Entry[]} entries of the outbox */
  waiting(entries) {
    this.unsent = entries.filter((entry) => entry.command.do === "ask").reverse();
    this.draw(this.room.state);
  }

  draw(state, before) {
    if (before && state.mine === before.mine) return;
    const sent = new Set(state.mine.map((own) => own.client_id));
    const unsent = this.unsent.filter((entry) => !sent.has(entry.command.client_id));
    const own = state.mine.filter((row) => row.visibility !== "withdrawn");
    const strips = [...unsent.map((entry) => this.unsentStrip(entry)), ...own.map((row) => this.strip(row))];
    this.arrange(strips);
    if (before) this.tellNews(state, before);
  }

  arrange(strips) {
    const [first, ...rest] = strips;
    for (const strip of this.strips.values()) if (!strips.includes(strip)) strip.remove();
    const keys = new Map([...this.strips].filter(([, strip]) => strips.includes(strip)));
    this.strips = keys;
    if (first && this.place.firstElementChild !== first) this.place.prepend(first);
    let fold = this.place.querySelector(".mine-older");
    if (!rest.length) return fold?.remove();
    if (!fold) this.place.append((fold = this.older.cloneNode(true)));
    rest.forEach((strip, n) => {
      if (fold.children[n + 1] !== strip) fold.insertBefore(strip, fold.children[n + 1] ?? null);
    });
  }

  make(key) {
    const strip = this.mould.cloneNode(true);
    this.strips.set(key, strip);
    return strip;
  }

  strip(own) {
    const key = `q${own.id}`;
    const known = this.strips.get(key);
    const strip = known ?? this.make(key);
    const stands = fate(own);
    const news = strip.dataset.fate !== stands;
    if (strip.drawn === own) return strip;
    strip.drawn = own;
    strip.dataset.fate = stands;
    strip.dataset.own = own.id;
    const { words } = this.room;
    const part = (name) => strip.querySelector(name);
    part(".mine-fate").textContent = words.say(`fate_${stands}`);
    part(".mine-before").textContent = own.before ? words.say("before_you", { n: own.before }) : "";
    write(part(".mine-words"), own.text, own.lang);
    part(".mine-words").hidden = mayRewrite(own); // they stand in the box
    part(".mine-reason").textContent = own.reason ? words.say(`reason_${own.reason}`) : "";
    part(".mine-note").textContent = own.note ?? "";
    part(".mine-why").hidden = !own.reason && !own.note;
    const rewrite = part(".mine-rewrite");
    rewrite.hidden = !mayRewrite(own);
    if (news || !known) {
      rewrite.elements.text.value = own.text;
      strip.open = stands === "returned";
    }
    for (const form of [rewrite, part(".mine-withdraw"), part(".mine-appeal")]) form.elements.question.value = own.id;
    drawRecord(strip, own);
    part(".mine-withdraw").hidden = NO_WAY_BACK.has(stands);
    const { given } = answersOf(own);
    part(".mine-gist").hidden = !given?.gist;
    write(part(".mine-gist span"), given?.gist ?? "", given?.lang);
    judge(part(".mine-judge"), own, stands);
    drawUnclear(part(".mine-unclear"), own);
    part(".mine-unclear").elements.question.value = own.id;
    if (own.unclear && !own.unclear.answer && strip.asked !== own.unclear.text) strip.open = true;
    strip.asked = own.unclear?.text;
    return strip;
  }

  /** Typed and kept here: waiting for a connection, or refused with the reason. */
  unsentStrip(entry) {
    const key = `u${entry.key}`;
    const strip = this.strips.get(key) ?? this.make(key);
    strip.dataset.fate = "unsent";
    strip.classList.add("pending");
    strip.entry = entry;
    const { words } = this.room;
    strip.querySelector(".mine-fate").textContent = words.say("fate_unsent");
    write(strip.querySelector(".mine-words"), entry.command.text, entry.command.language);
    strip.querySelector(".mine-why").hidden = false;
    strip.querySelector(".mine-reason").textContent = entry.error ? words.refusal(entry.facts) : words.say("kept");
    const rewrite = strip.querySelector(".mine-rewrite");
    rewrite.hidden = !entry.error;
    strip.querySelector(".mine-words").hidden = Boolean(entry.error);
    if (entry.error && !strip.open) {
      rewrite.elements.text.value = entry.command.text;
      strip.open = true;
    }
    strip.querySelector(".mine-withdraw").hidden = false;
    return strip;
  }

  async submit(event) {
    event.preventDefault();
    const form = event.target;
    const { entry } = form.closest("details");
    const { do: verb, question, text, plea } = form.elements;
    if (verb.value === "judge") {
      await this.room.outbox.add({ do: "judge", question: Number(question.value), says: event.submitter.value });
    } else if (entry) {
      await this.room.outbox.drop(entry);
      if (verb.value === "rewrite") await this.room.outbox.add({ ...entry.command, text: text.value });
    } else {
      const command = { do: verb.value, question: Number(question.value) };
      const said = { clarify: { text: text?.value }, rewrite: { text: text?.value }, appeal: { plea: plea?.value } }[verb.value];
      await this.room.outbox.add({ ...command, ...said });
      if (verb.value === "clarify") form.reset();
    }
  }

  /** Say a change of fate once, to those who listen to the page. */
  tellNews(state, before) {
    const old = new Map(before.mine.map((own) => [own.id, fate(own)]));
    for (const own of state.mine) {
      const now = fate(own);
      if (old.has(own.id) && old.get(own.id) !== now) {
        this.room.tell(this.room.words.say("your_question", { fate: this.room.words.say(`fate_${now}`) }));
      }
      const was = before.mine.find(({ id }) => id === own.id)?.unclear?.text;
      if (own.unclear && !own.unclear.answer && own.unclear.text !== was) this.room.tell(this.room.words.say("is_unclear", { text: own.unclear.text }));
    }
  }
}

/** The asker says whether the answer answers: three buttons, one of them pressed. */
export function judge(form, own, stands) {
  form.hidden = stands !== "answered" || own.says === null;
  const field = form.elements?.question;
  if (field) field.value = own.id;
  for (const button of form.querySelectorAll("[name=says]")) button.setAttribute("aria-pressed", String(button.value === own.says));
}
