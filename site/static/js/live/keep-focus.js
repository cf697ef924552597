// Nobody who works by keyboard is thrown out of the page: when what had the focus goes, what stood next to it takes it.

const STOPS = "a[href], button:enabled, summary, textarea:enabled, select:enabled, input:enabled:not([type=hidden])";
const TRAIL = 8; // how many places back we remember

let around = []; // what the element with the focus stood in, from the inside out
const trail = []; // where the focus was, the newest last

const isThere = (one) => one.isConnected && one.checkVisibility({ visibilityProperty: true }) && !one.matches(":disabled");

/** Watch this page from now on. */
export function keepFocus() {
  document.addEventListener("focusin", ({ target }) => remember(target));
  document.addEventListener("pointerdown", ({ target }) => !trail.at(-1)?.contains(target) && forget());
  const watch = { subtree: true, childList: true, attributes: true, attributeFilter: ["hidden", "open", "disabled"] };
  new MutationObserver(rescue).observe(document.body, watch);
}

function remember(element) {
  around = [];
  for (let outer = element.parentElement; outer && outer.localName !== "main" && outer !== document.body; outer = outer.parentElement) around.push(outer);
  trail.push(element);
  if (trail.length > TRAIL) trail.shift();
}

/** Somebody went away from there by themselves. */
function forget() {
  around = [];
  trail.length = 0;
}

/** @param {MutationRecord[]} changes */
function rescue(changes) {
  const last = trail.at(-1);
  const now = document.activeElement;
  if (!last || (now && now !== last && now !== document.body)) return;
  if (!isThere(last)) return (near() ?? trail.findLast(isThere) ?? document.querySelector("main")).focus();
  // Taken out and put back elsewhere: the place is another, the hands are not.
  const wasMoved = changes.some(({ addedNodes }) => [...addedNodes].some((one) => one.contains(last)));
  if (now !== last && wasMoved) last.focus({ preventScroll: true });
}

/** The first stop in the nearest thing that is left; a section without one before it says its name again. */
function near() {
  for (const outer of around.filter(isThere)) {
    const heading = outer.matches("section[aria-labelledby]") && document.getElementById(outer.getAttribute("aria-labelledby"));
    if (heading && isThere(heading)) {
      heading.tabIndex = -1;
      return heading;
    }
    const stop = [...outer.querySelectorAll(STOPS)].find(isThere);
    if (stop) return stop;
  }
  return null;
}
