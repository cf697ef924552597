"""What there is to translate now, by rule and not by cross product: only what somebody waits for who cannot read it.

    review   it waits for review, and no moderator or host reads it
    floor    it is next or on the floor, and the speaker it is for (without one: some speaker) cannot read it
    notice   a notice on the screens that some of those it is for cannot read
    check    a rendition waits for a second eye
    readers  published, somebody voted for it, and READERS people who are here read a language and not this one;
             likewise the gist of an answer

A person counts once, under the first of their languages, and not at all where they read what is there already. Of
several languages that would serve the fewest are asked for. A rendition that is stale serves nobody.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from webinars.models import Participant, Role, To, Webinar
from webinars.policies import DESK, base_of

from .part import Json

READERS: Final = 3  # people who read a language before readers alone are a reason
MOST: Final = 60  # jobs in a list: more is no list
WHYS: Final = ("review", "floor", "notice", "check", "readers", "yours")

Reads = tuple[str, ...]  # what somebody reads, in their order, without scripts and countries


@dataclass(frozen=True, slots=True)
class People:
    """What the people of a webinar read. Those who never said it ask for nothing."""

    moderators: tuple[Reads, ...]
    staff: tuple[Reads, ...]
    speakers: Mapping[int, Reads]
    speakers_from: Mapping[str, tuple[int, ...]]  # by country
    readers: Mapping[Reads, int]  # who came in, and how many of them

    @classmethod
    def of(cls, webinar: Webinar) -> "People":
        """One query. Who is here: who came in and was not sent out."""
        found = Participant.objects.admitted().filter(webinar=webinar)
        moderators, staff, speakers, readers = [], [], {}, Counter[Reads]()
        speakers_from: dict[str, tuple[int, ...]] = {}
        for pk, roles, reads, joined, country in found.values_list(
            "pk", "roles", "reads", "joined_at", "country"
        ):
            said = tuple(dict.fromkeys(base_of(code) for code in reads))
            if not said:
                continue
            if not DESK.isdisjoint(roles):
                moderators.append(said)
            if not {*DESK, Role.LANGUAGE_DESK}.isdisjoint(roles):
                staff.append(said)
            if Role.SPEAKER in roles:
                speakers[pk] = said
                speakers_from[country] = (*speakers_from.get(country, ()), pk)
            if joined is not None:
                readers[said] += 1
        return cls(tuple(moderators), tuple(staff), speakers, speakers_from, readers)


@dataclass(frozen=True, slots=True)
class Job:
    """One text in one more language. `about` is question, answer or notice, `id` its own."""

    about: str
    id: int
    to: str
    why: str
    row: Json = field(compare=False, repr=False)  # of the question; of a notice: itself
    text: str = ""
    lang: str = ""
    votes: int = 0

    @property
    def key(self) -> str:
        return f"{self.about}.{self.id}.{self.to}"

    @property
    def texts(self) -> Json:
        """The renditions there are, by language."""
        if self.about == "notice":
            return {code: {"text": text} for code, text in self.row["text"].items() if code != self.lang}
        return dict(self._holder().get("texts", {}))

    @property
    def done(self) -> Json | None:
        """What stands there in this language already."""
        return next((one for code, one in self.texts.items() if base_of(code) == self.to), None)

    def _holder(self) -> Json:
        if self.about == "question":
            return self.row
        return next((answer for answer in self.row["answers"] if answer["id"] == self.id), {})


def jobs_in(snapshot: Json, people: People) -> list[Job]:
    """All that is wanted in a snapshot of those behind the scenes, the most urgent first."""
    rows = {row["id"]: row for row in snapshot.get("questions", ())}
    votes = {int(pk): n for pk, n in snapshot.get("votes", {}).items()}
    header = snapshot["webinar"]
    floor = header["floor"] or {"questions": [], "speakers": []}
    taking_turns = [speaker["id"] for speaker in floor["speakers"]]
    found: list[Job] = []
    for pk in snapshot.get("review", ()):
        if row := rows.get(pk):
            found += _for_review(row, people)
    for pk in (*floor["questions"], *header["next"]):
        if row := rows.get(pk):
            asked = _asked(row, people) or (taking_turns if pk in floor["questions"] else [])
            found += _for_speakers(row, people, asked, votes.get(pk, 0))
    for notice in snapshot["notices"]:
        found += _for_notice(notice, people)
    for row in rows.values():
        found += _to_check(row)
    listed = [rows[pk] for pk in (*header["next"], *snapshot["order"]) if pk in rows]
    wanted = [
        job for row in listed if votes.get(row["id"]) for job in _for_readers(row, people, votes[row["id"]])
    ]
    answered = {
        row["id"]: row for row in (*listed, *(rows[pk] for pk in snapshot.get("answered", ()) if pk in rows))
    }
    gists = [job for row in answered.values() for job in _gists(row, people, votes.get(row["id"], 0))]
    found += sorted([*wanted, *gists], key=lambda job: -job.votes)
    first: dict[str, Job] = {}
    for job in found:
        first.setdefault(job.key, job)
    return list(first.values())[:MOST]


def there(lang: str, texts: Mapping[str, Json]) -> frozenset[str]:
    """The languages something can be read in now."""
    return frozenset({base_of(lang), *(base_of(code) for code, one in texts.items() if not one.get("stale"))})


def cover(readers: Iterable[Reads], have: frozenset[str]) -> list[str]:
    """As few languages as let everybody read it, the one that serves most of them first."""
    without = [reads for reads in readers if have.isdisjoint(reads)]
    wanted = []
    while without:
        serves = Counter(code for reads in without for code in reads)
        first = Counter(reads[0] for reads in without)
        code = max(serves, key=lambda one: (serves[one], first[one], one))
        wanted.append(code)
        without = [reads for reads in without if code not in reads]
    return wanted


def by_readers(people: People, have: frozenset[str]) -> list[str]:
    """The languages that at least READERS people are waiting for, each under their first."""
    waiting = Counter[str]()
    for reads, number in people.readers.items():
        if have.isdisjoint(reads):
            waiting[reads[0]] += number
    return [code for code, number in waiting.most_common() if number >= READERS]


def _for_review(row: Json, people: People) -> list[Job]:
    have = there(row["lang"], row.get("texts", {}))
    if any(not have.isdisjoint(reads) for reads in people.moderators):
        return []
    return [_question(row, to, "review") for to in cover(people.moderators, have)[:1]]


def _asked(row: Json, people: People) -> Sequence[int]:
    """The speakers it is for; none where it is for anybody."""
    if row["to"]:
        return [row["to"]["id"]]
    return people.speakers_from.get(row.get("to_country") or "-", ())


def _for_speakers(row: Json, people: People, asked: Sequence[int], votes: int) -> list[Job]:
    named = [people.speakers[pk] for pk in asked if pk in people.speakers]
    for_whom = named if asked else list(people.speakers.values())
    have = there(row["lang"], row.get("texts", {}))
    return [_question(row, to, "floor", votes) for to in cover(for_whom, have)]


def _for_notice(notice: Json, people: People) -> list[Job]:
    original = next(iter(notice["text"]), "")
    have = frozenset(base_of(code) for code in notice["text"])
    if notice["to"] == To.EVERYBODY:
        wanted = by_readers(people, have)
    else:
        wanted = cover(people.speakers.values() if notice["to"] == To.SPEAKERS else people.staff, have)
    text = notice["text"].get(original, "")
    return [Job("notice", notice["id"], to, "notice", notice, text, original) for to in wanted]


def _to_check(row: Json) -> list[Job]:
    found = [
        _question(row, base_of(code), "check")
        for code, one in row.get("texts", {}).items()
        if one.get("waits") and not one.get("stale")
    ]
    for answer in row["answers"]:
        for code, one in answer.get("texts", {}).items():
            if one.get("waits") and not one.get("stale"):
                found.append(_gist(row, answer, base_of(code), "check", 0))
    return found


def _for_readers(row: Json, people: People, votes: int) -> list[Job]:
    have = there(row["lang"], row.get("texts", {}))
    return [_question(row, to, "readers", votes) for to in by_readers(people, have)]


def _gists(row: Json, people: People, votes: int) -> list[Job]:
    given = [answer for answer in row["answers"] if answer.get("gist")][-1:]
    return [
        _gist(row, answer, to, "readers", votes)
        for answer in given
        for to in by_readers(people, there(answer["lang"], answer.get("texts", {})))
    ]


def _question(row: Json, to: str, why: str, votes: int = 0) -> Job:
    return Job("question", row["id"], to, why, row, row["text"], row["lang"], votes)


def _gist(row: Json, answer: Json, to: str, why: str, votes: int) -> Job:
    return Job("answer", answer["id"], to, why, row, answer["gist"], answer["lang"], votes)
