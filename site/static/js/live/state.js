// What this page knows of the room: apply(state, message) → state, pure. Frames are whole and absolute, so that
// applying one twice changes nothing, and snapshot(n) + frames(n…m) is snapshot(m).

/**
 * @typedef {{order: number[], items: Record<number, any>}} Part  what a room has beside its questions (webinars/live/part.py)
 * @typedef {{id: number, text: string, lang: string, floor: string, answers: object[], [key: string]: any}} Row
 * @typedef {{on: boolean, was: boolean, owed: number, open: boolean}} Ballot
 *   a vote on its way: what the person wants, what the server last said, what it counted but has not told yet
 * @typedef {{
 *   cursor: string, participant: number, audience: string, offset: number, release: string,
 *   webinar: Record<string, any>, counts: {published: number, answered: number},
 *   order: number[], review: number[], aside: number[], answered: number[], addressed: number[],
 *   rows: Record<number, Row>, votes: Record<number, number>, notices: object[],
 *   troubles: {counts?: Record<string, number>, open?: object[]},
 *   judged: Record<string, number>,
 *   here: number, beside: number, pace: number,
 *   alike: {questions: number[], published: number[], words: string[]}[],
 *   holds: {question: number, by: number, name: string, writes: boolean}[], muted: boolean,
 *   polls: Part, opinions: Part, queue: Part, jobs: Part,
 *   own: Record<string, any>, mine: Row[], voted: Record<number, boolean>, ballots: Record<number, Ballot>,
 * }} State
 */

/** @type {Part} */
const NONE = Object.freeze({ order: [], items: {} });

/** @type {State} */
export const EMPTY = Object.freeze({
  cursor: "", participant: 0, audience: "", offset: 0, release: "",
  webinar: {}, counts: { published: 0, answered: 0 },
  order: [], review: [], aside: [], answered: [], addressed: [],
  rows: {}, votes: {}, notices: [], troubles: {}, judged: {}, here: 0, beside: 0, pace: 0, alike: [], holds: [],
  polls: NONE, opinions: NONE, queue: NONE, jobs: NONE, own: {},
  mine: [], muted: false, voted: {}, ballots: {},
});

const LISTS = ["order", "review", "aside", "answered", "addressed", "notices"];
export const PARTS = ["polls", "opinions", "queue", "jobs"];
const EMPTY_PARTS = Object.fromEntries(PARTS.map((part) => [part, NONE]));
const EMPTY_LISTS = Object.fromEntries(LISTS.map((list) => [list, []]));

/**
 * @param {State} state
 * @param {Record<string, any>} message one of the server's (webinars/live/protocol.py), or {local: …} of this page
 * @returns {State}
 */
export function apply(state, message) {
  if (message.local) return applyLocal(state, message);
  let next = state;
  if (message.hello) next = greet(next, message.hello, message.heard ?? Date.now());
  if (message.cursor) next = applyFrame(next, message);
  if (message.mine) next = applyMine(next, message.mine);
  if ("here" in message) next = { ...next, here: message.here, beside: message.beside ?? next.beside, pace: message.pace ?? next.pace };
  if (message.alike) next = { ...next, alike: message.alike };
  if (message.holds) next = { ...next, holds: message.holds };
  return next;
}

function greet(state, hello, heard) {
  return {
    ...state,
    participant: hello.participant,
    audience: hello.audience,
    release: hello.release,
    offset: hello.now - heard,
    here: hello.here || state.here,
  };
}

/** @returns {{epoch: string, audience: string, seq: number}} */
export function parseCursor(cursor) {
  const [epoch = "", audience = "", seq = ""] = cursor.split(".");
  return { epoch, audience, seq: seq === "" ? -1 : Number(seq) };
}

function applyFrame(state, frame) {
  const [have, sent] = [parseCursor(state.cursor), parseCursor(frame.cursor)];
  const sameWorld = have.epoch === sent.epoch && have.audience === sent.audience;
  if (sameWorld && sent.seq <= have.seq && !frame.snapshot) return state; // heard before
  if (sameWorld && sent.seq < have.seq) return state; // an answer that was overtaken on its way
  if (!sameWorld && !frame.snapshot) return state; // of another world: a snapshot is on its way
  const base = frame.snapshot ? { ...state, rows: {}, votes: {}, troubles: {}, judged: {}, ...EMPTY_LISTS, ...EMPTY_PARTS } : state;
  const next = { ...base, cursor: frame.cursor, audience: sent.audience };
  if (!sameWorld) Object.assign(next, { alike: [], holds: [] });
  if (frame.webinar) next.webinar = frame.webinar;
  if (frame.counts) next.counts = frame.counts;
  if (frame.troubles) next.troubles = frame.troubles;
  if (frame.judged) next.judged = frame.judged;
  for (const list of LISTS) if (frame[list]) next[list] = frame[list];
  for (const part of PARTS) if (frame[part]) next[part] = mergePart(next[part], frame[part]);
  if (frame.questions || frame.gone) {
    next.rows = { ...next.rows };
    for (const row of frame.questions ?? []) next.rows[row.id] = row;
    for (const id of frame.gone ?? []) delete next.rows[id];
  }
  if (frame.votes) {
    next.votes = { ...next.votes, ...frame.votes };
    next.ballots = counted(next.ballots, Object.keys(frame.votes));
  }
  return withinWindow(next);
}

