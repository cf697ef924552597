// A screen that nobody stands at loads itself anew, but never gives up what it shows for a page that is not there.

/** @returns {Promise<boolean>} does the server give this very page, or say where one belongs now */
async function isThere() {
  try {
    const answer = await fetch(location.href, { method: "HEAD", cache: "no-store", redirect: "manual" });
    return answer.ok || answer.type === "opaqueredirect";
  } catch {
    return false;
  }
}

/** Load the page again once the server gives it; a little later than others that heard the same. */
export async function renew(within = 5_000) {
  await new Promise((done) => setTimeout(done, Math.random() * within));
  while (!(await isThere())) await new Promise((done) => setTimeout(done, 3_000));
  location.reload();
}
