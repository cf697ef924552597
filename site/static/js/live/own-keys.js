// Which key does what, as the person at this device wants it: every key of the sheet can be another one, or none.

const KEPT = "desk-keys";
const SIGN = /^[^\s\p{C}]$/u;

/** The letter by its place where the layout is not Latin: Mongolian and Ukrainian hands press the same key. @param {KeyboardEvent} event */
export function letterOf(event) {
  if (/^[a-z0-9?/]$/i.test(event.key)) return event.key.toLowerCase();
  if (event.code?.startsWith("Key") && /^\p{L}$/u.test(event.key)) return event.code.slice(3).toLowerCase();
  return event.key;
}

export class OwnKeys {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.sheet = document.getElementById("keys-sheet");
    this.place = document.getElementById("own-keys");
    this.told = document.getElementById("own-keys-told");
    /** @type {Map<string, string>} the key of the sheet → what it is */
    this.names = new Map();
    for (const line of this.sheet.querySelectorAll(".keysheet > div")) {
      for (const kbd of line.querySelectorAll("kbd")) {
        const id = kbd.textContent.trim().toLowerCase();
        if (id.length === 1 && !this.names.has(id)) this.names.set(id, line.querySelector("dd").textContent.trim());
      }
    }
    /** @type {Record<string, string>} the key of the sheet → the person's own, "" for none */
    this.own = {};
    try {
      const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
      for (const [id, key] of Object.entries(kept)) if (this.names.has(id) && typeof key === "string") this.own[id] = key;
    } catch {
      // nothing is kept here, or nothing that makes sense: the keys are the sheet's
    }
    this.mount();
    this.label();
  }

  keyOf(id) {
    return this.own[id] ?? id;
  }

  /** What a pressed key means, by the sheet's own letter. @returns {string | undefined} */
  meaning(pressed) {
    return [...this.names.keys()].find((id) => this.keyOf(id) === pressed);
  }

  /** @returns {boolean} was it taken? What has the key already keeps it, and is named. */
  set(id, key) {
    const { words } = this.desk;
    const name = this.names.get(id);
    const other = key && [...this.names.keys()].find((one) => one !== id && this.keyOf(one) === key);
    if (other) this.say(words.say("key_taken", { key: key.toUpperCase(), name: this.names.get(other) }));
    else if (key && !SIGN.test(key)) this.say(words.say("key_wrong"));
    else {
      if (key === id) delete this.own[id];
      else this.own[id] = key;
      this.keep();
      this.say(key ? words.say("key_set", { key: key.toUpperCase(), name }) : words.say("key_off", { name }));
      return true;
    }
    return false;
  }

  keep() {
    try {
      localStorage.setItem(KEPT, JSON.stringify(this.own));
    } catch {
      // then for this visit only
    }
    this.label();
  }

  say(text) {
    this.told.hidden = !text;
    this.told.textContent = text;
  }

  /** Every key that is named on the page is the person's own. */
  label() {
    const { rows } = this.desk.columns;
    const moulds = [...document.querySelectorAll("template")].map(({ content }) => content);
    for (const root of [document, ...moulds, ...rows.moulds.values(), ...rows.bodies.values()]) {
      for (const kbd of root.querySelectorAll("kbd")) {
        kbd.dataset.of ??= kbd.textContent.trim().toLowerCase();
        if (!this.names.has(kbd.dataset.of)) continue;
        const key = this.keyOf(kbd.dataset.of);
        kbd.textContent = key.toUpperCase();
        kbd.hidden = !key;
      }
    }
  }

  // --- the boxes --------------------------------------------------------------------------------------

  mount() {
    const list = this.place.querySelector("ul");
    const mould = this.place.querySelector("template").content.querySelector("li");
    for (const [id, name] of this.names) {
      const line = mould.cloneNode(true);
      const several = [...this.names.values()].filter((one) => one === name).length > 1;
      line.querySelector("[data-is=name]").textContent = several ? `${name} (${id.toUpperCase()})` : name;
      const box = line.querySelector("input");
      box.dataset.of = id;
      list.append(line);
    }
    this.show();
    this.place.hidden = false;
    list.addEventListener("keydown", (event) => this.press(event));
    list.addEventListener("input", ({ target }) => this.take(target, target.value.trim().toLowerCase())); // keyboards on glass say no keys
    this.place.querySelector("[data-keys-reset]").addEventListener("click", () => {
      this.own = {};
      this.keep();
      this.say("");
      this.show();
    });
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Backspace" || event.key === "Delete") {
      event.preventDefault();
      this.take(event.target, "");
    } else if (event.key.length === 1) {
      event.preventDefault();
      this.take(event.target, letterOf(event));
    }
  }

  take(box, key) {
    this.set(box.dataset.of, key);
    box.value = this.keyOf(box.dataset.of).toUpperCase();
    box.select();
  }

  show() {
    for (const box of this.place.querySelectorAll("input")) box.value = this.keyOf(box.dataset.of).toUpperCase();
  }
}
