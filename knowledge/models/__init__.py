"""The nouns of the knowledge base: what is stored, and the questions one may ask of it."""

from knowledge.models.guides import Draft, Edition, Guide, Revision
from knowledge.models.search import SearchEntry, SearchState, SearchStem, SearchVocab
from knowledge.models.sources import Source
from knowledge.models.terms import TaggedTerm, Term

__all__ = [
    "Draft",
    "Edition",
    "Guide",
    "Revision",
    "SearchEntry",
    "SearchState",
    "SearchStem",
    "SearchVocab",
    "Source",
    "TaggedTerm",
    "Term",
]
