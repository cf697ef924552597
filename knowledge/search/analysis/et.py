"""Estonian: dictionary form, then Snowball, which also handles what no dictionary has (vebinar)."""

import snowballstemmer

from knowledge.search.analysis.lemmas import lemma

_snowball = snowballstemmer.stemmer("estonian")
_VOWELS = "aeiouõäöü"


def stem(word: str) -> str:
    return light(lemma(word, "et"))


def light(word: str) -> str:
    """The stem without the dictionary: what fold keys are made of.

    Snowball leaves the vowel of the genitive on words the dictionary lacks (vebinari); the nominative has none.
    """
    found = str(_snowball.stemWord(word)) or word
    if len(found) > 5 and found[-1] in "aeiu" and found[-2] not in _VOWELS:
        return found[:-1]
    return found
