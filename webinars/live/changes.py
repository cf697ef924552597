"""What changed in a webinar since a seq, and how it looks to each audience: pure derivation, no sockets.

One `Room` holds the widest view in memory; `pull` reads what moved since its seq (seq first, then rows, so that
a row newer than the seq is merely read twice); `Window` derives an audience's frames from it. The contract, tested
on random histories: snapshot(n) + frames(n..m) = snapshot(m) on the window.
"""

import heapq
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from webinars.models import AskerSays, Floor, Participant, To, Visibility

from . import part
from .part import Json, Thing

AUDIENCES: Final = ("everyone", "speakers", "staff", "desk")
BEHIND: Final = frozenset({"staff", "desk"})  # who see what is not public
BESIDE: Final = BEHIND | {"speakers"}  # who have a prompter
WINDOW: Final = 50  # rows of the list that travel; further pages are GETs
DESK_TIMES: Final = 4  # the desk sees so many times more: few people, who look for what few voted for
ASIDE: Final = 50
ANSWERED: Final = 50
ADDRESSED: Final = 30  # to one speaker, the longest asked: more than one answers in an hour
NOTICES: Final = 5
TROUBLES: Final = 40
PAUSED: Final = 3  # interrupted turns one can go on with
IN_LIST: Final = frozenset({Floor.WAITING, Floor.DONE})
UNHAPPY: Final = frozenset({AskerSays.PARTLY, AskerSays.NOT})
OPEN: Final = frozenset({Floor.WAITING, Floor.NEXT})  # not taken up yet
PUT_ASIDE: Final = frozenset({Visibility.RETURNED, Visibility.DECLINED, Visibility.HIDDEN})


@dataclass(slots=True)
class Row:
    """A question at its widest, ready for every audience."""

    id: int
    participant: int
    visibility: str
    floor: str
    next_rank: int
    published_ms: int
    asked_ms: int
    answered_ms: int
    to: tuple[int | str, ...]  # for whose prompter it is: speakers by id, a country by its code
    confirms: tuple[int, ...]  # speakers who have not confirmed yet what was written down of their answer
    says: str  # what the asker says of the last answer
    into: int | None  # the question it was merged into
    was_public: bool
    votes: int
    # The whole row as each audience may read it; public is None where everyone may not.
    everyone: Json | None
    speakers: Json | None
    staff: Json
    desk: Json
    own: Json

    def seen_by(self, audience: str) -> Json | None:
        if audience in BEHIND:
            return self.desk if audience == "desk" else self.staff
        return self.speakers if audience == "speakers" else self.everyone


class Moved(NamedTuple):
    """Somebody whose rights moved at `seq`; `now` is None when they may not be here any more."""

    participant: int
    seq: int
    now: Participant | None


@dataclass(slots=True)
class Pull:
    """One reading of what moved since a seq. `header`, `notices` and `troubles` are None where they did not."""

    seq: int
    epoch: int
    header: Json | None = None
    notices: list[tuple[str, Json]] | None = None
    troubles: Json | None = None
    rows: list[Row] = field(default_factory=list)
    votes: list[tuple[int, int]] = field(default_factory=list)
    people: list[Moved] = field(default_factory=list)
    parts: dict[str, Sequence[Thing]] = field(default_factory=dict)  # those that moved
    speakers_see_pending: bool = False
    is_open_hall: bool = False


@dataclass(frozen=True, slots=True)
class Lists:
    """Ids of a room's questions by where they stand, each as long as its widest reader sees it."""

    order: list[int]
    lined_up: list[int]
    review: list[int]  # strictly oldest first, never sorted anew
    aside: list[int]
    answered: list[int]  # answered last, first: however few votes they have, their gist can be put right
    # For a speaker's prompter, however few votes, in the order asked: not taken up yet, or answered and what was
    # written down of it not confirmed.
    addressed: list[int]


