// At sign-out this device forgets what it kept for the person: unsent questions and drafts.

/** @param {HTMLFormElement} form does it end somebody's visit? */
export function leaves(form) {
  // Its attributes: a button named "action" hides the form's own property of that name.
  const [method, action] = ["method", "action"].map((name) => form.getAttribute(name) ?? "");
  return method.toLowerCase() === "post" && /\/(accounts\/logout|leave)\/$/.test(new URL(action, location.href).pathname);
}

export function forget() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("draft:")) localStorage.removeItem(key);
    indexedDB.deleteDatabase("sild");
  } catch {
    // nothing may be kept here, so nothing was
  }
}

document.addEventListener("submit", (event) => navigator.onLine !== false && leaves(event.target) && forget());
