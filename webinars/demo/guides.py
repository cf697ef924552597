"""Reads the guides: Markdown with a few facts on top, one file for each language, one folder for each kind."""

from __future__ import annotations

import re
from pathlib import Path

from knowledge.headed import Wrong, read_headed
from webinars.demo.shapes import Edition, Guide, GuideKind

# The parts of a lesson. How-tos and pages choose their own.
SECTIONS = ("context", "done", "groups", "partners", "cost", "results", "hard", "why", "elsewhere")
# Lessons lie in lessons/ and are called L01 and so on; the letter tells whoever cites a key what it is.
LETTERS: dict[GuideKind, str] = {"lesson": "L", "howto": "H", "page": "P"}

_NAME = re.compile(r"(?P<key>(?P<letter>[A-Z])\d\d)\.(?P<lang>[a-z]{2})\.md")
_HEADING = re.compile(r"^## .+ \{#([a-z]+)\}$", re.MULTILINE)
_CITED = re.compile(r"\[@([A-Z]{2}-\d\d)\]")
_LINK = re.compile(r"\[([^\]]+)\]\((?:lesson|howto|page):([A-Z]\d\d)\)")
# What stands on top of every file, and what is said once, in the original only.
_EVERYWHERE = {"title", "summary"}
_ONCE = {"countries", "period_from", "period_to", "topics", "sources"}
_ONCE_IF_ANY = {"target_groups", "partners", "related"}


def read_guides(folder: Path) -> dict[str, Guide]:
    """Every guide by its key, lessons first. The file with the facts is the original; the others name it."""
    kinds: dict[str, GuideKind] = {}
    heads: dict[str, dict[str, dict[str, str]]] = {}
    editions: dict[str, dict[str, Edition]] = {}
    for kind, letter in LETTERS.items():
        for path in sorted((folder / f"{kind}s").glob("*.md")):
            name = _NAME.fullmatch(path.name)
            if name is None or name["letter"] != letter:
                raise Wrong(f"{path.name}: a {kind}'s file is called {letter}01.en.md")
            head, body = _split(path)
            edition = Edition(name["lang"], head["title"], head["summary"], body, head.get("translated_from"))
            kinds[name["key"]] = kind
            heads.setdefault(name["key"], {})[edition.lang] = head
            editions.setdefault(name["key"], {})[edition.lang] = edition
    return {key: _guide(key, kind, heads[key], editions[key]) for key, kind in kinds.items()}


def section_ids(body: str) -> tuple[str, ...]:
    """The ids of the body's headings, in order."""
    return tuple(_HEADING.findall(body))


def cited(body: str) -> set[str]:
    """The keys of the sources the body cites."""
    return set(_CITED.findall(body))


def linked(body: str) -> set[str]:
    """The keys of the guides the body leads to."""
    return {key for _, key in _LINK.findall(body)}


def link(body: str, addresses: dict[str, str]) -> str:
    """The body with `lesson:L01` replaced by its address; a guide without one becomes plain words."""

    def address(found: re.Match[str]) -> str:
        words, key = found.groups()
        return f"[{words}]({addresses[key]})" if key in addresses else words

    return _LINK.sub(address, body)


def _split(path: Path) -> tuple[dict[str, str], str]:
    facts, body = read_headed(path)
    translated = "translated_from" in facts
    needed = _EVERYWHERE | ({"translated_from"} if translated else _ONCE)
    allowed = needed if translated else needed | _ONCE_IF_ANY
    if wrong := (needed - set(facts)) | (set(facts) - allowed):
        raise Wrong(f"{path.name}: missing, misspelt or out of place: {', '.join(sorted(wrong))}")
    return facts, body


def _guide(
    key: str, kind: GuideKind, heads: dict[str, dict[str, str]], editions: dict[str, Edition]
) -> Guide:
    originals = [lang for lang, edition in editions.items() if edition.translated_from is None]
    if len(originals) != 1:
        raise Wrong(f"{key}: exactly one language is the original, not {originals}")
    facts = heads[originals[0]]
    return Guide(
        key=key,
        kind=kind,
        original=originals[0],
        countries=_keys(facts["countries"]),
        period_from=int(facts["period_from"]),
        period_to=int(facts["period_to"]),
        topics=_keys(facts["topics"]),
        target_groups=_keys(facts.get("target_groups", "")),
        partners=_keys(facts.get("partners", "")),
        sources=_keys(facts["sources"]),
        related=_keys(facts.get("related", "")),
        editions=editions,
    )


def _keys(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())