@dataclass(slots=True)
class Room:
    """The widest view of one webinar, at `seq`."""

    webinar: int
    seq: int = -1
    epoch: int = 0
    header: Json = field(default_factory=dict)
    notices: list[tuple[str, Json]] = field(default_factory=list)
    troubles: Json = field(default_factory=dict)  # what does not work: how many of each kind, and the newest
    parts: dict[str, Sequence[Thing]] = field(default_factory=dict)
    rows: dict[int, Row] = field(default_factory=dict)
    own: dict[int, set[int]] = field(default_factory=dict)
    merged: dict[int, set[int]] = field(default_factory=dict)  # question → those it stands for
    # How many questions are published, and how many of those are answered.
    counts: Json = field(default_factory=lambda: {"published": 0, "answered": 0})
    # How many askers say that their question was answered, partly, or not.
    judged: Json = field(default_factory=dict)
    _lists: Lists | None = None

    def lists(self) -> Lists:
        """Made once for all audiences: in a room of 10,000 questions each look at all of them costs 5 ms."""
        if self._lists is None:
            self._lists = _lists_of(self.rows.values())
        return self._lists

    def apply(self, pull: Pull) -> None:
        """Take in a pull; applying one twice changes nothing."""
        self.seq, self.epoch = pull.seq, pull.epoch
        if pull.rows or pull.votes:
            self._lists = None
        if pull.header is not None:
            self.header = pull.header
        if pull.notices is not None:
            self.notices = pull.notices
        if pull.troubles is not None:
            self.troubles = pull.troubles
        self.parts |= pull.parts
        for row in pull.rows:
            old = self.rows.get(row.id)
            if old is not None and old.participant != row.participant:
                self.own.get(old.participant, set()).discard(row.id)
            self._count(old, -1)
            self._count(row, 1)
            if old is not None and old.into:
                self.merged[old.into].discard(row.id)
            if row.into:
                self.merged.setdefault(row.into, set()).add(row.id)
            self.rows[row.id] = row
            self.own.setdefault(row.participant, set()).add(row.id)
        for pk, votes in pull.votes:
            if pk in self.rows:
                self.rows[pk].votes = votes

    def _count(self, row: Row | None, by: int) -> None:
        """A new dict each time: frames and windows keep the one they were given."""
        if row is not None and row.visibility == Visibility.PUBLISHED:
            done = by if row.floor == Floor.DONE else 0
            published, answered = self.counts["published"] + by, self.counts["answered"] + done
            self.counts = {"published": published, "answered": answered}
            if row.says:
                judged = self.judged | {row.says: self.judged.get(row.says, 0) + by}
                self.judged = {says: number for says, number in judged.items() if number}

    def mine(self, participant: int) -> list[Json]:
        """A person's own questions, newest first, with where they stand in the queue."""
        ids = sorted(self.own.get(participant, ()), reverse=True)
        return [self.own_row(self.rows[pk]) for pk in ids]

    def askers(self, ids: Iterable[int]) -> set[int]:
        """Whose questions these are, or stand merged into these."""
        wide = {one for pk in ids for one in (pk, *self.merged.get(pk, ()))}
        return {self.rows[pk].participant for pk in wide if pk in self.rows}

    def own_row(self, row: Row) -> Json:
        """A merged one fares as the question that stands for it, whose words it names where everybody may read them."""
        if row.into and (head := self.rows.get(row.into)):
            stands: Json = {"id": head.id, "visibility": head.visibility, "floor": head.floor}
            heard: Json = {"answers": [], "closed": "", "says": None}
            if head.everyone:
                stands |= {name: head.everyone[name] for name in ("text", "lang")}
                heard |= {"answers": head.everyone["answers"], "closed": head.own["closed"]}
            return row.own | heard | {"head": stands}
        if row.visibility != Visibility.SUBMITTED:
            return row.own
        return row.own | {"before": bisect_left(self.lists().review, row.id)}


