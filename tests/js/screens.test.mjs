// What the wall and the prompter choose to show: texts side by side, the time that is left, a list that stays.
import assert from "node:assert/strict";
import { test } from "node:test";
import { beside, best, textsOf } from "../../site/static/js/live/texts.js";
import { span, untilOf } from "../../site/static/js/live/time-left.js";

const TEXTS = { et: "Eesti", en: "English", "mn-Mong": "Монгол" };
const MINUTE = 60_000;

test("texts beside each other are those asked for and then the original", () => {
  const codes = (wanted) => beside(TEXTS, wanted).map(([code]) => code);
  assert.deepEqual(codes(["en", "mn"]), ["en", "mn-Mong"]);
  assert.deepEqual(codes(["mn", "uk"]), ["mn-Mong", "et"]);
  assert.deepEqual(codes(["uk", "fr"]), ["et"]);
  assert.deepEqual(codes(["et", "et"]), ["et"]);
  assert.deepEqual(codes(["uk"]), ["et"]);
  assert.deepEqual(beside({}, ["en"]), []);
});

test("a question stands in the reader's language where that text exists, else as it was asked", () => {
  assert.deepEqual(best(TEXTS, ["uk", "en"]), ["en", "English"]);
  assert.deepEqual(best(textsOf({ lang: "mn", text: "Хэзээ?" }), ["uk", "en"]), ["mn", "Хэзээ?"]);
});

test("time runs to the planned end of what runs, else to the start or the end", () => {
  const plan = { minutes: { 7: 20 }, starts: 1, lasts: 90 };
  const webinar = (facts) => ({ agenda: [[7, 6 * MINUTE, null], [8, 26 * MINUTE, null]], agenda_now: null, since: null, ...facts });
  assert.deepEqual(untilOf(webinar({ state: "scheduled" }), plan), { what: "start", at: 1 });
  assert.deepEqual(untilOf(webinar({ state: "scheduled" }), { ...plan, starts: null }), { what: "" });
  assert.deepEqual(untilOf(webinar({ state: "live", since: 5 * MINUTE }), plan), { what: "end", at: 95 * MINUTE });
  assert.deepEqual(untilOf(webinar({ state: "live", agenda_now: 7 }), plan), { what: "item", at: 26 * MINUTE });
  assert.deepEqual(untilOf(webinar({ state: "live", agenda_now: 8 }), plan), { what: "end", at: 90 * MINUTE + 1 });
  assert.deepEqual(untilOf(webinar({ state: "ended" }), plan), { what: "" });
});

test("a span is minutes and seconds, with hours where there are any, whatever its sign", () => {
  assert.deepEqual([0, 999, 59_999, 754_000, 3_754_000, -61_000].map(span), ["0:00", "0:00", "0:59", "12:34", "1:02:34", "1:01"]);
});
