// Markdown by button: pure functions from a text and a selection to a text and a selection.

/** @typedef {{text: string, start: number, end: number}} Selected */

/** Puts marks round the selection, or takes them off again. @returns {Selected} */
export function around({ text, start, end }, mark) {
  const inside = text.slice(start, end);
  if (text.slice(start - mark.length, start) === mark && text.slice(end, end + mark.length) === mark) {
    const bare = text.slice(0, start - mark.length) + inside + text.slice(end + mark.length);
    return { text: bare, start: start - mark.length, end: end - mark.length };
  }
  return { text: text.slice(0, start) + mark + inside + mark + text.slice(end), start: start + mark.length, end: end + mark.length };
}

/** Begins every selected line with the mark, or takes it off when all have it. @returns {Selected} */
export function before({ text, start, end }, mark) {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const newline = text.indexOf("\n", Math.max(end - 1, start));
  const to = newline < 0 ? text.length : newline;
  const lines = text.slice(from, to).split("\n");
  const marked = lines.every((line) => line.startsWith(mark));
  const changed = lines.map((line) => (marked ? line.slice(mark.length) : mark + line)).join("\n");
  const shift = marked ? -mark.length : mark.length;
  return {
    text: text.slice(0, from) + changed + text.slice(to),
    start: Math.max(from, start + shift),
    end: end + changed.length - (to - from),
  };
}

/** Makes the selection a link and selects where the address goes. @returns {Selected} */
export function link({ text, start, end }) {
  const words = text.slice(start, end);
  const open = text.slice(0, start) + `[${words}](`;
  const address = "https://";
  return { text: `${open}${address})${text.slice(end)}`, start: open.length, end: open.length + address.length };
}

/** Cites a source behind the selection. @returns {Selected} */
export function cite({ text, end }, key) {
  const space = end > 0 && !/\s/.test(text[end - 1]) ? " " : "";
  const mark = `${space}[@${key}]`;
  return { text: text.slice(0, end) + mark + text.slice(end), start: end + mark.length, end: end + mark.length };
}

/** Where the heading with these words begins, or -1. */
export function headingAt(text, title) {
  const wanted = title.trim();
  let at = 0;
  for (const line of text.split("\n")) {
    const found = /^#{1,6}\s+(.*?)\s*#*\s*(\{#[^}]*\})?\s*$/.exec(line);
    if (found && found[1].replace(/[*_`]/g, "") === wanted.replace(/[*_`]/g, "")) return at;
    at += line.length + 1;
  }
  return -1;
}
