"""The part "jobs": who at the language desk has taken what, and until when. For those behind the scenes alone.

What there is to do follows from the questions and from who is here (live/jobs.py); this says who does it.
"""

from collections.abc import Sequence

from webinars.models import Rendition

from .part import Json, Part, Thing

BEHIND = ("staff", "desk")  # the audiences that see what is not public


def read(webinar: int) -> Sequence[Thing]:
    """Every lease, also one that ran out: whoever looks has a clock, and a frame has none."""
    taken = Rendition.objects.filter(webinar=webinar, holder__isnull=False).select_related("holder")
    return [Thing(one.pk, dict.fromkeys(BEHIND, _lease(one))) for one in taken.order_by("pk")]


def _lease(one: Rendition) -> Json:
    assert one.holder is not None
    assert one.lease_until is not None
    return {
        "id": one.pk,
        "question": one.question_id,
        "answer": one.answer_id,
        "notice": one.notice_id,
        "to": one.language,
        "holder": one.holder_id,
        "name": one.holder.name,
        "until": int(one.lease_until.timestamp() * 1000),
    }


LEASES = Part(read)
