"""Rehearsals: a sandbox copy of a webinar that nobody else learns of, and the made-up audience that fills it."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import PROTECT
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.languages import valid
from accounts.models import User
from accounts.names import Names
from accounts.writing import writing
from webinars.models import Entry, MadeUpAudience, Participant, Role, State, Webinar
from webinars.models.rehearsals import LONGEST

from .deed import Deed, Refused
from .events import EDITABLE, AgendaLine, create_webinar

MOST_PEOPLE = 500
MOST_QUESTIONS = 30  # a minute
MOST_VOTES = 600
WORKS_HERE = frozenset({Role.MODERATOR, Role.HOST, Role.LANGUAGE_DESK, Role.CAPTIONER, Role.SPEAKER})


def make_rehearsal(source: Webinar, *, by: User) -> Webinar:
    """A sandbox of this webinar: its agenda, rules and the names of its speakers, and nothing that was asked.

    Nobody in it has an address, so no letter can go to anybody. Those of its staff who have an account find it among
    their webinars and rehearse along; speakers and staff without one stand in it as names.
    """
    if source.is_rehearsal:
        raise Refused("changed")
    facts = {name: getattr(source, name) for name in EDITABLE}
    facts |= {
        "series": None, "title": _marked(source.title), "entry": Entry.INVITED, "is_example": False,
        "starts_at": None, "day": None,
    }  # fmt: skip
    lines = [AgendaLine(item.title, item.minutes) for item in source.agenda.all()]
    with writing():
        sandbox = create_webinar(by=by, agenda=lines, **facts)
        sandbox.rehearsal_of, sandbox.state, sandbox.join_code = source, State.LOBBY, None
        sandbox.save(update_fields=["rehearsal_of", "state", "join_code"])
        Participant.objects.filter(webinar=sandbox).update(email="")
        for person in Participant.objects.admitted().filter(webinar=source).exclude(user=by):
            if WORKS_HERE.isdisjoint(person.roles):
                continue
            Participant.objects.create(
                webinar=sandbox, user=person.user, name=person.name, title=person.title, country=person.country,
                organisation=person.organisation, zone=person.zone, reads=person.reads, roles=person.roles,
                invited_at=timezone.now(),
            )  # fmt: skip
    return sandbox


def start_audience(
    deed: Deed, *, people: int, questions: int, votes: int, languages: Iterable[str] = (), minutes: int = 60
) -> MadeUpAudience:
    """Let so many made-up people ask and vote, so much a minute, until they are stopped, or for an hour at most.

    Raises Refused: forbidden, changed (not a rehearsal), closed (it does not run).
    """
    _require(deed)
    if not deed.webinar.is_running:
        raise Refused("closed")
    lasts = min(LONGEST, timedelta(minutes=max(1, minutes)))
    audience, _ = MadeUpAudience.objects.update_or_create(
        webinar=deed.webinar,
        defaults={
            "people": _between(1, people, MOST_PEOPLE),
            "questions_a_minute": _between(0, questions, MOST_QUESTIONS),
            "votes_a_minute": _between(0, votes, MOST_VOTES),
            "languages": [code for code in languages if valid(code)][:10],
            "ends_at": deed.at + lasts,
        },
    )
    deed.record("audience_on")
    return audience


def stop_audience(deed: Deed) -> None:
    """They ask and vote no more; what they said stays."""
    _require(deed)
    end_audience(deed)
    deed.record("audience_off")


def end_audience(deed: Deed) -> None:
    """Whoever is made up goes; where nobody is, nothing happens."""
    if deed.webinar.is_rehearsal:
        MadeUpAudience.objects.filter(webinar=deed.webinar).update(ends_at=deed.at)


def delete_rehearsal(deed: Deed) -> None:
    """The sandbox with all that is in it. Raises Refused where it is a real webinar."""
    _require(deed)
    # What somebody asked or said holds them fast, whoever adds such a thing: all of that goes first.
    for relation in Participant._meta.related_objects:
        if relation.on_delete is PROTECT:
            theirs = {f"{relation.field.name}__webinar": deed.webinar}
            relation.related_model._default_manager.filter(**theirs).delete()
    pk = deed.webinar.pk
    deed.webinar.delete()
    deed.webinar.pk = pk  # by which it is announced


def _require(deed: Deed) -> None:
    deed.require("rehearse")
    if not deed.webinar.is_rehearsal:
        raise Refused("changed")


def _between(least: int, value: int, most: int) -> int:
    return max(least, min(value, most))


def _marked(title: Names) -> Names:
    """The title says what it is wherever it stands, in each of its languages."""
    texts = {}
    for language, text in title.texts.items():
        known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(known):
            texts[language] = gettext("Rehearsal: %(title)s") % {"title": text}
            texts[language] = texts[language][:200]
    return Names(title.original, texts)
