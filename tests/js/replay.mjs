// Applies recorded frames with the page's own reducer: node replay.mjs < history.json (tests/webinars/test_page_reducer.py).
import { readFileSync } from "node:fs";
import { EMPTY, PARTS, apply } from "../../site/static/js/live/state.js";

const WINDOW = ["cursor", "webinar", "counts", "order", "review", "aside", "answered", "addressed", "rows", "votes", "notices", "troubles", ...PARTS];
const windowOf = (state) => Object.fromEntries(WINDOW.map((name) => [name, state[name]]));

const histories = JSON.parse(readFileSync(0, "utf8"));
const followed = histories.map(({ snapshot, steps }) => {
  let state = apply(EMPTY, snapshot);
  return steps.map(({ frame, fresh }) => {
    state = apply(apply(state, frame), frame); // a frame twice is a frame once
    return [windowOf(state), windowOf(apply(EMPTY, fresh))];
  });
});
process.stdout.write(JSON.stringify(followed));
