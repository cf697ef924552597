"""What changed on a question between reading and pressing, and the press that decides on it all the same."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from webinars import policies
from webinars.actions.questions import FROM
from webinars.live.part import Json
from webinars.live.protocol import Command
from webinars.live.reading import row_of
from webinars.models import Act, Floor, Question, Reason, Visibility, Webinar
from webinars.models.questions import mark_of

from .seats import find_webinar, seat_of

# Decisions on one question that are refused where it changed meanwhile.
DIFFERS: Final = ("publish", "return", "decline", "hide")
# Acts after which it stands elsewhere or says something else; a note or a gist is no such change.
CHANGES: Final = frozenset(
    {
        "publish",
        "return",
        "decline",
        "hide",
        "move",
        "rewrite",
        "withdraw",
        "asked_already",
        "merge",
        "unmerge",
    }
    | {"split", "floor", "done", "interrupt", "undo", "unmute", "restore"}
)
WITH_REASON: Final = frozenset({"return", "decline", "hide"})


@dataclass(frozen=True, slots=True)
class Difference:
    """A question as it was on somebody's screen, and as it is."""

    question: Question
    row: Json  # as the desk reads it now
    was: str  # where it stood, "" where nobody said
    rewritten: bool  # other words than those that were read
    old: str  # the words as they were, "" where they are the same or nobody knows
    act: Act | None  # what was done to it last
    by_asker: bool

    @property
    def place(self) -> str:
        """Where it stands now, in one word (static/js/live/desk-row.js says the same)."""
        if self.question.visibility != Visibility.PUBLISHED:
            return self.question.visibility
        on = {Floor.IN_TURN: "floor", Floor.DONE: "answered"}
        return on.get(Floor(self.question.floor), self.question.visibility)

    @property
    def is_none(self) -> bool:
        """It stands as it stood."""
        return not self.rewritten and self.was in ("", self.question.visibility)

    def allows(self, verb: str) -> bool:
        """Can it still be decided so?"""
        return (
            verb in DIFFERS
            and self.question.visibility in FROM[verb]
            and self.question.floor != Floor.IN_TURN
            and (self.question.floor != Floor.DONE or verb in ("publish", "hide"))
        )


@never_cache
@require_GET
def changed(request: HttpRequest, pk: int, slug: str, question: int) -> HttpResponse:
    """`?do=&was=&seen=&reason=&note=`: the decision that was refused. For the desk alone."""
    webinar = find_webinar(request, pk)
    person = seat_of(request, webinar)
    if person is None:
        return redirect("webinars:join", pk=pk, slug=slug)
    if not policies.can(person, "console", webinar):
        raise PermissionDenied
    found = get_object_or_404(Question.objects.with_all(), webinar=webinar, pk=question)
    verb, reason = request.GET.get("do", ""), request.GET.get("reason", "")
    difference = _difference(webinar, found, request.GET.get("was", ""), request.GET.get("seen", ""))
    context = {
        "webinar": webinar,
        "slug": slug,
        "difference": difference,
        "row": difference.row,
        "verb": verb if difference.allows(verb) else "",
        "asks_why": verb in WITH_REASON,
        "reason": reason if reason in Reason.values else "",
        "note": request.GET.get("note", "")[:500],
        "reasons": Reason.values,
        "do_url": reverse("webinars:do", kwargs={"pk": pk, "slug": slug}),
        "back": reverse("webinars:console", kwargs={"pk": pk, "slug": slug}),
    }
    return render(request, "webinars/changed.html", context)


def difference_url(webinar: Webinar, slug: str, command: Command) -> str:
    """Where a refused decision on one question is explained."""
    told = ("was", "seen", "reason", "note")
    fields: dict[str, Any] = {"do": command.do} | {k: command.args[k] for k in told if k in command.args}
    there = {"pk": webinar.pk, "slug": slug or "-", "question": command.args["question"]}
    return f"{reverse('webinars:changed', kwargs=there)}?{urlencode(fields)}"


def _difference(webinar: Webinar, question: Question, was: str, seen: str) -> Difference:
    acts = list(question.acts.select_related("by").order_by("-pk")[:50])
    act = next((act for act in acts if act.verb in CHANGES), None)
    return Difference(
        question=question,
        row=row_of(question, webinar).desk,
        was=was if was in Visibility.values else "",
        rewritten=_is_mark(seen) and int(seen) != question.words_mark,
        old=_old_words(question, acts, seen),
        act=act,
        by_asker=act is not None and act.by_id == question.participant_id and not question.is_on_behalf,
    )


def _old_words(question: Question, acts: list[Act], seen: str) -> str:
    """The words that bore this mark: an asker's earlier ones are kept by the act that changed them."""
    if not _is_mark(seen) or int(seen) == question.words_mark:
        return ""
    if question.visibility == Visibility.WITHDRAWN:
        return ""
    earlier = [act.before for act in acts if act.verb == "rewrite" and "text" in act.before]
    return next((b["text"] for b in earlier if mark_of(b["text"], b.get("language", "")) == int(seen)), "")


def _is_mark(seen: str) -> bool:
    return seen.isascii() and seen.isdigit() and len(seen) <= 10
