"""The shelf: all guides that are published, newest first, narrowed by country, topic, kind or language."""

from collections import Counter
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.languages import country_name, endonym
from accounts.models import User
from knowledge.models import Draft, Edition, Guide, Term
from knowledge.policies import can
from knowledge.reading import best_edition
from knowledge.views.caching import reads, signed_in

A_PAGE = 24
MOST_TOPICS = 30
UNFOLDED = 5  # topics that are shown at once: more would fill a phone


class Choice(NamedTuple):
    """One way to narrow the shelf: what goes into the address, what it is called, how many guides it leaves."""

    value: str
    name: str
    number: int


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """Ten queries or fewer, however many guides there are."""
    # PostgreSQL takes no NUL in a text, and whatever is sent, the answer is a page.
    fields = ("country", "topic", "kind", "language")
    chosen = {name: request.GET.get(name, "")[:100].replace("\0", "") for name in fields}
    published = Guide.objects.published().on_the_shelf()
    found = published.about(country=chosen["country"], topic=chosen["topic"], kind=chosen["kind"])
    if chosen["language"]:
        found = found.in_languages([chosen["language"]])
    order = (chosen["language"], *reads(request)) if chosen["language"] else reads(request)
    page = Paginator(found.readable_first(order).for_list(), A_PAGE).get_page(request.GET.get("page"))
    person = signed_in(request)
    topics = _topics(published, order)
    context = {
        "section": "knowledge",
        "page": page,
        "cards": [(guide, best_edition(getattr(guide, "readable"), order)) for guide in page],  # noqa: B009
        "chosen": chosen,
        "narrowed": any(chosen.values()),
        "countries": _countries(published),
        "topics": topics[:UNFOLDED],
        "more_topics": topics[UNFOLDED:],
        "topic_is_folded": any(topic.value == chosen["topic"] for topic in topics[UNFOLDED:]),
        "languages": _languages(),
        "kinds": _kinds(published),
        "may_create": can(person, "create"),
        "drafts": _drafts(person),
    }
    return render(request, "knowledge/index.html", context)


def _kinds(published: Any) -> list[Choice]:
    counts = dict(published.order_by().values_list("kind").annotate(Count("pk")))
    return [Choice(value, str(name), counts[value]) for value, name in Guide.Kind.choices if value in counts]


def _countries(published: Any) -> list[Choice]:
    counts = Counter(code for codes in published.values_list("countries", flat=True) for code in codes)
    language = get_language() or "en"
    return [Choice(code, country_name(code, language), count) for code, count in counts.most_common()]


def _topics(published: Any, order: tuple[str, ...]) -> list[Choice]:
    topics = Term.objects.filter(kind=Term.Kind.TOPIC, uses__object_id__in=published.values("pk"))
    most = topics.annotate(number=Count("uses")).order_by("-number", "name")[:MOST_TOPICS]
    return [Choice(term.slug, term.names.best(order).text or term.name, term.number) for term in most]


def _languages() -> list[Choice]:
    on_the_shelf = Edition.objects.published().filter(guide__key=None)
    counts = on_the_shelf.order_by().values_list("language").annotate(Count("pk"))
    return sorted((Choice(code, endonym(code), count) for code, count in counts), key=lambda one: -one.number)


def _drafts(person: User | None) -> list[Draft]:
    """What the person has begun, newest first: the way back to it."""
    if person is None:
        return []
    return list(person.drafts.select_related("edition").defer("body").order_by("-saved_at")[:10])