/** @param {Part} part @param {{order?: number[], items?: {id: number}[]}} told @returns {Part} */
function mergePart(part, told) {
  const order = told.order ?? part.order;
  const items = { ...part.items };
  for (const item of told.items ?? []) items[item.id] = item;
  return { order, items: Object.fromEntries(order.filter((id) => items[id]).map((id) => [id, items[id]])) };
}

/** Rows that are in no list any more are dropped: the window is all there is. */
function withinWindow(state) {
  const shown = new Set([...state.order, ...state.review, ...state.aside, ...state.answered, ...state.addressed, ...lifted(state)]);
  if ([...Object.keys(state.rows), ...Object.keys(state.votes)].every((id) => shown.has(Number(id)))) return state;
  const keep = (things) => Object.fromEntries(Object.entries(things).filter(([id]) => shown.has(Number(id))));
  return { ...state, rows: keep(state.rows), votes: keep(state.votes) };
}

/** What stands outside the list: on the floor and next. */
export function lifted(state) {
  return [...(state.webinar.floor?.questions ?? []), ...(state.webinar.next ?? [])];
}

function applyMine(state, mine) {
  const next = { ...state };
  if (mine.questions) next.mine = mine.questions;
  if ("muted" in mine) next.muted = mine.muted;
  for (const part of PARTS) if (mine[part]) next.own = { ...next.own, [part]: mine[part] };
  if (mine.votes) {
    next.voted = mine.all ? { ...mine.votes } : { ...state.voted, ...mine.votes };
  }
  return next;
}

// --- own votes: shown at once, the server's count wins -------------------------------------------------

function applyLocal(state, { local, question, on }) {
  const ballots = { ...state.ballots };
  const ballot = ballots[question];
  if (local === "vote") {
    ballots[question] = { on, was: isAny(state, question, state.voted), owed: ballot?.owed ?? 0, open: true };
    return { ...state, ballots };
  }
  if (!ballot && local !== "voted") return state;
  if (local === "voted") {
    const voted = { ...state.voted, [question]: on };
    if (!on) for (const one of state.rows[question]?.same ?? []) voted[one.id] = false; // taken back from the whole set
    if (!ballot) return { ...state, voted };
    const owed = ballot.owed + Number(on) - Number(ballot.was);
    ballots[question] = { ...ballot, was: on, owed, open: ballot.on !== on };
    return { ...state, voted, ballots };
  }
  if (local === "refused" || (local === "settled" && !ballot.open)) delete ballots[question];
  return { ...state, ballots };
}

/** The server told these counts: what it owed is in them. */
function counted(ballots, ids) {
  if (!ids.some((id) => ballots[id])) return ballots;
  const next = { ...ballots };
  for (const id of ids) {
    if (!next[id]) continue;
    if (next[id].open) next[id] = { ...next[id], owed: 0 };
    else delete next[id];
  }
  return next;
}

/** @returns {boolean} does this person want to know it too, as they see it */
export function isVoted(state, id) {
  return state.ballots[id] ? state.ballots[id].on : isAny(state, id, state.voted);
}

/** Does this person ask it, or what was merged into it (webinars/views/room_page.py any_of says the same)? */
export function isOwn(state, id) {
  return isAny(state, id, Object.fromEntries(state.mine.map((own) => [own.id, true])));
}

/** Is it, or one of those merged into it, among these? @param {Record<number, boolean>} those */
function isAny(state, id, those) {
  return Boolean(those[id]) || (state.rows[id]?.same ?? []).some((one) => those[one.id]);
}

/** @returns {number} the count to show: the server's, and one's own press that it has not counted yet */
export function votesOf(state, id) {
  const ballot = state.ballots[id];
  const own = ballot ? ballot.owed + (ballot.open ? Number(ballot.on) - Number(ballot.was) : 0) : 0;
  return Math.max(0, (state.votes[id] ?? 0) + own);
}

/** Did the server's heartbeat name a point this page has not reached? */
export function isBehind(state, beat) {
  const [have, there] = [parseCursor(state.cursor), parseCursor(beat)];
  return have.epoch !== there.epoch || have.audience !== there.audience || have.seq < there.seq;
}
