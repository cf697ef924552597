"""Estonian: dictionary form, then Snowball, which also handles what no dictionary has (vebinar)."""

import snowballstemmer

from knowledge.search.analysis.lemmas import lemma

_snowball = snowballstemmer.stemmer("estonian")


def stem(word: str) -> str:
    return light(lemma(word, "et"))


def light(word: str) -> str:
    """The stem without the dictionary: what fold keys are made of."""
    return str(_snowball.stemWord(word)) or word
