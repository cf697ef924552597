// The console's small rules: fields become commands, rows keep their places, keys keep out of writing.
import assert from "node:assert/strict";
import test from "node:test";
import { groupOf } from "../../site/static/js/live/alike.js";
import { elapsed, steady, withLeft } from "../../site/static/js/live/columns.js";
import { commandOf } from "../../site/static/js/live/deeds.js";
import { placeOf } from "../../site/static/js/live/desk-row.js";
import { isOurs } from "../../site/static/js/live/keys.js";
import { found } from "../../site/static/js/live/merge-sheet.js";
import { fate } from "../../site/static/js/live/mine.js";
import { best, clock } from "../../site/static/js/live/card.js";
import { sorted } from "../../site/static/js/live/reads.js";

test("a form's fields are the wire's command", () => {
  const fields = [["csrfmiddlewaretoken", "x"], ["back", "/"], ["question", "17"], ["add", "true"], ["note", ""], ["do", "floor"]];
  assert.deepEqual(commandOf(fields), { question: 17, add: true, do: "floor" });
});

test("rows that stay keep their places and those that came stand at the end", () => {
  assert.deepEqual(steady([3, 1, 2], [2, 9, 3]), [3, 2, 9]);
});

test("boxes of one name become a list of numbers, and a button says which of them", () => {
  const fields = [["do", "asked_already"], ["questions", "3"], ["questions", "9"], ["into", "3"]];
  assert.deepEqual(commandOf(fields), { do: "asked_already", questions: [3, 9], into: 3 });
});

test("a poll's languages stand beside each other, and an empty field keeps its place", () => {
  const fields = [["do", "poll"], ["languages", "en"], ["texts", "Which?"], ["lines", "A\nB"], ["languages", "mn"], ["texts", ""], ["lines", ""], ["secret", "true"], ["poll", ""]];
  assert.deepEqual(commandOf(fields), { do: "poll", languages: ["en", "mn"], texts: ["Which?", ""], lines: ["A\nB", ""], secret: true });
});

test("a row that left stands behind the one it stood behind, whatever went before it", () => {
  assert.deepEqual(withLeft([1, 2, 3, 4], [1, 4, 5], new Set([3])), [1, 3, 4, 5]);
  assert.deepEqual(withLeft([1, 2, 3], [9], new Set([1, 2])), [1, 2, 9]);
});

test("a group holds only what still waits or is published, and one alone is none", () => {
  const rows = { 1: { visibility: "submitted" }, 2: { visibility: "submitted" }, 7: { visibility: "published" } };
  const alike = [{ questions: [1, 2, 3], published: [7, 8], words: ["bank"] }];
  assert.deepEqual(groupOf({ alike, rows, review: [1, 2] }, 1), { questions: [1, 2], published: [7], words: ["bank"] });
  assert.equal(groupOf({ alike, rows: { 1: rows[1] }, review: [1] }, 1), undefined);
  assert.equal(groupOf({ alike, rows, review: [1, 2] }, 4), undefined);
});

test("languages left out are counted, the most first, and none chosen means all", () => {
  const rows = ["en", "mn", "uk", "mn", "en-GB"].map((lang, id) => ({ id, lang }));
  const { shown, hidden } = sorted(rows, ["en"]);
  assert.deepEqual([shown.map(({ id }) => id), hidden], [[0, 4], [["mn", 2], ["uk", 1]]]);
  assert.deepEqual(sorted(rows, []), { shown: rows, hidden: [] });
});

test("a row that went says where", () => {
  const of = (visibility, floor) => placeOf({ visibility, floor });
  assert.deepEqual(
    [placeOf(undefined), of("declined"), of("trouble"), of("published", "waiting"), of("published", "in_turn"), of("published", "done")],
    ["gone", "declined", "trouble", "published", "floor", "answered"],
  );
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

test("a question to merge into is found by its words, and by those merged into it, in any case and with any accent", () => {
  const rows = [{ id: 1, text: "Kes maksis?", same: [{ id: 3, text: "Хэн төлсөн бэ?" }] }, { id: 2, text: "Mis edasi?" }];
  assert.deepEqual(found(rows, "ХЭН").map(({ id }) => id), [1]);
  assert.deepEqual(found(rows, "tolson maksis").map(({ id }) => id), []);
  assert.deepEqual(found(rows, "").map(({ id }) => id), [1, 2]);
  assert.deepEqual(found([{ id: 4, text: "Kust raha tuli, ülevalt?" }], "ulevalt raha").map(({ id }) => id), [4]);
});

test("a merged question fares as the one that stands for it, and an appealed one says so", () => {
  assert.equal(fate({ visibility: "merged", floor: "waiting", head: { visibility: "published", floor: "in_turn" } }), "floor");
  assert.equal(fate({ visibility: "merged", floor: "waiting", head: { visibility: "hidden", floor: "waiting" } }), "hidden");
  assert.equal(fate({ visibility: "submitted", appeal: { outcome: "" } }), "appealed");
  assert.equal(fate({ visibility: "submitted", appeal: { outcome: "returned" } }), "waiting");
});
