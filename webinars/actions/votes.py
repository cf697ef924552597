"""Voting: "I want to know this too". The hot verb, so it takes many ballots at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from webinars import policies
from webinars.models import Participant, Visibility

from .deed import Deed


@dataclass(frozen=True, slots=True)
class Ballot:
    """One person's standing on one question: absolute, so that a retry changes nothing."""

    person: Participant
    question: int
    on: bool


def cast_votes(deed: Deed, ballots: Sequence[Ballot]) -> list[str]:
    """Cast ballots of one webinar; for each "" when it stands, else the code of its refusal.

    Three statements whatever the number: read the questions, upsert the ballots (returning those that really
    changed), add up. Votes write no Act. Raises nothing of its own.
    """
    owners = _published_owners(deed, {ballot.question for ballot in ballots})
    outcomes: list[str] = []
    wanted: dict[tuple[int, int], bool] = {}
    for ballot in ballots:
        refusal = _refusal(deed, ballot, owners)
        outcomes.append(refusal)
        if not refusal:
            wanted[ballot.person.pk, ballot.question] = ballot.on  # the last one in the batch stands
    if wanted:
        _add_up(deed, _upsert(deed, wanted))
        deed.ballots += [(person, question, on) for (person, question), on in wanted.items()]
    return outcomes


def count_anew(deed: Deed, questions: Collection[int]) -> None:
    """Count the votes of these questions again, where ballots changed by another deed than a vote."""
    _add_up(deed, [(question, False) for question in questions])


def _published_owners(deed: Deed, questions: set[int]) -> dict[int, int]:
    marks = ",".join(["%s"] * len(questions))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, participant_id FROM webinars_question"  # noqa: S608 (only marks)
            f" WHERE webinar_id = %s AND visibility = %s AND id IN ({marks})",
            [deed.webinar.pk, Visibility.PUBLISHED, *questions],
        )
        return dict(cursor.fetchall())


def _refusal(deed: Deed, ballot: Ballot, owners: dict[int, int]) -> str:
    if why := policies.refusal(ballot.person, "vote", deed.webinar):
        return why
    owner = owners.get(ballot.question)
    if owner is None:
        return "not_found"
    return "own_question" if owner == ballot.person.pk else ""


def _upsert(deed: Deed, wanted: dict[tuple[int, int], bool]) -> list[tuple[int, bool]]:
    """Store the ballots; (question, on) of those that changed. 10 µs a vote against 100 through the ORM."""
    marks = ",".join(["(%s,%s,%s,%s)"] * len(wanted))
    values: list[int | bool | datetime] = []
    for (person, question), on in wanted.items():
        values += (person, question, on, deed.at)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO webinars_vote (participant_id, question_id, is_on, at)"  # noqa: S608 (only marks)
            f" VALUES {marks}"
            " ON CONFLICT (participant_id, question_id)"
            " DO UPDATE SET is_on = excluded.is_on, at = excluded.at"
            " WHERE webinars_vote.is_on <> excluded.is_on"
            " RETURNING question_id, is_on",
            values,
        )
        return [(question, bool(on)) for question, on in cursor.fetchall()]


def _add_up(deed: Deed, changed: list[tuple[int, bool]]) -> None:
    """Move the counts by what really changed.

    A first ballot that is off returns a row too (inserted, not on) and must count nothing; it is told apart by
    counting anew only those questions where an off arrived.
    """
    plus: dict[int, int] = {}
    recount: set[int] = set()
    for question, on in changed:
        if on:
            plus[question] = plus.get(question, 0) + 1
        else:
            recount.add(question)
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE webinars_question SET votes = votes + %s, votes_seq = %s WHERE id = %s",
            [(n, deed.seq, question) for question, n in plus.items() if question not in recount],
        )
        cursor.executemany(
            "UPDATE webinars_question SET votes ="
            " (SELECT COUNT(*) FROM webinars_vote v WHERE v.question_id = webinars_question.id AND v.is_on),"
            " votes_seq = %s WHERE id = %s",
            [(deed.seq, question) for question in recount],
        )
