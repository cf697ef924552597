"""What was promised in webinars: all of it, and one promise with its history."""

import re
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts import languages
from webinars import policies
from webinars.addresses import promise_address, slug_of
from webinars.forms.promises import StandForm
from webinars.models import Commitment, CommitmentStep, Question, Standing, State, Visibility, Webinar
from webinars.models.promises import CommitmentQuerySet

from .joining import reads_of, signed_in
from .seats import seat_of

A_PAGE = 20
MOST_OWED = 20
AT_FIRST = 6  # values of a shelf
OVERDUE = "overdue"
FIELDS = ("standing", "country", "by", "webinar")
FITTING = {
    "standing": re.compile("|".join([*Standing.values, OVERDUE])),
    "country": re.compile(r"[A-Z]{2}"),
    "by": re.compile(r"[0-9]{1,18}"),
    "webinar": re.compile(r"[0-9]{1,18}"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A promise in a list: its slug, that of its webinar, and whether its day has passed."""

    promise: Commitment
    slug: str
    webinar_slug: str
    overdue: bool

    @property
    def anchor(self) -> str:
        return f"promise-{self.promise.pk}"


@dataclass(frozen=True, slots=True)
class Owed:
    """A question of a webinar whose answer was promised."""

    question: Question
    webinar_slug: str
    owner: str
    due: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A value the list can be narrowed to."""

    field: str
    value: str
    name: str
    number: int
    active: bool
    url: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The values of one field. What is seldom is folded away, unless it is what was asked for."""

    field: str
    choices: list[Choice]

    @property
    def first(self) -> list[Choice]:
        return [choice for choice in self.choices if choice in self._common or choice.active]

    @property
    def rest(self) -> list[Choice]:
        return [choice for choice in self.choices if not (choice in self._common or choice.active)]

    @property
    def _common(self) -> list[Choice]:
        return sorted(self.choices, key=lambda choice: -choice.number)[:AT_FIRST]


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the history. `before`: the standing of the line before, so that only changes are marked."""

    row: CommitmentStep
    before: str


def told(promise: Commitment, today: date | None = None) -> Told:
    today = today or timezone.localdate()
    return Told(promise, slug_of(promise), slug_of(promise.webinar), promise.is_overdue(today))


@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """Everything that was promised where everybody may read it, what is still to come first."""
    today = timezone.localdate()
    shown = Commitment.objects.shown()
    asked = {name: _fitting(name, request.GET.get(name, "")) for name in FIELDS}
    found = _narrowed(shown, asked, today)
    page = Paginator(found.in_order().for_list(), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "promises",
        "page": page,
        "rows": [told(one, today) for one in page.object_list],
        "shelves": _shelves(request, shown, asked, today)
        if page.paginator.count > 1 or any(asked.values())
        else [],
        "narrowed": any(asked.values()),
        "owed": _owed(today) if page.number == 1 and not any(asked.values()) else [],
    }
    return render(request, "webinars/promises.html", context)


@require_safe
def promise(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """One promise: who made it, when it is due, how it stands, and how it came to that."""
    found = find_promise(request, pk)
    if slug != slug_of(found):
        return redirect(promise_address(found))
    return page_of(request, found, StandForm(promise=found))


def _owed(today: date) -> list[Owed]:
    """The answers that are due first, of webinars whose words everybody may read."""
    questions = Question.objects.owed().filter(webinar__in=Webinar.objects.open_books())
    found = questions.select_related("webinar").prefetch_related("answers")[:MOST_OWED]
    rows = []
    for question in found:
        promised = max(question.answers.all(), key=lambda answer: answer.pk)
        late = promised.due is not None and promised.due < today
        rows.append(Owed(question, slug_of(question.webinar), promised.owner, promised.due, late))
    return rows


def find_promise(request: HttpRequest, pk: int) -> Commitment:
    """A promise this person may read: of an open book, of a webinar they sit in, or one they may follow."""
    found = Commitment.objects.for_list().select_related("question").filter(pk=pk).first()
    if found is None:
        raise Http404
    webinar = found.webinar
    if not webinar.is_open_book and not _is_inside(request, webinar):
        raise Http404
    return found


def _is_inside(request: HttpRequest, webinar: Webinar) -> bool:
    seat = seat_of(request, webinar)
    if policies.may_follow(signed_in(request), seat, webinar):
        return True
    return seat is not None and webinar.state != State.DRAFT


def page_of(request: HttpRequest, found: Commitment, form: StandForm) -> HttpResponse:
    steps = list(found.steps.prefetch_related("sources"))
    before = [Standing.OPEN, *(step.standing for step in steps)]
    own = list(found.sources.all())
    every = {source.key: source for step in steps for source in step.sources.all()}
    cited = {source.key: source for source in own} | every
    question = found.question
    context = {
        "section": "promises",
        "told": told(found),
        "promise": found,
        "webinar": found.webinar,
        "own_sources": own,
        "sources": list(cited.values()),
        "numbers": {key: number for number, key in enumerate(cited, start=1)},
        "steps": [Step(step, standing) for step, standing in zip(steps, before, strict=False)],
        "question": question if question and _is_public(question) else None,
        "may_follow": policies.may_follow(signed_in(request), seat_of(request, found.webinar), found.webinar),
        "form": form,
    }
    return render(request, "webinars/promise.html", context, status=422 if form.errors else 200)


def _is_public(question: Question) -> bool:
    return question.visibility == Visibility.PUBLISHED


def _narrowed(shown: CommitmentQuerySet, asked: dict[str, str], today: date) -> CommitmentQuerySet:
    found = shown
    if asked["standing"] == OVERDUE:
        found = found.overdue(today)
    elif asked["standing"]:
        found = found.filter(standing=asked["standing"])
    if asked["country"]:
        found = found.filter(organisation__country=asked["country"])
    if asked["by"]:
        found = found.filter(organisation=int(asked["by"]))
    if asked["webinar"]:
        found = found.filter(webinar=int(asked["webinar"]))
    return found


def _shelves(
    request: HttpRequest, shown: CommitmentQuerySet, asked: dict[str, str], today: date
) -> list[Shelf]:
    """What the list can be narrowed to, with numbers; a shelf with a single value narrows nothing."""
    here, reads = get_language() or "en", reads_of(request)
    standings = list(shown.order_by().values_list("standing").annotate(n=Count("pk")))
    overdue = shown.overdue(today).count()
    countries = shown.order_by().exclude(organisation__country="").exclude(organisation=None)
    organisations = shown.order_by().exclude(organisation=None)
    named: dict[str, list[tuple[str, str, int]]] = {
        "standing": [(value, "", number) for value, number in standings],
        "country": [
            (code, languages.country_name(code, here), number)
            for code, number in countries.values_list("organisation__country").annotate(n=Count("pk"))
        ],
        "by": [
            (str(pk), names.best(reads).text, number)
            for pk, names, number in organisations.values_list(
                "organisation", "organisation__names"
            ).annotate(n=Count("pk"))
        ],
        "webinar": [
            (str(pk), title.best(reads).text, number)
            for pk, title, number in shown.order_by()
            .values_list("webinar", "webinar__title")
            .annotate(n=Count("pk"))
        ],
    }
    order = {value: place for place, value in enumerate(Standing.values)}
    named["standing"].sort(key=lambda one: order.get(one[0], 99))
    if overdue:
        named["standing"].append((OVERDUE, "", overdue))
    shelves = []
    for field in FIELDS:
        values = (
            named[field] if field == "standing" else sorted(named[field], key=lambda one: one[1].casefold())
        )
        choices = []
        for value, name, number in values:
            active = asked[field] == value
            chosen = {name: sought for name, sought in asked.items() if sought} | {field: value}
            if active:
                del chosen[field]
            url = f"?{urlencode(chosen)}" if chosen else request.path
            choices.append(Choice(field, value, name, number, active, url))
        if len(choices) > 1 or any(choice.active for choice in choices):
            shelves.append(Shelf(field, choices))
    return shelves


def number_in(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _fitting(name: str, value: str) -> str:
    """What was asked for, or "" where it is no such thing: it goes into a query, and PostgreSQL takes no NUL."""
    return value if FITTING[name].fullmatch(value) else ""
