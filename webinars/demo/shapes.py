"""What the demo's content is made of, as plain frozen dataclasses without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Words:
    """A short text in several languages and the one it was written in; the fields of accounts.names.Names."""

    original: str
    texts: dict[str, str]

    def __str__(self) -> str:
        return self.texts[self.original]


@dataclass(frozen=True)
class Said:
    """Words in one language: a question, a reason, a gist."""

    lang: str
    text: str


@dataclass(frozen=True)
class Source:
    """What a claim rests on. `year` as printed: 2002, n.d., n.d. (about 2014)."""

    key: str
    title: Said
    publisher: str
    url: str
    year: str


@dataclass(frozen=True)
class Term:
    kind: Literal["topic", "target_group", "partner"]
    slug: str
    names: Words


@dataclass(frozen=True)
class Edition:
    """A guide in one language: Markdown with `{#id}` headings, `[@EE-01]` and `[text](lesson:L01)`."""

    lang: str
    title: str
    summary: str
    body: str
    translated_from: str | None


GuideKind = Literal["lesson", "howto", "page"]


@dataclass(frozen=True)
class Guide:
    """One text. Its facts (countries, period, terms, sources) stand once, for every language of it."""

    key: str
    kind: GuideKind
    original: str
    countries: tuple[str, ...]
    period_from: int
    period_to: int
    topics: tuple[str, ...]
    target_groups: tuple[str, ...]
    partners: tuple[str, ...]
    sources: tuple[str, ...]
    related: tuple[str, ...]
    editions: dict[str, Edition]


@dataclass(frozen=True)
class Series:
    key: str
    names: Words


@dataclass(frozen=True)
class Organisation:
    """`printed` is the name as the article of 2020 prints it, `names` its own and usual ones."""

    key: str
    country: str
    part: str
    printed: str
    names: Words


@dataclass(frozen=True)
class Person:
    """Somebody in a webinar: a name as printed, with what the article says of it, or a role."""

    key: str
    names: Words
    country: str
    roles: tuple[str, ...]
    title: Said | None
    title_also: Said | None
    said: Words | None
    organisation: str | None
    reads: tuple[str, ...]
    zone: str


@dataclass(frozen=True)
class AgendaItem:
    names: Words
    minutes: int
    speakers: tuple[str, ...]
    state: Literal["done", "now", "next"]


Standing = Literal["open", "kept", "partly", "lapsed"]
STANDINGS: tuple[Standing, ...] = ("open", "kept", "partly", "lapsed")


@dataclass(frozen=True)
class LaterNews:
    """What a later source says of a commitment. `when` is 2020-10-01, 2020-10 or 2020: as exact as it is.

    `standing` and `done` only where the source says that they changed.
    """

    when: str
    text: Words
    sources: tuple[str, ...]
    standing: Standing | None
    done: int | None


@dataclass(frozen=True)
class Commitment:
    """What was promised: `done` of `total` on the day; `due` stands for what `due_text` says in words."""

    key: str
    person: str
    institution: Words
    text: Words
    due: date
    due_text: Words
    done: int
    total: int
    quote: Words
    sources: tuple[str, ...]
    history: tuple[LaterNews, ...]


@dataclass(frozen=True)
class Report:
    """Something does not work, says somebody at a place, so many minutes ago."""

    kind: str
    place: str
    said: Said
    ago: int


@dataclass(frozen=True)
class Hand:
    """Somebody at a place asks to speak, so many minutes ago."""

    place: str
    said: Said
    ago: int


@dataclass(frozen=True)
class Poll:
    """A poll, open since `ago` minutes; `ballots` says how many chose each option."""

    kind: str
    text: Words
    options: tuple[Words, ...]
    ballots: tuple[int, ...]
    ago: int


@dataclass(frozen=True)
class Schedule:
    """When an example is held: the first such weekday at least `days_ahead` days from now."""

    zone: str
    days_ahead: int
    weekday: str
    hour: time

    def starts(self, now: datetime) -> datetime:
        """The start, aware, in the schedule's zone. `now` must be aware."""
        day = now.astimezone(ZoneInfo(self.zone)).date() + timedelta(days=self.days_ahead)
        day += timedelta(days=(WEEKDAYS.index(self.weekday) - day.weekday()) % 7)
        return datetime.combine(day, self.hour, ZoneInfo(self.zone))


@dataclass(frozen=True)
class Event:
    """A webinar. An archive has `day` and no hour; one to come has `schedule`; the live one has neither."""

    key: str
    kind: Literal["archive", "live", "scheduled"]
    example: bool
    title: Words
    label: Words | None
    description: Words
    unknown: Words | None
    lessons_note: Words | None
    day: date | None
    schedule: Schedule | None
    zone: str
    zones: tuple[str, ...]
    languages: tuple[str, ...]
    series: str | None
    lessons: tuple[str, ...]
    sources: tuple[str, ...]
    organisations: tuple[Organisation, ...]
    people: tuple[Person, ...]
    agenda: tuple[AgendaItem, ...]
    commitments: tuple[Commitment, ...]
    reports: tuple[Report, ...]
    hands: tuple[Hand, ...]
    polls: tuple[Poll, ...]


@dataclass(frozen=True)
class Place:
    """Where an invented question comes from: a place or a kind of organisation, never a person."""

    key: str
    country: str
    names: Words


@dataclass(frozen=True)
class Turn:
    """A span on the floor, in minutes back from the moment the demo shows; open without `ended_ago`."""

    by: str
    started_ago: int
    ended_ago: int | None


@dataclass(frozen=True)
class Answer:
    """A gist, marked as an example, and the sections of the lesson that say the same with their sources."""

    gist: Said
    lesson: str
    sections: tuple[str, ...]


State = Literal[
    "submitted", "published", "returned", "declined", "hidden", "next", "floor", "answered", "promised"
]


@dataclass(frozen=True)
class Question:
    """An invented question in one state. `ago`: minutes back from the moment the demo shows."""

    key: str
    event: str
    said: Said
    renditions: dict[str, str]
    place: str
    addressed_to: str | None
    state: State
    votes: int
    ago: int
    rank: int | None
    reason: Said | None
    turn: Turn | None
    answer: Answer | None
    promise_due_days: int | None


@dataclass(frozen=True)
class Opinion:
    key: str
    event: str
    said: Said
    renditions: dict[str, str]
    place: str
    state: Literal["published", "submitted"]
    agree: int
    disagree: int
    leans: str | None  # the country whose people agree first


@dataclass(frozen=True)
class Demo:
    sources: dict[str, Source]
    terms: dict[str, Term]
    guides: dict[str, Guide]
    series: dict[str, Series]
    events: dict[str, Event]
    places: dict[str, Place]
    questions: tuple[Question, ...]
    opinions: tuple[Opinion, ...]
