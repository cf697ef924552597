// What a moderator reads beside a question in review: how its words changed, and what was decided before an appeal.

const TAGS = { "-": "del", "+": "ins" };

/** @param {HTMLElement} item a row of review @param {any} row @param {any} desk */
export function drawLookedAt(item, row, desk) {
  const part = (name) => item.querySelector(`[data-is="${name}"]`);
  const appeal = row.appeal?.outcome === "" ? row.appeal : undefined;
  part("rewritten").hidden = !row.diff;
  part("appealed").hidden = !appeal;
  if (!part("diff")) return; // the row is not open
  part("diff").hidden = !row.diff;
  part("diff-words").lang = row.lang;
  part("diff-words").replaceChildren(...(row.diff ?? []).map(([what, words]) => (TAGS[what] ? Object.assign(document.createElement(TAGS[what]), { textContent: words }) : words)));
  part("appeal").hidden = !appeal;
  if (!appeal) return;
  part("plea").textContent = appeal.text;
  for (const line of part("appeal").querySelectorAll("[data-by]")) line.hidden = line.dataset.by !== appeal.role;
  part("appeal-why").textContent = [appeal.reason && desk.words.say(`reason_${appeal.reason}`), appeal.note].filter(Boolean).join(". ");
  part("same-decider").hidden = appeal.against !== desk.config.participant;
}
