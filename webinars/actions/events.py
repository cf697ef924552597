"""Making, changing and copying webinars."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import Organisation, User
from accounts.names import Names
from accounts.writing import writing
from webinars.models import AgendaItem, Entry, Participant, Role, Series, Webinar

from .deed import Deed, Refused
from .index import index_webinar_later

# Columns a host sets through create and edit; everything else moves by deeds of its own.
EDITABLE = (
    "series", "title", "description", "day", "starts_at", "minutes", "zone", "languages", "entry",
    "publishes_at_once", "speakers_see_pending", "picture_provider", "picture_id", "is_example",
    "reactions_open", "queue_open", "second_eye",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """One agenda item as a form sends it; `pk` None makes a new one."""

    title: Names
    minutes: int | None = None
    pk: int | None = None
    speakers: tuple[int, ...] = ()


def create_webinar(
    *, by: User, organisations: Iterable[Organisation] = (), agenda: Sequence[AgendaLine] = (), **facts: Any
) -> Webinar:
    """A draft, with its maker as host. `facts` are EDITABLE columns."""
    with writing():
        webinar = Webinar(**_editable(facts), join_code=_free_code())
        webinar.save()
        webinar.organisations.set(organisations)
        Participant.objects.create(
            webinar=webinar, user=by, name=by.name, email=by.email, country=by.country, reads=by.reads,
            zone=by.zone, organisation=str(by.organisation or ""), invited_at=timezone.now(),
            roles=[Role.ATTENDEE, Role.HOST],
        )  # fmt: skip
        _set_agenda(webinar, agenda)
    return webinar


def edit_webinar(
    deed: Deed,
    *,
    organisations: Iterable[Organisation] | None = None,
    agenda: Sequence[AgendaLine] | None = None,
    **facts: Any,
) -> None:
    """Change a webinar. Items of the agenda that are named no more go, unless they have begun."""
    deed.require("edit")
    if deed.webinar.is_rehearsal:  # it opens to nobody and belongs to nothing
        facts |= {"entry": Entry.INVITED, "series": None}
    changes = {k: v for k, v in _editable(facts).items() if getattr(deed.webinar, k) != v}
    before = {k: str(getattr(deed.webinar, k)) for k in changes}
    if "speakers_see_pending" in changes:
        changes["epoch"] = deed.webinar.epoch + 1
    deed.touch_room(**changes)
    if organisations is not None:
        deed.webinar.organisations.set(organisations)
    if agenda is not None:
        _set_agenda(deed.webinar, agenda)
    if "entry" in changes or "title" in changes:  # who may find its answers, and where they are
        index_webinar_later(deed.webinar.pk)
    deed.record("edit", before=before)


def copy_webinar(source: Webinar, *, by: User, title: Names | None = None) -> Webinar:
    """A new draft with the same agenda, languages, organisations, speakers and rules; without date or questions."""
    facts: dict[str, Any] = {name: getattr(source, name) for name in EDITABLE}
    facts |= {"day": None, "starts_at": None, "title": title or source.title}
    lines = [AgendaLine(item.title, item.minutes) for item in source.agenda.all()]
    staff = Participant.objects.present().filter(webinar=source).exclude(user=by)
    copy = create_webinar(by=by, organisations=list(source.organisations.all()), agenda=lines, **facts)
    with writing():
        for person in staff:
            if person.roles != [Role.ATTENDEE]:
                Participant.objects.create(
                    webinar=copy, user=person.user, name=person.name, title=person.title, email=person.email,
                    organisation=person.organisation, country=person.country, place=person.place,
                    zone=person.zone, reads=person.reads, roles=person.roles, invited_at=timezone.now(),
                )  # fmt: skip
    return copy


def find_or_add_series(text: str, *, lang: str) -> Series | None:
    """The series with this name in any language, else a new one; None for no name."""
    text = " ".join(text.split())
    if not text:
        return None
    for series in Series.objects.order_by("pk"):
        if any(name.casefold() == text.casefold() for name in series.name.texts.values()):
            return series
    return Series.objects.create(name=Names.of(lang, text))


def start_of(day: date | None, hour: Any, zone: str) -> datetime | None:
    """The instant of a day and an hour on the event's clock; None where either is not known."""
    if day is None or hour is None:
        return None
    return datetime.combine(day, hour, tzinfo=ZoneInfo(zone))


def _editable(facts: dict[str, Any]) -> dict[str, Any]:
    unknown = set(facts) - set(EDITABLE)
    if unknown:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    if facts.get("starts_at") and facts.get("zone"):
        facts = facts | {"day": facts["starts_at"].astimezone(ZoneInfo(facts["zone"])).date()}
    return facts


def _set_agenda(webinar: Webinar, lines: Sequence[AgendaLine]) -> None:
    kept = {item.pk: item for item in webinar.agenda.all()}
    named = {line.pk for line in lines if line.pk}
    if any(item.started_at for pk, item in kept.items() if pk not in named):
        raise Refused("agenda_begun")
    webinar.agenda.exclude(pk__in=named).delete()
    # Positions are unique: move everything out of the way first.
    for offset, pk in enumerate(named & kept.keys()):
        webinar.agenda.filter(pk=pk).update(position=10_000 + offset)
    people = set(Participant.objects.filter(webinar=webinar).values_list("pk", flat=True))
    for position, line in enumerate(lines):
        item = kept.get(line.pk or 0) or AgendaItem(webinar=webinar)
        item.position, item.title, item.minutes = position, line.title, line.minutes
        item.save()
        item.speakers.set(people & set(line.speakers))


def _free_code() -> str:
    """Nine digits nobody else has: 10⁴ guesses find a given room with a chance of 1 in 100,000."""
    while True:
        code = f"{secrets.randbelow(9 * 10**8) + 10**8}"
        if not Webinar.objects.filter(join_code=code).exists():
            return code
