"""The prompter beside a speaker's camera: what is being answered, what is for them, what comes, and the time left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.names import Text
from webinars import policies
from webinars.addresses import slug_of
from webinars.live import reading
from webinars.live.answers import ms
from webinars.live.protocol import REFUSALS
from webinars.models import Floor, Participant, Role, State, To, Webinar
from webinars.models.events import RUNNING

from .joining import reads_of
from .room_page import PLURALS, TWO_FORMS, AgendaLine, agenda, countries
from .screens import Said, names_of, size_of, texts_of, where_of
from .seats import find_webinar, seat_of

Json = dict[str, Any]

NEXT = 2
NOTICES = 3
SOON = (State.SCHEDULED, State.LOBBY)


@dataclass(frozen=True, slots=True)
class Cue:
    """A question on the prompter."""

    said: Said
    for_me: bool
    waits: bool  # for a moderator


@dataclass(frozen=True, slots=True)
class Until:
    """What the time counts down to: the end of an agenda item, the start, the end; "" where nothing is planned."""

    what: str
    at: datetime | None = None

    @property
    def minutes(self) -> int:
        """Left, or over."""
        return round(abs((self.at - timezone.now()).total_seconds()) / 60) if self.at else 0

    @property
    def is_over(self) -> bool:
        return self.at is not None and self.at < timezone.now()

    @property
    def when(self) -> str:
        return f"{self.what}-over" if self.is_over else self.what


@require_safe
def prompter(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """For speakers and those who help them; somebody else is told so, a stranger goes through the join page."""
    webinar = find_webinar(request, pk)
    person = seat_of(request, webinar)
    if person is None:
        return redirect("webinars:join", pk=pk, slug=slug)
    if not policies.can(person, "prompter", webinar):
        raise PermissionDenied
    if not webinar.has_room:
        return redirect("webinars:webinar", pk=pk, slug=slug)
    return render(request, "webinars/prompter.html", page_of(request, webinar, person))


def page_of(request: HttpRequest, webinar: Webinar, person: Participant) -> Json:
    """Everything the template needs, in a constant number of queries; as much as this person's audience may see."""
    audience = policies.audience_of(person, speakers_see_pending=webinar.speakers_see_pending) or "everyone"
    found = reading.page(webinar.pk, audience, None)
    assert found is not None
    snapshot, _ = found
    header, rows = snapshot["webinar"], {row["id"]: row for row in snapshot.get("questions", ())}
    reads = tuple(dict.fromkeys([*person.reads, *reads_of(request)]))
    language = get_language() or settings.LANGUAGE_CODE
    names = countries(webinar, language)
    votes, review = snapshot.get("votes", {}), snapshot.get("review", [])

    def cues(ids: Iterable[int]) -> list[Cue]:
        known = [rows[pk] for pk in ids if pk in rows]
        return [
            Cue(
                Said(row["id"], in_own(row, reads), votes.get(str(row["id"]), 0), where_of(row, names)),
                for_me=is_to(row, person),
                waits=row["id"] in review,
            )
            for row in known
        ]

    on_floor = cues(header["floor"]["questions"] if header["floor"] else [])
    asked = [pk for pk in sorted({*snapshot["addressed"], *review}) if pk in rows]
    mine = [pk for pk in asked if rows[pk]["floor"] != Floor.DONE and is_to(rows[pk], person)]
    notices = sorted(snapshot["notices"], key=lambda notice: notice["to"] != To.SPEAKERS)
    items = agenda(webinar, header)
    zone = person.zone or request.zone or webinar.zone  # type: ignore[attr-defined]
    there = {"pk": webinar.pk, "slug": slug_of(webinar)}
    return {
        "webinar": webinar,
        "slug": there["slug"],
        "me": person,
        "reads": reads,
        "header": header,
        "on_floor": on_floor,
        "size": size_of([cue.said for cue in on_floor]),
        "next": cues(header["next"][:NEXT]),
        "after_next": max(0, len(header["next"]) - NEXT),
        "is_speaker": person.has(Role.SPEAKER),
        "mine": cues(mine),
        "to_confirm": to_confirm((rows[pk] for pk in asked), person),
        "do_url": reverse("webinars:do", kwargs=there),
        "back": request.path,
        "refusals": sorted(REFUSALS),
        "review": cues(review) if "review" in snapshot else None,
        "notices": [(notice["to"], names_of(notice).best(reads)) for notice in notices[:NOTICES]],
        "agenda": items,
        "agenda_next": next((line.item.pk for line in items if line.state == "coming"), None),
        "until": until_of(webinar, items),
        "tos": To.values,
        "plurals": PLURALS.get(language, TWO_FORMS),
        "zone": zone,
        "states": State.values,
        "config": {
            "webinar": webinar.pk,
            "participant": person.pk,
            "audience": audience,
            "reads": reads,
            "release": settings.STATIC_HASH,
            "now": int(timezone.now().timestamp() * 1000),
            "countries": names,
            "most": {"next": NEXT, "notices": NOTICES},
            "minutes": {line.item.pk: line.item.minutes for line in items if line.item.minutes},
            "zone": zone,
            "country": person.country,
            "starts": ms(webinar.starts_at),
            "lasts": webinar.minutes,
            "urls": {
                "socket": f"/ws/webinars/{webinar.pk}/",
                "changes": reverse("webinars:changes", kwargs=there),
                "do": reverse("webinars:do", kwargs=there),
            },
            "snapshot": snapshot,
        },
    }


def in_own(row: Json, reads: Iterable[str]) -> list[Text]:
    """The text in the reader's language, and under it the original where that is another."""
    texts = texts_of(row)
    return list(dict.fromkeys([texts.best(reads), Text(texts.original, texts.original_text)]))


def is_to(row: Json, person: Participant) -> bool:
    """Is it this speaker's to answer? As the desk decided, else as the asker said."""
    if row.get("assigned"):
        return bool(row["assigned"]["id"] == person.pk)
    if row["to"]:
        return bool(row["to"]["id"] == person.pk)
    return bool(row["to_country"]) and row["to_country"] == person.country


def to_confirm(rows: Iterable[Json], person: Participant) -> list[Json]:
    """What was written down of this speaker's answers and not confirmed."""
    found = []
    for row in rows:
        given = [answer for answer in row["answers"] if answer["kind"] != "promised"]
        if row["floor"] != Floor.DONE or not given or not given[-1].get("gist") or given[-1]["confirmed"]:
            continue
        last = given[-1]
        if person.pk in [one["id"] for one in (last.get("speaker"), *last.get("with", ())) if one]:
            words = {"gist": last["gist"], "gist_lang": last["lang"]}
            found.append({"id": last["id"], "text": row["text"], "lang": row["lang"]} | words)
    return found


def until_of(webinar: Webinar, items: list[AgendaLine]) -> Until:
    """static/js/live/time-left.js says the same."""
    running = next((line.item for line in items if line.state == "now"), None)
    if running is not None and running.started_at and running.minutes:
        return Until("item", running.started_at + timedelta(minutes=running.minutes))
    if webinar.state in SOON and webinar.starts_at:
        return Until("start", webinar.starts_at)
    if webinar.state in RUNNING and webinar.starts_at:
        return Until("end", (webinar.started_at or webinar.starts_at) + timedelta(minutes=webinar.minutes))
    return Until("")
