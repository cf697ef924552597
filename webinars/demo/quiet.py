"""Makes the two webinars in which nothing runs: the archive of 2020 and the one to come."""

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING

from accounts.models import Organisation
from accounts.names import Names
from accounts.writing import writing
from knowledge.models import Source
from webinars.actions.index import index_later, index_promise_later
from webinars.demo import shapes
from webinars.demo.people import names, seat_people
from webinars.models import (
    AgendaItem,
    Citation,
    Commitment,
    CommitmentStep,
    Exact,
    Participant,
    Question,
    Role,
    Series,
    State,
    Visibility,
    Vote,
    Webinar,
)

if TYPE_CHECKING:
    from webinars.demo.build import Made

CODES = {"practice": "111222333", "upcoming": "444555666"}


def make(made: "Made", event: shapes.Event) -> Webinar:
    """One webinar with its people, agenda, promises and questions, all or nothing."""
    with writing():
        webinar = new_webinar(made, event)
        people = seat_people(made, event, webinar)
        for one in event.commitments:
            _promise(webinar, event, one)
        if event.kind == "archive":
            for key in event.lessons:
                Citation.objects.create(guide=made.guides[key], webinar=webinar, quote="", language="en")
        for asked in made.demo.questions:
            if asked.event == event.key:
                _ask(made, webinar, people, asked)
    return webinar


def new_webinar(made: "Made", event: shapes.Event) -> Webinar:
    """The row itself, with organisations and agenda. One to come keeps the start it is given now."""
    starts = event.schedule.starts(made.now) if event.schedule else None
    paragraphs = [event.description, *(more for more in (event.unknown, event.lessons_note) if more)]
    webinar = Webinar.objects.create(
        series=_series(made, event),
        title=names(event.title),
        description=_joined(paragraphs),
        day=starts.date() if starts else event.day,
        starts_at=starts,
        zone=event.zone or "UTC",
        minutes=sum(item.minutes for item in event.agenda) or 90,
        languages=list(event.languages),
        state=State.PUBLISHED if event.kind == "archive" else State.SCHEDULED,
        is_example=event.example,
        questions_open=event.kind != "archive",
        voting_open=event.kind != "archive",
        join_code=CODES.get(event.key),
        seq=1,
        room_seq=1,
    )
    webinar.organisations.set(made.organisations[one.key] for one in event.organisations)
    for position, item in enumerate(event.agenda):
        AgendaItem.objects.create(
            webinar=webinar, position=position, title=names(item.names), minutes=item.minutes
        )
    return webinar


def _joined(paragraphs: list[shapes.Words]) -> Names:
    first = paragraphs[0]
    texts = {
        lang: "\n\n".join(words.texts[lang] for words in paragraphs if lang in words.texts)
        for lang in first.texts
    }
    return Names(first.original, texts)


def _series(made: "Made", event: shapes.Event) -> Series | None:
    return made.series[event.series] if event.series else None


def _promise(webinar: Webinar, event: shapes.Event, one: shapes.Commitment) -> None:
    """As it was made, and then how it stood each time a source tells of it."""
    owner = next(person for person in event.people if person.key == one.person)
    promise = Commitment.objects.create(
        webinar=webinar, text=names(one.text), quote=names(one.quote), owner=str(owner.names),
        organisation=_organisation(one.institution, owner.country), due=one.due,
        due_words=names(one.due_text), figure_then=one.done, figure_now=one.done, figure_goal=one.total,
    )  # fmt: skip
    promise.sources.set(Source.objects.filter(key__in=one.sources))
    for news in one.history:
        at, exact = _day_of(news.when)
        step = CommitmentStep.objects.create(
            commitment=promise, at=at, exact=exact, standing=news.standing or promise.standing,
            figure_now=news.done, note=names(news.text),
        )  # fmt: skip
        step.sources.set(Source.objects.filter(key__in=news.sources))
        promise.standing, promise.note = step.standing, step.note
        promise.figure_now = promise.figure_now if news.done is None else news.done
    promise.save()
    index_promise_later(promise.pk)


def _organisation(called: shapes.Words, country: str) -> Organisation:
    there = Organisation.objects.called(str(called))
    return there or Organisation.objects.create(names=names(called), country=country)


def _day_of(when: str) -> tuple[date, Exact]:
    """2020-10 is the first of October, known to the month."""
    parts = [int(part) for part in when.split("-")]
    exact = (Exact.YEAR, Exact.MONTH, Exact.DAY)[len(parts) - 1]
    return date(*[*parts, 1, 1][:3]), exact


def _ask(made: "Made", webinar: Webinar, people: dict[str, Participant], asked: shapes.Question) -> None:
    """A question asked before the beginning, published, with its votes."""
    place = made.demo.places[asked.place]
    at = made.now - timedelta(minutes=asked.ago)
    asker = Participant.objects.create(
        webinar=webinar, place=place.names.texts[asked.said.lang], country=place.country, reads=[asked.said.lang],
        joined_at=at, consent_version=1,
    )  # fmt: skip
    question = Question.objects.create(
        webinar=webinar, participant=asker, client_id=uuid.uuid4(), text=asked.said.text,
        language=asked.said.lang, visibility=Visibility.PUBLISHED, asked_at=at, published_at=at,
        seq=1, votes_seq=1, first_public_seq=1, votes=asked.votes,
        addressed_to=next(
            (p for p in people.values() if p.country == asked.addressed_to and p.has(Role.SPEAKER)), None
        ),
    )  # fmt: skip
    index_later(question.pk)
    voters = [
        Participant(webinar=webinar, name=f"Example {number}", joined_at=at, consent_version=1)
        for number in range(1, asked.votes + 1)
    ]
    Participant.objects.bulk_create(voters)
    Vote.objects.bulk_create(Vote(question=question, participant=voter, at=at) for voter in voters)
