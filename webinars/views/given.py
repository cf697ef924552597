"""A speaker's own answers: to confirm or put right what was written down, and to write what they still owe."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import languages
from webinars import policies
from webinars.addresses import address, slug_of
from webinars.models import Answer, Question, Webinar
from webinars.models.events import PAST

from .joining import reads_of
from .seats import find_webinar, seat_of

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Given:
    """An answer of one's own. `typed` is what a refused form held."""

    answer: Answer
    typed: str | None

    @property
    def gist(self) -> str:
        return self.typed if self.typed is not None else self.answer.gist


@dataclass(frozen=True, slots=True)
class Due:
    """A question that is this speaker's to answer."""

    question: Question
    promised: Answer | None
    typed: str


@never_cache
@require_safe
def my_answers(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """For speakers alone, by account or personal link, as long as the webinar is there: days later, too."""
    webinar = find_webinar(request, pk)
    person = seat_of(request, webinar)
    if person is None:
        return redirect(address(webinar, "join"))
    if not policies.can(person, "confirm", webinar):
        raise PermissionDenied
    theirs = Question.objects.due_of(person, after_the_end=webinar.state in PAST)
    box, about, text = _typed(request, webinar)
    given = [
        Given(one, text if (box, about) == ("confirm", one.pk) else None)
        for one in Answer.objects.given_by(person)[:SHOWN]
    ]
    due = [
        Due(one, _promised(one), text if (box, about) == ("answer", one.pk) else "") for one in theirs[:SHOWN]
    ]
    reads = tuple(dict.fromkeys([*person.reads, *reads_of(request)]))
    offered = dict.fromkeys([*reads, *webinar.languages, *languages.OFFERED])
    context = {
        "webinar": webinar,
        "slug": slug_of(webinar),
        "me": person,
        "given": given,
        "waiting": sum(1 for one in given if one.answer.confirmed_at is None and one.answer.gist),
        "due": due,
        "reads": reads,
        "write_in": reads[0],
        "near": list(offered),
        "content_languages": [(code, languages.endonym(code)) for code in offered],
        "back": request.path,
    }
    return render(request, "webinars/my_answers.html", context)


def _promised(question: Question) -> Answer | None:
    return max(question.answers.all(), key=lambda one: one.pk, default=None)


def _typed(request: HttpRequest, webinar: Webinar) -> tuple[str, int, str]:
    """What a refused form of this page held: which command, about which row, the words. Shown once."""
    kept = request.session.get("unsent") or {}
    if kept.get("webinar") != webinar.pk or kept.get("box") not in ("confirm", "answer"):
        return "", 0, ""
    del request.session["unsent"]
    about = str(kept.get("about", ""))
    number = int(about) if about.isascii() and about.isdigit() and len(about) < 19 else 0
    return str(kept["box"]), number, str(kept["text"])
