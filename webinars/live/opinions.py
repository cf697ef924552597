"""Opinions as a part of the room: the published in their order for everybody, what waits for those who decide."""

from collections.abc import Sequence
from typing import Any, Final

from webinars.models import NameShown, Opinion, OpinionState, Stand

from .part import Json, Thing

# What a room holds; the page of all opinions has the rest (views/opinions.py).
PUBLISHED: Final = 100
WAITING: Final = 200
ASIDE: Final = 50
PUT_ASIDE: Final = (OpinionState.RETURNED, OpinionState.DECLINED, OpinionState.HIDDEN)


def read(webinar: int) -> Sequence[Thing]:
    """What waits, oldest first, then the published in their order, then what was put aside last.

    Three queries whatever the number; of more than PUBLISHED the newest, in the order they were published in.
    """
    here = Opinion.objects.filter(webinar=webinar).select_related("participant")
    waiting = here.filter(visibility=OpinionState.SUBMITTED).order_by("pk")[:WAITING]
    published = list(here.published().reverse()[:PUBLISHED])
    aside = here.filter(visibility__in=PUT_ASIDE).order_by("-pk")[:ASIDE]
    return [thing_of(opinion) for opinion in (*waiting, *reversed(published), *aside)]


def own(webinar: int, participant: int) -> Json:
    """What one person said themselves, the newest first, and where they stand: {"said": […], "stands": {id: side}}."""
    said = Opinion.objects.filter(webinar=webinar).said_by(participant)
    stands = Stand.objects.filter(participant=participant, opinion__webinar=webinar).exclude(side="")
    return {
        "said": [_own_row(opinion) for opinion in said],
        "stands": {str(opinion): side for opinion, side in stands.values_list("opinion", "side")},
    }


def thing_of(opinion: Opinion) -> Thing:
    """An opinion as each audience reads it. Expects its participant."""
    return Thing(opinion.pk, _views(opinion), opinion.participant_id, _own_row(opinion))


def _views(opinion: Opinion) -> dict[str, Json]:
    """The names as with questions (live/reading.py: row_of): the country stays."""
    who = opinion.participant
    unnamed: Json = {
        "id": opinion.pk, "text": opinion.text, "lang": opinion.language, "said": _ms(opinion.said_at),
        "agree": opinion.agree, "disagree": opinion.disagree, "skip": opinion.skip,
        "country": who.country, "name": "", "organisation": "", "place": "", "speaker": False,
    }  # fmt: skip
    named = unnamed | {
        "name": who.name,
        "organisation": who.organisation,
        "place": who.place,
        "speaker": who.has("speaker"),
    }
    shown = opinion.name_shown
    facts = {
        "visibility": opinion.visibility,
        "reason": opinion.reason,
        "note": opinion.reason_note,
        "name_shown": shown,
    }
    public = named if shown == NameShown.ALL else unnamed
    known = unnamed if shown == NameShown.NOBODY else named
    views = {
        "staff": public | facts | {"by": who.pk if shown == NameShown.ALL else None},
        "desk": known | facts | {"by": None if shown == NameShown.NOBODY else who.pk},
    }
    if opinion.visibility == OpinionState.PUBLISHED:
        views |= {"everyone": public, "speakers": public}
    return views


def _own_row(opinion: Opinion) -> Json:
    """As whoever said it reads it; without the counts, so that a stand is no news of it."""
    return {
        "id": opinion.pk,
        "text": opinion.text,
        "lang": opinion.language,
        "visibility": opinion.visibility,
        "reason": opinion.reason,
        "note": opinion.reason_note,
        "name_shown": opinion.name_shown,
        "client_id": str(opinion.client_id),
    }


def _ms(instant: Any) -> int:
    return int(instant.timestamp() * 1000)
