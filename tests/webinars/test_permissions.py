"""Command × role × state: everything anybody can send, in every state of a webinar, does what the table says.

The expectation is the two tables of webinars/policies.py and nothing else; what is done goes the way every command
goes. A command without a row fails, and so does a row for a command that is none.
"""

from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from tests.factories import make_agenda, make_opinion, make_person, make_poll, make_question, make_webinar
from webinars import policies
from webinars.actions import floor, room
from webinars.actions.deed import Deed, Refused, deed
from webinars.live.protocol import COMMANDS, REFUSALS, checked
from webinars.live.verbs import BULK, DEEDS
from webinars.models import (
    Act,
    Answer,
    Hand,
    Notice,
    Participant,
    PollBallot,
    Question,
    Rendition,
    Role,
    State,
    Turn,
    Webinar,
)
from webinars.models.events import NEXT_STATES
from webinars.models.hot import bump
from webinars.views import twin

pytestmark = pytest.mark.django_db
OF_THE_HOUSE = {"state"}  # whose outcome depends on more than the state it is in: a test of its own below


@pytest.fixture(autouse=True)
def unhurried(settings: Any) -> None:
    settings.BUDGET_FACTOR = 1e9


class Scene:
    """A webinar in which every command could be done, if one may: something lies ready for each."""

    def __init__(self, state: State) -> None:
        self.webinar = make_webinar(state=state, queue_open=True)
        self.people = {
            role: make_person(self.webinar, f"A {role}", role, reads=["en", "mn", "uk"]) for role in Role
        }
        self.muted = make_person(self.webinar, "Muted", "host", muted_at=timezone.now())
        make_agenda(self.webinar, "Opening", "Questions")
        self.other = make_person(self.webinar)
        self.waiting = self.question("Waiting?", visibility="submitted")
        self.again = self.question("Waiting once more?", visibility="submitted")
        self.published = self.question("Published?")
        self.said = make_opinion(self.webinar)
        self.lined_up = self.question("Next?", floor="next", next_rank=1)
        self.hand = Hand.objects.create(webinar=self.webinar, participant=self.other, client_id=uuid4())
        self.polls = {state: make_poll(self.webinar, state=state) for state in ("draft", "open", "closed")}
        self.polls["words"] = make_poll(self.webinar, kind="text")
        self.words = PollBallot.objects.create(poll=self.polls["words"], participant=self.other, text="Rude")
        Rendition.objects.create(
            webinar=self.webinar, question=self.published, language="mn", text="Нийтэлсэн үү?", version=1,
            source="Published?", by=self.other, made_as="language_desk", waits=True,
        )  # fmt: skip
        Webinar.objects.filter(pk=self.webinar.pk).update(state=State.LIVE)
        with deed(self.webinar.pk, by=self.people[Role.HOST]) as done:
            floor.open_turn(done, done.question(self.question("On the floor?").pk))
            self.notice, _ = room.send_notice(done, text="Back at ten", language="en")
        Webinar.objects.filter(pk=self.webinar.pk).update(state=state)

    def question(self, text: str, **facts: Any) -> Any:
        return make_question(self.webinar, text, participant=facts.pop("participant", self.other), **facts)

    def fields(self, do: str, person: Participant) -> dict[str, Any]:
        """What the command carries, so that nothing but a right or the state could be in its way."""
        ready = dict.fromkeys(("vote", "hide", "next", "gist", "promise", "floor", "approve"), self.published)
        ready |= {"unnext": self.lined_up}
        if do in ("rewrite", "withdraw", "appeal"):
            stands = {"rewrite": "returned", "appeal": "declined"}.get(do, "submitted")
            ready[do] = self.question("Mine?", participant=person, visibility=stands)
        if do == "answer":
            ready[do] = self.question("For me?", assigned_to=person)
        if do == "judge":
            ready[do] = self.question("Answered?", participant=person, floor="done")
            ready[do].answers.create(gist="Yes.", language="en")
        if do in ("assign", "note"):
            ready[do] = self.published
        if do == "resume":  # nothing may be on the floor when one goes on with what was interrupted
            Turn.objects.filter(webinar=self.webinar).update(ended_at=timezone.now(), interrupted=True)
            Question.objects.filter(webinar=self.webinar, floor="in_turn").update(floor="next")
        if do == "clarify":
            ready[do] = self.question(
                "Mine?", participant=person, visibility="submitted", unclear={"text": "Which?", "lang": "en"}
            )
        if do == "unmerge":
            ready[do] = self.question("Merged?", visibility="merged", into=self.published)
        question = ready.get(do, self.waiting).pk
        opinion = self.opinion(do, person).pk
        own = self._answer_of(person) if do in ("confirm", "answer") else None
        answer = self.words if do == "hide_answer" else own
        language = "mn" if do in ("claim", "give_back", "translate", "approve") else "en"
        poll = {
            "ballot": "open", "open_poll": "draft", "close_poll": "open", "publish_poll": "closed",
            "drop_poll": "draft", "wall_poll": "open", "hide_answer": "words",
        }.get(do)  # fmt: skip
        return {
            "client_id": str(uuid4()), "text": "How much?", "language": language, "question": question, "on": True,
            "kind": {"react": "clap", "poll": "single"}.get(do, "sound"), "hand": self.hand.pk,
            "opinion": opinion, "side": "agree", "gist": "About 25 euros.", "owner": "The ministry",
            "reason": "time" if do == "close" else "unclear",
            "into": self.waiting.pk, "add": True, "second": "Who paid?", "plea": "It is new.",
            "questions": [self.published.pk if do in ("promise_all", "close") else self.again.pk],
            "turn": Turn.objects.get(webinar=self.webinar).pk, "says": "partly",
            "speaker": self.people[Role.SPEAKER].pk, "speakers": [self.people[Role.SPEAKER].pk],
            "answer": answer.pk if answer else "",
            "notice": self.notice.pk if do == "notice_off" else "",
            "act": self._act_of(person), "upto": 10**9, "verb": "decline", "minutes": 5,
            "person": self.other.pk, "things": True,
            "poll": self.polls[poll].pk if poll else "", "languages": ["en"],
            "texts": ["Which?"], "lines": ["One\nTwo"], "options": [self.polls["open"].options.all()[0].pk],
            "to": {"move": "troubles", "notice": "everybody", "hand": "called"}.get(do, ""),
        }  # fmt: skip

    def opinion(self, do: str, person: Participant) -> Any:
        """One that this could be done to."""
        if do in ("opinion_rewrite", "opinion_withdraw"):
            stands = "returned" if do == "opinion_rewrite" else "submitted"
            return make_opinion(self.webinar, participant=person, visibility=stands)
        if do in ("stand", "opinion_hide"):
            return self.said
        return make_opinion(self.webinar, participant=self.other, visibility="submitted")

    def _answer_of(self, person: Participant) -> Answer:
        return self.question("Said?", floor="done").answers.create(gist="So.", language="en", speaker=person)

    def _act_of(self, person: Participant) -> int:
        """Something this person could take back."""
        before = {"questions": {self.published.pk: {"floor": "waiting"}}}
        at = timezone.now() - timedelta(seconds=1)
        return Act.objects.create(
            webinar=self.webinar, by=person, verb="next", at=at, seq=self.published.seq, before=before
        ).pk


