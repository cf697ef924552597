"""The room without a socket: `…/changes/` is what a frame would bring, `…/do/` is what a command would do.

The no-JavaScript path, the blocked-proxy path and the tests' path.
"""

import logging
import math
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from webinars import policies
from webinars.actions.deed import Refused, deed
from webinars.live import budgets, parts, reading
from webinars.live.alike import groups_in
from webinars.live.holds import Hold
from webinars.live.protocol import Command, Malformed, checked, held
from webinars.live.service import service
from webinars.live.verbs import do
from webinars.models import Participant, Question, Vote, Webinar

from .changed import DIFFERS, difference_url
from .poll_form import kept
from .seats import find_webinar, seat_of
from .words import done as said
from .words import of_several, refusal

log = logging.getLogger(__name__)

STATUS = {
    "malformed": 400,
    "not_found": 404,
    "opinion_gone": 404,
    "too_fast": 429,
    "changed": 409,
    "floor_taken": 409,
    "too_late": 409,
    "turn_over": 409,
}
# Fields a form may hold several times: a box for each question, each option, each language.
SEVERAL = ("questions", "speakers", "options", "languages", "texts", "lines")


@require_GET
def changes_since(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """The present window, or 304 when the page stands there already. A guest without a seat reads as everyone.

    `?since=<cursor>` → {"cursor", "snapshot": true, …, "mine": {…}}.
    """
    webinar = find_webinar(request, pk)
    person = seat_of(request, webinar)
    if person is None:
        return JsonResponse({"error": "signed_out"}, status=403)
    audience = policies.audience_of(person, speakers_see_pending=webinar.speakers_see_pending) or "everyone"
    holds = _holds(request, webinar, person) if audience == "desk" else []
    others = any(hold["by"] != person.pk for hold in holds)
    if request.GET.get("since") == f"{webinar.epoch}.{audience}.{webinar.seq}" and not others:
        return HttpResponse(status=304)
    found = reading.page(webinar.pk, audience, person.pk)
    assert found is not None
    snapshot, mine = found
    if audience == "desk":
        snapshot["alike"] = groups_in(snapshot)
        snapshot["holds"] = holds
    snapshot["mine"] = own_of(webinar, person, mine, votes_of(person))
    return JsonResponse(snapshot, json_dumps_params={"ensure_ascii": False})


def _holds(request: HttpRequest, webinar: Webinar, person: Participant) -> list[dict[str, Any]]:
    """Who is on which row; `?hold=12` says that one is oneself, as a socket's "hold 12" does (live/holds.py)."""
    try:
        question, writes = held(f"hold {request.GET['hold']}") if "hold" in request.GET else (0, False)
    except Malformed:
        question, writes = 0, False
    if question and not Question.objects.filter(webinar=webinar, pk=question).exists():
        question = 0
    meant = Hold(person.pk, question, writes, person.name) if "hold" in request.GET else None
    return service.hold(webinar.pk, meant)


@require_POST
def do_command(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """One command from a form. Scripts (Accept: application/json) get the socket's own reply; people a page."""
    webinar = find_webinar(request, pk)
    person = seat_of(request, webinar)
    wants_json = "application/json" in request.headers.get("Accept", "")
    if person is None:
        if wants_json:
            return JsonResponse({"error": "signed_out"}, status=403)
        return redirect("webinars:join", pk=webinar.pk, slug=slug or "-")
    ref, command = "", None
    try:
        command = checked(fields_of(request))
        ref = command.ref
        reply: dict[str, Any] = {"ok": run(webinar, person, command)}
        status = 200
    except Malformed:
        reply, status = {"error": "malformed"}, 400
    except Refused as refused:
        reply, status = {"error": refused.code, **refused.facts}, STATUS.get(refused.code, 403)
    except DatabaseError:
        if not wants_json:
            raise
        log.exception("Not saved: %s", request.POST.get("do"))
        reply, status = {"error": "not_saved"}, 507
    if wants_json:
        answer = JsonResponse({"ref": ref, **reply}, status=status)
        if "retry_after" in reply:
            answer["Retry-After"] = str(reply["retry_after"])
        return answer
    if reply.get("error") == "changed" and command is not None and command.do in DIFFERS:
        return redirect(difference_url(webinar, slug, command))
    if "error" in reply:
        messages.error(request, refusal(reply["error"], reply))
        if words := _typed(request):  # nothing typed is lost
            request.session["unsent"] = {
                "webinar": webinar.pk,
                "box": _box(request),
                "text": words,
                "about": request.POST.get("question") or request.POST.get("answer", ""),
            }
    else:
        tell(request, webinar, reply["ok"])
    return _back(request, webinar, slug)


def _typed(request: HttpRequest) -> str:
    if request.POST.get("do") == "poll":
        return kept(request.POST)
    written = (request.POST.get(name, "") for name in ("plea", "text", "gist"))
    return next(filter(None, written), "")[:8000]


def _box(request: HttpRequest) -> str:
    """In which box the words were: the command's own; what a moderator types for somebody stands in another."""
    do = request.POST.get("do", "")
    return "ask_for" if do == "ask" and "came_by" in request.POST else do


def tell(request: HttpRequest, webinar: Webinar, ok: dict[str, Any]) -> None:
    """What was done, on the next page; the console offers to take it back (views/console.py)."""
    if words := said(_box(request)):
        messages.success(request, words)
    if _box(request) == "ask":
        request.session["asked"] = {"webinar": webinar.pk, "question": ok["question"]}  # views/similar.py
    for words in of_several(webinar, ok):
        messages.info(request, words)
    if ok.get("undo"):
        request.session["undo"] = {"webinar": webinar.pk, "act": ok["act"]}


def run(webinar: Webinar, person: Participant, command: Command) -> dict[str, Any]:
    """Do one command in its own transaction. Raises Refused."""
    wait = budgets.spend(person.pk, command.do)
    if wait:
        raise Refused("too_fast", retry_after=max(1, math.ceil(wait)))
    if command.do == "react":
        return _react(webinar, person, command)
    with deed(webinar.pk, by=person) as done:
        if done.by is None or done.by.removed_at:
            raise Refused("removed")
        result = do(done, command)
    return result | (budgets.after_asking(person.pk) if command.do == "ask" else {})


def _react(webinar: Webinar, person: Participant, command: Command) -> dict[str, Any]:
    """Counted, not written: rights are read, and no seq moves."""
    now = (
        Participant.objects.admitted().filter(pk=person.pk, webinar=webinar).select_related("webinar").first()
    )
    if now is None:
        raise Refused("removed")
    if why := policies.refusal(now, "react", now.webinar):
        raise Refused(why)
    service.react(webinar.pk, command.args["kind"])
    return {}


def own_of(webinar: Webinar, person: Participant, mine: list[Any], voted: list[int]) -> dict[str, Any]:
    """What is for this person alone, as a socket is told it when it opens."""
    votes = {str(pk): True for pk in voted}
    muted = person.muted_at is not None
    return {
        "questions": mine,
        "votes": votes,
        "all": True,
        "muted": muted,
        **parts.own(webinar.pk, person.pk),
    }


def votes_of(person: Participant) -> list[int]:
    """Ids of the questions this person wants to know too."""
    return list(Vote.objects.filter(participant=person, is_on=True).values_list("question", flat=True))


def fields_of(request: HttpRequest) -> dict[str, object]:
    """A form's fields. A row's vote button is named `question`, the form says what it does."""
    fields: dict[str, object] = {name: request.POST[name] for name in request.POST}
    return fields | {name: request.POST.getlist(name) for name in SEVERAL if name in fields}


def _back(request: HttpRequest, webinar: Webinar, slug: str) -> HttpResponseRedirect:
    """To the page the form was on, at the question it was about."""
    to = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(to, allowed_hosts=None):
        to = ""
    if not to:
        return redirect("webinars:room", pk=webinar.pk, slug=slug or "-")
    for name, mark in (("question", "q"), ("opinion", "o")):
        anchor = request.POST.get(name, "")
        if anchor.isdigit() and not urlsplit(to).fragment:
            to = f"{to}#{mark}-{anchor}"
    return HttpResponseRedirect(to)
