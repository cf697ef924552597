"""One question that asks two things becomes two; the asker's own words stay in the record, and with the asker."""

from uuid import uuid4

from webinars.models import Act, Floor, Question, Visibility

from .deed import Deed, Refused
from .index import index_later
from .questions import clean, facts_of, may_decide

_SPLITS = (Visibility.SUBMITTED, Visibility.PUBLISHED)
# What the second question has of the first: whose it is, how it came, and how far it is known.
_SHARED = (
    "webinar_id", "participant_id", "on_behalf_of", "came_by", "language", "visibility", "addressed_to_id",
    "addressed_country", "name_shown", "archive_keeps_name", "asked_at", "published_at", "first_public_seq",
)  # fmt: skip


def split_question(
    deed: Deed, question: Question, *, text: str, second: str, was: str = "", seen: int | None = None
) -> Act:
    """The first keeps its place and its votes; the second stands beside it, with none.

    Raises Refused: changed, on_floor, joined (others are merged into it), empty, too_long, own_question.
    """
    may_decide(deed, question, "split")
    if question.visibility not in _SPLITS or (was and question.visibility != was):
        raise Refused("changed")
    if seen is not None and seen != question.words_mark:
        raise Refused("changed")
    if question.floor in (Floor.IN_TURN, Floor.DONE) or question.answers.exists():
        raise Refused("on_floor")
    if question.asked_again.merged().exists():
        raise Refused("joined")
    first, other = clean(text), clean(second)
    before = facts_of(question, "text", "text_before", "split_with_id")
    half = Question.objects.create(
        client_id=uuid4(), text=other, text_before=question.text, split_with=question, seq=deed.seq,
        **{name: getattr(question, name) for name in _SHARED},
    )  # fmt: skip
    if half.first_public_seq is not None:
        half.first_public_seq = deed.seq
        half.save(update_fields=["first_public_seq"])
    index_later(half.pk)
    deed.touch(question, text=first, text_before=question.text, split_with=half)
    taken_back = {"visibility": Visibility.WITHDRAWN, "text": "", "text_before": "", "split_with_id": None}
    return deed.record("split", question, before={"questions": {question.pk: before, half.pk: taken_back}})
