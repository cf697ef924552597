"""The practice webinar's polls: written and opened by the same deeds people do, answered by its numbered voters."""

import uuid
from collections.abc import Sequence
from itertools import chain, repeat
from typing import TYPE_CHECKING

from webinars.actions import ballots, polls
from webinars.actions.deed import Deed
from webinars.demo import shapes
from webinars.models import Participant, Poll, Webinar

if TYPE_CHECKING:
    from webinars.demo.practice import Story


def tell(story: "Story", poll: shapes.Poll, moderator: Participant) -> None:
    """Written, opened a moment later, and answered since."""
    key = uuid.uuid4()

    def it(deed: Deed) -> Poll:
        return Poll.objects.get(webinar=deed.webinar, client_id=key)

    codes = list(poll.text.texts)
    lines = ["\n".join(option.texts[code] for option in poll.options) for code in codes]
    story.at(
        poll.ago + 1, moderator,
        lambda deed: polls.write_poll(
            deed, client_id=key, kind=poll.kind, languages=codes, texts=list(poll.text.texts.values()), lines=lines
        ),
    )  # fmt: skip
    story.at(poll.ago, moderator, lambda deed: polls.open_poll(deed, it(deed).pk))
    story.at(poll.ago / 2, moderator, lambda deed: _answer(deed, it(deed), poll.ballots))


def _answer(deed: Deed, poll: Poll, counts: Sequence[int]) -> None:
    """As many as the content says choose each option; nobody chooses twice."""
    options = [option.pk for option in poll.options.all()]
    chosen = chain.from_iterable(repeat(pk, count) for pk, count in zip(options, counts))
    ballots.cast_ballots(
        deed, [ballots.Choice(person, poll.pk, [pk]) for person, pk in zip(_voters(deed.webinar), chosen)]
    )


def _voters(webinar: Webinar) -> list[Participant]:
    return list(Participant.objects.filter(webinar=webinar, invited_at=None, user=None).order_by("pk"))
