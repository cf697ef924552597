"""Writing the index: what is found under a key is replaced as a whole, in one short transaction.

Analysis happens before the transaction. Only texts of the scope "public" are counted in the vocabulary, and
what goes is counted out of it again, so nobody learns a word from a suggestion that they may not read.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection

from accounts.writing import writing
from knowledge.models import SearchEntry, SearchState
from knowledge.search.analysis import VERSION, analyse, base_language, fold, normalise, stem
from knowledge.search.analysis.words import words
from knowledge.search.filters import joined

LONGEST_WORD = 40  # letters; longer ones are found, but never suggested
LONGEST_TEXT = 100_000  # characters of one entry that are indexed: sections are a hundredth of it


@dataclass(frozen=True)
class Entry:
    """One findable text. `anchor` is the section's id, "" for the whole; `url` has no language in front."""

    content_type: str
    object_id: int
    lang: str
    kind: str
    title: str
    text: str
    url: str
    anchor: str = ""
    heading: str = ""
    keywords: str = ""  # found like words of the title, never shown: names of topics
    countries: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    scope: str = "public"
    published_at: datetime | None = None
    quality: float = 0.0


@dataclass(frozen=True)
class Analysed:
    """An entry ready to be stored, and the words and stems that it counts for in the vocabulary."""

    row: SearchEntry
    words: frozenset[tuple[str, str]]  # (language, word)
    stems: frozenset[str]


@dataclass(frozen=True)
class _Changes:
    """By how much the vocabulary moves, in the order of the rows, as parameters of the statements."""

    words_more: list[tuple[str, str, str, str, int]]  # language, word, stem, fold key, by
    words_less: list[tuple[int, str, str]]
    stems_more: list[tuple[str, int]]
    stems_less: list[tuple[int, str]]


def analyse_entries(key: str, entries: Iterable[Entry]) -> list[Analysed]:
    """Slow (1-3 thousand entries a second): never call it inside a transaction."""
    return [_analysed(key, entry) for entry in entries]


def replace_entries(key: str, entries: Iterable[Entry]) -> bool:
    """From now on exactly these entries are found under the key. Returns whether anything had to be written.

    A key names what the entries are parts of: "guide:12:en", "question:99". Call it after the deed's commit.
    """
    entries = list(entries)
    hashes = sorted(map(_hash, entries))
    # Before the slow part: publishing one language of a guide names the others, too, and they are as they were.
    if sorted(SearchEntry.objects.filter(parent=key).values_list("source_hash", flat=True)) == hashes:
        return False
    analysed = analyse_entries(key, entries)
    while True:
        old = list(SearchEntry.objects.filter(parent=key))
        if sorted(row.source_hash for row in old) == hashes:
            return False
        changes = _changes(old, analysed)
        with writing():
            state = _locked_state()
            # Somebody may have written between our reading and our lock; then what we counted is wrong.
            if set(SearchEntry.objects.filter(parent=key).values_list("id", flat=True)) == {
                row.id for row in old
            }:
                _write(key, old, analysed, changes, state)
                return True


def remove_entries(key: str) -> bool:
    """Nothing is found under the key any more."""
    return replace_entries(key, [])


def _analysed(key: str, entry: Entry) -> Analysed:
    text = entry.text[:LONGEST_TEXT]
    title = analyse(f"{entry.title}\n{entry.heading}", entry.lang)
    keywords = analyse(entry.keywords, entry.lang)
    body = analyse(text, entry.lang)
    terms_title = [token.term for token in (*title, *keywords)]
    row = SearchEntry(
        parent=key,
        anchor=entry.anchor,
        content_type=entry.content_type,
        object_id=entry.object_id,
        lang=entry.lang,
        kind=entry.kind,
        countries=joined(entry.countries),
        topics=joined(entry.topics),
        scope=entry.scope,
        published_at=entry.published_at,
        quality=entry.quality,
        title=entry.title,
        heading=entry.heading,
        plain=text,
        url=entry.url,
        terms_title=" ".join(terms_title),
        terms_body=" ".join(token.term for token in body),
        words_title=" ".join(token.surface for token in (*title, *keywords)),
        n_terms=len(body),
        source_hash=_hash(entry),
        analyser_version=VERSION,
    )
    return Analysed(row, *_counted(row))


def _hash(entry: Entry) -> str:
    """Changes when the entry does, or what is made of it."""
    return hashlib.sha256(repr((VERSION, asdict(entry))).encode()).hexdigest()


