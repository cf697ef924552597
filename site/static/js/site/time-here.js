// <time-here datetime="2026-12-10T08:00:00Z" zone="Asia/Ulaanbaatar">: an instant in the reader's own zone, named.
//
// The server's words (in the webinar's zone) stay until this runs, and for those without a script.
// format="full" (default)  Thursday 10 December, 11:00 · Tallinn
// format="time"            11:00            format="date"   Thursday 10 December
// format="zone"            Tallinn          format="until"  in 2 days
// in="Europe/Kyiv"         that zone instead of the reader's own
// from="Europe/Tallinn"    whose day "+1 day" is counted from (the reader's own unless said)
//
// "+1 day" stands behind a time whose day differs from the reader's. Words come from Intl; what a browser does
// not know (cities in the reader's language, all of Mongolian in Chromium) stands in <template id="time-words">.

const lang = document.documentElement.lang || "en";
const locale = lang === "en" ? "en-GB" : lang;
const intl = Intl.DateTimeFormat.supportedLocalesOf([locale]).length > 0;
const words = new Map();
for (const one of document.getElementById("time-words")?.content.querySelectorAll("data") ?? []) {
  words.set(one.value, one.textContent);
}

/** The zone the reader chose, else the browser's. */
export function zoneOf(reader = document.body?.dataset.zone) {
  return reader || Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** "Europe/Kyiv" → "Kyiv": the city a person would say, in the page's language where that is known. */
export function city(zone) {
  return words.get(zone) ?? zone.split("/").pop().replaceAll("_", " ");
}

/** Year, month (1–12), day and weekday (0 = Monday) of an instant in a zone. */
function calendar(instant, timeZone) {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  const midnight = new Date(format.format(instant)); // "2026-12-10" reads as UTC
  return { midnight, month: midnight.getUTCMonth() + 1, day: midnight.getUTCDate(), weekday: (midnight.getUTCDay() + 6) % 7 };
}

/** How many calendar days `instant` is later in `zone` than in `other`: -1, 0 or 1. */
export function daysApart(instant, zone, other) {
  return Math.round((calendar(instant, zone).midnight - calendar(instant, other).midnight) / 86_400_000);
}

/** "+1 day" in the page's language, or "" when the day is the same. */
export function dayShift(days) {
  if (!days) return "";
  const said = words.get("shift")?.split("|")[Math.abs(days) - 1] ?? "";
  return `${days > 0 ? "+" : "−"}${said || Math.abs(days)}`;
}

/** The nearest whole step: "in 2 days", "in 4 hours", "12 minutes ago". */
export function until(instant, now = new Date()) {
  const minutes = Math.round((instant - now) / 60_000);
  const size = Math.abs(minutes);
  const [count, unit] = size < 60 ? [minutes, "minute"] : size < 2880 ? [Math.round(minutes / 60), "hour"] : [Math.round(minutes / 1440), "day"];
  const own = words.get(`${unit} ${minutes < 0 ? "ago" : "in"}`);
  if (!intl && own) return own.replace("{n}", Math.abs(count));
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(count, unit);
}

function date(instant, timeZone) {
  if (!intl && words.has("dates")) {
    const { month, day, weekday } = calendar(instant, timeZone);
    return `${words.get("dates").split("|")[month - 1].replace("{day}", day)}, ${words.get("weekdays").split("|")[weekday]}`;
  }
  return new Intl.DateTimeFormat(locale, { timeZone, weekday: "long", day: "numeric", month: "long" }).format(instant);
}

export function say(instant, { format = "full", zone = zoneOf() } = {}) {
  const time = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (format === "time") return time.format(instant);
  if (format === "date") return date(instant, zone);
  if (format === "zone") return city(zone);
  if (format === "until") return until(instant);
  return `${date(instant, zone)}, ${time.format(instant)} · ${city(zone)}`;
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
    this.standOnce(zone);
    const shift = dayShift(daysApart(instant, zone, this.getAttribute("from") || zoneOf()));
    if (shift && format === "time") {
      const note = document.createElement("small");
      note.textContent = ` ${shift}`;
      this.append(note);
    }
  }

  /** Among the clocks of other cities the reader's own is left out: it stands above them already. */
  standOnce(zone) {
    const row = this.closest(".zones > div");
    if (!row || city(zone) !== city(zoneOf())) return; // a browser in Kyiv may still say "Europe/Kiev"
    row.hidden = true;
    row.parentElement.hidden = [...row.parentElement.children].every((one) => one.hidden);
  }
}

customElements.define("time-here", TimeHere);
