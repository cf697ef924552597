// <time-here datetime="2026-12-10T08:00:00Z" zone="Asia/Ulaanbaatar">: an instant in the reader's own zone, named.
//
// The server's words (in the webinar's zone) stay until this runs, and for those without a script.
// format="full" (default)  Thursday 10 December, 11:00 · Tallinn
// format="time"            11:00            format="date"   Thursday 10 December
// format="zone"            Tallinn          format="until"  in 2 days
// in="Europe/Kyiv"         that zone instead of the reader's own
// from="Europe/Tallinn"    whose day "+1 day" is counted from (the reader's own unless said)
//
// "+1 day" stands behind a time whose day differs from the reader's; its words come from Intl, so no
// interface words live here.

const locale = document.documentElement.lang || "en";
const mine = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

export function zoneOf(reader = document.documentElement.dataset.zone) {
  return reader || mine;
}

/** "Europe/Kyiv" → "Kyiv": the city a person would say. Intl's own names are of zones, not of places. */
export function city(zone) {
  return zone.split("/").pop().replaceAll("_", " ");
}

/** How many calendar days `instant` is later in `zone` than in `other`: -1, 0 or 1. */
export function daysApart(instant, zone, other) {
  const day = (timeZone) =>
    Date.parse(new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(instant));
  return Math.round((day(zone) - day(other)) / 86_400_000);
}

/** "+1 day" in the page's language, or "" when the day is the same. */
export function dayShift(days, language = locale) {
  if (!days) return "";
  return new Intl.NumberFormat(language, { style: "unit", unit: "day", unitDisplay: "long", signDisplay: "always" }).format(days);
}

/** The nearest whole step: "in 2 days", "in 4 hours", "12 minutes ago". */
export function until(instant, now = new Date(), language = locale) {
  const minutes = Math.round((instant - now) / 60_000);
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  if (Math.abs(minutes) < 60) return format.format(minutes, "minute");
  if (Math.abs(minutes) < 48 * 60) return format.format(Math.round(minutes / 60), "hour");
  return format.format(Math.round(minutes / 1440), "day");
}

export function say(instant, { format = "full", zone = zoneOf(), language = locale } = {}) {
  const time = new Intl.DateTimeFormat(language, { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const date = new Intl.DateTimeFormat(language, { timeZone: zone, weekday: "long", day: "numeric", month: "long" });
  if (format === "time") return time.format(instant);
  if (format === "date") return date.format(instant);
  if (format === "zone") return city(zone);
  if (format === "until") return until(instant, new Date(), language);
  return `${date.format(instant)}, ${time.format(instant)} · ${city(zone)}`;
}

class TimeHere extends HTMLElement {
  connectedCallback() {
    const instant = new Date(this.getAttribute("datetime"));
    if (Number.isNaN(instant.getTime())) return; // the server's words stay
    const format = this.getAttribute("format") || "full";
    const zone = this.getAttribute("in") || zoneOf();
    const time = document.createElement("time");
    time.dateTime = instant.toISOString();
    time.className = "num";
    const server = this.textContent.trim();
    if (server && format !== "until") this.title = server; // the webinar's own time stays within reach
    try {
      time.textContent = say(instant, { format, zone });
    } catch {
      return; // an unknown zone: the server's words stay
    }
    this.replaceChildren(time);
    const shift = dayShift(daysApart(instant, zone, this.getAttribute("from") || zoneOf()));
    if (shift && format === "time") {
      const note = document.createElement("small");
      note.textContent = ` ${shift}`;
      this.append(note);
    }
  }
}

customElements.define("time-here", TimeHere);
