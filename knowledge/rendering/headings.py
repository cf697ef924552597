"""Ids of headings, `## What was done {#done}`: minted once, kept for ever, hidden from the writer.

They are the anchors, and what translations, citations and search results hold on to; so they live in the source.
"""

import difflib
import re
from typing import NamedTuple

from knowledge.slugs import slugify

ATX = re.compile(r"^(#{1,6})(?:[ \t]+(.*?))?[ \t]*#*[ \t]*$")
# `## Title {#id}`; closing hashes may stand before or after the id.
GIVEN = re.compile(r"[ \t]*#*[ \t]*\{#([A-Za-z0-9][A-Za-z0-9-]{0,59})\}$")
SETEXT = re.compile(r"^(=+|-+)[ \t]*$")
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
LONGEST = 40


class Heading(NamedTuple):
    """Where a heading stands in the source (index of its line), what it says, and its id ("" if none)."""

    line: int
    marks: str
    title: str
    id: str


def mint_ids(source: str, language: str = "en") -> str:
    """The source with an id on every heading: those that are there stay, a repeated one gets a number."""
    lines = source.split("\n")
    headings = find_headings(lines)
    taken: set[str] = {heading.id for heading in headings if heading.id}
    seen: set[str] = set()
    for heading in headings:
        wanted = heading.id or slugify(heading.title, language, longest=LONGEST, fallback="section")
        name, count = wanted, 1
        while name in seen or (name in taken and name != heading.id):
            count += 1
            name = f"{wanted}-{count}"
        seen.add(name)
        lines[heading.line] = _line(heading, name)
    return "\n".join(lines)


def hide_ids(source: str) -> str:
    """The source as the writer sees it in the editor: without ids."""
    lines = source.split("\n")
    for heading in find_headings(lines):
        if heading.id:
            lines[heading.line] = _line(heading, "")
    return "\n".join(lines)


def carry_ids(source: str, before: str) -> str:
    """Gives the headings of an edited text the ids they had in the text it was edited from.

    A heading that kept its words keeps its id wherever it moved; one that was reworded keeps it when it still stands
    between the same neighbours. What is new stays without one, for mint_ids.
    """
    lines = source.split("\n")
    new = find_headings(lines)
    old = [heading for heading in find_headings(before.split("\n")) if heading.id]
    used = {heading.id for heading in new if heading.id}
    ids: dict[int, str] = {}

    def give(here: Heading, there: Heading) -> None:
        if not here.id and here.line not in ids and there.id not in used:
            ids[here.line] = there.id
            used.add(there.id)

    matcher = difflib.SequenceMatcher(None, [h.title for h in old], [h.title for h in new], autojunk=False)
    for verb, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if verb == "equal":
            for there, here in zip(old[old_from:old_to], new[new_from:new_to], strict=True):
                give(here, there)
    for here in new:
        for there in old:
            if here.title == there.title:
                give(here, there)
    for verb, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if verb == "replace" and old_to - old_from == new_to - new_from:
            for there, here in zip(old[old_from:old_to], new[new_from:new_to], strict=True):
                give(here, there)
    for heading in new:
        if heading.line in ids:
            lines[heading.line] = _line(heading, ids[heading.line])
    return "\n".join(lines)


def find_headings(lines: list[str]) -> list[Heading]:
    """The headings of a text, `#` and underlined ones, not looking into fenced code."""
    found: list[Heading] = []
    fence = ""
    for number, line in enumerate(lines):
        mark = FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif mark:
            fence = mark[1]
        elif atx := ATX.match(line):
            found.append(_heading(number, atx[1], atx[2] or ""))
        elif _underlined(lines, number):
            found.append(_heading(number, "", line.strip()))
    return found


def _underlined(lines: list[str], number: int) -> bool:
    """Whether this line is the only one of its block above a row of = or -."""
    line = lines[number]
    alone = number == 0 or not lines[number - 1].strip()
    below = lines[number + 1] if number + 1 < len(lines) else ""
    return bool(
        alone and line.strip() and "|" not in line and line[:1] not in " \t>-*+" and SETEXT.match(below)
    )


def _heading(number: int, marks: str, text: str) -> Heading:
    given = GIVEN.search(text)
    if given:
        return Heading(number, marks, text[: given.start()].rstrip(), given[1].lower())
    return Heading(number, marks, text, "")


def _line(heading: Heading, name: str) -> str:
    words = [heading.marks, heading.title, f"{{#{name}}}" if name else ""]
    return " ".join(word for word in words if word)
