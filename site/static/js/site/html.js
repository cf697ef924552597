// The only door through which the server's HTML enters a page (passes Trusted Types: no string becomes HTML here).

/**
 * Fetch a page of our own and give one part of it, ready to be put in.
 * @param {string} url      an address of this site
 * @param {string} selector which part; the whole body's children when left out
 * @param {{method?: string, body?: FormData | URLSearchParams, signal?: AbortSignal, headers?: Record<string, string>}} options
 * @returns {Promise<DocumentFragment>}
 * @throws {Error} "network" when nothing came, "status 403" and so on when the server refused, "missing" when the part is not there
 */
export function fetchFragment(url, selector = "", { method = "GET", body, signal, headers = {} } = {}) {
  const address = new URL(url, location.href);
  if (address.origin !== location.origin) return Promise.reject(new Error("foreign"));
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    request.responseType = "document"; // parsed by the browser, scripts in it never run
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.onload = () => {
      if (request.status < 200 || request.status > 299) return reject(new Error(`status ${request.status}`));
      const source = selector ? request.response?.querySelectorAll(selector) : request.response?.body.childNodes;
      if (!source?.length) return reject(new Error("missing"));
      const fragment = document.createDocumentFragment();
      for (const node of source) fragment.append(document.importNode(node, true));
      resolve(fragment);
    };
    request.onerror = () => reject(new Error("network"));
    request.onabort = () => reject(new DOMException("aborted", "AbortError"));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(body);
  });
}
