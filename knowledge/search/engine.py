"""What is asked of a search engine, whichever database it is in: candidates, and how many there are of what.

sqlite.py and postgres.py have the same functions; this file composes the statements from them. The engines
only find rows: the order that readers see is made in ranker.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import NamedTuple

from django.db import connection

from knowledge.search import postgres, sqlite
from knowledge.search.filters import Filters, Tally, Where

COUNTED = 5_000  # entries that are counted for totals and facets; beyond it "5,000 and more" is all one needs


@dataclass(frozen=True)
class Match:
    """What entries must hold. Terms are stems: letters and digits only.

    `concepts`: of each (or, with `every` false, of any) one of its terms. `phrases` and `excluded`: each a choice
    of sequences of terms, one a language the words were read in; all phrases must be there, no exclusion.
    """

    concepts: Sequence[Sequence[str]]
    phrases: Sequence[Sequence[Sequence[str]]] = ()
    excluded: Sequence[Sequence[Sequence[str]]] = ()
    every: bool = True


class Candidate(NamedTuple):
    """An entry as the ranker needs it."""

    id: int
    parent: str
    kind: str
    lang: str
    published_at: datetime | None
    quality: float
    terms_title: str
    terms_body: str
    words_title: str
    n_terms: int


_COLUMNS = ", ".join(f"e.{name}" for name in Candidate._fields)


def candidates(match: Match, filters: Filters, *, limit: int) -> list[Candidate]:
    """The entries most likely to be good, in the engine's own order."""
    source, values = _source(match, filters)
    order, more = engine().best_first(match)
    # Every part of the statement is a constant of these files; what people typed is in the parameters.
    sql = f"SELECT {_COLUMNS} {source} ORDER BY {order}, e.id LIMIT {int(limit)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *more])
        return [Candidate(*row) for row in cursor.fetchall()]


def newest(filters: Filters, *, limit: int, offset: int) -> list[int]:
    """Ids of whole things (no sections), newest first: what a search without words shows."""
    where, values = filters.sql()
    sql = f"""SELECT e.id FROM knowledge_searchentry e WHERE e.anchor = '' AND {where}
              ORDER BY e.published_at DESC, e.id LIMIT {int(limit)} OFFSET {int(offset)}"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


def tallies(match: Match | None, filters: Filters) -> list[Tally]:
    """How many parents were found, by kind, language, countries and topics; without a match, of everything."""
    source, values = _source(match, filters)
    sql = f"""SELECT kind, lang, countries, topics, COUNT(*) FROM (
                SELECT DISTINCT e.parent, e.kind, e.lang, e.countries, e.topics {source} LIMIT {COUNTED}
              ) AS found GROUP BY kind, lang, countries, topics"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    return [Tally(kind, lang, tuple(c.split()), tuple(t.split()), n) for kind, lang, c, t, n in rows]


def words_beginning(prefix: str, languages: Iterable[str], *, limit: int) -> list[tuple[str, int]]:
    """(stem, df) of the commonest words of the vocabulary that begin so."""
    found: list[tuple[str, int]] = engine().words_beginning(prefix, list(languages), limit)
    return found


def engine() -> ModuleType:
    """The functions for the database in use."""
    return postgres if connection.vendor == "postgresql" else sqlite


def _source(match: Match | None, filters: Filters) -> Where:
    where, values = filters.sql()
    if match is None:
        return f"FROM knowledge_searchentry e WHERE {where}", values
    source, found = engine().matching(match)
    return f"{source} AND {where}", [*found, *values]
