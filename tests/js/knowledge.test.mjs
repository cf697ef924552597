// The editor's pure parts, run by Node: what a button does to a text, when a draft is saved, what is kept on the device.
import assert from "node:assert/strict";
import { test } from "node:test";

import { LocalCopy } from "../../site/static/js/knowledge/local-copy.js";
import * as marks from "../../site/static/js/knowledge/marks.js";
import { paced } from "../../site/static/js/knowledge/pace.js";

/** "a [b] c" is the text "a b c" with b selected. */
function selected(drawn) {
  const start = drawn.indexOf("⟦");
  const end = drawn.indexOf("⟧") - 1;
  return { text: drawn.replace(/[⟦⟧]/g, ""), start, end };
}

function drawn({ text, start, end }) {
  return `${text.slice(0, start)}⟦${text.slice(start, end)}⟧${text.slice(end)}`;
}

test("bold goes round the words and off again", () => {
  const bold = marks.around(selected("a ⟦b⟧ c"), "**");
  assert.equal(drawn(bold), "a **⟦b⟧** c");
  assert.equal(drawn(marks.around(bold, "**")), "a ⟦b⟧ c");
});

test("a list begins every selected line and only those", () => {
  const list = marks.before(selected("x\n⟦a\nb⟧\ny"), "- ");
  assert.equal(list.text, "x\n- a\n- b\ny");
  assert.equal(marks.before({ ...list, start: 2, end: 9 }, "- ").text, "x\na\nb\ny");
});

test("a mark at the very end of a text begins its last line", () => {
  assert.equal(marks.before(selected("a\nb⟦⟧"), "## ").text, "a\n## b");
  assert.equal(marks.before(selected("⟦⟧"), "## ").text, "## ");
});

test("a link leaves the address selected", () => {
  assert.equal(drawn(marks.link(selected("see ⟦this⟧"))), "see [this](⟦https://⟧)");
});

test("a citation stands apart from the word before it", () => {
  assert.equal(drawn(marks.cite(selected("so⟦⟧."), "EE-01")), "so [@EE-01]⟦⟧.");
  assert.equal(marks.cite(selected("so ⟦⟧"), "EE-01").text, "so [@EE-01]");
});

test("a heading is found by its words", () => {
  const text = "intro\n\n## What was done {#done}\n\n### **Cost** ##";
  assert.equal(marks.headingAt(text, "What was done"), 7);
  assert.equal(text.slice(marks.headingAt(text, "Cost")).slice(0, 5), "### *");
  assert.equal(marks.headingAt(text, "Other"), -1);
});

function clock() {
  const timers = new Map();
  let now = 0;
  let next = 1;
  return {
    set: (work, wait) => timers.set(next, { work, at: now + wait }) && next++,
    clear: (id) => timers.delete(id),
    now: () => now,
    pass(ms) {
      now += ms;
      for (const [id, { work, at }] of timers) if (at <= now && timers.delete(id)) work();
    },
  };
}

test("saving waits for a pause, but not for ever", () => {
  const time = clock();
  let saved = 0;
  const save = paced(() => void saved++, { quiet: 2000, latest: 15000, clock: time });
  save();
  time.pass(1900);
  save();
  time.pass(1900);
  assert.equal(saved, 0);
  time.pass(100);
  assert.equal(saved, 1);
  for (let second = 0; second < 15; second++) {
    save();
    time.pass(1000);
  }
  assert.equal(saved, 2);
});

test("what was put off can be called off or done at once", () => {
  const time = clock();
  let saved = 0;
  const save = paced(() => void saved++, { quiet: 10, latest: 100, clock: time });
  save();
  save.cancel();
  time.pass(1000);
  assert.equal(saved, 0);
  save();
  save.now();
  save.now();
  time.pass(1000);
  assert.equal(saved, 1);
});

class Store {
  map = new Map();
  getItem = (key) => this.map.get(key) ?? null;
  setItem = (key, value) => void this.map.set(key, value);
  removeItem = (key) => void this.map.delete(key);
}

test("words the server never got are offered again", () => {
  const copy = new LocalCopy("k", new Store());
  assert.equal(copy.lost({ body: "a" }, "1"), false);
  copy.keep({ body: "typed" }, { stored: "1" });
  assert.equal(copy.lost({ body: "a" }, "1"), true);
  assert.equal(copy.lost({ body: "typed" }, "1"), false);
});

test("words that went off with the form are offered only if the server stored nothing since", () => {
  const copy = new LocalCopy("k", new Store());
  copy.keep({ body: "typed" }, { stored: "1", submitted: true });
  assert.equal(copy.lost({ body: "a" }, "1"), true);
  assert.equal(copy.lost({ body: "a" }, "2"), false);
});

test("a device that forbids keeping says so, and rubbish under the key is nothing", () => {
  const broken = { getItem: () => "{", setItem: () => { throw new Error("full"); }, removeItem: () => { throw new Error(); } };
  const copy = new LocalCopy("k", broken);
  assert.equal(copy.keep({}, { stored: "" }), false);
  assert.equal(copy.read(), null);
  copy.drop();
});