@dataclass(slots=True)
class Window:
    """One audience's view of a room, remembered as it was last sent."""

    audience: str
    seq: int = -1
    epoch: int = 0
    header: Json = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    review: list[int] = field(default_factory=list)
    aside: list[int] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    addressed: list[int] = field(default_factory=list)
    counts: Json = field(default_factory=dict)
    notices: list[Json] = field(default_factory=list)
    troubles: Json = field(default_factory=dict)
    judged: Json = field(default_factory=dict)
    parts: dict[str, dict[int, Json]] = field(default_factory=dict)
    shown: set[int] = field(default_factory=set)

    def cursor(self) -> str:
        return f"{self.epoch}.{self.audience}.{self.seq}"

    def snapshot(self, room: Room) -> Json:
        """Everything this audience's page needs, at the room's seq."""
        fresh = Window(self.audience)
        frame = fresh.frame(room, (), ())
        return {"snapshot": True, **frame}

    def frame(self, room: Room, changed: Iterable[int], voted: Iterable[int]) -> Json:
        """What moved since the last frame, as whole absolute things; the window then stands at the room's seq.

        `changed`: ids of rows that moved; `voted`: ids whose votes moved.
        """
        desk = self.audience in BEHIND
        lists = room.lists()
        floor, lined_up = _on_floor(room), lists.lined_up
        order = lists.order[: window_of(self.audience)]
        review, aside, answered = (lists.review, lists.aside, lists.answered) if desk else ([], [], [])
        addressed = lists.addressed if self.audience in BESIDE else []
        # Outside the list too: what is on the floor, next, waiting for review, answered lately, for a speaker.
        shown = {*order, *floor, *lined_up, *review, *aside, *answered, *addressed}
        changed, voted = set(changed), set(voted)
        rows = (changed & shown) | (shown - self.shown)
        frame: Json = {}
        header = room.header | {"next": lined_up}
        if header != self.header:
            frame["webinar"] = header
        if order != self.order or self.seq < 0:
            frame["order"] = order
        if desk and (review != self.review or self.seq < 0):
            frame["review"] = review
        if desk and (aside != self.aside or self.seq < 0):
            frame["aside"] = aside
        if desk and (answered != self.answered or self.seq < 0):
            frame["answered"] = answered
        if self.audience in BESIDE and (addressed != self.addressed or self.seq < 0):
            frame["addressed"] = addressed
        if room.counts != self.counts:
            frame["counts"] = room.counts
        notices = _notices_for(room, self.audience)
        if notices != self.notices or self.seq < 0:
            frame["notices"] = notices
        # To those alone who can do something about it: speakers who may read along are among `staff`.
        if self.audience == "desk" and (room.troubles != self.troubles or self.seq < 0):
            frame["troubles"] = room.troubles
        if self.audience == "desk" and (room.judged != self.judged or self.seq < 0):
            frame["judged"] = room.judged
        for name, things in room.parts.items():
            seen = part.seen_by(self.audience, things)
            if told := part.moved(self.parts.get(name, {}), seen, whole=self.seq < 0):
                frame[name] = told
            self.parts[name] = seen
        if rows:
            frame["questions"] = [row for pk in sorted(rows) if (row := room.rows[pk].seen_by(self.audience))]
        counted = {pk for pk in rows | voted if pk in shown}
        if counted:
            frame["votes"] = {str(pk): room.rows[pk].votes for pk in sorted(counted)}
        gone = [pk for pk in sorted(changed) if self._is_gone(room.rows[pk])]
        if gone and not desk:
            frame["gone"] = gone
        self.header, self.order, self.review, self.aside = header, order, review, aside
        self.answered, self.addressed, self.counts = answered, addressed, room.counts
        self.notices, self.troubles, self.shown = notices, room.troubles, shown
        self.judged = room.judged
        self.seq, self.epoch = room.seq, room.epoch
        return {"cursor": self.cursor(), **frame}

    def _is_gone(self, row: Row) -> bool:
        """Only rows that were public are named: nobody learns of a question that never was."""
        return row.visibility != Visibility.PUBLISHED and row.was_public


def window_of(audience: str) -> int:
    return WINDOW * DESK_TIMES if audience == "desk" else WINDOW


def _lists_of(rows: Iterable[Row]) -> Lists:
    listed: list[Row] = []
    lined_up: list[Row] = []
    done: list[Row] = []
    review: list[int] = []
    aside: list[int] = []
    confirms: list[tuple[int, int | str]] = []
    addressed: list[tuple[int, int | str]] = []
    for row in rows:
        if row.visibility == Visibility.PUBLISHED:
            if row.floor in OPEN:
                addressed += [(row.id, whom) for whom in row.to]
            elif row.floor == Floor.DONE:
                confirms += [(row.id, speaker) for speaker in row.confirms]
            if row.floor in IN_LIST:
                listed.append(row)
            if row.floor == Floor.DONE:
                done.append(row)
            elif row.floor == Floor.NEXT:
                lined_up.append(row)
        elif row.visibility == Visibility.SUBMITTED:
            review.append(row.id)
        elif row.visibility in PUT_ASIDE:
            aside.append(row.id)
    first = heapq.nsmallest(WINDOW * DESK_TIMES, listed, key=lambda r: (-r.votes, r.published_ms, r.id))
    # What its asker does not call answered comes back to the desk's attention.
    last = heapq.nlargest(ANSWERED, done, key=lambda r: (r.says in UNHAPPY, r.answered_ms, r.id))
    return Lists(
        order=[row.id for row in first],
        lined_up=[row.id for row in sorted(lined_up, key=lambda r: (r.next_rank, r.id))],
        review=sorted(review),
        aside=heapq.nlargest(ASIDE, aside),
        answered=[row.id for row in last],
        addressed=sorted({*_a_share_each(addressed), *_a_share_each(confirms)}),
    )


def _a_share_each(addressed: Sequence[tuple[int, int | str]]) -> list[int]:
    """The first ADDRESSED of each speaker: a favourite's questions do not push out those to the others."""
    taken: Counter[int | str] = Counter()
    found = []
    for pk, speaker in sorted(addressed, key=lambda one: (one[0], str(one[1]))):
        taken[speaker] += 1
        if taken[speaker] <= ADDRESSED:
            found.append(pk)
    return found


def _on_floor(room: Room) -> list[int]:
    floor = room.header.get("floor")
    return [pk for pk in floor["questions"] if pk in room.rows] if floor else []


def _notices_for(room: Room, audience: str) -> list[Json]:
    """A notice to staff is for the desk alone: speakers who may read along are among `staff`, too."""
    mine = {
        To.EVERYBODY,
        *([To.SPEAKERS] if audience != "everyone" else []),
        *([To.STAFF] if audience == "desk" else []),
    }
    return [notice for to, notice in room.notices if to in mine][:NOTICES]
