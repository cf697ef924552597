// When to save: a moment after the last key, and not later than a while after the first.

const REAL = { set: (work, wait) => setTimeout(work, wait), clear: (id) => clearTimeout(id), now: () => performance.now() };

/**
 * @param {() => Promise<void> | void} work
 * @param {{quiet: number, latest: number, clock?: typeof REAL}} when
 *   milliseconds without a call before the work is done; and how long it may be put off by further calls
 */
export function paced(work, { quiet, latest, clock = REAL }) {
  let timer = null;
  let first = null;
  const go = () => {
    clock.clear(timer);
    timer = first = null;
    return work();
  };
  const later = () => {
    first ??= clock.now();
    clock.clear(timer);
    timer = clock.set(go, Math.max(0, Math.min(quiet, first + latest - clock.now())));
  };
  later.now = () => (timer === null ? undefined : go());
  later.cancel = () => {
    clock.clear(timer);
    timer = first = null;
  };
  return later;
}
