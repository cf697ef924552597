// The list never moves under its reader.
import assert from "node:assert/strict";
import test from "node:test";
import { freeze, orderOf, thaw, waiting, want } from "../../site/static/js/live/order.js";

const counts = (order) => {
  const { fresh, moved, left } = waiting(order);
  return [fresh, moved, [...left]];
};

test("before anybody touches it the list follows the server", () => {
  const order = want(orderOf([1, 2]), [2, 3, 1]);
  assert.deepEqual(order.shown, [2, 3, 1]);
});

test("once somebody is at it, new and moved rows wait", () => {
  const order = want(freeze(orderOf([1, 2, 3])), [3, 9, 1, 2]);
  assert.deepEqual(order.shown, [1, 2, 3]);
  assert.deepEqual(counts(order), [1, 1, []]);
});

test("what waits is shown when it is asked for", () => {
  const order = thaw(want(freeze(orderOf([1, 2, 3])), [3, 9, 1, 2]));
  assert.deepEqual([order.shown, order.frozen, counts(order)], [[3, 9, 1, 2], false, [0, 0, []]]);
});

test("a row that left keeps its place until then", () => {
  const order = want(freeze(orderOf([1, 2, 3])), [1, 3]);
  assert.deepEqual([order.shown, counts(order)], [[1, 2, 3], [0, 0, [2]]]);
});

test("one row that rises past ten counts as one that moved", () => {
  const order = want(freeze(orderOf([1, 2, 3, 4, 5, 6])), [6, 1, 2, 3, 4, 5]);
  assert.deepEqual(counts(order), [0, 1, []]);
});

test("an empty list has nothing that could move: the first question shows at once", () => {
  assert.deepEqual(want(freeze(orderOf([])), [7]).shown, [7]);
});

test("coming back to the old order leaves nothing waiting", () => {
  const order = want(want(freeze(orderOf([1, 2])), [2, 1]), [1, 2]);
  assert.deepEqual(counts(order), [0, 0, []]);
});
