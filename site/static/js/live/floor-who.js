// Who answers what is on the floor, as every screen says it (templates/webinars/_who.html).

/** Who answers what is on the floor. */
export function who(line, floor) {
  const names = (floor?.speakers ?? []).map((speaker) => speaker.name).filter(Boolean).join(", ");
  line.hidden = !names;
  if (line.lastChild.textContent !== names) line.lastChild.textContent = names;
}
