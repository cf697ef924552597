"""Polls as pages draw them: from the wire's own things, so that the script draws the same (static/js/live/polls.js)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.names import Names, Text
from webinars.live import polls as live
from webinars.models import PollState, Webinar

Json = dict[str, Any]
WALL_ANSWERS = 12  # of a poll by words: what does not fit is not shown
FIRST = {PollState.OPEN: 0, PollState.CLOSED: 1, PollState.PUBLISHED: 1}


@dataclass(frozen=True, slots=True)
class Bar:
    """One option: how many chose it, and how many of a hundred who answered; None while nobody may know."""

    id: int
    number: int
    texts: Mapping[str, str]
    chosen: bool
    votes: int | None
    percent: int


@dataclass(frozen=True, slots=True)
class PollCard:
    """A poll as somebody sees it."""

    poll: Json
    bars: list[Bar]
    own: Json

    @property
    def is_open(self) -> bool:
        return bool(self.poll["state"] == PollState.OPEN)

    @property
    def may_go_on_wall(self) -> bool:
        return self.poll["state"] in (PollState.OPEN, PollState.PUBLISHED)

    @property
    def has_results(self) -> bool:
        return "counts" in self.poll

    @property
    def average(self) -> str:
        """Of a rating: 3.8"""
        given = sum(self.poll.get("counts", ()))
        return (
            f"{sum(n * votes for n, votes in enumerate(self.poll['counts'], 1)) / given:.1f}" if given else ""
        )


@dataclass(frozen=True, slots=True)
class WallBar:
    """An option in the wall's languages."""

    texts: list[Text]
    votes: int | None
    percent: int


@dataclass(frozen=True, slots=True)
class WallPoll:
    """A poll as the wall shows it."""

    id: int
    texts: list[Text]
    bars: list[WallBar]
    answers: Sequence[Json]
    rows: str  # few, some or many: how large the letters can be
    is_open: bool
    has_results: bool


def card_of(poll: Json, own: Json | None = None) -> PollCard:
    counts, chosen = poll.get("counts"), (own or {}).get("options", ())
    bars = [
        Bar(
            option["id"], place + 1, option["text"], option["id"] in chosen,
            counts[place] if counts is not None else None,
            round(100 * counts[place] / poll["ballots"]) if counts is not None and poll["ballots"] else 0,
        )
        for place, option in enumerate(poll["options"])
    ]  # fmt: skip
    return PollCard(poll, bars, own or {})


def for_everybody(poll: Json) -> Json | None:
    """The desk's own thing as everybody reads it: others look at the screen of a moderator in the room."""
    if poll["state"] == PollState.DRAFT:
        return None
    if poll["state"] == PollState.PUBLISHED:
        shown = [one for one in poll.get("answers", ()) if not one.get("hidden")]
        return poll | ({"answers": shown} if "answers" in poll else {})
    return {name: value for name, value in poll.items() if name not in ("counts", "ballots", "answers")}


def in_room(snapshot: Json, own: Mapping[str, Json]) -> list[PollCard]:
    """What the room's panel shows: those that can be answered first, then the newest."""
    told = (for_everybody(poll) for poll in snapshot.get("polls", {}).get("items", ()))
    shown = sorted((poll for poll in told if poll), key=lambda poll: FIRST[poll["state"]])
    return [card_of(poll, own.get(str(poll["id"]))) for poll in shown]


def at_desk(snapshot: Json) -> list[PollCard]:
    """All of them, with their counts."""
    return [card_of(poll) for poll in snapshot.get("polls", {}).get("items", ())]


def on_wall(snapshot: Json, sides: Sequence[str]) -> WallPoll | None:
    """The one that a moderator put on the projector, as everybody may read it."""
    polls: Iterable[Json] = snapshot.get("polls", {}).get("items", ())
    told = next((told for poll in polls if poll["wall"] and (told := for_everybody(poll))), None)
    if told is None:
        return None
    card = card_of(told)
    bars = [
        WallBar(
            _names(bar.texts).beside(sides) if bar.texts else [Text("", str(bar.number))],
            bar.votes,
            bar.percent,
        )
        for bar in card.bars
    ]
    rows = "many" if len(bars) > 8 else "some" if len(bars) > 5 else "few"
    texts = _names(told["text"]).beside(sides)
    answers = told.get("answers", ())[:WALL_ANSWERS]
    return WallPoll(told["id"], texts, bars, answers, rows, card.is_open, card.has_results)


def _names(texts: Mapping[str, str]) -> Names:
    """The wire's texts, whose first is the original."""
    return Names(next(iter(texts), ""), texts)


def published(webinar: Webinar) -> list[PollCard]:
    """What everybody may read afterwards, in the order asked."""
    views = [thing.views.get("everyone") for thing in reversed(live.read(webinar.pk))]
    return [card_of(poll) for poll in views if poll and poll["state"] == PollState.PUBLISHED]
