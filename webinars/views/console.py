"""The moderators' console: what waits, what is published, what is on the floor, what was answered."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts import languages
from webinars import policies
from webinars.actions.lessons import may_draft
from webinars.fair import fair_in
from webinars.lenses import Lens
from webinars.live.changes import UNHAPPY
from webinars.live.service import service
from webinars.live.verbs import DEEDS
from webinars.models import AskerSays, PollKind, Question, To, Webinar
from webinars.models.events import State

from . import polls
from .activity import picture_of
from .desk import Desk, asked_countries, in_order, near_languages, to_whom, waited
from .joining import signed_in
from .poll_form import form_of
from .queue_page import desk_queue_of, reaction_line
from .rehearsals import audience_of
from .room_page import page_of
from .seats import find_webinar, seat_of

# Where a row went that another moderator decided on, as it says so itself.
LEFT = (
    "published",
    "returned",
    "declined",
    "hidden",
    "merged",
    "trouble",
    "opinion",
    "submitted",
    "floor",
    "answered",
    "gone",
)
SLOW = (0, 1, 2, 5, 10)  # minutes, as they are offered
KINDS = ("review", "published", "answered", "aside")
# What a host presses while the room is open, and around it; the rest happens on the webinar's own pages.
STEPS = (State.LOBBY, State.LIVE, State.HOLD, State.WRAP_UP, State.ENDED, State.SCHEDULED)


@require_GET
def console(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """For moderators and hosts alone; somebody else is told so, a stranger goes through the join page."""
    webinar = find_webinar(request, pk)
    person = seat_of(request, webinar)
    if person is None:
        return redirect("webinars:join", pk=pk, slug=slug)
    if not policies.can(person, "console", webinar):
        raise PermissionDenied
    context = page_of(request, webinar, person, slug)
    desk = Desk(request, context)
    snapshot = context["snapshot"]
    lens = Lens.of(request.GET)
    waiting = in_order([pk for pk in snapshot["order"] if desk.rows[pk]["floor"] == "waiting"], lens, webinar)
    published = to_whom([*snapshot["webinar"]["next"], *waiting], lens, desk.rows)
    offered = context["content_languages"]
    near = near_languages(webinar, context["reads"], desk.rows.values())
    desk_polls = polls.at_desk(snapshot)
    writes_in = list(dict.fromkeys([context["ask_in"], *webinar.languages, *languages.INTERFACE]))
    live = service.hub.rooms.get(webinar.pk)
    context["config"] |= {
        "next_states": {
            state: Webinar(state=state, rehearsal_of_id=webinar.rehearsal_of_id).next_states
            for state in State
        },
        "languages": dict(offered) | {code: languages.endonym(code) for code in near},
        "alike": desk.groups,
        "pace": live.pace if live else 0,
        "holds": service.hold(webinar.pk, None),
    }
    context["config"]["urls"]["changed"] = reverse(
        "webinars:changed", kwargs={"pk": pk, "slug": slug, "question": 0}
    )
    more: dict[str, Any] = {
        "review": desk.column("review", snapshot["review"]),
        "published": desk.column("published", published),
        "lens": lens,
        "fair_by": fair_in(webinar).by,
        "asked_countries": asked_countries(context["speakers"], desk.rows.values()),
        "answered": desk.column("answered", snapshot["answered"]),
        "aside": desk.column("aside", snapshot["aside"]),
        "only": desk.only,
        "merging": desk.merging(),
        "waited": waited(snapshot, context["config"]["now"]),
        "pace": context["config"]["pace"],
        "desk_queue": desk_queue_of(snapshot, context["config"]["now"]),
        "reaction_line": reaction_line(webinar),
        "is_host": policies.can(person, "state", webinar),
        "do_url": reverse("webinars:do", kwargs={"pk": pk, "slug": slug}),
        "lesson_url": reverse("webinars:draft_lesson", kwargs={"pk": pk, "slug": slug}),
        "may_draft": may_draft(signed_in(request)),
        "all_languages": offered,
        # The rows' own lists stay short: one stands in each of a hundred rows.
        "content_languages": [(code, languages.endonym(code)) for code in near],
        "near": near,
        "undo": undo_of(request, webinar),
        "speaker_choice": context["speakers"],
        "paused": _paused(context),
        "unhappy": sum(snapshot.get("judged", {}).get(says, 0) for says in UNHAPPY),
        "unsettled": Question.objects.filter(webinar=webinar).unsettled().count(),
        "says": AskerSays.values,
        "kinds": KINDS,
        "desk_polls": desk_polls,
        "desk_polls_open": sum(card.is_open for card in desk_polls),
        "poll_kinds": PollKind.values,
        "poll_form": form_of(
            request,
            snapshot["polls"].get("items", ()),
            unsent=context["unsent"].get("poll", ""),
            near=writes_in,
        ),
        "steps": STEPS,
        "tos": To.values,
        "deeds": [*sorted(DEEDS), "ask_for"],
        "left": LEFT,
        "all": request.GET["all"] if request.GET.get("all") in KINDS else "",
        "activity": picture_of(webinar),
        "slow_choices": sorted({*SLOW, webinar.slow_minutes}),
    }
    if webinar.is_rehearsal:
        more |= audience_of(webinar) | {"may_draft": False}
    return render(request, "webinars/console.html", context | more)


def _paused(context: dict[str, Any]) -> list[tuple[int, list[Any]]]:
    """Interrupted turns of which a question is next still."""
    header, rows = context["header"], {card.row["id"]: card for card in context["next_cards"]}
    turns = [(one["turn"], [rows[pk] for pk in one["questions"] if pk in rows]) for one in header["paused"]]
    return [(turn, cards) for turn, cards in turns if cards]


def undo_of(request: HttpRequest, webinar: Webinar) -> int | None:
    """The act that a page without a script may take back, once (views/twin.py)."""
    kept = request.session.get("undo")
    if not kept or kept.get("webinar") != webinar.pk:
        return None
    del request.session["undo"]
    return int(kept["act"])
