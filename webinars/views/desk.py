"""What the console's columns are drawn from: rows with what is asked twice, those worth a body, and the filter."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from accounts import languages
from knowledge.search.analysis import base_language
from webinars.fair import fair_in
from webinars.lenses import Lens
from webinars.live.alike import groups_in
from webinars.models import Participant, Webinar

from .room_page import Card, Json

# So many rows of a column come with all they can do; a further one says only what is asked, and opens by a page of
# its own (?open=) or by the script. A row with all its forms is 7 kB: 300 of them would be two megabytes.
WHOLE = {"review": 20, "published": 20, "answered": 5, "aside": 5}
MERGE_INTO = 30  # questions offered at once; words narrow them


@dataclass(frozen=True, slots=True)
class Same:
    """Another question that asks the same."""

    row: Json
    is_public: bool


@dataclass(frozen=True, slots=True)
class Alike:
    """What else asks what a row asks, as the row shows it."""

    count: int
    words: list[str]
    others: list[Same]

    @property
    def is_published(self) -> bool:
        return any(other.is_public for other in self.others)


@dataclass(frozen=True, slots=True)
class Merging:
    """A question that is about to go into another, and those it may go into: with the words typed for, if any."""

    row: Json
    find: str
    others: list[Json]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a column."""

    card: Card
    is_whole: bool
    is_open: bool
    waited: int  # milliseconds since it was asked
    alike: Alike | None


@dataclass(frozen=True, slots=True)
class Column:
    """The rows of a column that are shown, how many there are in all, and how many of which language are not."""

    lines: list[Line]
    total: int
    hidden: list[tuple[str, int]]


class Desk:
    """One drawing of the console: its snapshot, and what its reader wants to see of it."""

    def __init__(self, request: HttpRequest, context: Json) -> None:
        self.snapshot = context["snapshot"]
        self.rows: dict[int, Json] = context["rows"]
        self.now = context["config"]["now"]
        self.votes = self.snapshot.get("votes", {})
        self.own = {question["id"] for question in context["config"]["mine"]["questions"]}
        self.only = [code for code in request.GET.getlist("reads") if languages.valid(code)]
        wanted = request.GET.get("open", "")
        self.open = _id(wanted)
        self.merge, self.find = _id(request.GET.get("merge", "")), request.GET.get("find", "")[:100].strip()
        self.groups = groups_in(self.snapshot)
        self._of = {pk: group for group in self.groups for pk in group["questions"]}

    def column(self, kind: str, ids: Iterable[int]) -> Column:
        there = [self.rows[pk] for pk in ids if pk in self.rows]
        only = {base_language(code) for code in self.only}
        shown = [row for row in there if not only or not only.isdisjoint(_readable_in(row))]
        hidden = Counter(row["lang"] for row in there if only and only.isdisjoint(_readable_in(row)))
        lines = [self._line(kind, place, row) for place, row in enumerate(shown)]
        return Column(lines, len(there), hidden.most_common())

    def merging(self) -> Merging | None:
        """What ?merge= asks for: the questions one may go into, those that ask the same first."""
        row = self.rows.get(self.merge)
        if row is None:
            return None
        header = self.snapshot["webinar"]
        floor = header["floor"]["questions"] if header["floor"] else []
        group = self._of.get(self.merge, {"published": []})
        ids = dict.fromkeys([*group["published"], *floor, *header["next"], *self.snapshot["order"]])
        words = self.find.lower().split()
        others = [self.rows[pk] for pk in ids if pk in self.rows and pk != self.merge]
        return Merging(row, self.find, [one for one in others if _holds(one, words)][:MERGE_INTO])

    def _line(self, kind: str, place: int, row: Json) -> Line:
        pk = row["id"]
        card = Card.whole(row, self.votes.get(str(pk), 0), pk in self.own)
        is_open = pk == self.open
        alike = self._alike(pk) if kind == "review" else None
        return Line(card, is_open or place < WHOLE[kind], is_open, self.now - row["asked"], alike)

    def _alike(self, pk: int) -> Alike | None:
        group = self._of.get(pk)
        if group is None:
            return None
        public = set(group["published"])
        ids = [other for other in (*group["published"], *group["questions"]) if other != pk]
        others = [Same(self.rows[other], other in public) for other in ids if other in self.rows]
        return Alike(len(ids) + 1, group["words"], others)


def _readable_in(row: Json) -> set[str]:
    """Its own language, and those somebody wrote it in (static/js/live/reads.js says the same)."""
    return {base_language(code) for code in (row["lang"], *row.get("texts", ()))}


def in_order(ids: Sequence[int], lens: Lens, webinar: Webinar) -> list[int]:
    """The open questions the desk has, as they stand or in fair order (static/js/live/desk-lens.js does the same)."""
    if lens.sort != "fair":
        return list(ids)
    place = {pk: n for n, pk in enumerate(fair_in(webinar).order)}
    return sorted(ids, key=lambda pk: place.get(pk, len(place)))


def to_whom(ids: Sequence[int], lens: Lens, rows: dict[int, Json]) -> list[int]:
    """Those to the speaker, or to the country, that the lens names."""
    return [pk for pk in ids if pk in rows and lens.to in _asked_of(rows[pk])] if lens.to else list(ids)


def _asked_of(row: Json) -> set[str]:
    speaker = row["to"] or {}
    return {str(speaker.get("id", "")), speaker.get("country", ""), row["to_country"]}


def asked_countries(speakers: Iterable[Participant], rows: Iterable[Json]) -> list[str]:
    """The countries one may want to see the questions to."""
    return sorted({*(one.country for one in speakers), *(row["to_country"] for row in rows)} - {""})


def _id(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else 0


def _holds(row: Json, words: Iterable[str]) -> bool:
    said = " ".join([row["text"], *(one.get("text", "") for one in row.get("same", ()))]).lower()
    return all(word in said for word in words)


def near_languages(webinar: Webinar, reads: Sequence[str], rows: Iterable[Json]) -> list[str]:
    """What a choice of language in a row offers: what is read here, spoken in the webinar, and asked in."""
    asked = sorted({row["lang"] for row in rows})
    return list(dict.fromkeys([*reads, *webinar.languages, *languages.INTERFACE, *asked]))


def waited(snapshot: Json, now: int) -> dict[str, Any]:
    """For the gauges: milliseconds since the oldest that waits was asked, and since the floor was taken."""
    rows = {row["id"]: row for row in snapshot.get("questions", ())}
    oldest = next((rows[pk]["asked"] for pk in snapshot["review"] if pk in rows), None)
    floor = snapshot["webinar"]["floor"]
    return {
        "oldest": now - oldest if oldest else None,
        "floor_since": now - floor["since"] if floor else None,
    }
