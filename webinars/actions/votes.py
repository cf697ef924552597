"""Voting: "I want to know this too". The hot verb, so it takes many ballots at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from webinars import policies
from webinars.models import Participant, Visibility
from webinars.models.hot import marks

from .deed import Deed
from .sets import count_anew


@dataclass(frozen=True, slots=True)
class Ballot:
    """One person's standing on one question: absolute, so that a retry changes nothing."""

    person: Participant
    question: int
    on: bool


@dataclass(slots=True)
class _Set:
    """A published question, with those merged into it."""

    head: int
    askers: set[int] = field(default_factory=set)
    merged: list[int] = field(default_factory=list)


def cast_votes(deed: Deed, ballots: Sequence[Ballot]) -> list[str]:
    """Cast ballots of one webinar; for each "" when it stands, else the code of its refusal.

    Three statements whatever the number: read the questions, upsert the ballots (returning those that really
    changed), add up. Votes write no Act. Raises nothing of its own.

    A vote on what was merged is one on the question that stands for it, also where the page had not heard of it;
    taken back, it is taken back from the whole set.
    """
    sets = _sets_of(deed, {ballot.question for ballot in ballots})
    outcomes: list[str] = []
    wanted: dict[tuple[int, int], bool] = {}
    for ballot in ballots:
        refusal = _refusal(deed, ballot, sets)
        outcomes.append(refusal)
        if refusal:
            continue
        found = sets[ballot.question]
        for question in [found.head] if ballot.on else [found.head, *found.merged]:
            wanted.pop((ballot.person.pk, question), None)
            wanted[ballot.person.pk, question] = ballot.on  # the last one in the batch stands
    if wanted:
        _add_up(deed, _upsert(deed, wanted), sets)
        deed.ballots += [(person, question, on) for (person, question), on in wanted.items()]
    return outcomes


def _sets_of(deed: Deed, questions: Collection[int]) -> Mapping[int, _Set]:
    """Question → the set it is in; for the usual one, that nothing is merged into, a set of its own.

    One query; a second one where somebody votes on what was merged meanwhile.
    """
    sets: dict[int, _Set] = {}
    late = _read_sets(deed, questions, sets)
    if late:
        _read_sets(deed, set(late.values()), sets)
        sets |= {question: sets[head] for question, head in late.items() if head in sets}
    return sets


def _read_sets(deed: Deed, questions: Collection[int], sets: dict[int, _Set]) -> dict[int, int]:
    """Fill `sets` for those of `questions` that are published; what is merged, with where."""
    some = marks(questions)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, participant_id, visibility, into_id FROM webinars_question"  # noqa: S608 (only marks)
            f" WHERE webinar_id = %s AND visibility IN (%s, %s) AND (id IN ({some}) OR into_id IN ({some}))",
            [deed.webinar.pk, Visibility.PUBLISHED, Visibility.MERGED, *questions, *questions],
        )
        rows = cursor.fetchall()
    late: dict[int, int] = {}
    for pk, asker, visibility, _ in rows:
        if visibility == Visibility.PUBLISHED and pk in questions:
            sets[pk] = _Set(pk, {asker})
    for pk, asker, visibility, into in rows:
        if visibility != Visibility.MERGED:
            continue
        if into in sets:
            sets[into].askers.add(asker)
            sets[into].merged.append(pk)
        if pk in questions:
            late[pk] = into
    return late


def _refusal(deed: Deed, ballot: Ballot, sets: Mapping[int, _Set]) -> str:
    if why := policies.refusal(ballot.person, "vote", deed.webinar):
        return why
    found = sets.get(ballot.question)
    if found is None:
        return "not_found"
    return "own_question" if ballot.person.pk in found.askers else ""


def _upsert(deed: Deed, wanted: dict[tuple[int, int], bool]) -> list[tuple[int, bool]]:
    """Store the ballots; (question, on) of those that changed. 10 µs a vote against 100 through the ORM."""
    rows = ",".join(["(%s,%s,%s,%s)"] * len(wanted))
    values: list[int | bool | datetime] = []
    for (person, question), on in wanted.items():
        values += (person, question, on, deed.at)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO webinars_vote (participant_id, question_id, is_on, at)"  # noqa: S608 (only marks)
            f" VALUES {rows}"
            " ON CONFLICT (participant_id, question_id)"
            " DO UPDATE SET is_on = excluded.is_on, at = excluded.at"
            " WHERE webinars_vote.is_on <> excluded.is_on"
            " RETURNING question_id, is_on",
            values,
        )
        return [(question, bool(on)) for question, on in cursor.fetchall()]


def _add_up(deed: Deed, changed: list[tuple[int, bool]], sets: Mapping[int, _Set]) -> None:
    """Move the counts by what really changed.

    A first ballot that is off returns a row too (inserted, not on) and must count nothing; it is told apart by
    counting anew only those questions where an off arrived. Where questions were merged a person may have voted on
    several of them: such a set is counted anew, once for the batch.
    """
    heads = {question: found for found in sets.values() for question in (found.head, *found.merged)}
    plus: dict[int, int] = {}
    recount: set[int] = set()
    for question, on in changed:
        found = heads[question]
        if on and not found.merged:
            plus[question] = plus.get(question, 0) + 1
        else:
            recount.add(found.head)
    more = [(n, deed.seq, question) for question, n in plus.items() if question not in recount]
    anew = [(deed.seq, question) for question in recount if not heads[question].merged]
    with connection.cursor() as cursor:
        if more:
            cursor.executemany(
                "UPDATE webinars_question SET votes = votes + %s, votes_seq = %s WHERE id = %s", more
            )
        if anew:
            cursor.executemany(
                "UPDATE webinars_question SET votes ="
                " (SELECT COUNT(*) FROM webinars_vote v WHERE v.question_id = webinars_question.id AND v.is_on),"
                " votes_seq = %s WHERE id = %s",
                anew,
            )
    count_anew(deed, [question for question in recount if heads[question].merged])