def outcome(webinar: Webinar, person: Participant, do: str, fields: dict[str, Any]) -> str:
    """The code of the refusal, "" when it was done; whatever it was, it is rolled back."""
    needed = {*COMMANDS[do].needs, *COMMANDS[do].may} - {"was", "item", "trouble", "addressed_to"}
    if do != "resume":
        needed -= {"turn"}
    given = {name: value for name, value in fields.items() if name in needed and value != ""}
    with transaction.atomic():
        try:
            twin.run(webinar, person, checked({"do": do, **given}))
            return ""
        except Refused as refused:
            return refused.code
        finally:
            transaction.set_rollback(True)


@pytest.fixture(params=State, ids=str)
def scene(request: pytest.FixtureRequest) -> Scene:
    return Scene(request.param)


def test_s60_every_command_has_its_rows_and_no_row_is_for_nothing() -> None:
    assert set(policies.WHEN) == set(COMMANDS)
    assert set(COMMANDS) <= set(policies.MAY)
    assert set(COMMANDS) - {*BULK, "react"} == set(DEEDS)
    assert set(policies.SHUT) <= set(COMMANDS)
    assert set(policies.NOT_WHEN_MUTED) | policies.NOT_ON_OWN <= set(COMMANDS)
    assert {"closed", "forbidden", "muted", *policies.SHUT.values()} <= REFUSALS


def test_s60_everybody_may_in_every_state_what_the_tables_say_and_nothing_else(scene: Scene) -> None:
    state = State(scene.webinar.state)
    expected: dict[tuple[str, str], str] = {}
    found: dict[tuple[str, str], str] = {}
    for role, person in scene.people.items():
        for do in COMMANDS.keys() - OF_THE_HOUSE:
            if role not in policies.MAY[do]:
                said = "forbidden"
            elif state not in policies.WHEN[do]:
                said = policies.SHUT.get(do, "closed")
            else:
                said = ""
            expected[role, do] = said
            found[role, do] = outcome(scene.webinar, person, do, scene.fields(do, person))
    assert {key: code for key, code in found.items() if code != expected[key]} == {}
    assert "" in found.values() or state not in policies.WHILE_IT_RUNS


