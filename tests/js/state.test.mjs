// The reducer: frames are whole and absolute, and nothing that was overtaken comes back.
import assert from "node:assert/strict";
import test from "node:test";
import { EMPTY, apply, isBehind, isOwn, isVoted, votesOf } from "../../site/static/js/live/state.js";

const row = (id, text = `q${id}`) => ({ id, text, lang: "en", floor: "waiting", answers: [] });
const snapshot = (seq, ids, more = {}) => ({
  snapshot: true,
  cursor: `1.everyone.${seq}`,
  webinar: { state: "live", floor: null, next: [] },
  order: ids,
  questions: ids.map((id) => row(id)),
  votes: Object.fromEntries(ids.map((id) => [id, 0])),
  notices: [],
  ...more,
});
const told = (...messages) => messages.reduce(apply, EMPTY);

test("a frame applied twice changes nothing", () => {
  const frame = { cursor: "1.everyone.3", order: [2, 1], questions: [row(2)], votes: { 2: 5 } };
  const once = told(snapshot(2, [1]), frame);
  assert.equal(apply(once, frame), once);
});

test("a frame older than the page is ignored", () => {
  const now = told(snapshot(5, [1]), { cursor: "1.everyone.6", votes: { 1: 9 } });
  assert.equal(apply(now, { cursor: "1.everyone.4", votes: { 1: 2 } }).votes[1], 9);
});

test("an answer over HTTP that was overtaken by the socket is ignored", () => {
  const now = told(snapshot(5, [1, 2]));
  assert.equal(apply(now, snapshot(4, [1])), now);
});

test("a frame of another audience waits for its snapshot", () => {
  const now = told(snapshot(5, [1]));
  assert.equal(apply(now, { cursor: "1.desk.9", review: [7], questions: [row(7)] }), now);
  const moved = apply(now, { ...snapshot(9, [1]), cursor: "1.desk.9", review: [7], questions: [row(1), row(7)] });
  assert.deepEqual([moved.audience, moved.review], ["desk", [7]]);
});

test("a snapshot of everyone takes what only the desk may see off the page", () => {
  const desk = told({ ...snapshot(5, [1]), cursor: "1.desk.5", review: [7], questions: [row(1), row(7)] });
  const after = apply(desk, snapshot(5, [1]));
  assert.deepEqual([after.review, Object.keys(after.rows)], [[], ["1"]]);
});

test("rows outside the window are dropped after each frame", () => {
  const now = told(snapshot(2, [1, 2]), { cursor: "1.everyone.3", order: [1] });
  assert.deepEqual([Object.keys(now.rows), Object.keys(now.votes)], [["1"], ["1"]]);
});

test("what is on the floor and next stays though it left the list", () => {
  const webinar = { state: "live", floor: { turn: 1, questions: [2], speakers: [] }, next: [1] };
  const now = told(snapshot(2, [1, 2]), { cursor: "1.everyone.3", webinar, order: [] });
  assert.deepEqual(Object.keys(now.rows), ["1", "2"]);
});

test("a question that is gone leaves no words behind", () => {
  const now = told(snapshot(2, [1, 2]), { cursor: "1.everyone.3", order: [1], gone: [2] });
  assert.equal(now.rows[2], undefined);
});

test("a vote shows at once and the server's count wins without a flicker", () => {
  let now = told(snapshot(2, [1], { votes: { 1: 4 } }));
  const shown = [];
  for (const message of [
    { local: "vote", question: 1, on: true },
    { local: "voted", question: 1, on: true },
    { cursor: "1.everyone.3", votes: { 1: 6 } },
    { local: "settled", question: 1 },
  ]) {
    now = apply(now, message);
    shown.push([votesOf(now, 1), isVoted(now, 1)]);
  }
  assert.deepEqual(shown, [[5, true], [5, true], [6, true], [6, true]]);
});

