"""The wall of a hall: what is on the floor, huge, in two languages side by side, and how to come in by phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.views.decorators.http import require_GET, require_safe

from accounts import languages
from webinars import policies
from webinars.addresses import absolute, slug_of
from webinars.live import reading
from webinars.live.projector import EVERYONE
from webinars.models import Entry, Participant, State, Webinar
from webinars.models.events import PAST
from webinars.qr import qr_svg
from webinars.when import When, when_of

from . import polls
from .joining import reads_of
from .reading import zones_of
from .room_page import agenda, clocks, countries
from .screens import Said, names_of, size_of, texts_of, where_of
from .seats import find_webinar, seat_of

Json = dict[str, Any]

WANTED = 5  # rows of the most wanted; what does not fit is not shown
NEXT = 3
NOTICES = 2
# What a wall shows in each state; while it runs it is the floor, or what one can do as long as the floor is free.
SCENES = {
    State.DRAFT: "before", State.SCHEDULED: "before", State.LOBBY: "before",
    State.HOLD: "hold", State.ENDED: "ended", State.PUBLISHED: "ended",
    State.POSTPONED: "postponed", State.CANCELLED: "cancelled",
}  # fmt: skip
LOOKS = ("dark", "light")


@dataclass(frozen=True, slots=True)
class Door:
    """How people in the hall come in with their phones."""

    url: str
    host: str
    digits: tuple[str, ...]
    qr: SafeString


@require_safe
def projector(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """`?and=mn` is the language beside the page's own ("" for none), `?look=light` is for a bright hall."""
    webinar = find_webinar(request, pk)
    person = seat_of(request, webinar)
    if not policies.may_project(person, webinar):
        return redirect("webinars:join", pk=pk, slug=slug)
    return render(request, "webinars/projector.html", page_of(request, webinar, person))


@require_GET
def projector_changes(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """The wall's socket by plain HTTP: what everybody sees now, or 304 where it stands already."""
    webinar = find_webinar(request, pk)
    if not policies.may_project(seat_of(request, webinar), webinar):
        return JsonResponse({"error": "signed_out"}, status=403)
    if request.GET.get("since") == f"{webinar.epoch}.{EVERYONE}.{webinar.seq}":
        return HttpResponse(status=304)
    return JsonResponse(snapshot_of(webinar), json_dumps_params={"ensure_ascii": False})


def snapshot_of(webinar: Webinar) -> Json:
    """What everybody may see. After the end no questions: a name is public then only where it may be kept."""
    found = reading.page(webinar.pk, EVERYONE, None)
    assert found is not None
    snapshot, _ = found
    if webinar.state in PAST:
        snapshot |= {"order": [], "questions": [], "votes": {}, "polls": {"order": [], "items": []}}
    return snapshot


def page_of(request: HttpRequest, webinar: Webinar, person: Participant | None) -> Json:
    """Everything the template needs, in a constant number of queries."""
    language = get_language() or settings.LANGUAGE_CODE
    sides = sides_of(request, webinar)
    snapshot = snapshot_of(webinar)
    header, rows = snapshot["webinar"], {row["id"]: row for row in snapshot.get("questions", ())}
    names = countries(webinar, language)

    def said(ids: Sequence[int]) -> list[Said]:
        votes = snapshot.get("votes", {})
        return [
            Said(pk, texts_of(rows[pk]).beside(sides), votes.get(str(pk), 0), where_of(rows[pk], names))
            for pk in ids
            if pk in rows
        ]

    on_floor = said(header["floor"]["questions"] if header["floor"] else [])
    waiting = [pk for pk in snapshot["order"] if pk in rows and rows[pk]["floor"] == "waiting"]
    speakers = list(Participant.objects.present().filter(webinar=webinar).with_role("speaker").order_by("pk"))
    notices = [names_of(notice).beside(sides) for notice in snapshot["notices"][:NOTICES]]
    items = agenda(webinar, header)
    poll = polls.on_wall(snapshot, sides)
    scene = SCENES.get(header["state"], "floor" if on_floor else "free")
    slug = slug_of(webinar)
    there = {"pk": webinar.pk, "slug": slug}
    return {
        "webinar": webinar,
        "slug": slug,
        "sides": sides,
        "titles": webinar.title.beside(sides),
        "header": header,
        "scene": "poll" if poll and scene in ("floor", "free", "before") else scene,
        "wall_poll": poll,
        "on_floor": on_floor,
        "size": size_of(on_floor, notices=len(notices)),
        "next": said(header["next"])[:NEXT],
        "wanted": said(waiting)[:WANTED],
        "notices": notices,
        "agenda": [(line, line.item.title.beside(sides)) for line in items],
        "agenda_next": next((line.item.pk for line in items if line.state == "coming"), None),
        "clocks": clocks(webinar, speakers, ""),
        "whens": whens(webinar, sides, speakers),
        "door": door_of(webinar),
        "door_word": "read" if webinar.state in PAST else "ask" if header["questions_open"] else "enter",
        "words": ("ask", "enter", "read", "lost"),
        "look": look if (look := request.GET.get("look")) in LOOKS else LOOKS[0],
        "looks": LOOKS,
        "seconds": [code for code in languages.INTERFACE if code != language],
        "states": State.values,
        "in_room": person is not None and webinar.has_room,
        "is_desk": policies.can(person, "console", webinar),
        "config": {
            "webinar": webinar.pk,
            "sides": sides,
            "release": settings.STATIC_HASH,
            "countries": names,
            "scenes": SCENES,
            "most": {"next": NEXT, "wanted": WANTED, "notices": NOTICES},
            "urls": {
                "socket": f"/ws/webinars/{webinar.pk}/projector/",
                "changes": reverse("webinars:projector_changes", kwargs=there),
            },
            "snapshot": snapshot,
        },
    }


def sides_of(request: HttpRequest, webinar: Webinar) -> list[str]:
    """The page's language, and the one beside it: chosen, else another that the reader or the webinar speaks."""
    own = get_language() or settings.LANGUAGE_CODE
    chosen = request.GET.get("and")
    likely = [chosen] if chosen is not None else [*reads_of(request), *webinar.languages]
    bases = (code.split("-")[0] for code in likely)
    return [own, *[code for code in bases if code in languages.INTERFACE and code != own][:1]]


def door_of(webinar: Webinar) -> Door | None:
    """None where a code opens nothing: there is no room, or one comes by a link of one's own."""
    code = webinar.join_code
    if not code or not webinar.has_room or webinar.entry == Entry.INVITED:
        return None
    url = absolute(reverse("webinars_plain:code", kwargs={"code": code}))
    host = urlsplit(settings.SITE_URL).netloc + reverse("webinars_plain:codes").rstrip("/")
    return Door(url, host, (code[:3], code[3:6], code[6:]), qr_svg(url))


def whens(webinar: Webinar, sides: list[str], speakers: list[Participant]) -> list[tuple[str, When]]:
    """When it is, in each of the two languages."""
    found = []
    for code in sides:
        with override(code):
            found.append((code, when_of(webinar, also=zones_of(speakers))))
    return found
