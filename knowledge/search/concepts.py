"""From the words of a query to concepts: for each word the stems that may stand for it, with weights.

The vocabulary of what is really in the index decides: a known word is taken at its word; one that is nowhere
is looked for by what it may be the beginning of, by its fold key (Latin letters for Cyrillic, no accents) and at
last by similar spelling. A word's own stem weighs 1, guesses less (measured on 3,000 queries in four languages).
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from knowledge.models import SearchState, SearchStem, SearchVocab
from knowledge.search import engine
from knowledge.search.analysis import CYRILLIC_KEYS, analyse, base_language, folds, is_latin
from knowledge.search.similar import similar_words

BEGINNINGS = 12  # words that the last one may be the beginning of
BEGINNING_OF_KNOWN, BEGINNING_OF_UNKNOWN, SAME_FOLD, SIMILAR, SIMILAR_TO_KNOWN_STEM = (
    0.35,
    0.75,
    0.8,
    0.7,
    0.6,
)
# Content in these scripts' languages is looked for with words of that script.
CYRILLIC = frozenset({"uk", "mn", "ru", "bg", "be", "kk", "ky", "sr", "mk", "tg", "uz"})


@dataclass
class Concept:
    """A word of the query and what it may be called in the index."""

    surface: str
    stems: dict[str, float]
    idf: float = 0.0
    corrected: str = ""  # the similar word that was taken instead, when the one typed is nowhere
    known: bool = False  # the word stands in the vocabulary as it is written
    stands: bool = False  # a form of it does
    languages: list[str] = field(default_factory=list)
    df: int = 0  # of its own stem; of the guesses when that is nowhere


def sequences(text: str, state: SearchState, languages: Collection[str]) -> list[list[str]]:
    """A phrase as sequences of stems, one for each language it may be in, without doubles."""
    read = [[token.term for token in analyse(text, lang)] for lang in _readings(text, state, languages)]
    return [list(terms) for terms in dict.fromkeys(map(tuple, read)) if terms]


def concepts(
    text: str, state: SearchState, languages: Collection[str], *, guess: bool = True
) -> list[Concept]:
    """The concepts of a query's words; without `guess` nothing but the words as typed."""
    found = _own_stems(text, state, languages)
    if not found:
        return []
    dfs = dict(
        SearchStem.objects.filter(stem__in={s for c in found for s in c.stems}).values_list("stem", "df")
    )
    for concept in found:
        concept.df = max(dfs.get(stem, 0) for stem in concept.stems)
        concept.stands = concept.df > 0
    if guess:
        _mark_known(found)
        _add_beginnings(found[-1])
        _add_same_fold([c for c in found if _is_guessable(c) and not c.known and not c.stands], languages)
        for concept in found:
            if _is_guessable(concept) and not concept.known:
                _add_similar(concept, state.version)
    for concept in found:
        concept.idf = _idf(concept, state)
    return found


def _idf(concept: Concept, state: SearchState) -> float:
    """Among the entries of the languages it may be in: with four of them in one index, N would be four times off."""
    entries = sum(state.languages.get(lang, [0, 0])[0] for lang in concept.languages)
    return math.log(1 + (max(entries - concept.df, 0) + 0.5) / (concept.df + 0.5))


def _own_stems(text: str, state: SearchState, languages: Collection[str]) -> list[Concept]:
    """Words cut the same way in every language; a word repeated is one concept."""
    found: dict[str, Concept] = {}
    for token in analyse(text, "und"):
        if token.surface not in found:
            readings = _readings(token.surface, state, languages)
            stems = {term.term: 1.0 for lang in readings for term in analyse(token.surface, lang)}
            found[token.surface] = Concept(token.surface, stems, languages=readings)
    return list(found.values())


def _readings(text: str, state: SearchState, languages: Collection[str]) -> list[str]:
    """The languages a text may be in, by its script: of those asked for, else of those there is content in."""
    have = dict.fromkeys(base_language(lang) for lang in (languages or state.languages))
    latin = is_latin("".join(filter(str.isalpha, text)))
    fitting = [lang for lang in have if (lang in CYRILLIC) != latin]
    return fitting or list(have) or ["und"]


def _is_guessable(concept: Concept) -> bool:
    return concept.surface.isalpha()


def _mark_known(found: Sequence[Concept]) -> None:
    languages = {lang for concept in found for lang in concept.languages}
    words = SearchVocab.objects.filter(word__in=[concept.surface for concept in found], lang__in=languages)
    pairs = set(words.values_list("word", "lang"))
    for concept in found:
        concept.known = any((concept.surface, lang) in pairs for lang in concept.languages)


def _add_beginnings(last: Concept) -> None:
    if len(last.surface) < 2 or not _is_guessable(last):
        return
    weight = BEGINNING_OF_KNOWN if last.known else BEGINNING_OF_UNKNOWN
    found = engine.words_beginning(last.surface, last.languages, limit=BEGINNINGS)
    _add(last, found, weight)


def _add_same_fold(unknown: Sequence[Concept], languages: Collection[str]) -> None:
    wanted: dict[str, list[Concept]] = {}
    for concept in unknown:
        bases = {*concept.languages, *(CYRILLIC_KEYS if is_latin(concept.surface) else ())}
        for base in bases & set(map(base_language, languages)) if languages else bases:
            for key in folds(concept.surface, base):
                wanted.setdefault(key, []).append(concept)
    if not wanted:
        return
    rows = SearchVocab.objects.filter(fold__in=wanted).order_by("-df").values_list("fold", "stem", "df")
    for key, stem, df in rows[:200]:
        for concept in wanted[key]:
            if len(concept.stems) < 12:
                _add(concept, [(stem, df)], SAME_FOLD)


def _add_similar(concept: Concept, version: str) -> None:
    """Spelling. A word whose stem is known is most likely a form not seen yet: similar ones count a little less."""
    if concept.stands:
        similar = similar_words(concept.surface, concept.languages, version=version, limit=2)
        _add(concept, [(word.stem, word.df) for word in similar], SIMILAR_TO_KNOWN_STEM)
    elif SAME_FOLD not in concept.stems.values():
        similar = similar_words(concept.surface, concept.languages, version=version, limit=3)
        if similar and BEGINNING_OF_UNKNOWN not in concept.stems.values():
            concept.corrected = similar[0].word
        _add(concept, [(word.stem, word.df) for word in similar], SIMILAR)


def _add(concept: Concept, found: Sequence[tuple[str, int]], weight: float) -> None:
    for stem, df in found:
        concept.stems.setdefault(stem, weight)
        if not concept.stands:
            concept.df += df
