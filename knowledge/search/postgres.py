"""Finding entries with PostgreSQL's text search: a generated tsvector column of the stems, and a GIN index."""

from typing import TYPE_CHECKING, Any

from django.db.models import F, Sum

from knowledge.models import SearchVocab

if TYPE_CHECKING:
    from knowledge.search.engine import Match

# How many entries the ranker looks at: the next number only when a page is not full. ts_rank() knows nothing of
# how rare a word is, so more of what it finds has to be looked at.
CANDIDATES = (300, 900, 2_400)
_INSTALL = [
    # 'simple' changes nothing about our stems. Sections stay far below the 16,383 positions of a tsvector.
    """ALTER TABLE knowledge_searchentry ADD COLUMN IF NOT EXISTS terms tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple'::regconfig, terms_title), 'A') ||
        setweight(to_tsvector('simple'::regconfig, terms_body), 'D')) STORED""",
    "CREATE INDEX IF NOT EXISTS knowledge_searchentry_terms ON knowledge_searchentry USING gin (terms)",
]
_UNINSTALL = [
    "DROP INDEX IF EXISTS knowledge_searchentry_terms",
    "ALTER TABLE knowledge_searchentry DROP COLUMN IF EXISTS terms",
]


def install(schema_editor: Any) -> None:
    for statement in _INSTALL:
        schema_editor.execute(statement)


def uninstall(schema_editor: Any) -> None:
    for statement in _UNINSTALL:
        schema_editor.execute(statement)


def matching(match: "Match") -> tuple[str, list[str]]:
    source = "FROM knowledge_searchentry e WHERE e.terms @@ %s::tsquery"
    values = [_expression(match)]
    if match.excluded:
        source += " AND NOT e.terms @@ %s::tsquery"
        values.append(" | ".join(_any_phrase(choice) for choice in match.excluded))
    return source, values


def best_first(match: "Match") -> tuple[str, list[str]]:
    # Weights for D, C, B, A; 1 divides by 1 + log of the length. It has no IDF: good for a wide selection only.
    return "ts_rank('{0.2, 0.4, 0.6, 1.0}', e.terms, %s::tsquery, 1) DESC", [_expression(match)]


def words_beginning(prefix: str, languages: list[str], limit: int) -> list[tuple[str, int]]:
    words = SearchVocab.objects.filter(lang__in=languages, word__startswith=prefix)
    found = words.values("stem").annotate(total=Sum(F("df"))).order_by("-total")[:limit]
    return [(row["stem"], row["total"]) for row in found]


def _expression(match: "Match") -> str:
    groups = [" | ".join(f"'{term}'" for term in terms) for terms in match.concepts]
    concepts = (" & " if match.every else " | ").join(f"({group})" for group in groups)
    return " & ".join([f"({concepts})", *map(_any_phrase, match.phrases)])


def _any_phrase(choice: Any) -> str:
    return "(" + " | ".join(" <-> ".join(f"'{term}'" for term in terms) for terms in choice) + ")"
