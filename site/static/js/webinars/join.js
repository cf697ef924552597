// The join page alone: the reader's own time beside the webinar's, and their zone for the room. Works without.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
for (const field of document.querySelectorAll("input[name=zone]")) field.value = zone;
for (const place of document.querySelectorAll("[data-local]")) {
  const at = new Date(place.dataset.local);
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = new Intl.DateTimeFormat("en-CA", { day: "2-digit", month: "2-digit" });
  const there = place.dataset.day;
  if (day.format(at) === there && time.format(at) === place.dataset.hour) continue; // the same clock, said already
  const named = new Map(place.dataset.cities.split("|").map((pair) => pair.split("=")));
  const city = named.get(zone) ?? zone.split("/").pop().replaceAll("_", " ");
  place.querySelector("b").textContent = `${time.format(at)}, ${city}${day.format(at) === there ? "" : ` (${day.format(at).split("-").reverse().join(".")})`}`;
  place.hidden = false;
}
