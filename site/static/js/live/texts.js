// Words in their languages: which of the texts that exist is shown, and how it is put on the page.

/** The language of `texts` that a reader of `want` reads (mn also finds mn-Mong). */
function found(codes, want) {
  return codes.find((code) => code === want) ?? codes.find((code) => code.split("-")[0] === want.split("-")[0]);
}

/** The text in the first language the reader reads, else the first there is. @returns {[string, string]} language, text */
export function best(texts, reads) {
  const codes = Object.keys(texts);
  const code = reads.map((want) => found(codes, want)).find(Boolean) ?? codes[0];
  return code ? [code, texts[code]] : ["", ""];
}

/**
 * As many texts as languages are asked for: in them where they exist, the original for one that does not.
 * @param {Record<string, string>} texts the original first @param {string[]} wanted @returns {[string, string][]}
 */
export function beside(texts, wanted) {
  const codes = Object.keys(texts);
  const chosen = new Set([...wanted.map((want) => found(codes, want)).filter(Boolean), ...codes.slice(0, 1)]);
  return [...chosen].slice(0, wanted.length).map((code) => [code, texts[code]]);
}

/** The texts of a question by language, the original first. From afar nobody sees a small mark: no stale ones. */
export function textsOf(row) {
  return named(row, "text", ([, made]) => !made.stale);
}

function named(row, field, wanted = () => true) {
  const made = Object.entries(row.texts ?? {}).filter(([, one]) => !one.waits).filter(wanted);
  return { [row.lang]: "", ...Object.fromEntries(made.map(([code, one]) => [code, one.text])), [row.lang]: row[field] ?? "" };
}

/**
 * What one reader is shown of a row, or of an answer (field "gist"); webinars/live/texts.py says the same.
 * @returns {{lang: string, text: string, by: string, stale: boolean}} by is "" where these are the words themselves
 */
export function shownOf(row, reads, field = "text") {
  const [lang, text] = best(named(row, field), reads);
  const made = lang === row.lang ? {} : (row.texts?.[lang] ?? {});
  return { lang, text, by: made.by ?? "", stale: Boolean(made.stale) };
}

/** Fill the line under words that are a rendition (templates/webinars/_translated.html), or take it away. */
export function drawTranslated(line, said, row, field, { words, languageName }) {
  if (!line) return;
  if (!said.by) return line.remove();
  line.querySelector("[data-is=by]").textContent = words.say(`by_${said.by}`);
  line.querySelector("[data-is=stale]").hidden = !said.stale;
  write(line.querySelector("[data-is=language]"), languageName(row.lang), row.lang);
  write(line.querySelector(".q-original"), row[field], row.lang);
}

/** Words in their own language. dir=auto lets the browser see which way they run. */
export function write(element, text, language) {
  element.textContent = text;
  if (language) element.lang = language;
  else element.removeAttribute("lang");
}

/** A country's name: from the page's own list (no browser's speaks Mongolian), else as the browser knows it. */
export function countryOf(code, known) {
  if (!code) return "";
  try {
    return known[code] ?? new Intl.DisplayNames(document.documentElement.lang, { type: "region" }).of(code);
  } catch {
    return code;
  }
}
