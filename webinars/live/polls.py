"""Polls on the wire: what they ask for everybody; counts for the desk at once, for the others when published."""

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from accounts.names import Names
from webinars.actions.ballots import ballots_of
from webinars.models import Poll, PollBallot, PollKind, PollState

from .part import Json, Part, Thing

ANSWERS: Final = 200  # words of one poll that travel; how many there are is said, and the table holds all


def read(webinar: int) -> list[Thing]:
    """Newest first. Two queries, and a third where words are asked for."""
    polls = list(Poll.objects.there().filter(webinar=webinar).with_options())
    said = _answers([poll for poll in polls if poll.kind == PollKind.TEXT])
    return [_thing(poll, said.get(poll.pk, [])) for poll in polls]


def own(webinar: int, participant: int) -> Json:
    """What this person has answered: {poll: {"options": […]} or {"text": …}}."""
    return ballots_of(webinar, [participant])[participant]


POLLS: Final = Part(read, own)


def _thing(poll: Poll, answers: Sequence[Json]) -> Thing:
    question: Json = {
        "id": poll.pk,
        "kind": poll.kind,
        "secret": poll.is_secret,
        "state": poll.state,
        "wall": poll.on_wall,
        "text": texts_of(poll.text),
        "options": [{"id": one.pk, "text": texts_of(one.text)} for one in poll.options.all()],
    }
    counted = question | {"ballots": poll.ballots, "counts": [one.votes for one in poll.options.all()]}
    desk = counted | ({"answers": list(answers)} if poll.kind == PollKind.TEXT else {})
    if poll.state == PollState.DRAFT:
        return Thing(poll.pk, {"desk": desk})
    public = question
    if poll.state == PollState.PUBLISHED:
        public = counted
        if poll.kind == PollKind.TEXT:
            # How many are hidden is nobody's business but the desk's.
            shown = [{"text": one["text"], "lang": one["lang"]} for one in answers if not one["hidden"]]
            public = counted | {"answers": shown}
    return Thing(poll.pk, {"everyone": public, "speakers": public, "staff": public, "desk": desk})


def texts_of(names: Names) -> dict[str, str]:
    """By language, the original first: it is shown to whom none of the others is for."""
    return {names.original: names.original_text, **names.texts} if names else {}


def _answers(polls: Sequence[Poll]) -> dict[int, list[Json]]:
    """The first ANSWERS of each, with the name where the poll is not secret."""
    if not polls:
        return {}
    first = (
        PollBallot.objects.filter(poll__in=polls)
        .exclude(text="")
        .annotate(place=Window(RowNumber(), partition_by=F("poll"), order_by=F("id").asc()))
        .filter(place__lte=ANSWERS)
        .order_by("poll", "id")
        .values_list("poll", "pk", "text", "language", "is_hidden", "participant__name")
    )
    secret = {poll.pk for poll in polls if poll.is_secret}
    found: dict[int, list[Json]] = {}
    for poll, pk, text, language, hidden, name in first:
        answer: dict[str, Any] = {"id": pk, "text": text, "lang": language, "hidden": hidden}
        found.setdefault(poll, []).append(answer if poll in secret else answer | {"name": name})
    return found
