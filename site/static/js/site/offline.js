// When the line is gone a strip says so, and a form is not sent into nothing, where the words in it would be lost.
//
// Forms with a script of their own (the room, the editor) keep their words themselves and never come here: this
// listens last, and to what nobody has taken. The words stand in <template id="offline">.

const PATIENCE = 4000; // ms for the site to say that it is there
const WORTH_ASKING = 40; // signs: shorter words are typed again sooner than asked after

const words = () => document.getElementById("offline")?.content;
/** Forms that may go: the site has answered, or somebody insists. */
const sure = new WeakSet();

/** Whether the site answers. What a browser itself knows is only that there is no cable at all. */
export async function reachable() {
  if (navigator.onLine === false) return false;
  try {
    const answer = await fetch("/healthz", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    return answer.ok;
  } catch {
    return false;
  }
}

/** How much somebody has typed into a form. */
export function typed(form) {
  const texts = form.querySelectorAll("textarea, input:not([type]), input[type=text], input[type=search]");
  return [...texts].reduce((sum, field) => sum + (field.value === field.defaultValue ? 0 : field.value.length), 0);
}

function tell(form) {
  let notice = form.querySelector(":scope > [data-offline]");
  if (!notice) {
    const made = words()?.querySelector("[data-offline]");
    if (!made) return;
    notice = document.importNode(made, true);
    const end = form.querySelector(":scope > .form-end");
    if (end) end.before(notice);
    else form.append(notice);
  }
  notice.focus();
}

addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() === "dialog" || form.target === "_blank") return;
  if (sure.has(form) && navigator.onLine !== false) {
    sure.delete(form);
    return;
  }
  if (navigator.onLine !== false && typed(form) < WORTH_ASKING) return;
  event.preventDefault();
  const there = await reachable();
  sure.add(form); // a second press goes through: it may be our question that found no way
  if (there) form.requestSubmit(event.submitter);
  else tell(form);
});

// --- the strip ------------------------------------------------------------------------------------------------

let strip = null;

function show() {
  if (navigator.onLine !== false) {
    strip?.remove();
    strip = null;
    for (const notice of document.querySelectorAll("form > [data-offline]")) notice.remove();
  } else if (!strip && !document.querySelector(".pill[data-state]")) {
    const made = words()?.querySelector(".toasts");
    if (made) document.body.append((strip = document.importNode(made, true)));
  }
}

addEventListener("offline", show);
addEventListener("online", show);
show();
