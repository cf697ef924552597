"""What a page of the room is drawn from: the window the sockets send, in a constant number of queries."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from accounts import languages
from webinars import policies
from webinars.live.protocol import REFUSALS
from webinars.live.service import service
from webinars.models import (
    AgendaItem,
    CameBy,
    Closed,
    MadeAs,
    NameShown,
    Participant,
    Reaction,
    Reason,
    Role,
    State,
    TroubleKind,
    Webinar,
)
from webinars.models.opinions import MAX_OPINION
from webinars.models.questions import MAX_GRAPHEMES

from . import opinions, polls
from .queue_page import TOLD, queue_of
from .twin import own_of, votes_of

Json = dict[str, Any]

# Where a question of one's own stands, in the words the page has for it.
FATES = (
    "waiting", "appealed", "published", "next", "floor", "answered", "returned", "declined", "hidden", "withdrawn",
    "trouble", "opinion", "unsent", "promised", "closed",
)  # fmt: skip
# A number for each form a language has: the words of all of them stand in the page, the script picks one.
PLURALS = {"uk": (("one", 1), ("few", 2), ("many", 5))}
TWO_FORMS = (("one", 1), ("other", 2))

# What the room's panel shows, one at a time (templates/webinars/room.html).
TABS = ("questions", "polls", "opinions", "queue")

# New words that were refused stand in the box of their kind.
REWRITES = {"rewrite": "ask", "opinion_rewrite": "opine"}

# Who has several parts reads of the one with the most to press.
HELP = (
    (Role.HOST, "host"),
    (Role.MODERATOR, "moderator"),
    (Role.LANGUAGE_DESK, "language-desk"),
    (Role.SPEAKER, "speaker"),
)


@dataclass(frozen=True, slots=True)
class Card:
    """A question as its card is drawn; the script draws the same from the same row (static/js/live/card.js)."""

    row: Json
    votes: int
    voted: bool
    own: bool
    answer: Json | None
    promise: Json | None

    @classmethod
    def of(cls, row: Json, votes: int, voted: bool, own: bool) -> "Card":
        """As everybody sees it."""
        if (
            row.get("name_shown", NameShown.ALL) != NameShown.ALL
        ):  # the desk's row: others look at this screen
            row = row | {"name": "", "organisation": "", "place": "", "speaker": False}
        return cls.whole(row, votes, own, voted)

    @classmethod
    def whole(cls, row: Json, votes: int, own: bool, voted: bool = False) -> "Card":
        """With all that this audience may read."""
        answers = row["answers"]
        given = [answer for answer in answers if answer["kind"] != "promised"]
        promised = [answer for answer in answers if answer["kind"] == "promised"]
        promise = promised[-1] if promised and not given else None
        return cls(row, votes, voted, own, given[-1] if given else None, promise)


@dataclass(frozen=True, slots=True)
class Clock:
    """The time somewhere that matters to this webinar."""

    zone: str
    city: str
    now: datetime
    is_own: bool


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """An agenda item with the hour it began, or is planned for, where that is known."""

    item: AgendaItem
    at: datetime | None
    state: str  # past, now, coming


def help_for(person: Participant) -> str:
    """Which of the help pages is for this person's part in the webinar (knowledge.pages)."""
    return next((page for role, page in HELP if person.has(role)), "participant")


