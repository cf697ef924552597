"""Finding entries with SQLite's FTS5: an index of stems over the entries' own rows, kept by triggers.

`content='knowledge_searchentry'` stores no text twice, and the triggers keep it right whoever deletes a row.
A later migration that rebuilds the table (any AlterField on SQLite does) drops triggers: it has to end with
`install`, and a test looks for that.
"""

from typing import TYPE_CHECKING, Any

from django.db.models import F, Sum

from knowledge.models import SearchVocab

if TYPE_CHECKING:
    from knowledge.search.engine import Match

# How many entries the ranker looks at: the next number only when a page is not full. bm25() sorts well enough.
CANDIDATES = (80, 400, 1_600)
_COLUMNS = "terms_title, terms_body, words_title"
_OLD = "'delete', old.id, old.terms_title, old.terms_body, old.words_title"
_NEW = "new.id, new.terms_title, new.terms_body, new.words_title"
_REMOVE = f"INSERT INTO knowledge_searchfts (knowledge_searchfts, rowid, {_COLUMNS}) VALUES ({_OLD});"  # noqa: S608
_ADD = f"INSERT INTO knowledge_searchfts (rowid, {_COLUMNS}) VALUES ({_NEW});"  # noqa: S608
_INSTALL = [
    # Stems come ready: the tokenizer only has to cut at spaces. remove_diacritics 0, because õ is not o.
    f"""CREATE VIRTUAL TABLE IF NOT EXISTS knowledge_searchfts USING fts5({_COLUMNS},
        content='knowledge_searchentry', content_rowid='id', tokenize='unicode61 remove_diacritics 0')""",
    f"""CREATE TRIGGER IF NOT EXISTS knowledge_searchentry_added AFTER INSERT ON knowledge_searchentry
        BEGIN {_ADD} END""",
    f"""CREATE TRIGGER IF NOT EXISTS knowledge_searchentry_removed AFTER DELETE ON knowledge_searchentry
        BEGIN {_REMOVE} END""",
    f"""CREATE TRIGGER IF NOT EXISTS knowledge_searchentry_changed
        AFTER UPDATE OF {_COLUMNS} ON knowledge_searchentry BEGIN {_REMOVE} {_ADD} END""",
    "INSERT INTO knowledge_searchfts (knowledge_searchfts) VALUES ('rebuild')",
]
_UNINSTALL = [
    *(f"DROP TRIGGER IF EXISTS knowledge_searchentry_{when}" for when in ("added", "removed", "changed")),
    "DROP TABLE IF EXISTS knowledge_searchfts",
]


def install(schema_editor: Any) -> None:
    for statement in _INSTALL:
        schema_editor.execute(statement)


def uninstall(schema_editor: Any) -> None:
    for statement in _UNINSTALL:
        schema_editor.execute(statement)


def matching(match: "Match") -> tuple[str, list[str]]:
    source = """FROM knowledge_searchfts JOIN knowledge_searchentry e ON e.id = knowledge_searchfts.rowid
                WHERE knowledge_searchfts MATCH %s"""
    values = [_expression(match)]
    if match.excluded:
        unwanted = "SELECT rowid FROM knowledge_searchfts WHERE knowledge_searchfts MATCH %s"
        source += f" AND e.id NOT IN ({unwanted})"
        values.append(" OR ".join(_any_phrase(choice) for choice in match.excluded))
    return source, values


def best_first(match: "Match") -> tuple[str, list[str]]:
    return "bm25(knowledge_searchfts, 5, 1, 2)", []


def words_beginning(prefix: str, languages: list[str], limit: int) -> list[tuple[str, int]]:
    # A range, because SQLite uses no index for LIKE with ESCAPE, which is how __startswith is written.
    words = SearchVocab.objects.filter(lang__in=languages, word__gte=prefix, word__lt=prefix + "\U0010ffff")
    found = words.values("stem").annotate(total=Sum(F("df"))).order_by("-total")[:limit]
    return [(row["stem"], row["total"]) for row in found]


def _expression(match: "Match") -> str:
    groups = [" OR ".join(f'"{term}"' for term in terms) for terms in match.concepts]
    concepts = (" AND " if match.every else " OR ").join(f"({group})" for group in groups)
    return " AND ".join([f"{{terms_title terms_body}} : ({concepts})", *map(_any_phrase, match.phrases)])


def _any_phrase(choice: Any) -> str:
    phrases = " OR ".join(f'"{" ".join(terms)}"' for terms in choice)
    return f"{{terms_title terms_body}} : ({phrases})"
