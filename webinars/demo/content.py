"""Reads the demo's files into typed shapes: `load()`. Whoever makes rows of them needs nothing else."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from webinars.demo.guides import read_guides
from webinars.demo.rows import Row, open_rows
from webinars.demo.shapes import (
    STANDINGS,
    AgendaItem,
    Answer,
    Commitment,
    Demo,
    Event,
    Hand,
    LaterNews,
    Opinion,
    Organisation,
    Person,
    Place,
    Poll,
    Question,
    Report,
    Said,
    Schedule,
    Series,
    Source,
    Term,
    Turn,
    Words,
)

HERE = Path(__file__).parent


def load(folder: Path = HERE) -> Demo:
    """All of the demo. Raises Wrong, naming file and field, where a file does not say what it should."""
    files = {name: open_rows(folder / f"{name}.toml") for name in ("sources", "terms", "series", "questions")}
    opinions = open_rows(folder / "opinions.toml")
    events = [open_rows(path) for path in sorted((folder / "events").glob("*.toml"))]
    for examples in (files["questions"], opinions):
        examples.yes("example")
    demo = Demo(
        sources={row.text("key"): _source(row) for row in files["sources"].rows("source")},
        terms={row.text("slug"): _term(row) for row in files["terms"].rows("term")},
        guides=read_guides(folder),
        series={row.text("key"): _series(row) for row in files["series"].rows("series")},
        events={row.text("key"): _event(row) for row in events},
        places={row.text("key"): _place(row) for row in files["questions"].rows("place")},
        questions=tuple(_question(row) for row in files["questions"].rows("question")),
        opinions=tuple(_opinion(row) for row in opinions.rows("opinion")),
    )
    for row in (*files.values(), opinions, *events):
        row.done()
    return demo


def _source(row: Row) -> Source:
    return Source(
        key=row.text("key"),
        title=row.said("title"),
        publisher=row.text("publisher"),
        url=row.text("url"),
        year=row.text("year"),
    )


def _term(row: Row) -> Term:
    return Term(
        kind=row.choice("kind", ("topic", "target_group", "partner")),
        slug=row.text("slug"),
        names=row.words("names"),
    )


def _series(row: Row) -> Series:
    row.yes("example")
    return Series(row.text("key"), row.words("names"))


def _event(row: Row) -> Event:
    return Event(
        key=row.text("key"),
        kind=row.choice("kind", ("archive", "live", "scheduled")),
        example=row.yes("example"),
        title=row.words("title"),
        label=row.maybe_words("label"),
        description=row.words("description"),
        unknown=row.maybe_words("unknown"),
        lessons_note=row.maybe_words("lessons_note"),
        day=row.day("date") if row.has("date") else None,
        schedule=_schedule(row) if row.has("days_ahead") else None,
        zone=row.maybe_text("zone") or "",
        zones=row.texts("zones"),
        languages=row.texts("languages"),
        series=row.maybe_text("series"),
        lessons=row.texts("lessons"),
        sources=row.texts("sources"),
        organisations=tuple(_organisation(below) for below in row.rows("organisation")),
        people=tuple(_person(below) for below in row.rows("person")),
        agenda=tuple(_agenda_item(below) for below in row.rows("agenda")),
        commitments=tuple(_commitment(below) for below in row.rows("commitment")),
        reports=tuple(_report(below) for below in row.rows("report")),
        hands=tuple(_hand(below) for below in row.rows("hand")),
        polls=tuple(_poll(below) for below in row.rows("poll")),
    )


def _poll(row: Row) -> Poll:
    return Poll(
        kind=row.text("kind"),
        text=row.words("text"),
        options=tuple(below.words("text") for below in row.rows("option")),
        ballots=tuple(int(number) for number in row.texts("ballots")),
        ago=row.number("ago"),
    )


def _report(row: Row) -> Report:
    return Report(row.text("kind"), row.text("from"), row.said(), row.number("ago"))


def _hand(row: Row) -> Hand:
    return Hand(row.text("from"), row.said(), row.number("ago"))


def _schedule(row: Row) -> Schedule:
    return Schedule(
        row.text("zone"), row.number("days_ahead"), row.text("weekday"), time.fromisoformat(row.text("hour"))
    )


def _organisation(row: Row) -> Organisation:
    return Organisation(
        row.text("key"), row.text("country"), row.text("part"), row.text("printed"), row.words("names")
    )


def _person(row: Row) -> Person:
    title_lang = row.maybe_text("title_lang") or ""
    title, also = row.maybe_text("title"), row.maybe_text("title_also")
    # A name printed in an article is one text in that article's language; a role has a name in each.
    names = row.words("names") if row.has("names") else Words(title_lang, {title_lang: row.text("name")})
    return Person(
        key=row.text("key"),
        names=names,
        country=row.text("country"),
        roles=row.texts("roles"),
        title=Said(title_lang, title) if title else None,
        title_also=Said(title_lang, also) if also else None,
        said=row.maybe_words("said"),
        organisation=row.maybe_text("organisation"),
        reads=row.texts("reads"),
        zone=row.maybe_text("zone") or "",
    )


def _agenda_item(row: Row) -> AgendaItem:
    return AgendaItem(
        names=row.words("names"),
        minutes=row.number("minutes"),
        speakers=row.texts("speakers"),
        state=row.choice("state", ("done", "now", "next")) if row.has("state") else "next",
    )


def _commitment(row: Row) -> Commitment:
    return Commitment(
        key=row.text("key"),
        person=row.text("person"),
        institution=row.words("institution"),
        text=row.words("text"),
        due=row.day("due"),
        due_text=row.words("due_text"),
        done=row.number("done"),
        total=row.number("total"),
        quote=row.words("quote"),
        sources=row.texts("sources"),
        history=tuple(_later_news(below) for below in row.rows("history")),
    )


def _later_news(row: Row) -> LaterNews:
    return LaterNews(
        when=row.text("date"),
        text=row.words("text"),
        sources=row.texts("sources"),
        standing=row.choice("standing", STANDINGS) if row.has("standing") else None,
        done=row.maybe_number("done"),
    )


def _place(row: Row) -> Place:
    return Place(row.text("key"), row.text("country"), row.words("names"))


def _question(row: Row) -> Question:
    answer, promise, floor = (row.maybe_row(field) for field in ("answer", "promise", "floor"))
    spoken = answer or promise or floor
    reason = row.maybe_row("reason")
    return Question(
        key=row.text("key"),
        event=row.text("event"),
        said=row.said(),
        renditions=row.renditions(),
        place=row.text("from"),
        addressed_to=row.maybe_text("to"),
        state=row.choice(
            "state",
            (
                "submitted",
                "published",
                "returned",
                "declined",
                "hidden",
                "next",
                "floor",
                "answered",
                "promised",
            ),
        ),
        votes=row.number("votes"),
        ago=row.number("ago"),
        rank=row.maybe_number("rank"),
        reason=reason.said() if reason else None,
        turn=_turn(spoken) if spoken else None,
        answer=_answer(answer) if answer else None,
        promise_due_days=promise.number("due_days") if promise else None,
    )


def _turn(row: Row) -> Turn:
    return Turn(row.text("by"), row.number("started_ago"), row.maybe_number("ended_ago"))


def _answer(row: Row) -> Answer:
    return Answer(row.said("gist"), row.text("lesson"), row.texts("sections"))


def _opinion(row: Row) -> Opinion:
    return Opinion(
        key=row.text("key"),
        event=row.text("event"),
        said=row.said(),
        renditions=row.renditions(),
        place=row.text("from"),
        state=row.choice("state", ("published", "submitted")),
        agree=row.number("agree"),
        disagree=row.number("disagree"),
        leans=row.maybe_text("leans"),
    )