def _counted(row: SearchEntry) -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """What an entry stands for in the vocabulary: nothing, unless everybody may read it."""
    if row.scope != "public":
        return frozenset(), frozenset()
    base = base_language(row.lang)
    found = {*row.words_title.split(), *(normalise(word[0]) for word in words(row.plain))}
    suggestible = {(base, word) for word in found if 1 < len(word) <= LONGEST_WORD and not word.isdigit()}
    return frozenset(suggestible), frozenset(row.terms_title.split()) | frozenset(row.terms_body.split())


def _changes(old: Sequence[SearchEntry], new: Sequence[Analysed]) -> _Changes:
    word_counts: Counter[tuple[str, str]] = Counter()
    stem_counts: Counter[str] = Counter()
    for one in new:
        word_counts.update(one.words)
        stem_counts.update(one.stems)
    for row in old:
        gone_words, gone_stems = _counted(row)
        word_counts.subtract(gone_words)
        stem_counts.subtract(gone_stems)
    moved_words = [(lang, word, n) for (lang, word), n in sorted(word_counts.items()) if n]
    moved_stems = [(term, n) for term, n in sorted(stem_counts.items()) if n]
    return _Changes(
        words_more=[(lang, w, stem(w, lang), fold(w, lang), n) for lang, w, n in moved_words if n > 0],
        words_less=[(-n, lang, word) for lang, word, n in moved_words if n < 0],
        stems_more=[(term, n) for term, n in moved_stems if n > 0],
        stems_less=[(-n, term) for term, n in moved_stems if n < 0],
    )


def _locked_state() -> SearchState:
    """Writers of the index follow one another: counts are read, changed and written back."""
    SearchState.objects.bulk_create([SearchState(pk=1)], ignore_conflicts=True)
    return SearchState.objects.select_for_update().get(pk=1)


def _write(
    key: str, old: Sequence[SearchEntry], new: Sequence[Analysed], changes: _Changes, state: SearchState
) -> None:
    SearchEntry.objects.filter(id__in=[row.id for row in old]).delete()
    SearchEntry.objects.bulk_create([one.row for one in new])
    _count(changes)
    entries = Counter({lang: numbers[0] for lang, numbers in state.languages.items()})
    terms = Counter({lang: numbers[1] for lang, numbers in state.languages.items()})
    for row, sign in [*((one.row, 1) for one in new), *((row, -1) for row in old)]:
        entries[base_language(row.lang)] += sign
        terms[base_language(row.lang)] += sign * row.n_terms
    state.languages = {lang: [n, max(terms[lang], 0)] for lang, n in sorted(entries.items()) if n > 0}
    state.entries = sum(n for n, _ in state.languages.values())
    state.terms = sum(n for _, n in state.languages.values())
    # What is remembered of the vocabulary stays right while rooms fill with questions that are not counted in it.
    if any((changes.words_more, changes.words_less, changes.stems_more, changes.stems_less)):
        state.version = secrets.token_hex(8)  # not a counter: a rolled-back number would come again
    state.save()


def _count(changes: _Changes) -> None:
    with connection.cursor() as cursor:
        for statement, rows in (
            (_MORE_WORDS, changes.words_more),
            (_LESS_WORDS, changes.words_less),
            (_MORE_STEMS, changes.stems_more),
            (_LESS_STEMS, changes.stems_less),
        ):
            if rows:
                cursor.executemany(statement, rows)
        if changes.words_less or changes.stems_less:
            cursor.execute("DELETE FROM knowledge_searchvocab WHERE df <= 0")
            cursor.execute("DELETE FROM knowledge_searchstem WHERE df <= 0")


_MORE_WORDS = """INSERT INTO knowledge_searchvocab (lang, word, stem, fold, df) VALUES (%s, %s, %s, %s, %s)
                 ON CONFLICT (lang, word) DO UPDATE SET df = knowledge_searchvocab.df + excluded.df,
                 stem = excluded.stem, fold = excluded.fold"""
_LESS_WORDS = "UPDATE knowledge_searchvocab SET df = df - %s WHERE lang = %s AND word = %s"
_MORE_STEMS = """INSERT INTO knowledge_searchstem (stem, df) VALUES (%s, %s)
                 ON CONFLICT (stem) DO UPDATE SET df = knowledge_searchstem.df + excluded.df"""
_LESS_STEMS = "UPDATE knowledge_searchstem SET df = df - %s WHERE stem = %s"