test("pressing on and off before the first reply ends where it began", () => {
  const now = told(
    snapshot(2, [1], { votes: { 1: 4 } }),
    { local: "vote", question: 1, on: true },
    { local: "vote", question: 1, on: false },
    { local: "voted", question: 1, on: true },
    { local: "voted", question: 1, on: false },
  );
  assert.deepEqual([votesOf(now, 1), isVoted(now, 1)], [4, false]);
});

test("a refused vote goes back to what the server said", () => {
  const now = told(snapshot(2, [1], { votes: { 1: 4 } }), { local: "vote", question: 1, on: true }, { local: "refused", question: 1 });
  assert.deepEqual([votesOf(now, 1), isVoted(now, 1)], [4, false]);
});

test("a repeated vote that changed nothing does not add one for ever", () => {
  const now = told(
    snapshot(2, [1], { votes: { 1: 4 } }),
    { local: "vote", question: 1, on: true },
    { local: "voted", question: 1, on: true },
    { local: "settled", question: 1 },
  );
  assert.equal(votesOf(now, 1), 4);
});

test("votes of another tab are taken in, and a resync replaces them all", () => {
  const tab = told(snapshot(2, [1, 2]), { mine: { votes: { 1: true, 2: true } } }, { mine: { votes: { 2: false } } });
  assert.deepEqual([isVoted(tab, 1), isVoted(tab, 2)], [true, false]);
  const resynced = apply(tab, { mine: { questions: [], votes: { 2: true }, all: true } });
  assert.deepEqual([isVoted(resynced, 1), isVoted(resynced, 2)], [false, true]);
});

test("who wanted to know what was merged wants to know the head, and takes it back from both", () => {
  const merged = { cursor: "1.everyone.3", order: [1], gone: [2], questions: [{ id: 1, same: [{ id: 2 }] }], votes: { 1: 4 } };
  let now = told(snapshot(2, [1, 2], { votes: { 1: 3, 2: 1 } }), { mine: { votes: { 2: true } } }, merged);
  assert.equal(isVoted(now, 1), true);
  now = apply(apply(now, { local: "vote", question: 1, on: false }), { local: "voted", question: 1, on: false });
  assert.deepEqual([votesOf(now, 1), isVoted(now, 1), now.voted[2]], [3, false, false]);
  assert.equal(isOwn({ ...now, mine: [{ id: 2 }] }, 1), true);
  assert.equal(isOwn(now, 1), false);
});

test("who is here arrives without a cursor", () => {
  assert.equal(told(snapshot(2, []), { here: 312 }).here, 312);
});

test("a heartbeat beyond the page says that something was missed", () => {
  const now = told(snapshot(5, []));
  assert.deepEqual(["1.everyone.5", "1.everyone.4", "1.everyone.6", "2.everyone.5"].map((beat) => isBehind(now, beat)), [false, false, true, true]);
});

test("a part is merged thing by thing, in its order, and a snapshot begins it anew", () => {
  const now = told(snapshot(2, [], { polls: { order: [1, 2], items: [{ id: 1, text: "a" }, { id: 2, text: "b" }] } }));
  const later = apply(now, { cursor: "1.everyone.3", polls: { order: [2, 3], items: [{ id: 3, text: "c" }] } });
  assert.deepEqual(later.polls, { order: [2, 3], items: { 2: { id: 2, text: "b" }, 3: { id: 3, text: "c" } } });
  assert.equal(apply(later, { cursor: "1.everyone.4", votes: {} }).polls, later.polls);
  assert.deepEqual(apply(later, snapshot(5, [])).polls.order, []);
});

test("what is for this person alone is kept by part, whole", () => {
  const now = told(snapshot(2, []), { mine: { polls: { 3: [7] } } }, { mine: { opinions: { 4: 1 } } });
  assert.deepEqual(apply(now, { mine: { polls: { 5: [8] } } }).own, { polls: { 5: [8] }, opinions: { 4: 1 } });
});
