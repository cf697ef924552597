"""Reads the lessons: Markdown with a few facts on top, one file for each language."""

from __future__ import annotations

import re
from pathlib import Path

from webinars.demo.rows import Wrong
from webinars.demo.shapes import Edition, Lesson

SECTIONS = ("context", "done", "groups", "partners", "cost", "results", "hard", "why", "elsewhere")

_NAME = re.compile(r"(?P<key>L\d\d)\.(?P<lang>[a-z]{2})\.md")
_HEADING = re.compile(r"^## .+ \{#([a-z]+)\}$", re.MULTILINE)
_CITED = re.compile(r"\[@([A-Z]{2}-\d\d)\]")
_LINK = re.compile(r"\[([^\]]+)\]\(lesson:(L\d\d)\)")


def read_lessons(folder: Path) -> dict[str, Lesson]:
    """Every lesson by its key. The file with the facts is the original; the others name it."""
    heads: dict[str, dict[str, dict[str, str]]] = {}
    editions: dict[str, dict[str, Edition]] = {}
    for path in sorted(folder.glob("*.md")):
        name = _NAME.fullmatch(path.name)
        if name is None:
            raise Wrong(f"{path.name}: a lesson's file is called L01.en.md")
        head, body = _split(path)
        edition = Edition(name["lang"], head["title"], head["summary"], body, head.get("translated_from"))
        heads.setdefault(name["key"], {})[edition.lang] = head
        editions.setdefault(name["key"], {})[edition.lang] = edition
    return {key: _lesson(key, heads[key], editions[key]) for key in editions}


def section_ids(body: str) -> tuple[str, ...]:
    """The ids of the body's headings, in order."""
    return tuple(_HEADING.findall(body))


def cited(body: str) -> set[str]:
    """The keys of the sources the body cites."""
    return set(_CITED.findall(body))


def link(body: str, addresses: dict[str, str]) -> str:
    """The body with `lesson:L01` replaced by its address; a lesson without one becomes plain words."""

    def address(found: re.Match[str]) -> str:
        words, key = found.groups()
        return f"[{words}]({addresses[key]})" if key in addresses else words

    return _LINK.sub(address, body)


def _split(path: Path) -> tuple[dict[str, str], str]:
    opening, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    if opening:
        raise Wrong(f"{path.name}: begins with something else than ---")
    facts: dict[str, str] = {}
    for line in head.splitlines():
        field, colon, value = line.partition(": ")
        if not colon or not value.strip():
            raise Wrong(f"{path.name}: not a fact: {line}")
        facts[field] = value.strip()
    return facts, body.strip() + "\n"


def _lesson(key: str, heads: dict[str, dict[str, str]], editions: dict[str, Edition]) -> Lesson:
    originals = [lang for lang, edition in editions.items() if edition.translated_from is None]
    if len(originals) != 1:
        raise Wrong(f"{key}: exactly one language is the original, not {originals}")
    facts = heads[originals[0]]
    return Lesson(
        key=key,
        original=originals[0],
        country=facts["country"],
        period_from=int(facts["period_from"]),
        period_to=int(facts["period_to"]),
        topics=_keys(facts["topics"]),
        target_groups=_keys(facts["target_groups"]),
        partners=_keys(facts["partners"]),
        sources=_keys(facts["sources"]),
        related=_keys(facts["related"]),
        editions=editions,
    )


def _keys(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(","))
