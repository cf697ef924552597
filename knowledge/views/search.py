"""The search page: one field, what narrows it, what it found. Works as plain links and one GET form."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts import languages
from knowledge.models import Term
from knowledge.search import Results, popular_topics, scopes_of
from knowledge.search import search as find

FIELDS = ("kind", "country", "topic", "lang")
SHELVES = ("kind", "country", "topic", "target_group", "partner", "lang")
MOST_VALUES = 10  # of one field that a request may narrow to
SHOWN = 6  # values of a facet; what is narrowed to is always shown
OFFERED = 8  # topics for somebody who found nothing
_VALUE = re.compile(r"[\w.-]{1,80}")


@dataclass(frozen=True)
class Choice:
    """One value of a facet, and the address that narrows to it, or no longer does."""

    field: str
    value: str
    label: str
    number: int
    active: bool
    url: str


@dataclass(frozen=True)
class Facet:
    name: str
    choices: list[Choice]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """/search/?q=…&kind=…&country=…&topic=…&lang=…&page=…&exact=1. Whatever is sent, the answer is a page."""
    narrowed = {name: _values(request.GET, name) for name in FIELDS}
    reads: tuple[str, ...] = getattr(request, "reads", ()) or (get_language() or "en",)
    scopes = scopes_of(request)
    results = find(
        request.GET.get("q", ""),
        scopes,
        reads=reads,
        kinds=narrowed["kind"],
        countries=narrowed["country"],
        topics=narrowed["topic"],
        languages=narrowed["lang"],
        page=_page(request.GET),
        verbatim="exact" in request.GET,
    )
    popular = [] if results.hits else popular_topics(scopes, limit=50)
    terms = _terms(results, narrowed["topic"], popular)
    facets = _facets(request.GET, results, narrowed, terms, reads)
    context = {
        "section": "search",
        "results": results,
        "facets": facets,
        "chips": [choice for facet in facets for choice in facet.choices if choice.active],
        "asked": bool(results.query) or any(narrowed.values()),
        "popular": [
            Choice("topic", slug, _label("topic", slug, terms, reads), number, False, f"?topic={quote(slug)}")
            for slug, number in popular
            if _shelf("topic", slug, terms) == "topic"
        ][:OFFERED],
        "without_filters": _address(request.GET, **dict.fromkeys(FIELDS, ())),
        "verbatim": _address(request.GET, exact=["1"]),
        "before": _address(request.GET, page=[str(results.page - 1)]) if results.page > 1 else "",
        "after": _address(request.GET, page=[str(results.page + 1)]) if results.more else "",
    }
    return render(request, "knowledge/search.html", context)


def _values(sent: QueryDict, name: str) -> list[str]:
    fitting = [value for value in sent.getlist(name) if _VALUE.fullmatch(value)]
    return list(dict.fromkeys(fitting))[:MOST_VALUES]


def _page(sent: QueryDict) -> int:
    number = sent.get("page", "1")
    return int(number) if re.fullmatch(r"[0-9]{1,4}", number) else 1


def _address(sent: QueryDict, **changes: Sequence[str]) -> str:
    """This search with some fields changed. A changed field begins at the first page again."""
    changed = sent.copy()
    changed.pop("page", None)
    for name, values in changes.items():
        changed.setlist(name, list(values))
    return f"?{changed.urlencode()}"


def _terms(results: Results, narrowed: list[str], popular: list[tuple[str, int]]) -> dict[str, Term]:
    slugs = (
        {slug for slug, _ in results.facets.get("topic", [])} | set(narrowed) | {slug for slug, _ in popular}
    )
    return {term.slug: term for term in Term.objects.filter(slug__in=slugs)} if slugs else {}


def _facets(
    sent: QueryDict,
    results: Results,
    narrowed: dict[str, list[str]],
    terms: dict[str, Term],
    reads: Sequence[str],
) -> list[Facet]:
    """The facets with their values; topics are parted by what they name. Those without a choice stay away."""
    facets = []
    for name in FIELDS:
        active = narrowed[name]
        numbers = dict(results.facets.get(name, []))
        numbers = {**numbers, **{value: numbers.get(value, 0) for value in active}}
        shelves: dict[str, list[Choice]] = {}
        for value, number in numbers.items():
            others = [v for v in active if v != value]
            url = _address(sent, **{name: others if value in active else [*active, value]})
            shelf = _shelf(name, value, terms)
            here = shelves.setdefault(shelf, [])
            if value in active or len(here) < SHOWN:
                here.append(
                    Choice(name, value, _label(name, value, terms, reads), number, value in active, url)
                )
        facets += [Facet(shelf, shelves[shelf]) for shelf in sorted(shelves, key=SHELVES.index)]
    return [facet for facet in facets if len(facet.choices) > 1 or any(c.active for c in facet.choices)]


def _shelf(name: str, value: str, terms: dict[str, Term]) -> str:
    """Topics and tags share a heading; target groups and partners have their own."""
    if name != "topic" or value not in terms or terms[value].kind in (Term.Kind.TOPIC, Term.Kind.TAG):
        return name
    return str(terms[value].kind)


def _label(name: str, value: str, terms: dict[str, Term], reads: Sequence[str]) -> str:
    """What people call the value; kinds are named in the template, where the words of the interface are."""
    if name == "country":
        return languages.country_name(value, get_language() or "en")
    if name == "lang":
        return languages.endonym(value)
    if name == "topic" and value in terms:
        return terms[value].names.best(reads).text or terms[value].name
    return value
