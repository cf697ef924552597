// The console's small rules: fields become commands, rows keep their places, keys keep out of writing.
import assert from "node:assert/strict";
import test from "node:test";
import { elapsed, steady } from "../../site/static/js/live/columns.js";
import { commandOf } from "../../site/static/js/live/deeds.js";
import { isOurs } from "../../site/static/js/live/keys.js";
import { fate } from "../../site/static/js/live/mine.js";
import { best, clock } from "../../site/static/js/live/card.js";

test("a form's fields are the wire's command", () => {
  const fields = [["csrfmiddlewaretoken", "x"], ["back", "/"], ["question", "17"], ["add", "true"], ["note", ""], ["do", "floor"]];
  assert.deepEqual(commandOf(fields), { question: 17, add: true, do: "floor" });
});

test("rows that stay keep their places and those that came stand at the end", () => {
  assert.deepEqual(steady([3, 1, 2], [2, 9, 3]), [3, 2, 9]);
});

test("waiting is told in minutes, and in hours when it is long", () => {
  assert.deepEqual([elapsed(80_000), elapsed(4_980_000), elapsed(-5)], ["1:20", "1:23:00", "0:00"]);
});

test("moments are h:mm:ss", () => {
  assert.deepEqual([clock(1868), clock(0), clock(null)], ["0:31:08", "0:00:00", ""]);
});

test("a text is shown in the first language its reader reads, else as it was written", () => {
  const texts = { en: "Hello", "mn-Mong": "ᠰᠠᠢᠨ" };
  assert.deepEqual([best(texts, ["mn", "en"]), best(texts, ["uk"]), best({}, ["en"])], [["mn-Mong", "ᠰᠠᠢᠨ"], ["en", "Hello"], ["", ""]]);
});

test("a key with Ctrl, or pressed while writing, is not ours", () => {
  const field = (open) => ({ checkVisibility: () => open });
  const press = (inside, more = {}) => isOurs({ target: { closest: () => inside }, ...more });
  assert.deepEqual(
    [press(null), press(field(true)), press(field(false)), press(null, { ctrlKey: true }), press(null, { isComposing: true })],
    [true, false, true, false, false],
  );
});

test("every question of one's own has one fate", () => {
  const of = (visibility, floor = "waiting") => fate({ visibility, floor });
  assert.deepEqual(
    [of("submitted"), of("published"), of("published", "next"), of("published", "in_turn"), of("published", "done"), of("returned"), of("hidden")],
    ["waiting", "published", "next", "floor", "answered", "returned", "hidden"],
  );
});
