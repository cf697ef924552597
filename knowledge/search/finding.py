"""From what a person typed to a page of results: candidates in two phases, ranking, facets, snippets."""

import time
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils import timezone

from knowledge.models import SearchEntry, SearchState
from knowledge.search import engine
from knowledge.search.concepts import Concept, concepts, sequences
from knowledge.search.engine import Candidate, Match
from knowledge.search.filters import Filters, Tally
from knowledge.search.highlight import Part, marked, snippet
from knowledge.search.query import Query, parse
from knowledge.search.ranker import rank

PUBLIC = "public"
PAGE = 10
FEW = 10  # fewer found with every word of the query: those with any of its rarest words are found, too
RAREST = 4
LAST_PAGE = 50


@dataclass(frozen=True)
class Hit:
    """One thing found, at its best place. `url` leads to that place and lacks the interface language in front."""

    title: str
    title_parts: list[Part]
    heading: str
    url: str
    kind: str
    lang: str
    snippet: list[Part]
    parent: str
    anchor: str
    countries: tuple[str, ...]
    topics: tuple[str, ...]
    published_at: datetime | None


@dataclass(frozen=True)
class Results:
    """A page of what was found.

    `facets`: field → (value, how many), the commonest first, each counted as if that field were not narrowed.
    `corrected`: what was searched for instead, when a word stood nowhere. `every_word`: False when too few
    things had every word, so that some of these have only the rarer ones. `capped`: there are more than were
    counted.
    """

    query: Query
    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    page: int = 1
    more: bool = False
    capped: bool = False
    every_word: bool = True
    corrected: str = ""
    took_ms: float = 0.0


def search(
    typed: str,
    scopes: Collection[str],
    *,
    reads: Sequence[str] = (),
    kinds: Collection[str] = (),
    countries: Collection[str] = (),
    topics: Collection[str] = (),
    languages: Collection[str] = (),
    under: str = "",
    page: int = 1,
    verbatim: bool = False,
) -> Results:
    """What is found for what a person typed, among the scopes they have.

    Never raises for anything typed. `reads` only moves texts up; `languages` narrows to them, `under` to what has an
    address that begins so. `verbatim` takes every word as it is typed. The number of queries does not depend on what
    is found.
    """
    began = time.perf_counter()
    query = parse(typed)
    filters = Filters(
        scopes=scopes,
        kinds={*kinds, *query.kinds},
        countries={*countries, *query.countries},
        topics={*topics, *query.topics},
        languages={*languages, *query.languages},
        under=under,
    )
    state = SearchState.objects.filter(pk=1).first() or SearchState()
    words = concepts(query.words, state, filters.languages, guess=not verbatim)
    page = min(max(page, 1), LAST_PAGE)
    if words:
        results = _with_words(query, words, filters, state, reads, page)
    elif filters.narrow:
        results = _newest(query, filters, page)
    else:
        results = Results(query)
    return replace(results, took_ms=(time.perf_counter() - began) * 1000)


def popular_topics(scopes: Collection[str], limit: int = 8) -> list[tuple[str, int]]:
    """The topics that most things are about: what to offer to somebody who found nothing."""
    everything = Filters(scopes)
    return _facets(engine.tallies(None, everything), everything)["topic"][:limit]


def _with_words(
    query: Query, words: list[Concept], filters: Filters, state: SearchState, reads: Sequence[str], page: int
) -> Results:
    every = _match(query, words, state, filters.languages)
    any_rare = _any_of_the_rarest(every, words, only_public=set(filters.scopes) <= {PUBLIC})
    matches = [every]
    tallies = engine.tallies(every, filters.only_scopes())
    with_every_word = _total(tallies, filters)
    if with_every_word < FEW and len(words) > 1:
        matches.append(any_rare)
        tallies = engine.tallies(any_rare, filters.only_scopes())
    found: list[Candidate] = []
    for limit in engine.engine().CANDIDATES:
        pools = [engine.candidates(match, filters, limit=limit) for match in matches]
        found = _best_of_each_parent(pools, words, state, reads)
        if len(found) > page * PAGE or all(len(pool) < limit for pool in pools):
            break
    return Results(
        query=query,
        hits=_hits([one.id for one in found[(page - 1) * PAGE : page * PAGE]], words),
        total=max(_total(tallies, filters), len(found)),
        capped=_capped(tallies),
        facets=_facets(tallies, filters),
        page=page,
        more=len(found) > page * PAGE and page < LAST_PAGE,
        every_word=len(matches) == 1 or len(found) <= with_every_word,
        corrected=_corrected(query, words),
    )


