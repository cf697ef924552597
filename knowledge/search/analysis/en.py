"""English: dictionary form, then Snowball, which also handles the words no dictionary has."""

import snowballstemmer

from knowledge.search.analysis.lemmas import lemma

_snowball = snowballstemmer.stemmer("english")


def stem(word: str) -> str:
    return light(lemma(word, "en"))


def light(word: str) -> str:
    """The stem without the dictionary: what fold keys are made of."""
    return str(_snowball.stemWord(word)) or word
