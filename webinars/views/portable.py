"""The portable link: whoever holds it is that person, and it leads to what is there for them now."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from webinars.actions.uniting import unite_links
from webinars.addresses import address, slug_of
from webinars.models import Answer, Participant, Question, Role, State, Webinar
from webinars.models.events import PAST

from .joining import signed_in, to_room
from .seats import seat_of, take_seat


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def portable(request: HttpRequest, token: str) -> HttpResponse:
    """A personal link: whoever holds it is that person, on a second device as well.

    Where the browser is somebody else in this webinar already, it asks first.
    """
    person = Participant.objects.of_link(token)
    if person is None:
        return _private(render(request, "webinars/link_gone.html", status=410))
    webinar = person.webinar
    if webinar.state == State.DRAFT:
        return _private(render(request, "webinars/link_gone.html", {"early": webinar}))
    mine, user = seat_of(request, webinar), signed_in(request)
    other = mine if mine is not None and mine.pk != person.pk else None
    if request.method == "HEAD":  # a preview of the link takes no seat
        return _private(HttpResponse())
    if request.method == "GET" and other is not None:
        context = {
            "webinar": webinar,
            "slug": slug_of(webinar),
            "theirs": person,
            "mine": other,
            "token": token,
            "to": request.GET.get("to", "")[:20],
            "signed_in": user,
        }
        return _private(render(request, "webinars/link_whose.html", context))
    if request.method == "POST":
        if user is not None and other is not None and other.user_id == user.pk:
            raise Http404  # a signed-in person stays who they are until they sign out
        if other is not None and other.user_id is None:
            unite_links(other, person)
    take_seat(request, person)
    if there := _named(webinar, person, request.GET.get("to", "")):
        return _private(redirect(there))
    if webinar.state in PAST and _has_answers(person):  # to say whether what was written down is right
        return _private(redirect(address(webinar, "my_answers")))
    if not webinar.has_room:  # what one asked and what became of it, or what everybody may see
        asked = f"{reverse('webinars:my_questions')}?webinar={webinar.pk}"
        has_asked = webinar.state in PAST and Question.objects.asked_by([person]).exists()
        return _private(redirect(asked if has_asked else address(webinar)))
    if person.joined_at is None:  # the first time: how much data may it cost, and do they agree
        return _private(redirect(address(webinar, "join")))
    return _private(to_room(webinar, person))


def _has_answers(person: Participant) -> bool:
    """A speaker who has answered something, or has still to."""
    if not person.has(Role.SPEAKER):
        return False
    due = Question.objects.due_of(person, after_the_end=True)
    return Answer.objects.given_by(person).exists() or due.exists()


def _named(webinar: Webinar, person: Participant, to: str) -> str:
    """Where a letter wants its link to lead: to one's questions, to one of them, or to one's answers; "" elsewhere."""
    asked = f"{reverse('webinars:my_questions')}?webinar={webinar.pk}"
    if to == "questions":
        return asked
    if re.fullmatch(r"q-[0-9]{1,18}", to):
        return f"{asked}#{to}"
    if to == "answers" and person.has(Role.SPEAKER):
        return address(webinar, "my_answers")
    return ""


def _private(answer: HttpResponse) -> HttpResponse:
    """A page whose address is a key: no search engine keeps it, no other site hears of it."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