def _newest(query: Query, filters: Filters, page: int) -> Results:
    """No words, only filters: everything that passes them, newest first."""
    tallies = engine.tallies(None, filters.only_scopes())
    ids = engine.newest(filters, limit=PAGE + 1, offset=(page - 1) * PAGE)
    return Results(
        query=query,
        hits=_hits(ids[:PAGE], []),
        total=_total(tallies, filters),
        capped=_capped(tallies),
        facets=_facets(tallies, filters),
        page=page,
        more=len(ids) > PAGE and page < LAST_PAGE,
    )


def _match(query: Query, words: Sequence[Concept], state: SearchState, languages: Collection[str]) -> Match:
    def choices(texts: Iterable[str]) -> list[list[list[str]]]:
        return [choice for text in texts if (choice := sequences(text, state, languages))]

    return Match([list(word.stems) for word in words], choices(query.phrases), choices(query.excluded))


def _any_of_the_rarest(every: Match, words: Sequence[Concept], *, only_public: bool) -> Match:
    """Words that stand nowhere cannot help to find anything, however rare they are.

    The vocabulary knows public texts alone: among others a word that is not in it may well stand.
    """
    somewhere = [word for word in words if word.df] or list(words)
    rarest = sorted(somewhere, key=lambda word: -word.idf)[:RAREST]
    if not only_public:
        rarest += [word for word in words if not word.df and word not in rarest][:RAREST]
    return replace(every, concepts=[list(word.stems) for word in rarest], every=False)


def _best_of_each_parent(
    pools: Sequence[Sequence[Candidate]], words: Sequence[Concept], state: SearchState, reads: Sequence[str]
) -> list[Candidate]:
    pool = {one.id: one for pool in pools for one in pool}
    lengths = {lang: terms / entries for lang, (entries, terms) in state.languages.items()}
    ranked = rank(list(pool.values()), words, lengths=lengths, reads=reads, now=timezone.now())
    best: dict[str, Candidate] = {}
    for one in ranked:
        best.setdefault(one.candidate.parent, one.candidate)
    return list(best.values())


def _hits(ids: Sequence[int], words: Sequence[Concept]) -> list[Hit]:
    rows = SearchEntry.objects.defer("terms_title", "terms_body", "words_title").in_bulk(list(ids))
    return [_hit(rows[id_], words) for id_ in ids if id_ in rows]


def _hit(row: SearchEntry, words: Sequence[Concept]) -> Hit:
    return Hit(
        title=row.title,
        title_parts=marked(row.title, row.lang, words),
        heading=row.heading,
        url=f"{row.url}#{row.anchor}" if row.anchor else row.url,
        kind=row.kind,
        lang=row.lang,
        snippet=snippet(row.plain, row.lang, words),
        parent=row.parent,
        anchor=row.anchor,
        countries=tuple(row.countries.split()),
        topics=tuple(row.topics.split()),
        published_at=row.published_at,
    )


def _facets(tallies: Sequence[Tally], filters: Filters) -> dict[str, list[tuple[str, int]]]:
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("kind", "country", "topic", "lang")}
    for tally in tallies:
        values = {
            "kind": [tally.kind],
            "country": tally.countries,
            "topic": tally.topics,
            "lang": [tally.lang],
        }
        for name, here in values.items():
            if filters.keeps(tally, but=name):
                counts[name].update(dict.fromkeys(here, tally.number))
    return {
        name: sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))
        for name, counter in counts.items()
    }


def _total(tallies: Sequence[Tally], filters: Filters) -> int:
    return sum(tally.number for tally in tallies if filters.keeps(tally))


def _capped(tallies: Sequence[Tally]) -> bool:
    return sum(tally.number for tally in tallies) >= engine.COUNTED


def _corrected(query: Query, words: Sequence[Concept]) -> str:
    """The words with the unknown ones replaced, or "" when none was."""
    if not any(word.corrected for word in words):
        return ""
    return " ".join(word.corrected or word.surface for word in words)
