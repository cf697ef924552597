"""The words of the trade in two languages: those of the site's own terms, and a glossary that comes with it.

What a text is about is found as the search finds it: by the stems of its words, so that an inflected form counts.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from knowledge.models import Term
from knowledge.search.analysis import analyse, base_language

FILE = Path(__file__).with_name("glossary.toml")
MOST = 8  # terms beside a text: more are no help


class Pair(NamedTuple):
    """A term as the text has it, and what it is called in the other language; `sure` where nobody doubts it."""

    here: str
    there: str
    sure: bool


class Entry(NamedTuple):
    """What one thing is called: language → its names, the usual one first."""

    names: Mapping[str, Sequence[str]]
    unsure: frozenset[str]


def terms_in(text: str, language: str, to: str) -> list[Pair]:
    """The terms in a text that have a name in the other language, in the order in which they stand there."""
    language, to = base_language(language), base_language(to)
    stems = tuple(token.term for token in analyse(text, language))
    found: dict[int, tuple[int, Pair]] = {}  # where it begins → how many words, and the term
    for entry in (*_terms(), *_glossary()):
        if to not in entry.names:
            continue
        for name in entry.names.get(language, ()):
            needle = _stems(name, language)
            at = _place(needle, stems)
            if at is not None and len(needle) > found.get(at, (0, None))[0]:
                sure = entry.unsure.isdisjoint((language, to))
                found[at] = len(needle), Pair(name, ", ".join(entry.names[to]), sure)
    longest, end = [], 0
    for at in sorted(found):
        if at >= end:  # not the words inside a longer term
            longest.append(found[at][1])
            end = at + found[at][0]
    return list({pair.here: pair for pair in longest}.values())[:MOST]


def _place(needle: Sequence[str], stems: Sequence[str]) -> int | None:
    size = len(needle)
    if not size:
        return None
    return next((at for at in range(len(stems) - size + 1) if tuple(stems[at : at + size]) == needle), None)


@lru_cache(maxsize=4096)
def _stems(name: str, language: str) -> tuple[str, ...]:
    return tuple(token.term for token in analyse(name, language))


@cache
def _glossary() -> tuple[Entry, ...]:
    rows = tomllib.loads(FILE.read_text())["term"]
    return tuple(
        Entry({k: v for k, v in row.items() if k != "unsure"}, frozenset(row.get("unsure", ())))
        for row in rows
    )


def _terms() -> Iterable[Entry]:
    for term in Term.objects.all():
        if term.names:
            yield Entry({base_language(code): [text] for code, text in term.names.texts.items()}, frozenset())
