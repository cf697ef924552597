"""Rows for tests, made with as little as a test needs to say."""

import itertools
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from accounts.names import Names
from webinars.models import (
    AgendaItem,
    Opinion,
    OpinionState,
    Participant,
    Poll,
    PollOption,
    PollState,
    Question,
    Role,
    State,
    Visibility,
    Webinar,
)

_count = itertools.count(1)


def make_user(name: str = "Someone", **facts: Any) -> User:
    return User.objects.create_user(
        facts.pop("email", f"person{next(_count)}@example.org"),
        facts.pop("password", None),
        name=name,
        **facts,
    )


def make_webinar(title: str = "How do we bring citizens to new services?", **facts: Any) -> Webinar:
    facts.setdefault("state", State.LIVE)
    if facts["state"] == State.LIVE:
        facts.setdefault("started_at", timezone.now() - timedelta(minutes=10))
    facts.setdefault("starts_at", timezone.now())
    return Webinar.objects.create(title=Names.of("en", title), **facts)


def make_person(webinar: Webinar, name: str = "", *roles: str, **facts: Any) -> Participant:
    roles = roles or (Role.ATTENDEE,)
    return Participant.objects.create(
        webinar=webinar, name=name or f"Person {next(_count)}", roles=[*map(str, roles)], **facts
    )


def make_question(webinar: Webinar, text: str = "What did it cost?", **facts: Any) -> Question:
    """Published unless said otherwise; stamped with a seq of its own."""
    webinar.seq += 1
    webinar.save(update_fields=["seq"])
    facts.setdefault("visibility", Visibility.PUBLISHED)
    if facts["visibility"] == Visibility.PUBLISHED:
        facts.setdefault("published_at", timezone.now())
        facts.setdefault("first_public_seq", webinar.seq)
    facts.setdefault("participant", None)
    facts["participant"] = facts["participant"] or make_person(webinar)
    return Question.objects.create(
        webinar=webinar,
        text=text,
        language=facts.pop("language", "en"),
        client_id=uuid4(),
        seq=webinar.seq,
        **facts,
    )


def make_opinion(webinar: Webinar, text: str = "Known faces do more than letters.", **facts: Any) -> Opinion:
    """Published unless said otherwise; its part is stamped with a seq of its own."""
    webinar.seq += 1
    webinar.opinions_seq = webinar.seq
    webinar.save(update_fields=["seq", "opinions_seq"])
    facts.setdefault("visibility", OpinionState.PUBLISHED)
    if facts["visibility"] == OpinionState.PUBLISHED:
        facts.setdefault("published_at", timezone.now())
    facts["participant"] = facts.get("participant") or make_person(webinar)
    return Opinion.objects.create(
        webinar=webinar,
        text=text,
        language=facts.pop("language", "en"),
        client_id=uuid4(),
        seq=webinar.seq,
        **facts,
    )


def make_poll(webinar: Webinar, text: str = "What keeps people away?", *options: str, **facts: Any) -> Poll:
    """Open unless said otherwise, one choice of two; written so long ago that it is no news."""
    facts.setdefault("state", PollState.OPEN)
    poll = Poll.objects.create(
        webinar=webinar,
        client_id=uuid4(),
        kind=facts.pop("kind", "single"),
        text=Names.of("en", text),
        **facts,
    )
    names = [Names.of("en", one) for one in options or ("Price", "Skills")]
    names = {"text": [], "rating": [Names()] * 5}.get(poll.kind, names)
    PollOption.objects.bulk_create(PollOption(poll=poll, place=n, text=one) for n, one in enumerate(names))
    return poll


def make_agenda(webinar: Webinar, *titles: str) -> list[AgendaItem]:
    return [
        AgendaItem.objects.create(webinar=webinar, position=n, title=Names.of("en", title))
        for n, title in enumerate(titles)
    ]
