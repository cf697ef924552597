"""One search over everything that is known: `search()` asks it, `replace_entries()` tells it.

Other apps add what a request may find to `scopes`, and what a reindex must read to `sources`.
"""

from collections.abc import Callable, Iterable

from django.http import HttpRequest

from knowledge.search import guides
from knowledge.search.finding import PUBLIC, Hit, Results, popular_topics, search
from knowledge.search.highlight import Part
from knowledge.search.index import Entry, analyse_entries, remove_entries, replace_entries

# Each says which scopes a request has: {"webinar:17"} for one who was there, {"staff:17"} for its moderators.
scopes: list[Callable[[HttpRequest], set[str]]] = []
# By name, everything a part of the site wants found: pairs of a key and its entries.
sources: dict[str, Callable[[], Iterable[tuple[str, list[Entry]]]]] = {"guides": guides.everything}


def scopes_of(request: HttpRequest) -> set[str]:
    """Everything this request may find."""
    return {PUBLIC}.union(*(scope(request) for scope in scopes))


__all__ = [
    "Entry",
    "Hit",
    "Part",
    "Results",
    "analyse_entries",
    "popular_topics",
    "remove_entries",
    "replace_entries",
    "scopes",
    "scopes_of",
    "search",
    "sources",
]
