// Posting forms. Public pages carry no token and set no cookie: the token is fetched when it is first used.

let token = null;

/** The CSRF token: from a form in the page if there is one, else from the address <body data-token-url> names. */
async function csrfToken() {
  if (token) return token;
  const inPage = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (inPage) return (token = inPage.value);
  const url = document.body.dataset.tokenUrl;
  if (!url) throw new Error("no token");
  const answer = await fetch(url, { credentials: "same-origin", headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return (token = (await answer.json()).token);
}

/**
 * Post fields to an address of our own and give the answer's JSON.
 * @param {string} url
 * @param {FormData | URLSearchParams | Record<string, string>} fields
 * @returns {Promise<{ok: boolean, status: number, data: any}>} `data` is null where the answer is not JSON
 * @throws {TypeError} when the network gave nothing (as fetch does)
 */
export async function post(url, fields = {}, { signal } = {}) {
  const send = async () =>
    fetch(url, {
      method: "POST",
      credentials: "same-origin",
      headers: { accept: "application/json", "x-csrftoken": await csrfToken() },
      body: fields instanceof FormData ? fields : new URLSearchParams(fields),
      signal,
    });
  let answer = await send();
  if (answer.status === 403 && document.body.dataset.tokenUrl && token) {
    token = null; // signed in or out in another tab: the token turned; once is enough to try
    answer = await send();
  }
  const json = answer.headers.get("content-type")?.includes("json");
  return { ok: answer.ok, status: answer.status, data: json ? await answer.json() : null };
}
