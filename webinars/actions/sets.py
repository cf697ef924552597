"""Questions merged into one: who is in a set, how it is counted, and what becomes of it when somebody leaves it.

A set is a head and the questions merged into it (`into`). Votes stay where they were cast; the head's count is that of
distinct voters over the set, without those who asked in it.
"""

from collections.abc import Iterable

from django.db import connection

from webinars.models import Floor, Question, TurnQuestion, Visibility, Vote

from .deed import Deed
from .index import index_later

_IN_SET = "(q.id = webinars_question.id OR (q.into_id = webinars_question.id AND q.visibility = 'merged'))"
_COUNT = (
    "UPDATE webinars_question SET votes = (SELECT COUNT(DISTINCT v.participant_id)"  # noqa: S608 (only our words)
    " FROM webinars_question q JOIN webinars_vote v ON v.question_id = q.id AND v.is_on"
    f" WHERE {_IN_SET} AND NOT EXISTS (SELECT 1 FROM webinars_question a"
    f" WHERE {_IN_SET.replace('q.', 'a.')} AND a.participant_id = v.participant_id)),"
    " votes_seq = %s WHERE id = %s"
)
# What the one that takes a head's place has of it.
_PLACE = (
    "visibility", "floor", "next_rank", "reason", "reason_note", "assigned_to_id", "closed_reason", "closed_note",
)  # fmt: skip


def merged_into(head: Question) -> list[Question]:
    """Those a question stands for, the oldest first."""
    return list(head.asked_again.merged().select_related("participant").order_by("id"))


def count_anew(deed: Deed, questions: Iterable[int | None]) -> None:
    """Count the voters of these questions from the ballots, each over its whole set."""
    ids = sorted({pk for pk in questions if pk is not None})
    if ids:
        with connection.cursor() as cursor:
            cursor.executemany(_COUNT, [(deed.seq, pk) for pk in ids])


def count_with_heads(deed: Deed, questions: Iterable[int]) -> None:
    """The same where ballots changed by another deed than a vote: of what is merged, that which stands for it, too."""
    ids = list(questions)
    heads = Question.objects.merged().filter(pk__in=ids).values_list("into_id", flat=True)
    count_anew(deed, [*ids, *heads])


def stir(deed: Deed, head: Question | None) -> None:
    """Somebody came into the set or left it: its head is told and found anew, and counted."""
    if head is None:
        return
    deed.touch(head)
    count_anew(deed, [head.pk])
    index_later(head.pk)


def leave(deed: Deed, question: Question) -> Question | None:
    """Before a question goes for good (taken back, erased): its set goes on without it.

    From a set it merely leaves. Of a set whose head it is, the oldest of the others takes its place, on the floor and
    in the list, with its answers and its voters: nobody who asked the same loses anything. Gives the head, if any.
    """
    question.refresh_from_db()  # somebody may have asked two of a set, and the first of them has left a moment ago
    if question.visibility == Visibility.MERGED:
        head, question.into = question.into, None
        deed.touch(question, into=None, visibility=Visibility.WITHDRAWN)
        stir(deed, head)
        return head
    others = merged_into(question)
    if not others:
        return None
    heir, *rest = sorted(others, key=_is_out)  # those whose askers are still heard come first
    place = {name: getattr(question, name) for name in _PLACE}
    deed.touch(
        heir,
        into=None,
        published_at=heir.published_at or question.published_at,
        first_public_seq=heir.first_public_seq or (question.first_public_seq and deed.seq),
        **place,
    )
    for other in question.asked_again.exclude(pk=heir.pk):
        deed.touch(other, into=heir)
    question.answers.update(question=heir)
    TurnQuestion.objects.filter(question=question).update(question=heir)
    question.floor, question.next_rank = Floor.WAITING, None
    deed.touch(question, floor=Floor.WAITING, next_rank=None)
    _hand_on_votes(deed, question, heir, [one.participant_id for one in (heir, *rest)])
    deed.touch_room()
    stir(deed, heir)
    return heir


def _is_out(question: Question) -> bool:
    return bool(question.participant.removed_at or question.participant.muted_at)


def _hand_on_votes(deed: Deed, question: Question, heir: Question, askers: list[int]) -> None:
    """Who wanted to know the one that goes wants to know the one that stays."""
    cast = Vote.objects.filter(question=question, is_on=True).exclude(participant__in=askers)
    voters = list(cast.select_related("participant"))
    Vote.objects.filter(question=heir, participant__in=[one.participant_id for one in voters]).delete()
    for vote in voters:
        deed.tell(vote.participant, votes={str(heir.pk): True})
    cast.update(question=heir)