def page_of(request: HttpRequest, webinar: Webinar, person: Participant, slug: str) -> Json:
    """Everything a template of the room needs. Never inside a transaction."""
    audience = policies.audience_of(person, speakers_see_pending=webinar.speakers_see_pending) or "everyone"
    found = service.page(webinar, audience, person.pk)
    assert found is not None
    snapshot, mine = found
    voted = votes_of(person)
    reads = tuple(dict.fromkeys([*person.reads, *request.reads]))  # type: ignore[attr-defined]
    own_zone = person.zone or request.zone  # type: ignore[attr-defined]
    speakers = list(Participant.objects.present().filter(webinar=webinar).with_role("speaker").order_by("pk"))
    rows = {row["id"]: row for row in snapshot.get("questions", ())}
    votes = {int(pk): count for pk, count in snapshot.get("votes", {}).items()}
    own_ids = {question["id"] for question in mine}
    cards = {
        pk: Card.of(row, votes.get(pk, 0), any_of(voted, row), any_of(own_ids, row))
        for pk, row in rows.items()
    }
    here = _here(webinar.pk)
    header = snapshot["webinar"]
    floor = header["floor"]
    language = get_language() or settings.LANGUAGE_CODE
    now = int(timezone.now().timestamp() * 1000)
    own = own_of(webinar, person, mine, voted)
    queue = queue_of(snapshot, own["queue"], now)
    asked = polls.in_room(snapshot, own["polls"])
    tabs = [tab for tab in TABS if tab != "polls" or asked]
    return {
        "webinar": webinar,
        "me": person,
        "slug": slug,
        "reads": reads,
        "snapshot": snapshot,
        "header": header,
        "counts": snapshot["counts"],
        "here": here[0],
        "beside": here[1],
        "rows": rows,
        "cards": [cards[pk] for pk in snapshot["order"]],
        "answered_cards": [cards[pk] for pk in snapshot["order"] if (cards[pk].answer or {}).get("gist")],
        "has_more": len(held(snapshot)) < snapshot["counts"]["published"],
        "floor_cards": [cards[pk] for pk in floor["questions"] if pk in cards] if floor else [],
        "next_cards": [cards[pk] for pk in header["next"] if pk in cards],
        "mine": [told(own) for own in mine if own["visibility"] != "withdrawn"],
        "can_ask": header["questions_open"] and not person.muted_at,
        "slow": _slow(person, header, mine),
        "can_vote": header["voting_open"] and not person.muted_at,
        "can_react": header["reactions_open"] and not person.muted_at,
        "queue": queue,
        "can_raise": header["queue_open"] and not person.muted_at and queue["stands"] in ("", "missed"),
        "hand_id": str(uuid4()),
        "hand_stands": TOLD,
        "reactions": Reaction.values,
        "can_report": not policies.refusal(person, "report", webinar),
        "has_voted": bool(voted),
        "speakers": speakers,
        "speaker_countries": list(dict.fromkeys(one.country for one in speakers if one.country)),
        "clocks": clocks(webinar, speakers, own_zone),
        "agenda": agenda(webinar, header),
        "agenda_zone": own_zone or webinar.zone,
        "content_languages": [(code, languages.endonym(code)) for code in _offered(reads)],
        "ask_in": (person.reads or [language])[0],
        "rendition_in": next(
            (code for code in ("en", *reads, *languages.INTERFACE) if code not in person.reads[:1]), "en"
        ),
        "unsent": _unsent(request, webinar),
        "client_id": str(uuid4()),
        "max_length": MAX_GRAPHEMES,
        "back": request.path,
        "tab": request.GET["show"] if request.GET.get("show") in tabs else tabs[0],
        "polls": asked,
        "polls_open": sum(card.is_open for card in asked),
        "can_answer": not policies.refusal(person, "ballot", webinar),
        "fates": FATES,
        "refusals": sorted(REFUSALS),
        "reasons": Reason.values,
        "closings": Closed.values,
        "states": State.values,
        "made_as": MadeAs.values,
        "ways_in": CameBy.values,
        "trouble_kinds": TroubleKind.values,
        "report_id": str(uuid4()),
        "plurals": PLURALS.get(language, TWO_FORMS),
        "guide_url": reverse("knowledge:index"),
        **opinions.facts_of(snapshot, own["opinions"], request.path),
        "is_desk": policies.can(person, "console", webinar),
        "has_prompter": policies.can(person, "prompter", webinar),
        "has_language_desk": policies.can(person, "language_desk", webinar),
        "help": help_for(person),
        "config": {
            "webinar": webinar.pk,
            "participant": person.pk,
            "audience": audience,
            "reads": reads,
            "slowed": not person.has(*policies.STAFF),
            # Whose notices this page shows. Those to staff stand in the console: others look at this screen.
            "told": ["everybody", "speakers"] if person.has(Role.SPEAKER) else ["everybody"],
            "release": settings.STATIC_HASH,
            "max": MAX_GRAPHEMES,
            "now": now,
            "countries": countries(webinar, language),
            "urls": _urls(webinar, slug),
            "here": here[0],
            "beside": here[1],
            "snapshot": snapshot,
            "mine": own,
            "max_opinion": MAX_OPINION,
        },
    }


def _slow(person: Participant, header: Json, mine: list[Json]) -> Json:
    """Slow mode as it is for this person: the minutes, and those left until they may ask again."""
    if not header["slow"] or person.has(*policies.STAFF):
        return {"minutes": 0, "left": 0}
    now = int(timezone.now().timestamp() * 1000)
    last = max((own["asked"] for own in mine), default=0)
    left = (last - now) / 60_000 + header["slow"] if last else 0
    return {"minutes": header["slow"], "left": max(0, math.ceil(left))}


