// The socket comes back, spread out, and knows when it must not.
import assert from "node:assert/strict";
import test from "node:test";
import { RoomSocket, delayBefore } from "../../site/static/js/live/socket.js";

class FakeSocket {
  static all = [];
  constructor(url) {
    this.url = url;
    this.sent = [];
    FakeSocket.all.push(this);
  }
  send(text) {
    this.sent.push(text);
  }
  close() {
    this.isClosed = true;
  }
}

function world() {
  FakeSocket.all = [];
  const timers = new Map();
  let count = 0;
  return {
    timers,
    WebSocket: FakeSocket,
    setTimeout: (act, ms) => (timers.set(++count, { act, ms }), count),
    clearTimeout: (id) => timers.delete(id),
    random: () => 0.5,
    online: () => true,
    /** Let the one timer of this length go off. */
    fire(ms) {
      const [id, { act }] = [...timers].find(([, timer]) => timer.ms === ms);
      timers.delete(id);
      act();
    },
  };
}

function open(now = world(), cursor = "1.everyone.4", stays = false) {
  const seen = { heard: [], status: [] };
  const page = { url: "ws://x/ws/webinars/1/", cursor: () => cursor, heard: (m) => seen.heard.push(m), status: (s) => seen.status.push(s) };
  const socket = new RoomSocket({ ...page, stays: async () => stays }, now);
  socket.connect();
  return { socket, seen, now, wire: () => FakeSocket.all.at(-1) };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));
const say = (wire, message) => wire.onmessage({ data: JSON.stringify(message) });

test("it connects where the page stands", () => {
  const { wire } = open();
  assert.equal(wire().url, "ws://x/ws/webinars/1/?since=1.everyone.4");
});

test("it counts as connected when the server said hello, not when the line opened", () => {
  const { socket, seen, wire } = open();
  assert.equal(socket.send("x"), false);
  say(wire(), { hello: {} });
  assert.deepEqual([seen.status, socket.send("x")], [[{ state: "on" }], true]);
});

test("tries are spread over a span that doubles up to half a minute", () => {
  assert.deepEqual([0, 1, 3, 5, 9].map((tries) => delayBefore(tries, 1006, () => 1)), [1, 2, 8, 30, 30]);
  assert.equal(delayBefore(9, 1006, () => 0), 0);
});

test("a server that starts anew is given ten seconds, however many tries there were", () => {
  assert.deepEqual([delayBefore(0, 1012, () => 1), delayBefore(9, 1012, () => 1)], [10, 10]);
});

test("after a lost line it waits, says how long, and comes back", () => {
  const { seen, now, wire } = open();
  say(wire(), { hello: {} });
  wire().onclose({ code: 1006 });
  assert.deepEqual(seen.status.at(-1), { state: "wait", seconds: 0.5 });
  now.fire(500);
  assert.equal(FakeSocket.all.length, 2);
});

test("each failed try waits longer, and a hello starts the count anew", () => {
  const { seen, now, wire } = open();
  wire().onclose({ code: 1006 });
  now.fire(500);
  wire().onclose({ code: 1006 });
  assert.equal(seen.status.at(-1).seconds, 1);
  now.fire(1000);
  say(wire(), { hello: {} });
  wire().onclose({ code: 1006 });
  assert.equal(seen.status.at(-1).seconds, 0.5);
});

test("twenty silent seconds mean the line is dead", () => {
  const { now, wire } = open();
  say(wire(), { hello: {} });
  const dead = wire();
  now.fire(20_000);
  assert.ok(dead.isClosed);
  now.fire(500);
  assert.notEqual(wire(), dead);
});

test("a page that wakes up asks whether anybody is there and does not wait long for the answer", () => {
  const { socket, now, wire } = open();
  say(wire(), { hello: {} });
  socket.wake();
  assert.deepEqual(wire().sent, ["beat"]);
  say(wire(), { beat: "1.everyone.4" });
  assert.deepEqual([...now.timers.values()].map((timer) => timer.ms), [20_000]);
});

test("a page that wakes up while it waits tries at once", () => {
  const { socket, wire } = open();
  wire().onclose({ code: 1006 });
  socket.wake();
  assert.equal(FakeSocket.all.length, 2);
});

for (const [code, why] of [[4401, "signed_out"], [4403, "removed"]]) {
  test(`after ${code} it never comes back and says why`, async () => {
    const { socket, seen, now, wire } = open();
    say(wire(), { hello: {} });
    await wire().onclose({ code });
    await settled();
    socket.wake();
    assert.deepEqual([seen.status.at(-1), FakeSocket.all.length, now.timers.size], [{ state: "off", why }, 1, 0]);
  });
}

test("a browser that has a newer session goes on with it", async () => {
  const { socket, seen, now, wire } = open(world(), "1.everyone.4", true);
  say(wire(), { hello: {} });
  wire().onclose({ code: 4401 });
  await settled();
  assert.equal(seen.status.at(-1).state, "wait");
  now.fire(500);
  assert.equal(FakeSocket.all.length, 2);
  assert.equal(socket.over, false);
});

test("of too many windows one rests until it is used, and none pushes another out by itself", () => {
  const { socket, seen, now, wire } = open();
  say(wire(), { hello: {} });
  wire().onclose({ code: 4409 });
  assert.deepEqual([seen.status.at(-1), FakeSocket.all.length, now.timers.size], [{ state: "off", why: "resting" }, 1, 0]);
  assert.ok(socket.resting);
  socket.wake();
  assert.equal(FakeSocket.all.length, 2);
  say(wire(), { hello: {} });
  assert.deepEqual([seen.status.at(-1), socket.resting], [{ state: "on" }, false]);
});

test("a word of a socket that was given up is not heard", () => {
  const { socket, seen, now, wire } = open();
  const old = wire();
  say(old, { hello: {} });
  socket.reconnect();
  now.fire(500);
  old.onmessage?.({ data: '{"cursor":"1.everyone.9"}' });
  assert.equal(seen.heard.length, 1);
});

test("what is none of ours is not heard", () => {
  const { seen, wire } = open();
  wire().onmessage({ data: "<html>" });
  assert.deepEqual(seen.heard, []);
});
