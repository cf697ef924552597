"""Which short texts say the same: questions that several people ask in words of their own.

Pure and in memory: no database, no index. What two texts share are the words they are about, cut to their stems by
the very analysers the search uses; function words do not count. Texts are compared within one language only.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from knowledge.search.analysis import CYRILLIC_KEYS, analyse, base_language, is_latin, stem
from knowledge.search.analysis.function_words import function_words
from knowledge.search.analysis.latin import to_cyrillic

# Of the words two texts have, so many are shared (Dice), and at least two: one word is a subject, not a question.
ALIKE = 0.5
SHARED = 2


class Group(NamedTuple):
    """Texts that say the same, the oldest first, and the words they share as the oldest writes them."""

    ids: tuple[int, ...]
    words: tuple[str, ...]


@lru_cache(maxsize=20_000)
def essence(text: str, lang: str) -> MappingProxyType[str, str]:
    """What a text is about: stem → the word as it is written there."""
    base = base_language(lang)
    idle = function_words(base)
    found: dict[str, str] = {}
    for token in analyse(text, lang):
        if token.surface in idle or (len(token.surface) < 2 and not token.surface.isdigit()):
            continue
        term = token.term
        if (
            base in CYRILLIC_KEYS
            and is_latin(token.surface)
            and (readings := to_cyrillic(token.surface, base))
        ):
            if readings[0] in idle:
                continue
            term = stem(readings[0], base)
        found.setdefault(term, text[token.start : token.end])
    return MappingProxyType(found)


class Likeness:
    """A set of texts that changes, and who is near whom in it. One put costs what the texts with its words cost."""

    def __init__(self) -> None:
        self._texts: dict[int, tuple[str, MappingProxyType[str, str]]] = {}  # id → (base language, essence)
        self._having: defaultdict[tuple[str, str], set[int]] = defaultdict(set)  # (language, stem) → ids
        self._near: defaultdict[int, set[int]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._texts)

    def put(self, pk: int, text: str, lang: str) -> None:
        """Add a text, or say it anew."""
        base, about = base_language(lang), essence(text, lang)
        if self._texts.get(pk) == (base, about):
            return
        self.drop(pk)
        shared: defaultdict[int, int] = defaultdict(int)
        for term in about:
            for other in self._having[base, term]:
                shared[other] += 1
            self._having[base, term].add(pk)
        self._texts[pk] = base, about
        for other, common in shared.items():
            if _alike(common, len(about), len(self._texts[other][1])):
                self._near[pk].add(other)
                self._near[other].add(pk)

    def drop(self, pk: int) -> None:
        """Forget a text. Idempotent."""
        if pk not in self._texts:
            return
        base, about = self._texts.pop(pk)
        for term in about:
            self._having[base, term].discard(pk)
            if not self._having[base, term]:
                del self._having[base, term]
        for other in self._near.pop(pk, ()):
            self._near[other].discard(pk)

    def ids(self) -> set[int]:
        return set(self._texts)

    def groups(self) -> list[Group]:
        """Every text in at most one group: each begins with the oldest that is in none and takes all near it.

        Near the first, not near any: chains of small steps would end with texts that share nothing.
        """
        found, taken = [], set[int]()
        for pk in sorted(self._texts):
            if pk in taken:
                continue
            others = sorted(self._near.get(pk, set()) - taken)
            if others:
                taken |= {pk, *others}
                found.append(Group((pk, *others), self._words(pk, others)))
        return found

    def _words(self, first: int, others: Iterable[int]) -> tuple[str, ...]:
        theirs = set[str]().union(*(self._texts[pk][1] for pk in others))
        return tuple(word for term, word in self._texts[first][1].items() if term in theirs)


def _alike(common: int, one: int, other: int) -> bool:
    whole = common == one == other
    return whole or (common >= SHARED and 2 * common >= ALIKE * (one + other))
