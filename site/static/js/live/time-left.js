// The time a speaker has: until the running item's planned end, else until the start or the end of the webinar.

const MINUTE = 60_000;
const SOON = new Set(["scheduled", "lobby"]);
const RUNNING = new Set(["lobby", "live", "hold", "wrap_up"]);

/**
 * What the time counts down to (views/prompter.py says the same).
 * @param {any} webinar the header of the wire
 * @param {{minutes: Record<number, number>, starts: number | null, lasts: number}} plan
 * @returns {{what: "item" | "start" | "end" | "", at?: number}} `at` in ms
 */
export function untilOf(webinar, { minutes, starts, lasts }) {
  const [, begun] = (webinar.agenda ?? []).find(([item]) => item === webinar.agenda_now) ?? [];
  if (begun && minutes[webinar.agenda_now]) return { what: "item", at: begun + minutes[webinar.agenda_now] * MINUTE };
  if (SOON.has(webinar.state) && starts) return { what: "start", at: starts };
  if (RUNNING.has(webinar.state) && starts) return { what: "end", at: (webinar.since ?? starts) + lasts * MINUTE };
  return { what: "" };
}

/** 754_000 → "12:34", 3_754_000 → "1:02:34"; whatever the sign. */
export function span(ms) {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const two = (n) => String(n).padStart(2, "0");
  const [hour, minute, second] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return hour ? `${hour}:${two(minute)}:${two(second)}` : `${minute}:${two(second)}`;
}
