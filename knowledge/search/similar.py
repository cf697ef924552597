"""Words of the vocabulary that are spelled nearly like another one."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.models import SearchVocab

SHORTEST = 4  # below it, one letter off is another word
ANOTHER_FIRST_LETTER = 0.5  # people rarely mistype the first letter: it counts as half a mistake more


class Similar(NamedTuple):
    word: str
    stem: str
    df: int


class Shelf(NamedTuple):
    """Words of one length, the commonest first; twice, because rapidfuzz wants bare strings."""

    words: list[str]
    known: list[Similar]


Shelves = dict[int, Shelf]


def similar_words(word: str, languages: Iterable[str], *, version: str, limit: int) -> list[Similar]:
    """The nearest words by OSA distance (1 mistake below 6 letters, else 2), the commonest first.

    `version` is that of the index: what is remembered of the vocabulary is thrown away when it changes.
    """
    if len(word) < SHORTEST:
        return []
    mistakes = 1 if len(word) < 6 else 2
    found: list[tuple[float, int, Similar]] = []
    for lang in languages:
        shelves = _vocabulary(lang, version)
        for length in range(len(word) - mistakes, len(word) + mistakes + 1):
            shelf = shelves.get(length)
            if shelf is None:
                continue
            near = process.extract(word, shelf.words, scorer=OSA.distance, score_cutoff=mistakes, limit=8)
            for other, distance, place in near:
                far = distance + ANOTHER_FIRST_LETTER * (other[0] != word[0])
                found.append((far, -shelf.known[place].df, shelf.known[place]))
    found.sort()
    return [similar for far, _, similar in found if far <= found[0][0] + ANOTHER_FIRST_LETTER][:limit]


@lru_cache(maxsize=16)
def _vocabulary(lang: str, version: str) -> Shelves:
    shelves: Shelves = {}
    for row in SearchVocab.objects.filter(lang=lang).order_by("-df").values_list("word", "stem", "df"):
        shelf = shelves.setdefault(len(row[0]), Shelf([], []))
        shelf.words.append(row[0])
        shelf.known.append(Similar(*row))
    return shelves
