"""What pages about webinars are drawn from, in a constant number of queries whatever the number of webinars."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from config.languages import offered
from knowledge.models import Edition, Guide
from knowledge.models.guides import GuideQuerySet
from knowledge.reading import best_edition
from webinars.addresses import slug_of
from webinars.live.reading import row_of
from webinars.models import AgendaItem, Participant, Question, Role, State, Webinar
from webinars.models.events import PAST
from webinars.when import When, when_of

from .joining import reads_of
from .room_page import Card


@dataclass(frozen=True, slots=True)
class Listed:
    """A webinar in a list."""

    webinar: Webinar
    slug: str
    phase: str
    when: When


@dataclass(frozen=True, slots=True)
class Line:
    """A point of the agenda with its hour on the webinar's clock, as it began or as planned."""

    item: AgendaItem
    hour: str
    state: str  # past, now, coming
    speakers: tuple[Participant, ...] = ()
    answered: int = 0  # in the archive: under it, and the first of them
    first: int = 0

    def with_answers(self, answered: int, first: int) -> "Line":
        return replace(self, answered=answered, first=first)


def with_people() -> tuple[Prefetch[Any] | str, ...]:
    """What a list of webinars shows beside them."""
    speakers = Participant.objects.present().with_role(Role.SPEAKER).order_by("pk")
    return "organisations", Prefetch("participants", queryset=speakers, to_attr="speakers")


def listed(webinar: Webinar) -> Listed:
    return Listed(webinar, slug_of(webinar), phase_of(webinar), when_of(webinar))


def phase_of(webinar: Webinar) -> str:
    """before, live, after; missed where nobody began it; off where it does not take place as announced; draft."""
    if webinar.is_missed():
        return "missed"
    if webinar.is_running:
        return "live"
    if webinar.state in PAST:
        return "after"
    if webinar.state == State.SCHEDULED:
        return "before"
    return "draft" if webinar.state == State.DRAFT else "off"


def people_of(webinar: Webinar) -> list[Participant]:
    """Those the page names: speakers, and whoever the hosts invited and gave a title."""
    invited = Participant.objects.present().filter(webinar=webinar)
    named = invited.filter(Q(invited_at__isnull=False) | Q(roles__icontains='"speaker"')).order_by("pk")
    return [person for person in named if person.has(Role.SPEAKER) or person.title]


def zones_of(people: Iterable[Participant]) -> list[str]:
    return [person.zone for person in people if person.has(Role.SPEAKER) and person.zone]


def agenda_of(webinar: Webinar) -> list[Line]:
    """The points with who speaks in them. Two queries."""
    lines = []
    zone = webinar.clock
    planned = webinar.starts_at  # in UTC, so that minutes are minutes when the clocks change between
    for item in webinar.agenda.prefetch_related("speakers"):
        at = (item.started_at or planned) if webinar.starts_at else None
        state = "now" if item.pk == webinar.agenda_now_id else "past" if item.ended_at else "coming"
        speakers = tuple(person for person in item.speakers.all() if person.removed_at is None)
        lines.append(Line(item, f"{at.astimezone(zone):%H:%M}" if at else "", state, speakers))
        planned = planned + timedelta(minutes=item.minutes) if planned and item.minutes else None
    return lines


def card_of(question: Question, webinar: Webinar) -> Card:
    """A published question for everybody. The archive keeps who asked only where the asker let it: the country."""
    row = row_of(question, webinar).everyone or {}
    if webinar.state in PAST and not question.archive_keeps_name:
        row = row | {"name": "", "organisation": "", "place": "", "for": "", "speaker": False}
    return Card.of(row, question.votes, False, False)


def alternates(webinar: Webinar) -> list[tuple[str, str]]:
    """This page in every language the site offers, with the slug of that language."""
    found = []
    for code in offered():
        with translation.override(code):
            there = reverse("webinars:webinar", kwargs={"pk": webinar.pk, "slug": slug_of(webinar)})
        found.append((code, f"{settings.SITE_URL}{there}"))
    return found


def began_at(webinar: Webinar) -> str:
    """When it began, on its own clock."""
    return f"{webinar.started_at.astimezone(webinar.clock):%H:%M}" if webinar.started_at else ""


def cards_of_lessons(request: HttpRequest, guides: GuideQuerySet) -> list[tuple[Guide, Edition]]:
    """Guides with the edition this reader reads best, for their cards. Three queries."""
    reads = reads_of(request)
    return [(guide, best_edition(guide.readable, reads)) for guide in guides.for_list()]  # type: ignore[attr-defined]
