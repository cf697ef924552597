// Nothing typed is lost, nothing is sent twice.
import assert from "node:assert/strict";
import test from "node:test";
import { Memory } from "../../site/static/js/live/kept.js";
import { Lost } from "../../site/static/js/live/line.js";
import { Outbox, uuid } from "../../site/static/js/live/outbox.js";

function page(replies = () => ({ ok: {} })) {
  const seen = { open: true, sent: [], done: [], waited: [] };
  seen.page = {
    isOpen: () => seen.open,
    send: async (command) => {
      seen.sent.push(command);
      const reply = replies(command, seen.sent.length);
      if (reply instanceof Error) throw reply;
      return reply;
    },
    changed: () => {},
    done: (entry, reply) => seen.done.push([entry.command, reply]),
    wait: async (ms) => seen.waited.push(ms),
  };
  return seen;
}
const ask = (text) => ({ do: "ask", client_id: uuid(), text, language: "mn" });
const vote = (question, on) => ({ do: "vote", question, on });

test("what is typed offline survives the tab and goes out in order, once", async () => {
  const store = new Memory();
  const offline = page();
  offline.open = false;
  const first = new Outbox(store, "1.7", offline.page);
  await first.add(ask("one"));
  await first.add(ask("two"));
  const online = page();
  const second = new Outbox(store, "1.7", online.page);
  await second.load();
  assert.deepEqual(online.sent.map((command) => command.text), ["one", "two"]);
  assert.deepEqual(await store.all("1.7"), []);
  await second.flush();
  assert.equal(online.sent.length, 2);
});

test("a lost reply keeps the command with its very same id for the next try", async () => {
  const store = new Memory();
  const seen = page((command, n) => (n === 1 ? new Lost() : { ok: {} }));
  const outbox = new Outbox(store, "1.7", seen.page);
  await outbox.add(ask("one"));
  await outbox.running;
  assert.equal(outbox.entries.length, 1);
  await outbox.flush();
  assert.equal(seen.sent[0].client_id, seen.sent[1].client_id);
  assert.equal(outbox.entries.length, 0);
});

test("one person never sees what another left on this device", async () => {
  const store = new Memory();
  const offline = page();
  offline.open = false;
  await new Outbox(store, "1.7", offline.page).add(ask("mine"));
  const other = page();
  const outbox = new Outbox(store, "1.8", other.page);
  await outbox.load();
  assert.deepEqual([other.sent, outbox.entries], [[], []]);
});

test("only the last press on a vote goes out", async () => {
  const seen = page();
  seen.open = false;
  const outbox = new Outbox(new Memory(), "1.7", seen.page);
  await outbox.add(vote(3, true));
  await outbox.add(vote(3, false));
  await outbox.add(vote(4, true));
  seen.open = true;
  await outbox.flush();
  assert.deepEqual(seen.sent, [vote(3, false), vote(4, true)]);
});

test("a refused question keeps its words and lets the next one pass", async () => {
  const seen = page((command) => (command.text === "long" ? { error: "too_long" } : { ok: {} }));
  const outbox = new Outbox(new Memory(), "1.7", seen.page);
  await outbox.add(ask("long"));
  await outbox.add(ask("short"));
  await outbox.running;
  assert.deepEqual(outbox.entries.map((entry) => [entry.command.text, entry.error]), [["long", "too_long"]]);
  assert.deepEqual(seen.sent.map((command) => command.text), ["long", "short"]);
});

test("of two answers to one poll the last goes out, and those to other polls stay", async () => {
  const seen = page();
  seen.open = false;
  const outbox = new Outbox(new Memory(), "1.7", seen.page);
  const ballot = (poll, ...options) => ({ do: "ballot", poll, options });
  for (const one of [ballot(3, 1), ballot(4, 9), ballot(3, 2)]) await outbox.add(one);
  seen.open = true;
  await outbox.flush();
  assert.deepEqual(seen.sent, [ballot(4, 9), ballot(3, 2)]);
});

test("a refused vote is told and forgotten", async () => {
  const seen = page(() => ({ error: "voting_closed" }));
  const outbox = new Outbox(new Memory(), "1.7", seen.page);
  await outbox.add(vote(3, true));
  await outbox.running;
  assert.deepEqual([outbox.entries, seen.done[0][1].error], [[], "voting_closed"]);
});

test("too fast waits as long as it was told and tries again", async () => {
  const seen = page((command, n) => (n === 1 ? { error: "too_fast", retry_after: 4 } : { ok: {} }));
  const outbox = new Outbox(new Memory(), "1.7", seen.page);
  await outbox.add(ask("one"));
  await outbox.running;
  assert.deepEqual([seen.waited, seen.sent.length, outbox.entries], [[4000], 2, []]);
});

test("signed out stops and keeps everything", async () => {
  const seen = page(() => ({ error: "signed_out" }));
  const outbox = new Outbox(new Memory(), "1.7", seen.page);
  await outbox.add(ask("one"));
  await outbox.running;
  assert.equal(outbox.entries.length, 1);
});

test("an id is a version 4 UUID where the browser has no randomUUID", () => {
  const { randomUUID } = crypto;
  crypto.randomUUID = undefined;
  try {
    assert.match(uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  } finally {
    crypto.randomUUID = randomUUID;
  }
});

test("where nothing can be kept a question is sent at once, and a refusal is told to its writer", async () => {
  const store = new Memory();
  store.put = async () => {
    throw new Error("QuotaExceededError");
  };
  const seen = page((command) => (command.text === "long" ? { error: "too_long" } : { ok: {} }));
  const outbox = new Outbox(store, "1.7", seen.page);
  await outbox.add(ask("short"));
  await assert.rejects(outbox.add(ask("long")), /too_long/);
  assert.equal(seen.done.length, 1);
});
