"""snapshot(n) + frames(n..m) = snapshot(m) on the window, for each audience, on random histories."""

import itertools
import json
import os
import random
from typing import Any
from uuid import uuid4

import pytest

from tests.factories import make_agenda, make_person, make_webinar
from tests.webinars.reducer import reduce
from webinars.actions import (
    alike,
    answers,
    appeals,
    ballots,
    bulk,
    conduct,
    floor,
    merging,
    notes,
    opinions,
    polls,
    questions,
    queue,
    renditions,
    room,
    settling,
    splitting,
    troubles,
    turns,
    unclear,
    undo,
)
from webinars.actions.deed import Deed, Refused, deed
from webinars.actions.stands import Stance, take_stands
from webinars.actions.votes import Ballot, cast_votes
from webinars.live import changes, reading
from webinars.models import (
    Answer,
    AskerSays,
    Hand,
    Notice,
    Opinion,
    Participant,
    Poll,
    PollKind,
    Question,
    Rendition,
    Side,
    Trouble,
    TroubleKind,
    Turn,
    Webinar,
)

pytestmark = pytest.mark.django_db
SEEDS = range(2 if "SILD_INNER" in os.environ else 6)  # fewer where they only run again on another engine


class History:
    """Random deeds in one webinar by random people, some of which are refused."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.webinar = make_webinar(
            publishes_at_once=self.random.choice(["nobody", "everybody"]), queue_open=True
        )
        make_agenda(self.webinar, "Opening", "Questions", "Closing")
        self.people = [make_person(self.webinar) for _ in range(6)]
        self.desk = make_person(self.webinar, "Desk", "host")
        self.translator = make_person(self.webinar, "Olena", "language_desk", reads=["en", "mn", "uk"])
        self.panel = [make_person(self.webinar, name, "speaker", country="EE") for name in ("Oyun", "Jaan")]
        speakers = [one.pk for one in self.panel]
        self.turns = itertools.cycle([None, *speakers, speakers[0], "EE"])
        self.acts: list[int] = []

    def step(self, act: Any = None, by: Participant | None = None) -> None:
        by = by or self.random.choice(
            [*self.people, *self.panel, self.desk, self.desk, self.desk, self.desk, self.translator]
        )
        try:
            with deed(self.webinar.pk, by=by) as done:
                (act or self.random.choice(self.deeds()))(done)
        except Refused:
            pass

    def deeds(self) -> list[Any]:
        return [
            self.ask, self.ask, self.ask, self.vote, self.vote, self.vote, self.publish, self.publish, self.withdraw,
            self.put_aside, self.hide, self.line_up, self.off_next, self.open_turn, self.close_turn,
            self.interrupt, self.undo, self.notice, self.agenda, self.settings, self.gist, self.report, self.solve,
            self.move, self.alike, self.hand_up, self.hand_up, self.hand_down, self.hand_moved, self.hand_moved,
            self.opine, self.opine, *[self.decide_on_opinion] * 4, self.stand, self.stand, self.of_own_opinion,
            self.move, self.alike, self.assign, self.note, self.speak, self.resume, self.promise, self.shut,
            self.answer, self.confirm, self.judge,
            self.several, self.mute, self.remove, self.slow,
            self.poll, self.ballot, self.ballot, self.poll_state, self.poll_state, self.wall_poll,
            *[self.translate] * 6, self.claim, self.give_back, self.approve,
            self.unclear, self.clarify,
            self.merge, self.merge, self.unmerge, self.split, self.appeal, self.rewrite,
        ]  # fmt: skip

    def any_question(self, done: Deed) -> Question:
        ids = list(Question.objects.filter(webinar=self.webinar).values_list("pk", flat=True))
        return done.question(self.random.choice(ids) if ids else 0)

    def keep(self, act: Any) -> None:
        if act is not None:
            self.acts.append(act.pk)

    def ask(self, done: Deed) -> None:
        who = self.random.choice(["all", "moderators", "nobody"])
        text = f"Question {self.random.randrange(10**6)}?"
        to = next(self.turns)
        questions.ask_question(
            done, client_id=uuid4(), text=text, language="en", name_shown=who, addressed_to=to
        )

    def vote(self, done: Deed) -> None:
        person: Participant = self.random.choice(self.people)
        cast_votes(done, [Ballot(person, self.any_question(done).pk, self.random.random() < 0.8)])

    def publish(self, done: Deed) -> None:
        self.keep(questions.publish_question(done, self.any_question(done)))

    def put_aside(self, done: Deed) -> None:
        action = self.random.choice([questions.return_question, questions.decline_question])
        self.keep(action(done, self.any_question(done), reason="unclear", note="Which one?"))

    def hide(self, done: Deed) -> None:
        self.keep(questions.hide_question(done, self.any_question(done)))

    def withdraw(self, done: Deed) -> None:
        questions.withdraw_question(done, self.any_question(done))

    def line_up(self, done: Deed) -> None:
        self.keep(floor.put_next(done, self.any_question(done)))

    def off_next(self, done: Deed) -> None:
        self.keep(floor.take_off_next(done, self.any_question(done)))

    def open_turn(self, done: Deed) -> None:
        self.keep(floor.open_turn(done, self.any_question(done), add=self.random.random() < 0.5))

    def close_turn(self, done: Deed) -> None:
        self.keep(floor.close_turn(done, gist=self.random.choice(["", "About 25 euros."]), language="en"))

    def interrupt(self, done: Deed) -> None:
        self.keep(floor.interrupt_turn(done))

    def gist(self, done: Deed) -> None:
        floor.write_gist(done, self.any_question(done), gist="They paid half.", language="en")

    def assign(self, done: Deed) -> None:
        who = self.random.choice([None, *self.panel])
        self.keep(notes.assign_question(done, self.any_question(done), speaker=who.pk if who else None))

    def note(self, done: Deed) -> None:
        self.keep(notes.add_note(done, self.any_question(done), text="A private word."))

    def speak(self, done: Deed) -> None:
        count = self.random.randrange(3)
        self.keep(turns.set_speakers(done, speakers=[one.pk for one in self.panel[:count]]))

    def resume(self, done: Deed) -> None:
        broken = list(
            Turn.objects.filter(webinar=self.webinar, interrupted=True).values_list("pk", flat=True)
        )
        self.keep(turns.resume_turn(done, turn=self.random.choice(broken or [0])))

    def promise(self, done: Deed) -> None:
        ids = [self.any_question(done).pk for _ in range(2)]
        self.keep(
            settling.promise_answers(done, questions=ids, owner=self.random.choice(["Jaan", "The city"]))
        )

    def shut(self, done: Deed) -> None:
        self.keep(settling.close_questions(done, questions=[self.any_question(done).pk], reason="time"))

    def answer(self, done: Deed) -> None:
        answers.write_answer(done, self.any_question(done), text="Half of them.", language="en")

    def confirm(self, done: Deed) -> None:
        given = list(
            Answer.objects.given().filter(question__webinar=self.webinar).values_list("pk", flat=True)
        )
        words = self.random.choice(["", "Exactly half."])
        answers.confirm_gist(done, answer=self.random.choice(given or [0]), gist=words, language="en")

    def judge(self, done: Deed) -> None:
        says = self.random.choice(AskerSays.values)
        answers.judge_answer(done, self.any_question(done), says=says)

    def undo(self, done: Deed) -> None:
        undo.undo_act(done, self.random.choice(self.acts or [0]))

    def notice(self, done: Deed) -> None:
        room.send_notice(
            done, text="Back at ten.", language="en", to=self.random.choice(["everybody", "staff"])
        )

    def report(self, done: Deed) -> None:
        kind = self.random.choice(TroubleKind.values)
        troubles.report_trouble(done, client_id=uuid4(), kind=kind, text="No sound since ten.", language="en")

    def solve(self, done: Deed) -> None:
        if self.random.random() < 0.5:
            self.keep(troubles.solve_troubles(done, kind=self.random.choice(TroubleKind.values), upto=10**6))
        else:
            ids = list(Trouble.objects.filter(webinar=self.webinar).values_list("pk", flat=True))
            self.keep(troubles.solve_troubles(done, trouble=self.random.choice(ids or [0])))

    def move(self, done: Deed) -> None:
        to = self.random.choice(["troubles", "review", "opinions"])
        self.keep(troubles.move_question(done, self.any_question(done), to=to, kind="sound"))

    def alike(self, done: Deed) -> None:
        ids = list(Question.objects.filter(webinar=self.webinar).values_list("pk", flat=True))
        some = self.random.sample(ids, min(3, len(ids)))
        self.keep(alike.decline_as_asked(done, into=self.random.choice(ids or [0]), questions=some))

    def hand_up(self, done: Deed) -> None:
        text = f"An errand of mine {self.random.randrange(10**6)}"
        queue.raise_hand(done, client_id=uuid4(), text=text, language=self.random.choice(["mn", "et"]))

    def hand_down(self, done: Deed) -> None:
        queue.lower_hand(done)

    def hand_moved(self, done: Deed) -> None:
        ids = list(Hand.objects.filter(webinar=self.webinar).values_list("pk", flat=True))
        to, why = self.random.choice(list(queue.STEPS)), self.random.choice(["", "She has to leave"])
        self.keep(queue.move_hand(done, self.random.choice(ids or [0]), to=to, reason=why))

    def opine(self, done: Deed) -> None:
        who = self.random.choice(["all", "moderators", "nobody"])
        text = f"Opinion {self.random.randrange(10**6)}."
        opinions.say_opinion(done, client_id=uuid4(), text=text, language="en", name_shown=who)

    def any_opinion(self, done: Deed) -> Opinion:
        ids = list(Opinion.objects.filter(webinar=self.webinar).values_list("pk", flat=True))
        return opinions.opinion_of(done, self.random.choice(ids or [0]))

    def decide_on_opinion(self, done: Deed) -> None:
        opinion = self.any_opinion(done)
        plain = [opinions.publish_opinion, opinions.hide_opinion]
        reasoned = [opinions.return_opinion, opinions.decline_opinion]
        action = self.random.choice([*plain, opinions.move_to_questions, *reasoned])
        self.keep(action(done, opinion, **({"reason": "unclear"} if action in reasoned else {})))  # type: ignore[operator]

    def of_own_opinion(self, done: Deed) -> None:
        if self.random.random() < 0.5:
            opinions.withdraw_opinion(done, self.any_opinion(done))
        else:
            opinions.rewrite_opinion(done, self.any_opinion(done), text="In other words.")

    def stand(self, done: Deed) -> None:
        side = self.random.choice([*Side.values, ""])
        take_stands(done, [Stance(self.random.choice(self.people), self.any_opinion(done).pk, side)])

    def several(self, done: Deed) -> None:
        ids = list(Question.objects.filter(webinar=self.webinar).values_list("pk", flat=True))
        some = [bulk.Stand(pk) for pk in self.random.sample(ids, min(4, len(ids)))]
        verb = self.random.choice(list(bulk.DECISIONS))
        act, _ = bulk.decide_several(done, questions=some, verb=verb, reason="tone")
        self.keep(act)

    def mute(self, done: Deed) -> None:
        person = self.random.choice(self.people)
        on, things = self.random.random() < 0.3, self.random.random() < 0.5
        meant = conduct.meant(done, "mute", person=person.pk)
        self.keep(conduct.mute(done, meant, on=on, things=things, reason="tone"))

    def remove(self, done: Deed) -> None:
        meant = conduct.meant(done, "remove", person=self.random.choice(self.people).pk)
        self.keep(conduct.remove(done, meant, on=self.random.random() < 0.3, reason="advertising"))

    def slow(self, done: Deed) -> None:
        self.keep(room.set_slow(done, minutes=self.random.choice([0, 0, 0, 1])))

    def poll(self, done: Deed) -> None:
        polls.write_poll(
            done, client_id=uuid4(), kind=self.random.choice(PollKind.values), languages=["en"], texts=["Which?"],
            lines=["One\nTwo\nThree"], secret=self.random.random() < 0.5,
        )  # fmt: skip

    def any_poll(self) -> Poll | None:
        there = list(Poll.objects.there().filter(webinar=self.webinar))
        return self.random.choice(there) if there else None

    def ballot(self, done: Deed) -> None:
        if poll := self.any_poll():
            options = list(poll.options.values_list("pk", flat=True))
            some = self.random.sample(options, min(len(options), self.random.randrange(3)))
            choice = ballots.Choice(self.random.choice(self.people), poll.pk, some, "Skills, I think", "en")
            ballots.cast_ballots(done, [choice])

    def poll_state(self, done: Deed) -> None:
        action = self.random.choice([polls.open_poll, polls.close_poll, polls.publish_poll, polls.drop_poll])
        if poll := self.any_poll():
            self.keep(action(done, poll.pk))

    def wall_poll(self, done: Deed) -> None:
        if poll := self.any_poll():
            polls.put_on_wall(done, poll.pk, on=self.random.random() < 0.7)

    def to_translate(self, done: Deed) -> tuple[dict[str, int], Any]:
        """A question, a gist or a notice, and what is written of it already."""
        target: Any = self.any_question(done)
        if self.random.random() < 0.5:
            said = [*Answer.objects.exclude(gist=""), *Notice.objects.filter(withdrawn_at=None)]
            here = [one for one in said if self.webinar in (getattr(one, "webinar", None), _webinar_of(one))]
            target = self.random.choice([target, *here])
        return {type(target).__name__.lower(): target.pk}, target

    def translate(self, done: Deed) -> None:
        about, target = self.to_translate(done)
        language = self.random.choice(["mn", "uk"])
        there = Rendition.objects.of(target).filter(language=language).first()
        renditions.translate(
            done, **about, language=language, text=f"Rendition of {about}. {self.random.randrange(9)}",  # type: ignore[arg-type]
            made_from=self.random.choice(["", "", "uk"]),
            version=self.random.choice([there.version if there else 0, 1]),
        )  # fmt: skip

    def claim(self, done: Deed) -> None:
        renditions.claim(done, **self.to_translate(done)[0], language="uk")

    def give_back(self, done: Deed) -> None:
        renditions.give_back(done, **self.to_translate(done)[0], language="uk")

    def approve(self, done: Deed) -> None:
        self.keep(renditions.approve(done, **self.to_translate(done)[0], language="mn"))

    def unclear(self, done: Deed) -> None:
        unclear.ask_asker(done, self.any_question(done), text="Which hushed year?", language="en")

    def clarify(self, done: Deed) -> None:
        unclear.clarify(done, self.any_question(done), text="The last hushed one.")

    def merge(self, done: Deed) -> None:
        ids = list(Question.objects.filter(webinar=self.webinar).values_list("pk", flat=True))
        some = self.random.sample(ids, min(3, len(ids)))
        self.keep(merging.merge_questions(done, into=self.random.choice(ids or [0]), questions=some))

    def unmerge(self, done: Deed) -> None:
        self.keep(merging.unmerge_question(done, self.any_question(done)))

    def split(self, done: Deed) -> None:
        question = self.any_question(done)
        self.keep(splitting.split_question(done, question, text=f"{question.text} How", second="And who?"))

    def appeal(self, done: Deed) -> None:
        appeals.appeal_question(done, self.any_question(done), plea="It is new.")

    def rewrite(self, done: Deed) -> None:
        questions.rewrite_question(done, self.any_question(done), text="Which ministry paid?")

    def agenda(self, done: Deed) -> None:
        room.next_agenda_item(done)

    def settings(self, done: Deed) -> None:
        room.change_settings(
            done, voting_open=self.random.random() < 0.7, queue_open=self.random.random() < 0.8,
            second_eye=self.random.random() < 0.5,
        )  # fmt: skip


def _webinar_of(thing: Any) -> Webinar | None:
    return thing.question.webinar if isinstance(thing, Answer) else None


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("window", [50, 3])
def test_a_page_that_followed_the_frames_shows_what_a_fresh_page_shows(
    seed: int, window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "WINDOW", window)  # with 3, rows enter and leave it all the time
    monkeypatch.setattr(changes, "ASIDE", window)
    monkeypatch.setattr(changes, "ANSWERED", window)
    monkeypatch.setattr(changes, "ADDRESSED", window)
    history = History(seed)
    here = reading.load(history.webinar.pk)
    assert here is not None
    windows = {name: changes.Window(name) for name in changes.AUDIENCES}
    pages = {name: reduce({}, windows[name].snapshot(here)) for name in changes.AUDIENCES}
    for name in changes.AUDIENCES:
        windows[name].frame(here, (), ())
    for _ in range(60):
        for _ in range(history.random.randrange(1, 5)):
            history.step()
        news = reading.pull(history.webinar.pk, here.seq)
        assert news is not None
        here.apply(news)
        moved, voted = [row.id for row in news.rows], [pk for pk, _ in news.votes]
        fresh = reading.load(history.webinar.pk)
        assert fresh is not None
        for name in changes.AUDIENCES:
            frame = windows[name].frame(here, moved, voted)
            pages[name] = reduce(pages[name], frame)
            assert pages[name] == reduce({}, changes.Window(name).snapshot(fresh))
            assert reduce(pages[name], frame) == pages[name]  # a frame twice is a frame once


@pytest.mark.parametrize("seed", SEEDS)
def test_the_page_read_from_the_database_is_the_hubs_snapshot(seed: int) -> None:
    history = History(seed)
    for _ in range(80):
        history.step()
    whole = reading.load(history.webinar.pk)
    assert whole is not None
    for name in changes.AUDIENCES:
        for person in [*history.people, history.desk]:
            found = reading.page(history.webinar.pk, name, person.pk)
            assert found is not None
            snapshot, mine = found
            assert snapshot == changes.Window(name).snapshot(whole)
            assert mine == whole.mine(person.pk)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_audience_receives_what_it_may_not_see(seed: int) -> None:
    history = History(seed)
    here = reading.load(history.webinar.pk)
    assert here is not None
    window = changes.Window("everyone")
    window.frame(here, (), ())
    was_public: set[int] = set()
    waited = was_hidden = False
    # Each deed twice by somebody of each kind, so that there is something to hide; then whatever comes.
    deeds = dict.fromkeys(history.deeds())
    kinds = ((*history.people[:2], history.desk), (history.people[2], history.desk, history.translator))
    steps: list[tuple[Any, ...]] = [(act, by) for some in kinds for act in deeds for by in some]
    for step in [*steps, *[()] * 20]:
        history.step(*step)
        news = reading.pull(history.webinar.pk, here.seq)
        assert news is not None
        here.apply(news)
        frame = window.frame(here, [row.id for row in news.rows], [pk for pk, _ in news.votes])
        public = {q.pk: q for q in Question.objects.filter(webinar=history.webinar, visibility="published")}
        was_public |= set(public)
        was_hidden |= Question.objects.filter(webinar=history.webinar).count() > len(public)
        for row in frame.get("questions", []):
            assert row["id"] in public
            assert (row["name"] == "") == (public[row["id"]].name_shown != "all")
            assert not {"reason", "note", "by", "visibility", "unclear", "seen"} & set(row)
            assert not {"waits", "version", "who"} & set().union(*row.get("texts", {}).values())
        assert set(frame.get("gone", [])) <= was_public
        assert {int(pk) for pk in frame.get("votes", {})} <= set(public)
        assert {"review", "aside", "answered", "addressed", "troubles", "jobs"}.isdisjoint(frame)
        assert "No sound" not in str(frame)
        assert "An errand" not in str(frame)
        for hand in frame.get("queue", {}).get("items", []):
            assert hand["stands"] != "done"
            if hand["stands"] != "speaking":
                assert set(hand) == {"id", "stands", "lang"}
        said = dict(Opinion.objects.filter(webinar=history.webinar).values_list("pk", "visibility"))
        for item in frame.get("opinions", {}).get("items", []):
            assert said[item["id"]] == "published"
            assert not {"reason", "note", "by", "visibility"} & set(item)
        assert {said[pk] for pk in frame.get("opinions", {}).get("order", [])} <= {"published"}
        waited |= set(said.values()) > {"published"}
        assert "private word" not in str(frame)
        assert {"judged", "notes", "says", "assigned"}.isdisjoint(frame)
        for row in frame.get("questions", []):
            assert {"notes", "says", "assigned"}.isdisjoint(row)
        assert "hushed" not in str(frame)
        of_pending = Rendition.objects.filter(webinar=history.webinar, answer=None, notice=None)
        for one in of_pending.exclude(text="").exclude(question__in=public):
            assert f"Rendition of {{'question': {one.question_id}}}" not in json.dumps(
                frame, ensure_ascii=False
            )
        assert all(notice["to"] == "everybody" for notice in frame.get("notices", []))
        for poll in frame.get("polls", {}).get("items", []):
            assert poll["state"] != "draft"
            assert ("counts" in poll) == (poll["state"] == "published")
            assert ("answers" in poll) == (poll["state"] == "published" and poll["kind"] == "text")
    # The leak could have happened: there was something to hide.
    assert was_hidden
    assert Trouble.objects.filter(webinar=history.webinar).exists()
    assert Hand.objects.filter(webinar=history.webinar).exists()
    assert waited
    assert Rendition.objects.filter(webinar=history.webinar).exists()


def test_a_question_that_never_was_public_is_never_named_as_gone() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "Desk", "moderator")
    here = reading.load(webinar.pk)
    assert here is not None
    window = changes.Window("everyone")
    window.frame(here, (), ())
    with deed(webinar.pk, by=make_person(webinar)) as done:
        asked = questions.ask_question(done, client_id=uuid4(), text="A secret?", language="en")
    with deed(webinar.pk, by=desk) as done:
        questions.decline_question(done, done.question(asked.pk), reason="off_topic")
    news = reading.pull(webinar.pk, here.seq)
    assert news is not None
    assert [row.id for row in news.rows] == [asked.pk]  # it was read
    here.apply(news)
    frame = window.frame(here, [asked.pk], [])
    assert set(frame) == {"cursor"}
    assert Webinar.objects.get(pk=webinar.pk).seq == 2