def test_somebody_muted_and_somebody_removed_do_nothing_of_it(scene: Scene) -> None:
    gone = make_person(scene.webinar, "Gone", "host", removed_at=timezone.now())
    for do in COMMANDS.keys() - OF_THE_HOUSE:
        assert outcome(scene.webinar, gone, do, scene.fields(do, gone)) == "removed"
        if do in policies.NOT_WHEN_MUTED:
            assert outcome(scene.webinar, scene.muted, do, scene.fields(do, scene.muted)) == "muted"


def test_nobody_at_all_does_nothing_of_it(scene: Scene) -> None:
    """A deed without a person, as a mistake of ours would be."""
    for do, deed_of in DEEDS.items():
        fields = {"do": do, **scene.fields(do, scene.other)}
        fields["to"] = fields["to"] or "ended"
        given = {
            name: value
            for name, value in fields.items()
            if value != "" and name not in ({"item"} if do == "resume" else {"item", "turn"})
        }
        with transaction.atomic():
            done = Deed(bump([scene.webinar.pk])[scene.webinar.pk], None, timezone.now())
            with pytest.raises(Refused) as refused:
                deed_of(done, checked(given).args)
            assert refused.value.code == "forbidden"
            transaction.set_rollback(True)


def test_a_host_alone_moves_a_webinar_on_and_only_where_it_can_go(scene: Scene) -> None:
    state = State(scene.webinar.state)
    for role, person in scene.people.items():
        for to in State:
            right = role in policies.MAY["state"]
            said = "forbidden" if not right else "" if to in (state, *NEXT_STATES[state]) else "changed"
            assert outcome(scene.webinar, person, "state", {"to": to}) == said, (role, to)


@pytest.mark.parametrize("do", sorted(policies.NOT_ON_OWN))
@pytest.mark.parametrize(("role", "said"), [("moderator", "own_"), ("host", "")])
def test_a_moderator_decides_on_nothing_of_their_own_and_a_host_may(do: str, role: str, said: str) -> None:
    scene = Scene(State.LIVE)
    person = scene.people[Role(role)]
    stands = "published" if do in ("hide", "opinion_hide") else "submitted"
    own = scene.question("My own?", participant=person, visibility=stands)
    mine = make_opinion(scene.webinar, participant=person, visibility=stands)
    fields = scene.fields(do, person) | {"question": own.pk, "questions": [own.pk], "opinion": mine.pk}
    thing = "opinion" if do.startswith("opinion_") else "question"
    assert outcome(scene.webinar, person, do, fields) == (said and said + thing)


def test_a_seat_in_another_webinar_gives_no_right_here() -> None:
    scene, elsewhere = Scene(State.LIVE), make_webinar()
    host = make_person(elsewhere, "Host of another", "host")
    for do in COMMANDS:
        fields = scene.fields(do, host) | {"to": "ended"}
        assert outcome(scene.webinar, host, do, fields) == "removed", do
        assert not policies.can(host, do, scene.webinar)


@pytest.mark.parametrize(
    ("flag", "do"),
    [
        ("questions_open", "ask"),
        ("voting_open", "vote"),
        ("reactions_open", "react"),
        ("queue_open", "raise"),
    ],
)
def test_what_the_host_closed_is_closed_for_everybody(flag: str, do: str) -> None:
    scene = Scene(State.LIVE)
    Webinar.objects.filter(pk=scene.webinar.pk).update(**{flag: False})
    for person in scene.people.values():
        assert outcome(scene.webinar, person, do, scene.fields(do, person)) == policies.SHUT[do]


def test_what_these_tests_try_is_really_done_and_then_rolled_back() -> None:
    scene = Scene(State.LIVE)
    host, fields = scene.people[Role.HOST], scene.fields("notice", scene.other)
    before = Notice.objects.count()
    assert outcome(scene.webinar, host, "notice", fields) == ""
    assert Notice.objects.count() == before
    twin.run(scene.webinar, host, checked({"do": "notice", "text": "Hello", "language": "en"}))
    assert Notice.objects.count() == before + 1


def test_the_tables_can_be_printed() -> None:
    out = StringIO()
    call_command("permissions", stdout=out)
    said = out.getvalue()
    for verb in (*policies.MAY, *policies.WHEN):
        assert f"| {verb} |" in said
    lines = [line for line in said.splitlines() if line.startswith("|")]
    assert all(line.count("|") > 3 and line.endswith("|") for line in lines)
    row = next(line for line in lines if line.startswith("| publish |"))
    assert row.count("yes") == len(policies.MAY["publish"])
