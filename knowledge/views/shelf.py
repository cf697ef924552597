"""The shelf: all guides that are published, narrowed by kind, country, topic, target group and language at once."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.languages import country_name, endonym
from accounts.models import User
from knowledge.models import Draft, Guide, Term
from knowledge.policies import can
from knowledge.reading import best_edition
from knowledge.shelf import FIELD_OF, FIELDS, Chosen, OnShelf, counts, narrowed, shelf
from knowledge.views.caching import reads, signed_in

A_PAGE = 24
SHOWN = 6  # values of a field that are shown at once; those that are chosen always are
MOST_VALUES = 30  # of one field, the rest is found by the search
MOST_CHOSEN = 10  # of one field that a request may narrow to
_VALUE = re.compile(r"[\w.-]{1,80}")


class Choice(NamedTuple):
    """One value of a field: what it is called and in which language, how many guides it leaves, where it leads."""

    value: str
    name: str
    lang: str
    number: int
    active: bool
    url: str


class Facet(NamedTuple):
    field: str
    choices: list[Choice]
    more: list[Choice]


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """/knowledge/?kind=…&country=…&topic=…&target=…&language=…&page=…, each as often as one likes.

    Eight queries or fewer, however many guides there are. Whatever is sent, the answer is a page.
    """
    chosen = {field: _values(request.GET, field) for field in FIELDS}
    order = (*chosen["language"], *reads(request))
    everything = shelf()
    page = Paginator(narrowed(everything, chosen, order), A_PAGE).get_page(request.GET.get("page"))
    ids = list(page.object_list)
    guides = Guide.objects.filter(pk__in=ids).for_list().in_bulk() if ids else {}
    shown = [guides[pk] for pk in ids if pk in guides]
    facets = _facets(request.GET, everything, chosen, reads(request))
    person = signed_in(request)
    context = {
        "section": "knowledge",
        "page": page,
        "cards": [(guide, best_edition(getattr(guide, "readable"), order)) for guide in shown],  # noqa: B009
        "facets": facets,
        "chips": [(facet.field, choice) for facet in facets for choice in facet.choices if choice.active],
        "narrowed": any(chosen.values()),
        "may_create": can(person, "create"),
        "drafts": _drafts(person),
    }
    return render(request, "knowledge/index.html", context)


def _values(sent: QueryDict, name: str) -> list[str]:
    fitting = [value for value in sent.getlist(name) if _VALUE.fullmatch(value)]
    return list(dict.fromkeys(fitting))[:MOST_CHOSEN]


def _facets(
    sent: QueryDict, everything: Sequence[OnShelf], chosen: Chosen, order: Sequence[str]
) -> list[Facet]:
    """The fields with their values, the most used first. A field without a choice stays away."""
    found = {field: counts(everything, chosen, field) for field in FIELDS}
    wanted = {
        field: list(
            dict.fromkeys([*chosen[field], *(value for value, _ in found[field].most_common(MOST_VALUES))])
        )
        for field in FIELDS
    }
    slugs = {slug for field in set(FIELD_OF.values()) for slug in wanted[field]}
    terms = {term.slug: term for term in Term.objects.filter(slug__in=slugs)} if slugs else {}
    facets = []
    for field in FIELDS:
        choices = []
        for value in wanted[field]:
            active = value in chosen[field]
            left = [one for one in chosen[field] if one != value] if active else [*chosen[field], value]
            name, lang = _name(field, value, terms, order)
            url = _address(sent, field, left)
            choices.append(Choice(value, name, lang, found[field][value], active, url))
        choices.sort(key=lambda one: (-one.number, one.name))
        if len(choices) > 1 or chosen[field]:
            first = [one for at, one in enumerate(choices) if at < SHOWN or one.active]
            facets.append(Facet(field, first, [one for one in choices if one not in first]))
    return facets


def _name(field: str, value: str, terms: dict[str, Term], order: Sequence[str]) -> tuple[str, str]:
    """What people call the value, and in which language that is, where it may be another than the page's."""
    if field == "kind":
        return str(dict(Guide.Kind.choices).get(value, value)), ""
    if field == "country":
        return country_name(value, get_language() or "en"), ""
    if field == "language":
        return endonym(value), value
    if value not in terms:
        return value, ""
    best = terms[value].names.best(order)
    return best.text or terms[value].name, best.lang if best.text else ""


def _address(sent: QueryDict, field: str, values: Sequence[str]) -> str:
    """This shelf with one field changed, from its first page."""
    changed = QueryDict(mutable=True)
    for name in FIELDS:
        changed.setlist(name, list(values) if name == field else _values(sent, name))
    return f"?{changed.urlencode()}"


def _drafts(person: User | None) -> list[Draft]:
    """What the person has begun, newest first: the way back to it."""
    if person is None:
        return []
    return list(person.drafts.select_related("edition").defer("body").order_by("-saved_at")[:10])
