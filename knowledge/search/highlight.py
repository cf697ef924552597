"""Where the words of a query stand in a text, in whatever form they are written there."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from knowledge.search.analysis import analyse
from knowledge.search.concepts import Concept

WIDTH = 240  # characters of a snippet
READ = 20_000  # characters of a text that are looked through for the best place
WEAK = 0.15  # words that weigh less than this share of the heaviest found ("in", "the") are not marked


class Part(NamedTuple):
    text: str
    marked: bool


class _Place(NamedTuple):
    start: int
    end: int
    concept: int


def marked(text: str, lang: str, concepts: Sequence[Concept]) -> list[Part]:
    """The whole text with the words of the query marked."""
    return _parts(text, _places(text, lang, concepts), 0, len(text))


def snippet(text: str, lang: str, concepts: Sequence[Concept], *, width: int = WIDTH) -> list[Part]:
    """The stretch of the text that holds most of the query, cut at words, with its words marked."""
    text = text[:READ]
    places = _places(text, lang, concepts)
    start = _best_start(places, concepts, width)
    first = _sentence_start(text, start, width) if places else 0
    last = min(len(text), first + width)
    while last < len(text) and text[last].isalnum():
        last += 1
    parts = _parts(text, [p for p in places if first <= p.start and p.end <= last], first, last)
    before = [Part("… ", False)] if first else []
    after = [Part(" …", False)] if last < len(text) else []
    return [*before, *parts, *after]


def _places(text: str, lang: str, concepts: Sequence[Concept]) -> list[_Place]:
    heaviest = max((concept.idf for concept in concepts if concept.df), default=0.0)
    wanted: Mapping[str, int] = {
        stem: number
        for number, concept in reversed(list(enumerate(concepts)))
        if concept.idf >= WEAK * heaviest
        for stem in concept.stems
    }
    if not wanted:
        return []
    tokens = analyse(text, lang)
    return [_Place(t.start, t.end, wanted[t.term]) for t in tokens if t.term in wanted]


def _best_start(places: Sequence[_Place], concepts: Sequence[Concept], width: int) -> int:
    """Where the window begins that covers the heaviest set of different words; the first of equals."""
    best, best_weight = 0, -1.0
    for i, place in enumerate(places):
        inside = [p.concept for p in places[i : i + 30] if p.end - place.start <= width]
        weight = sum(concepts[c].idf for c in set(inside)) + 0.01 * len(inside)
        if weight > best_weight:
            best, best_weight = place.start, weight
    return best


def _sentence_start(text: str, at: int, width: int) -> int:
    """Back to the beginning of the sentence if it is near, else some words back."""
    earliest = max(0, at - width // 3)
    stop = max(text.rfind(mark, earliest, at) for mark in (". ", "! ", "? ", "\n"))
    if stop >= 0:
        return stop + (1 if text[stop] == "\n" else 2)
    if earliest == 0:
        return 0
    space = text.find(" ", earliest, at)
    return space + 1 if space >= 0 else at


def _parts(text: str, places: Sequence[_Place], first: int, last: int) -> list[Part]:
    """Marked words that only a space separates are one mark: a reader sees a phrase."""
    parts: list[Part] = []
    at = first
    for place in places:
        between = text[at : place.start]
        if parts and parts[-1].marked and between == " ":
            parts[-1] = Part(parts[-1].text + text[at : place.end], True)
        else:
            if between:
                parts.append(Part(between, False))
            parts.append(Part(text[place.start : place.end], True))
        at = place.end
    if at < last:
        parts.append(Part(text[at:last], False))
    return parts
