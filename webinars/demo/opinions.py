"""The practice webinar's opinions: said, published, and stood to by people who are no more than a number."""

import uuid
from typing import TYPE_CHECKING

from webinars.actions import opinions
from webinars.actions.stands import Stance, take_stands
from webinars.demo import shapes
from webinars.models import Opinion, Participant, Side

if TYPE_CHECKING:
    from webinars.demo.practice import Story

FIRST = 24.0  # minutes ago the first was said
APART = 2.0  # minutes from one to the next


def tell(
    story: "Story",
    said: list[shapes.Opinion],
    authors: dict[str, Participant],
    moderator: Participant,
) -> None:
    """Each is said, published a minute later, and then stood to; those that wait are not."""
    for n, one in enumerate(said):
        _tell_one(story, one, authors[one.place], moderator, FIRST - n * APART)


def _tell_one(
    story: "Story", one: shapes.Opinion, author: Participant, moderator: Participant, ago: float
) -> None:
    key = uuid.uuid4()

    def it() -> Opinion:
        return Opinion.objects.select_related("participant").get(webinar=story.webinar, client_id=key)

    story.at(
        ago, author,
        lambda deed: opinions.say_opinion(deed, client_id=key, text=one.said.text, language=one.said.lang),
    )  # fmt: skip
    if one.state == "published":
        story.at(ago - 1, moderator, lambda deed: opinions.publish_opinion(deed, it()))
        story.at(ago - 1.5, moderator, lambda deed: take_stands(deed, _stances(story, one, it())))


def _stances(story: "Story", one: shapes.Opinion, opinion: Opinion) -> list[Stance]:
    """As many as the content says; the people of the country that leans to it agree before the others do."""
    people = list(
        Participant.objects.filter(webinar=story.webinar, invited_at=None, user=None)
        .exclude(pk=opinion.participant_id)
        .order_by("pk")
    )
    first = opinion.pk * 7 % len(people)
    turned = people[first:] + people[:first]
    turned.sort(key=lambda person: person.country != one.leans if one.leans else 0)
    agree, disagree = turned[: one.agree], turned[one.agree : one.agree + one.disagree]
    skip = turned[one.agree + one.disagree :][:2]
    return [
        Stance(person, opinion.pk, side)
        for side, there in ((Side.AGREE, agree), (Side.DISAGREE, disagree), (Side.SKIP, skip))
        for person in there
    ]
