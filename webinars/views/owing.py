"""After the last word: what is left without an answer is promised or closed here, and what was promised is written."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import languages
from webinars.actions.deed import Refused
from webinars.addresses import address, slug_of
from webinars.live.protocol import Malformed, checked
from webinars.models import (
    Answer,
    AnswerKind,
    AskerSays,
    Closed,
    Delivery,
    Participant,
    Question,
    Role,
    Webinar,
)
from webinars.models.events import PAST

from .console import undo_of
from .editing import hosted
from .joining import reads_of
from .twin import fields_of, run, tell
from .words import refusal

DEEDS = frozenset({"promise_all", "close", "answer"})
SHOWN = 100  # of each list; the rest moves up as these are settled


@dataclass(frozen=True, slots=True)
class Promised:
    """A question whose answer is owed, and what a refused form held."""

    question: Question
    owner: str
    due: date | None
    overdue: bool
    typed: QueryDict | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A written answer, and how many letters of it left."""

    answer: Answer
    letters: int
    waiting: int


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def owed(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """For moderators and hosts, at any time; the list stays until nothing is left on it."""
    webinar, seat = hosted(request, pk, "settle")
    wrong, typed = "", None
    if request.method == "POST":
        wrong = _do(request, webinar, seat)
        if not wrong:
            return redirect(address(webinar, "owed"))
        typed = request.POST
    context = _context(request, webinar, typed) | {"wrong": wrong, "typed": typed}
    return render(request, "webinars/owed.html", context, status=422 if wrong else 200)


def _do(request: HttpRequest, webinar: Webinar, seat: Participant) -> str:
    """Do what was pressed; the sentence of a refusal, or ""."""
    try:
        if request.POST.get("do") not in DEEDS:
            raise Malformed
        fields = fields_of(request)
        if "questions" not in fields and fields["do"] != "answer":
            return refusal("none_chosen", {})
        tell(request, webinar, run(webinar, seat, checked(fields)))
    except Malformed:
        return refusal("malformed", {})
    except Refused as refused:
        return refusal(refused.code, refused.facts)
    return ""


def _context(request: HttpRequest, webinar: Webinar, typed: QueryDict | None) -> dict[str, Any]:
    here = Question.objects.filter(webinar=webinar)
    unsettled = here.unsettled()
    speakers = Participant.objects.present().with_role(Role.SPEAKER).filter(webinar=webinar).exclude(name="")
    reads = reads_of(request)
    offered = list(dict.fromkeys([*reads, *webinar.languages, *languages.OFFERED]))
    return {
        "webinar": webinar,
        "slug": slug_of(webinar),
        "has_ended": webinar.state in PAST,
        "unsettled": list(unsettled.select_related("addressed_to")[:SHOWN]),
        "unsettled_count": unsettled.count(),
        "chosen": typed.getlist("questions") if typed else None,
        "promised": _promised(here, typed),
        "sent": _sent(webinar),
        "unhappy": _unhappy(webinar),
        "owners": sorted({person.name for person in speakers}),
        "reasons": Closed.values,
        "undo": undo_of(request, webinar),
        "write_in": reads[0] if reads else get_language() or "en",
        "near": offered,
        "content_languages": [(code, languages.endonym(code)) for code in offered],
        "today": timezone.localdate(),
    }


def _promised(here: Any, typed: QueryDict | None) -> list[Promised]:
    today = timezone.localdate()
    about = typed.get("question", "") if typed and typed.get("do") == "answer" else ""
    rows = []
    for question in here.owed().prefetch_related("answers")[:SHOWN]:
        promise = max(question.answers.all(), key=lambda answer: answer.pk)
        late = promise.due is not None and promise.due < today
        held = typed if about == str(question.pk) else None
        rows.append(Promised(question, promise.owner, promise.due, late, held))
    return rows


def _sent(webinar: Webinar) -> list[Sent]:
    """What was written and went out, the last first. Two queries."""
    written = Answer.objects.given().filter(question__webinar=webinar, kind=AnswerKind.WRITTEN)
    ways = written.filter(deliveries__isnull=False).distinct().select_related("question")
    rows = list(ways.prefetch_related("deliveries").order_by("-given_at", "-pk")[:SHOWN])
    return [Sent(one, *_letters(one.deliveries.all())) for one in rows]


def _letters(deliveries: Any) -> tuple[int, int]:
    ways: list[Delivery] = list(deliveries)
    left = [one for one in ways if one.begun_at is not None]
    return len(left), len(ways) - len(left)


def _unhappy(webinar: Webinar) -> list[Answer]:
    """Answers of which their asker says that they answer in part, or not: who that was stands nowhere."""
    said = Answer.objects.given().filter(question__webinar=webinar)
    back = said.filter(asker_says__in=(AskerSays.PARTLY, AskerSays.NOT))
    return list(back.select_related("question").order_by("-given_at", "-pk")[:SHOWN])
