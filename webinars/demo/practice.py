"""Makes the practice webinar: live, with questions in every state, brought there by the same deeds people do."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from accounts.writing import writing
from webinars.actions import answers, floor, questions, queue, renditions, room, troubles
from webinars.actions.deed import Deed
from webinars.demo import opinions, polls, shapes
from webinars.demo.people import seat_people
from webinars.demo.quiet import new_webinar
from webinars.models import (
    Answer,
    Citation,
    Participant,
    Question,
    Reason,
    Role,
    State,
    Vote,
    Webinar,
)
from webinars.models.hot import bump

if TYPE_CHECKING:
    from webinars.demo.build import Made

VOTERS = 33
COUNTRIES = ("EE", "UA", "MN")
UNTRANSLATED = ("submitted", "next")  # the language desk has these before it
WHY = {"returned": Reason.UNCLEAR, "declined": Reason.OFF_TOPIC, "hidden": Reason.PERSONAL_DATA}
Do = Callable[[Deed], object]


@dataclass(slots=True)
class Story:
    """What happened when: deeds in the order of their minutes, each with the person who did it."""

    webinar: Webinar
    now: datetime
    deeds: list[tuple[float, Participant, Do]] = field(default_factory=list)

    def at(self, ago: float, by: Participant, do: Do) -> None:
        self.deeds.append((ago, by, do))

    def tell(self) -> None:
        """Do them, the longest ago first. Each has its own seq, as if it had come by itself."""
        for ago, by, do in sorted(self.deeds, key=lambda one: -one[0]):
            webinar = bump([self.webinar.pk])[self.webinar.pk]
            person = Participant.objects.get(pk=by.pk)
            do(Deed(webinar, person, self.now - timedelta(minutes=ago)))


def make(made: "Made", event: shapes.Event) -> Webinar:
    """The webinar and all that has happened in it so far, in one transaction: it is there whole or not at all."""
    asked = [one for one in made.demo.questions if one.event == event.key]
    began = _began(event, asked)
    with writing():
        webinar = new_webinar(made, event)
        webinar.starts_at = (made.now - timedelta(minutes=began)).replace(second=0, microsecond=0)
        webinar.day = webinar.local_day
        webinar.save(update_fields=["starts_at", "day"])
        people = seat_people(made, event, webinar)
        said = [one for one in made.demo.opinions if one.event == event.key]
        askers = _askers(made, webinar, [*asked, *said], began)
        story = Story(webinar, made.now)
        host, moderator = people["host"], people["moderator"]
        story.at(began, host, lambda deed: room.change_state(deed, State.LIVE))
        _agenda(story, event, host, began)
        for one in asked:
            _question(story, made, one, people, askers[one.place], moderator)
        story.at(began - 0.05, host, lambda deed: room.change_settings(deed, queue_open=True))
        for hand in event.hands:
            _hand(story, hand, askers[hand.place])
        for report in event.reports:
            _report(story, report, askers[report.place])
        opinions.tell(story, said, askers, moderator)
        for poll in event.polls:
            polls.tell(story, poll, moderator)
        story.tell()
        _votes(webinar, made.now, {one.said.text: one.votes for one in asked})
    return webinar


def _report(story: Story, report: shapes.Report, asker: Participant) -> None:
    story.at(
        report.ago, asker,
        lambda deed: troubles.report_trouble(
            deed, client_id=uuid.uuid4(), kind=report.kind, text=report.said.text, language=report.said.lang
        ),
    )  # fmt: skip


def _hand(story: Story, hand: shapes.Hand, asker: Participant) -> None:
    said = hand.said
    story.at(
        hand.ago, asker,
        lambda deed: queue.raise_hand(deed, client_id=uuid.uuid4(), text=said.text, language=said.lang),
    )  # fmt: skip


def _began(event: shapes.Event, asked: list[shapes.Question]) -> int:
    """How many minutes ago: the talks have been given, and the first answer came soon after them."""
    answers = max(one.turn.started_ago for one in asked if one.turn)
    return answers + 2 + sum(item.minutes for item in event.agenda if item.state == "done")


def _agenda(story: Story, event: shapes.Event, host: Participant, began: int) -> None:
    ago = began
    for item in event.agenda:
        if item.state == "next":
            break
        story.at(ago - 0.1, host, lambda deed: room.next_agenda_item(deed))
        ago -= item.minutes


def _askers(
    made: "Made", webinar: Webinar, asked: Sequence[shapes.Question | shapes.Opinion], began: int
) -> dict[str, Participant]:
    """Askers are places, never persons, named as they would write it themselves; the others have no more
    than a number and a country. Enough of them to vote."""
    at = made.now - timedelta(minutes=began)
    keys = list(dict.fromkeys(one.place for one in asked))
    reads = {one.place: one.said.lang for one in reversed(asked)}
    rows = [
        Participant(
            webinar=webinar, place=place.names.texts[reads[key]], country=place.country, reads=[reads[key]],
            joined_at=at, consent_version=1, people_here=3 if "library" in key else 1,
        )
        for key, place in ((key, made.demo.places[key]) for key in keys)
    ]  # fmt: skip
    rows += [
        Participant(
            webinar=webinar, name=f"Example {number}", country=COUNTRIES[number % len(COUNTRIES)], joined_at=at,
            consent_version=1,
        )
        for number in range(1, VOTERS - len(keys) + 1)
    ]  # fmt: skip
    Participant.objects.bulk_create(rows)
    return dict(zip(keys, rows, strict=False))


def _question(
    story: Story,
    made: "Made",
    one: shapes.Question,
    people: dict[str, Participant],
    asker: Participant,
    moderator: Participant,
) -> None:
    """Everything that happened to one question."""
    to = next((p for p in people.values() if p.country == one.addressed_to and p.has(Role.SPEAKER)), None)
    key = uuid.uuid4()

    def it(deed: Deed) -> Question:
        return Question.objects.select_related("participant").get(webinar=deed.webinar, client_id=key)

    def desk(ago: float, do: Callable[[Deed, Question], object]) -> None:
        story.at(ago, moderator, lambda deed: do(deed, it(deed)))

    story.at(
        one.ago, asker,
        lambda deed: questions.ask_question(
            deed, client_id=key, text=one.said.text, language=one.said.lang, addressed_to=to.pk if to else None
        ),
    )  # fmt: skip
    _renditions(story, one, people["language-desk"], it)
    if one.state == "submitted":
        return
    decided = max(one.ago - 1.5, 0.2)
    note = one.reason.text if one.reason else ""
    if one.state == "returned":
        desk(decided, lambda deed, q: questions.return_question(deed, q, reason=WHY["returned"], note=note))
        return
    if one.state == "declined":
        desk(decided, lambda deed, q: questions.decline_question(deed, q, reason=WHY["declined"], note=note))
        return
    desk(decided, questions.publish_question)
    if one.state == "hidden":
        desk(decided / 2, lambda deed, q: questions.hide_question(deed, q, reason=WHY["hidden"], note=note))
    elif one.state == "next":
        desk(1.5 - 0.1 * (one.rank or 0), floor.put_next)
    elif one.state == "promised":
        _promise(desk, made, one, people)
    elif one.turn is not None:
        _turn(story, made, one, people, moderator, desk)


def _renditions(
    story: Story, one: shapes.Question, desk: Participant, it: Callable[[Deed], Question]
) -> None:
    """What the language desk wrote so far. What waits for review or is next it has before it."""
    if one.state in UNTRANSLATED:
        return
    for language, text in one.renditions.items():
        story.at(max(one.ago - 1, 0.3), desk, partial(_translate, it, language, text))


def _translate(it: Callable[[Deed], Question], language: str, text: str, deed: Deed) -> object:
    return renditions.translate(deed, question=it(deed).pk, language=language, text=text)


Desk = Callable[[float, Callable[[Deed, Question], object]], None]


def _promise(desk: Desk, made: "Made", one: shapes.Question, people: dict[str, Participant]) -> None:
    assert one.turn is not None
    owner = people[one.turn.by].name
    due = (made.now + timedelta(days=one.promise_due_days or 7)).date()
    desk(one.turn.ended_ago or 1, lambda deed, q: floor.promise_answer(deed, q, owner=owner, due=due))


def _turn(
    story: Story,
    made: "Made",
    one: shapes.Question,
    people: dict[str, Participant],
    moderator: Participant,
    desk: Desk,
) -> None:
    assert one.turn is not None
    speaker = people[one.turn.by]
    desk(one.turn.started_ago, lambda deed, q: floor.open_turn(deed, q, speakers=[speaker.pk]))
    answer = one.answer
    if answer is None or one.turn.ended_ago is None:
        return
    gist = answer.gist
    story.at(
        one.turn.ended_ago, moderator,
        lambda deed: floor.close_turn(deed, gist=gist.text, language=gist.lang),
    )  # fmt: skip

    def cite(deed: Deed, question: Question) -> None:
        given = Answer.objects.get(question=question)
        Citation.objects.create(
            guide=made.guides[answer.lesson], anchor=answer.sections[0], webinar=deed.webinar,
            question=question, quote=gist.text, language=gist.lang, speaker=speaker.name,
            said_at=given.given_at,
        )  # fmt: skip
        deed.touch(question)

    desk(one.turn.ended_ago - 0.1, cite)

    def confirm(deed: Deed) -> None:
        given = Answer.objects.get(question__webinar=deed.webinar, question__text=one.said.text)
        answers.confirm_gist(deed, answer=given.pk)

    story.at(one.turn.ended_ago - 0.2, speaker, confirm)


def _votes(webinar: Webinar, now: datetime, wanted: dict[str, int]) -> None:
    """As many ballots as the content says, nobody's on their own question, spread over the voters."""
    voters = list(Participant.objects.filter(webinar=webinar, invited_at=None, user=None).order_by("pk"))
    ballots: list[Vote] = []
    seq = bump([webinar.pk])[webinar.pk].seq
    for turn, question in enumerate(Question.objects.filter(webinar=webinar).order_by("pk")):
        others = [person for person in voters if person.pk != question.participant_id]
        first = turn * 7 % len(others)
        chosen = (others[first:] + others[:first])[: wanted.get(question.text, 0)]
        since = question.published_at or now
        ballots += [
            Vote(
                question=question, participant=person, at=since + (now - since) * (n + 1) / (len(chosen) + 1)
            )
            for n, person in enumerate(chosen)
        ]
        question.votes, question.votes_seq = len(chosen), seq
        question.save(update_fields=["votes", "votes_seq"])
    Vote.objects.bulk_create(ballots)
