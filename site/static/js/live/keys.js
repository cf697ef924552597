// The console by keys: one letter a deed, never while somebody writes, and off for those who want none.

import { commandOn } from "./changed.js";
import { OwnKeys, letterOf } from "./own-keys.js";

const OFF = "keys-off"; // "1" off, "0" on, nothing: as the device is

/** Is this a key of ours, pressed where nobody writes? @param {KeyboardEvent} event */
export function isOurs(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return false;
  // A sheet that just closed may keep the hands for one more frame.
  return !event.target.closest?.("input, textarea, select, [contenteditable], [popover]")?.checkVisibility();
}

export class Keys {
  /** @param {any} desk */
  constructor(desk) {
    this.desk = desk;
    this.on = document.getElementById("keys-on");
    try {
      const kept = localStorage.getItem(OFF);
      // Where fingers do the pointing a key that is hit by a slip does a deed (WCAG 2.1.4): they are off until asked for.
      this.on.checked = kept ? kept !== "1" : !matchMedia("(pointer: coarse)").matches;
    } catch {
      // nothing is kept here: the keys are on
    }
    this.own = new OwnKeys(desk);
    this.on.addEventListener("change", () => {
      try {
        localStorage.setItem(OFF, this.on.checked ? "0" : "1");
      } catch {
        // then for this visit only
      }
    });
    document.addEventListener("keydown", (event) => this.press(event));
    document.addEventListener("toggle", (event) => this.opened(event.target), true);
  }

  press(event) {
    if (event.key === "Escape") return this.leave(event.target);
    if (!this.on.checked) return;
    const gist = event.target.id === "gist-text" && event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (gist) return event.target.form.requestSubmit(event.target.form.querySelector("[value=done]"));
    if (!isOurs(event)) return;
    const latin = this.own.meaning(letterOf(event));
    const act = {
      j: () => this.move(1, event.shiftKey),
      k: () => this.move(-1, event.shiftKey),
      a: () => this.answer(),
      g: () => document.getElementById("notice-sheet").showPopover(),
      o: () => document.getElementById("behalf-sheet").showPopover(),
      b: () => document.getElementById("polls-sheet").showPopover(),
      "?": () => document.getElementById("keys-sheet").showPopover(),
      u: () => [...document.querySelectorAll("#toasts [data-key=u]")].at(-1)?.click(),
    }[latin] ?? (/^[cdfhmnprstvx]$/.test(latin ?? "") ? () => this.deed(latin) : null);
    if (!act) return;
    event.preventDefault();
    act();
  }

  get rows() {
    return [...document.querySelectorAll(".col details.cr")].filter((row) => row.checkVisibility());
  }

  /** The row the hands are on; where they are on none, the one chosen last. */
  get current() {
    return document.activeElement?.closest("details.cr") ?? document.querySelector("details.cr[aria-current]");
  }

  /** With Shift both rows are chosen, to be decided on together (bulk.js). */
  move(step, chooses = false) {
    const { rows } = this;
    if (chooses) this.desk.bulk.add(this.current);
    const at = rows.indexOf(this.current);
    const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))];
    if (!next) return;
    this.choose(next);
    if (chooses) this.desk.bulk.add(next);
    else {
      this.desk.columns.open(next);
      next.open = true;
    }
    next.querySelector("summary").focus();
    next.scrollIntoView({ block: "nearest" });
  }

  choose(row) {
    for (const other of document.querySelectorAll("details.cr[aria-current]")) other.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
  }

  opened(row) {
    if (row.matches?.("details.cr[open]")) {
      this.choose(row);
      row.scrollIntoView({ block: "nearest" });
    }
    if (row.matches?.("details.why[open]")) row.querySelector("select, textarea, input:not([type=hidden])")?.focus();
  }

  deed(key) {
    const row = this.current;
    if (!row) return this.move(1);
    this.choose(row);
    this.desk.columns.open(row);
    row.open = true;
    // Never on another row: somebody decided on this one while the key was on its way.
    if (row.matches(".left")) {
      const meant = row.querySelector(`.cr-deeds [data-key="${key}"]`);
      const command = commandOn(row, meant?.value || meant?.closest("[data-verb]")?.dataset.verb || "publish");
      if (command) this.desk.changed.show(command);
      return this.desk.toasts.show(this.desk.words.refusal({ error: "changed" }));
    }
    const button = [...row.querySelectorAll(`[data-key="${key}"]`)].find((one) => one.checkVisibility());
    button?.click();
  }

  /** Out of a reason or the gist, back to the row: what was written in it stays. */
  leave(field) {
    const why = field.closest?.("details.why[open]");
    if (!why && field.id !== "gist-text") return;
    if (why) why.open = false;
    const row = this.current?.querySelector("summary");
    if (row?.checkVisibility()) row.focus();
    else field.blur();
  }

  /** First to the box, then, with words in it or without, answered. */
  answer() {
    const box = document.getElementById("gist-text");
    if (!box.checkVisibility()) return;
    box.focus();
    box.scrollIntoView({ block: "nearest" });
  }
}
