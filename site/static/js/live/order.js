// The list that never moves under its reader: once somebody is at it, what is new or moved waits until they ask. Pure.

/**
 * @typedef {{shown: number[], wanted: number[], frozen: boolean}} Order
 *   shown: rows as they stand on the page; wanted: as the server orders them now
 */

/** @param {number[]} ids @returns {Order} */
export function orderOf(ids) {
  return { shown: ids, wanted: ids, frozen: false };
}

/** The server's order changed. An empty list has nobody in it, and nothing that could move. */
export function want(order, ids) {
  const nothingShown = order.shown.length === 0;
  return order.frozen && !nothingShown ? { ...order, wanted: ids } : { ...order, shown: ids, wanted: ids };
}

/** Somebody scrolls, points into the list or stands in it with the keyboard. */
export function freeze(order) {
  return order.frozen ? order : { ...order, frozen: true };
}

/** They asked to see, or have gone and nothing waits. */
export function thaw(order) {
  return { ...order, shown: order.wanted, frozen: false };
}

/**
 * What waits behind "3 new, 2 moved · show".
 * @returns {{fresh: number, moved: number, left: Set<number>}} `left`: rows that stand there still but are no longer in the list
 */
export function waiting({ shown, wanted }) {
  const wantedSet = new Set(wanted);
  const place = new Map(shown.map((id, n) => [id, n]));
  const left = new Set(shown.filter((id) => !wantedSet.has(id)));
  const kept = wanted.filter((id) => place.has(id)).map((id) => place.get(id));
  return { fresh: wanted.length - kept.length, moved: kept.length - longestRising(kept), left };
}

/** How many can stay where they are: the longest rising run by place (patience sorting, n log n). */
function longestRising(places) {
  const tails = [];
  for (const place of places) {
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (tails[middle] < place) low = middle + 1;
      else high = middle;
    }
    tails[low] = place;
  }
  return tails.length;
}