def held(snapshot: Json) -> set[int]:
    """The published questions this page holds: in the list, on the floor, next."""
    header = snapshot["webinar"]
    floor = header["floor"]["questions"] if header["floor"] else []
    return {*snapshot["order"], *header["next"], *floor}


def told(own: Json) -> Json:
    """A question of one's own with where it stands, and its answer in short."""
    given = [answer for answer in own["answers"] if answer["kind"] != "promised"]
    last = given[-1] if given else {}
    return own | {
        "fate": fate(own),
        "may_rewrite": may_rewrite(own),
        "gist": last.get("gist", ""),
        "gist_lang": last.get("lang", ""),
    }


def any_of(ids: Collection[int], row: Json) -> bool:
    """Is a row one of these, or one of these merged into it (static/js/live/state.js says the same)?"""
    return row["id"] in ids or any(one["id"] in ids for one in row.get("same", ()))


def fate(own: Json) -> str:
    """Where a question of one's own stands, in one word (static/js/live/mine.js says the same)."""
    if own["visibility"] == "submitted":
        return "appealed" if own.get("appeal", {}).get("outcome") == "" else "waiting"
    at = own.get("head", own)  # a merged one fares as the question that stands for it
    if at["visibility"] in ("published", "merged"):
        stands = {"waiting": "published", "next": "next", "in_turn": "floor", "done": "answered"}[at["floor"]]
        if stands != "published":
            return stands
        if own.get("closed"):
            return "closed"
        return "promised" if own.get("answers") else "published"
    return str(at["visibility"])


def may_rewrite(own: Json) -> bool:
    """It came back, or the language desk asked about it while it waits (static/js/live/mine.js says the same)."""
    return own["visibility"] == "returned" or (own["visibility"] == "submitted" and bool(own.get("unclear")))


def clocks(webinar: Webinar, speakers: list[Participant], own_zone: str) -> list[Clock]:
    """The reader's own time first, then the event's and the speakers' cities, four at most."""
    now = timezone.now()
    zones = dict.fromkeys([own_zone, webinar.zone, *(speaker.zone for speaker in speakers)])
    language = get_language() or settings.LANGUAGE_CODE
    return [
        Clock(zone, languages.city(zone, language), now.astimezone(ZoneInfo(zone)), zone == own_zone)
        for zone in list(filter(None, zones))[:4]
    ]


def agenda(webinar: Webinar, header: Json) -> list[AgendaLine]:
    """The agenda with hours: as it began, else as planned from the start and the minutes before."""
    times = {pk: (started, ended) for pk, started, ended in header["agenda"]}
    lines = []
    planned = webinar.starts_at
    for item in webinar.agenda.all():
        _, ended = times.get(item.pk, (None, None))
        state = "now" if item.pk == header["agenda_now"] else "past" if ended else "coming"
        lines.append(AgendaLine(item, item.started_at or planned, state))
        planned = planned + timedelta(minutes=item.minutes) if planned and item.minutes else None
    return lines


def _urls(webinar: Webinar, slug: str) -> dict[str, str]:
    there = {"pk": webinar.pk, "slug": slug}
    names = ("changes", "do", "room", "text_room", "questions", "similar", "missed", "join")
    urls = {name: reverse(f"webinars:{name}", kwargs=there) for name in names}
    return urls | {
        "socket": f"/ws/webinars/{webinar.pk}/",
        "guides": reverse("knowledge:index"),
    }


def countries(webinar: Webinar, language: str) -> dict[str, str]:
    """The names of the countries people here come from: no browser's own list speaks Mongolian."""
    codes = Participant.objects.filter(webinar=webinar).exclude(country="").values_list("country", flat=True)
    return {code: languages.country_name(code, language) for code in codes.distinct()}


def _offered(reads: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys([*reads, *languages.OFFERED]))


def _unsent(request: HttpRequest, webinar: Webinar) -> dict[str, str]:
    """What a refused form held, by its box (views/twin.py): shown in it again, once."""
    kept = request.session.get("unsent")
    if not kept or kept.get("webinar") != webinar.pk:
        return {}
    del request.session["unsent"]
    box = REWRITES.get(str(kept.get("box")), str(kept.get("box")))
    return {box: str(kept["text"])}


def _here(webinar: int) -> tuple[int, int]:
    """People here, and with those beside them, as this process counted them last."""
    live = service.hub.rooms.get(webinar)
    return live.here if live else (0, 0)
