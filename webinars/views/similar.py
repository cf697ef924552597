"""What is like a question: while it is typed, and without a script once it was sent."""

import math
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from accounts import languages
from webinars import policies
from webinars.live import budgets
from webinars.live.reading import row_of
from webinars.models import Participant, Question, Webinar
from webinars.similar import Similar, similar_to

from .room_page import Card, any_of
from .seats import find_webinar, seat_of
from .twin import votes_of


@require_POST
def similar(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """A part of a page. `text` and `language` come in the body: what is not sent yet belongs in no log of addresses."""
    webinar = find_webinar(request, pk)
    person = seat_of(request, webinar)
    if person is None or not webinar.has_room:
        return HttpResponse(status=403)
    if wait := budgets.spend(person.pk, "similar"):
        return HttpResponse(status=429, headers={"Retry-After": str(max(1, math.ceil(wait)))})
    language = request.POST.get("language", "")
    if not languages.valid(language):
        language = get_language() or "en"
    reads = _reads(request, person)
    found = similar_to(webinar, request.POST.get("text", ""), language, reads=reads, person=person)
    context = similar_context(webinar, person, found, reads) | {"slug": slug, "webinar": webinar}
    return render(request, "webinars/_similar.html", context)


def of_the_one_just_asked(request: HttpRequest, webinar: Webinar, person: Participant) -> dict[str, Any]:
    """For the page that confirms a question sent without a script (views/twin.py keeps which), once."""
    kept = request.session.get("asked")
    if not kept or kept.get("webinar") != webinar.pk:
        return {}
    del request.session["asked"]
    asked = Question.objects.filter(webinar=webinar, participant=person, pk=kept["question"]).first()
    if asked is None:
        return {}
    reads = _reads(request, person)
    found = similar_to(webinar, asked.text, asked.language, reads=reads, person=person, besides=asked.pk)
    return similar_context(webinar, person, found, reads) if found else {}


def similar_context(
    webinar: Webinar, person: Participant, found: Similar, reads: tuple[str, ...]
) -> dict[str, Any]:
    voted = set(votes_of(person))
    rows = [(question, row_of(question, webinar).everyone or {}) for question in found.here]
    return {
        "similar_here": [Card.of(row, one.votes, any_of(voted, row), own=False) for one, row in rows],
        "similar_elsewhere": found.elsewhere,
        "can_vote": webinar.takes_votes and not policies.refusal(person, "vote", webinar),
        "reads": reads,
    }


def _reads(request: HttpRequest, person: Participant) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*person.reads, *request.reads]))  # type: ignore[attr-defined]
