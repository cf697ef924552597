"""From a text to the terms it is found by: one function for the index and the query, so they cannot differ."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from knowledge.search.analysis import en, et, mn, other, uk
from knowledge.search.analysis.latin import romanised_key, to_cyrillic, without_accents
from knowledge.search.analysis.words import normalise, words

# Goes up with every change of a stemmer or of the normalisation; `reindex` rebuilds entries of another version.
VERSION = 1
CYRILLIC_KEYS = ("uk", "mn")  # languages people also type in Latin letters

_STEM: dict[str, Callable[[str], str]] = {"en": en.stem, "et": et.stem, "uk": uk.stem, "mn": mn.stem}
_LIGHT: dict[str, Callable[[str], str]] = {"en": en.light, "et": et.light, "uk": uk.light, "mn": mn.light}


class Token(NamedTuple):
    """A word in a text: the term it is indexed under, where it stands, and how it is written (normalised)."""

    term: str
    start: int
    end: int
    surface: str


def analyse(text: str, lang: str) -> list[Token]:
    """The tokens of a text in a language (BCP 47). Terms are letters and digits only, and never empty."""
    base = base_language(lang)
    tokens = []
    for word in words(text):
        surface = normalise(word[0])
        if surface:
            tokens.append(Token(stem(surface, base), word.start(), word.end(), surface))
    return tokens


def base_language(lang: str) -> str:
    """mn-Mong-MN → mn."""
    return lang.lower().partition("-")[0]


@lru_cache(maxsize=65_536)
def stem(word: str, base: str) -> str:
    """The term of one normalised word. Remembered: texts use the same few thousand words again and again."""
    if not word.isalpha():
        return word  # years, numbers, e5: exact or not at all
    stemmer = _STEM.get(base)
    return (stemmer(word) if stemmer else other.stem(word, base)) or word


@lru_cache(maxsize=65_536)
def fold(word: str, base: str) -> str:
    """The key where differently typed forms of a word meet: Latin for Cyrillic, no accents, merged letters."""
    return folds(word, base)[0]


def folds(word: str, base: str) -> list[str]:
    """Every key a word of a query may be looked for under; a word in its own script has only one."""
    if base in CYRILLIC_KEYS:
        readings = to_cyrillic(word, base) if is_latin(word) else [word]
        keys = [f"{base}:{romanised_key(_LIGHT[base](reading), base)}" for reading in readings]
        return list(dict.fromkeys(keys))
    bare = without_accents(word)
    light = _LIGHT.get(base)
    return [f"{base}:{light(bare) if light else other.stem(bare, base)}"]


def is_latin(word: str) -> bool:
    """Whether the word is written in Latin letters (with or without marks)."""
    return without_accents(word).isascii()


__all__ = ["VERSION", "Token", "analyse", "base_language", "fold", "folds", "is_latin", "normalise", "stem"]
