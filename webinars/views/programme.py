"""Lists of webinars: all of them by time, narrowed to a language, a country or a year, and those of a series."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts import languages
from accounts.models import Organisation
from knowledge.models import Guide
from webinars import policies
from webinars.addresses import slug_of
from webinars.models import Commitment, Series, Webinar
from webinars.models.events import WebinarQuerySet

from .joining import signed_in
from .promises import told
from .reading import Listed, cards_of_lessons, listed, with_people

A_PAGE = 24
AT_FIRST = 12  # of those to come, before one asks for all
FROM = 6  # webinars before a list is worth narrowing
FIELDS = ("language", "country", "year")
FITTING = {
    "language": re.compile(r"[A-Za-z0-9-]{2,35}"),
    "country": re.compile(r"[A-Z]{2}"),
    "year": re.compile(r"[12][0-9]{3}"),
}
LESSONS, PROMISES = 6, 3


@dataclass(frozen=True, slots=True)
class Choice:
    """A value the programme can be narrowed to."""

    value: str
    name: str
    number: int
    active: bool
    url: str


@dataclass(frozen=True, slots=True)
class Year:
    """The webinars of one year on this page."""

    number: int | None
    rows: list[Listed]


@require_safe
def programme(request: HttpRequest) -> HttpResponse:
    """Every webinar that is not a draft: on now, to come, past by year."""
    asked = {name: _fitting(name, request.GET.get(name, "")) for name in FIELDS}
    only_coming = request.GET.get("when") == "coming"
    everything = Webinar.objects.public()
    found = everything.in_language(asked["language"]).of_country(asked["country"])
    past = found.past()
    if asked["year"]:
        past = past.filter(day__year=int(asked["year"]))
    listing = found.coming_and_off() if only_coming else past
    page = Paginator(listing, A_PAGE).get_page(request.GET.get("page"))
    opening = page.number == 1 and not only_coming and not asked["year"]
    running = list(found.running()[: A_PAGE + 1]) if opening else []
    coming = list(found.coming_and_off()[: AT_FIRST + 1]) if opening else []
    missed = list(found.missed()[:AT_FIRST]) if opening else []
    rows = list(page.object_list)
    prefetch_related_objects([*running, *coming, *missed, *rows], *with_people())
    context = {
        "section": "webinars",
        "page": page,
        "running": [listed(one) for one in running[:A_PAGE]],
        "coming": [listed(one) for one in (rows if only_coming else coming[:AT_FIRST])],
        "more_coming": _address(asked, when="coming") if len(coming) > AT_FIRST else "",
        "missed": [listed(one) for one in missed],
        "years": [] if only_coming else _by_year(listed(one) for one in rows),
        "only_coming": only_coming,
        "shelves": _shelves(everything, asked),
        "narrowed": any(asked.values()),
        "may_create": policies.may_create(signed_in(request)),
    }
    return render(request, "webinars/programme.html", context)


@require_safe
def series(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Webinars that belong together, in their order, with what was learned and promised in them."""
    found = get_object_or_404(Series, pk=pk)
    members = Webinar.objects.visible_to(signed_in(request)).filter(series=found)
    if not members.exists():  # its name is that of a draft until one of them is announced
        raise Http404
    if slug != slug_of(found):
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(_series_address(found) + query)
    public = members.public()
    page = Paginator(public.in_order(), A_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    prefetch_related_objects(rows, *with_people())
    learned = Guide.objects.published().filter(citations__webinar__in=public).distinct()
    promised = Commitment.objects.shown().filter(webinar__in=public).in_order().for_list()
    context = {
        "section": "webinars",
        "series": found,
        "page": page,
        "rows": [listed(one) for one in rows],
        "first": page.start_index(),
        "live": public.running().exists(),
        "lessons": cards_of_lessons(request, learned.newest_first()[:LESSONS]),
        "promises": [told(one) for one in promised[:PROMISES]],
        "organisations": list(Organisation.objects.filter(webinars__in=public).distinct().order_by("pk")),
    }
    return render(request, "webinars/series.html", context)


def _series_address(found: Series) -> str:
    return reverse("webinars:series", kwargs={"pk": found.pk, "slug": slug_of(found)})


def _by_year(rows: Iterable[Listed]) -> list[Year]:
    years: list[Year] = []
    for row in rows:
        number = row.when.date.year if row.when.date else None
        if not years or years[-1].number != number:
            years.append(Year(number, []))
        years[-1].rows.append(row)
    return years


def _shelves(everything: WebinarQuerySet, asked: dict[str, str]) -> list[tuple[str, list[Choice]]]:
    """What the programme can be narrowed to. With a handful of webinars, or one value, there is nothing to narrow."""
    here = get_language() or "en"
    if everything.count() < FROM and not any(asked.values()):
        return []
    spoken: dict[str, int] = {}
    for codes in everything.values_list("languages", flat=True):
        for code in codes:
            spoken[code] = spoken.get(code, 0) + 1
    held = everything.exclude(organisations__country="").exclude(organisations=None).order_by()
    countries = held.values_list("organisations__country").annotate(n=Count("pk", distinct=True))
    years = everything.past().order_by().exclude(day=None).values_list("day__year").annotate(n=Count("pk"))
    values: dict[str, list[tuple[str, str, int]]] = {
        "language": sorted((code, languages.endonym(code), number) for code, number in spoken.items()),
        "country": sorted((code, languages.country_name(code, here), number) for code, number in countries),
        "year": sorted(((str(year), str(year), number) for year, number in years), reverse=True),
    }
    shelves = []
    for field in FIELDS:
        choices = []
        for value, name, number in values[field]:
            active = asked[field] == value
            choices.append(
                Choice(value, name, number, active, _address(asked, **{field: "" if active else value}))
            )
        if len(choices) > 1 or any(choice.active for choice in choices):
            shelves.append((field, choices))
    return shelves


def _address(asked: dict[str, str], **changes: str) -> str:
    """The programme with some of this changed, from its first page."""
    said = {name: value for name, value in (asked | changes).items() if value}
    return f"?{urlencode(said)}" if said else "?"


def _fitting(name: str, value: str) -> str:
    """What was asked for, or "" where it is no such thing: it goes into a query, and PostgreSQL takes no NUL."""
    return value if FITTING[name].fullmatch(value) else ""
