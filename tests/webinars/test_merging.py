"""Questions become one: their votes counted together, their askers told where they went, all of it to be taken back."""

import contextlib
import random
from typing import Any

import pytest

from tests.factories import make_person, make_question, make_user, make_webinar
from tests.site import Site
from webinars.actions import floor, merging, questions
from webinars.actions.deed import Refused, deed
from webinars.actions.erasing import forget_guest
from webinars.actions.undo import undo_act
from webinars.actions.uniting import unite
from webinars.actions.votes import Ballot, cast_votes
from webinars.live import changes, reading
from webinars.models import Participant, Question, Vote, Webinar
from webinars.search import entries_for
from webinars.views.room_page import fate

pytestmark = pytest.mark.django_db


def standing(*asked: Question) -> list[tuple[str, int | None]]:
    for question in asked:
        question.refresh_from_db()
    return [(question.visibility, question.into_id) for question in asked]


def vote(webinar: Webinar, person: Participant, question: Question, on: bool = True) -> str:
    with deed(webinar.pk, by=person) as done:
        [said] = cast_votes(done, [Ballot(person, question.pk, on)])
    return said


def merge(webinar: Webinar, desk: Participant, into: Question, *others: Question) -> int:
    with deed(webinar.pk, by=desk) as done:
        return merging.merge_questions(done, into=into.pk, questions=[one.pk for one in others]).pk


def undo(webinar: Webinar, desk: Participant, act: int) -> None:
    with deed(webinar.pk, by=desk) as done:
        undo_act(done, act)


def unmerge(webinar: Webinar, desk: Participant, question: Question) -> None:
    with deed(webinar.pk, by=desk) as done:
        merging.unmerge_question(done, done.question(question.pk))


def mine(question: Question) -> dict[str, Any]:
    """What its asker is told of it."""
    room = reading.load(question.webinar_id)
    assert room is not None
    return next(own for own in room.mine(question.participant_id) if own["id"] == question.pk)


def count(question: Question) -> int:
    question.refresh_from_db()
    return question.votes


def recounted(head: Question) -> int:
    """The rule in plain words: distinct voters over the set, without those who asked in it."""
    members = [head, *Question.objects.filter(into=head, visibility="merged")]
    voters = set(Vote.objects.filter(question__in=members, is_on=True).values_list("participant", flat=True))
    return len(voters - {one.participant_id for one in members})


def test_voters_are_counted_once_over_the_set_and_its_askers_not_at_all() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    head, other = make_question(webinar, "Who paid?"), make_question(webinar, "Хэн төлсөн бэ?", language="mn")
    both, one, two = (make_person(webinar) for _ in range(3))
    for person, question in ((both, head), (both, other), (one, head), (two, other)):
        assert vote(webinar, person, question) == ""
    vote(webinar, other.participant, head)
    assert (count(head), count(other)) == (3, 2)
    act = merge(webinar, desk, head, other)
    assert standing(head, other) == [("published", None), ("merged", head.pk)]
    assert count(head) == 3  # both, one, two; the asker of the other no more
    undo(webinar, desk, act)
    assert standing(head, other) == [("published", None), ("published", None)]
    assert (count(head), count(other)) == (3, 2)


def test_a_vote_on_what_was_merged_is_one_on_the_head_and_taken_back_from_all() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    head, other = make_question(webinar), make_question(webinar)
    old, new = make_person(webinar), make_person(webinar)
    vote(webinar, old, other)
    merge(webinar, desk, head, other)
    assert count(head) == 1
    assert vote(webinar, old, head) == ""  # as their page shows it already
    assert count(head) == 1
    assert vote(webinar, new, other) == ""  # from a page that has not heard of it
    assert Vote.objects.get(participant=new).question == head
    assert count(head) == 2
    assert vote(webinar, old, head, on=False) == ""
    assert not Vote.objects.filter(participant=old, is_on=True).exists()
    assert count(head) == 1
    assert vote(webinar, other.participant, head) == "own_question"
    assert vote(webinar, head.participant, other) == "own_question"
    unmerge(webinar, desk, head)
    assert (count(head), count(other)) == (1, 0)


@pytest.mark.parametrize("merged", [0, 2])
def test_a_batch_of_votes_costs_as_many_queries_for_fifty_as_for_one(
    merged: int, django_assert_num_queries: Any
) -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    asked = [make_question(webinar) for _ in range(5)]
    for _ in range(merged):
        merge(webinar, desk, asked[0], make_question(webinar))
    people = [make_person(webinar) for _ in range(50)]
    with deed(webinar.pk, by=desk) as done:
        for some in (people[:5], people):
            with django_assert_num_queries(4 if merged else 3):
                cast_votes(done, [Ballot(person, asked[n % 5].pk, True) for n, person in enumerate(some)])
    assert [count(one) for one in asked] == [10] * 5


def test_a_head_merged_on_takes_its_set_along_and_gives_it_back() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    top, head, low = (make_question(webinar) for _ in range(3))
    waiting = make_question(webinar, visibility="submitted")
    merge(webinar, desk, head, low, waiting)
    act = merge(webinar, desk, top, head)
    assert standing(head, low, waiting) == [("merged", top.pk)] * 3
    undo(webinar, desk, act)
    assert standing(head, low, waiting) == [("published", None), ("merged", head.pk), ("merged", head.pk)]
    merge(webinar, desk, top, head)
    unmerge(webinar, desk, top)
    assert standing(top, head, low, waiting) == [("published", None)] * 3 + [("submitted", None)]


def test_one_is_taken_out_and_the_others_stay() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    head, one, two = (make_question(webinar) for _ in range(3))
    merge(webinar, desk, head, one, two)
    unmerge(webinar, desk, one)
    assert standing(one, two) == [("published", None), ("merged", head.pk)]


def test_only_what_is_open_and_off_the_floor_goes_into_another() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    head, answered, on_floor = (make_question(webinar) for _ in range(3))
    returned = make_question(webinar, visibility="returned")
    own = make_question(webinar, visibility="submitted", participant=desk)
    with deed(webinar.pk, by=desk) as done:
        floor.open_turn(done, done.question(answered.pk))
        floor.close_turn(done, gist="So.", language="en")
        floor.open_turn(done, done.question(on_floor.pk))
    for question, code in (
        (answered, "on_floor"),
        (on_floor, "on_floor"),
        (returned, "changed"),
        (own, "own_question"),
    ):
        with pytest.raises(Refused, match=code):
            merge(webinar, desk, head, question)
    with pytest.raises(Refused, match="changed"):
        merge(webinar, desk, returned, head)
    late = make_question(webinar, visibility="submitted")
    merge(webinar, desk, answered, late)  # asked again after the answer: it has it at once
    assert fate(mine(late)) == "answered"
    assert mine(late)["answers"][0]["gist"] == "So."


def test_the_askers_strip_follows_the_head_and_hides_its_words_with_it() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    head = make_question(webinar, "Who paid the trainers?")
    other = make_question(webinar, "Хэн төлсөн бэ?", language="mn", visibility="submitted")
    room = reading.load(webinar.pk)
    assert room is not None

    def heard() -> dict[str, Any]:
        pull = reading.pull(webinar.pk, room.seq)
        assert pull is not None
        room.apply(pull)
        assert other.participant_id in room.askers(row.id for row in pull.rows)
        return room.mine(other.participant_id)[0]

    merge(webinar, desk, head, other)
    own = heard()
    assert (fate(own), own["head"]["text"], own["head"]["lang"]) == (
        "published",
        "Who paid the trainers?",
        "en",
    )
    with deed(webinar.pk, by=desk) as done:
        floor.put_next(done, done.question(head.pk))
    assert fate(heard()) == "next"
    with deed(webinar.pk, by=desk) as done:
        floor.open_turn(done, done.question(head.pk))
    assert fate(heard()) == "floor"
    with deed(webinar.pk, by=desk) as done:
        floor.close_turn(done, gist="The state.", language="en")
    own = heard()
    assert (fate(own), own["answers"][0]["gist"]) == ("answered", "The state.")
    with deed(webinar.pk, by=desk) as done:
        questions.hide_question(done, done.question(head.pk), reason="personal_data")
    own = heard()
    assert (fate(own), own["answers"]) == ("hidden", [])
    assert "trainers" not in str(own)


def test_everybody_reads_how_many_asked_it_and_in_which_words_but_never_who() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    head = make_question(webinar)
    named = make_person(webinar, "Bat-Erdene Secretname", country="MN", place="Khovd")
    other = make_question(webinar, "Хэн төлсөн бэ?", language="mn", participant=named, visibility="submitted")
    room = reading.load(webinar.pk)
    assert room is not None
    assert "төлсөн" not in str(changes.Window("everyone").snapshot(room))
    merge(webinar, desk, head, other)
    room = reading.load(webinar.pk)
    assert room is not None
    snapshot = changes.Window("everyone").snapshot(room)
    assert [row["id"] for row in snapshot["questions"]] == [head.pk]
    same = [{"id": other.pk, "text": "Хэн төлсөн бэ?", "lang": "mn", "country": "MN"}]
    assert snapshot["questions"][0]["same"] == same
    assert "Secretname" not in str(snapshot)
    assert "Khovd" not in str(snapshot)
    with deed(webinar.pk, by=desk) as done:
        questions.hide_question(done, done.question(head.pk))
    room = reading.load(webinar.pk)
    assert room is not None
    assert "төлсөн" not in str(changes.Window("everyone").snapshot(room))


@pytest.mark.parametrize("blank", [True, False])
def test_when_the_heads_asker_is_erased_the_others_keep_their_place_and_their_answer(blank: bool) -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    head, one, two = (make_question(webinar) for _ in range(3))
    fan = make_person(webinar)
    vote(webinar, fan, head)
    merge(webinar, desk, head, one, two)
    with deed(webinar.pk, by=desk) as done:
        floor.open_turn(done, done.question(head.pk))
        floor.close_turn(done, gist="The state.", language="en")
    forget_guest(head.participant, blank_words=blank)
    if not blank:
        assert standing(head, one) == [("published", None), ("merged", head.pk)]
        return
    assert standing(head, one, two) == [("withdrawn", None), ("published", None), ("merged", one.pk)]
    assert (one.floor, one.answers.get().gist, count(one)) == ("done", "The state.", 1)
    assert not head.answers.exists()


def test_taking_ones_own_back_leaves_the_set_to_the_others() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    head, one, two = (make_question(webinar) for _ in range(3))
    vote(webinar, make_person(webinar), head)
    merge(webinar, desk, head, one, two)
    with deed(webinar.pk, by=two.participant) as done:
        questions.withdraw_question(done, done.question(two.pk))
    assert standing(one, two) == [("merged", head.pk), ("withdrawn", None)]
    with deed(webinar.pk, by=head.participant) as done:
        questions.withdraw_question(done, done.question(head.pk))
    assert standing(head, one) == [("withdrawn", None), ("published", None)]
    assert count(one) == 1


def test_a_head_is_not_sent_back_or_declined_from_under_the_others() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    head, one = make_question(webinar), make_question(webinar)
    merge(webinar, desk, head, one)
    for action in (questions.return_question, questions.decline_question):
        with pytest.raises(Refused, match="joined"), deed(webinar.pk, by=desk) as done:
            action(done, done.question(head.pk), reason="tone")


def test_those_sent_to_a_question_are_sent_on_with_it() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    top, head = make_question(webinar, "The very one?"), make_question(webinar)
    sent = make_question(webinar, visibility="declined", reason="asked", into=head)
    merge(webinar, desk, top, head)
    assert standing(sent) == [("declined", top.pk)]
    assert mine(sent)["note"] == "“The very one?”"


def test_an_undo_does_not_merge_into_what_went_elsewhere() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    top, head, one = (make_question(webinar) for _ in range(3))
    merge(webinar, desk, head, one)
    with deed(webinar.pk, by=desk) as done:
        apart = merging.unmerge_question(done, done.question(one.pk))
    merge(webinar, desk, top, head)
    assert apart is not None
    with pytest.raises(Refused, match="too_late"):
        undo(webinar, desk, apart.pk)
    assert standing(one) == [("published", None)]


def test_a_set_is_found_once_and_by_the_words_of_everybody_in_it() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    head = make_question(webinar, "Who paid?")
    other = make_question(webinar, "Хэн төлсөн бэ?", language="mn")
    merge(webinar, desk, head, other)
    with deed(webinar.pk, by=desk) as done:
        floor.open_turn(done, done.question(head.pk))
        floor.close_turn(done, gist="The state.", language="en")
    found = Question.objects.with_all().in_bulk()
    assert entries_for(found[other.pk]) == []
    entries = {entry.lang: entry for entry in entries_for(found[head.pk])}
    assert set(entries) == {"en", "mn"}
    assert "төлсөн" in entries["mn"].text
    assert {entry.object_id for entry in entries.values()} == {head.pk}


@pytest.mark.parametrize("seed", range(10))
def test_counts_are_always_what_a_plain_recount_gives(seed: int) -> None:
    chance = random.Random(seed)
    webinar = make_webinar()
    desk = make_person(webinar, "H", "host")
    people = [make_person(webinar, user=make_user() if n == 0 else None) for n in range(7)]
    for person in people * 2:
        make_question(webinar, participant=person, visibility=chance.choice(["published", "submitted"]))
    acts: list[int] = []

    def some() -> Question:
        return Question.objects.filter(webinar=webinar).order_by("pk")[chance.randrange(14)]

    def step() -> None:
        what = chance.choice(
            ["merge", "merge", "unmerge", "vote", "vote", "vote", "undo", "publish", "withdraw", "unite"]
        )
        person = chance.choice(people)
        if what == "merge":
            acts.append(merge(webinar, desk, some(), some(), some()))
        elif what == "unmerge":
            with deed(webinar.pk, by=desk) as done:
                act = merging.unmerge_question(done, done.question(some().pk))
                acts.extend([act.pk] if act else [])
        elif what == "vote":
            vote(webinar, person, some(), chance.random() < 0.7)
        elif what == "undo" and acts:
            undo(webinar, desk, acts[-1])
        elif what == "publish":
            with deed(webinar.pk, by=desk) as done:
                questions.publish_question(done, done.question(some().pk))
        elif what == "withdraw" and chance.random() < 0.3:
            with deed(webinar.pk, by=person) as done:
                questions.withdraw_question(done, done.question(some().pk))
        elif what == "unite" and chance.random() < 0.1:
            guest = Participant.objects.get(pk=people[3].pk)
            owner = people[0].user
            if guest.removed_at is None and owner is not None:
                unite(guest, owner)

    for _ in range(120):
        with contextlib.suppress(Refused):
            step()
        for head in Question.objects.filter(webinar=webinar, visibility="published"):
            assert head.votes == recounted(head), head.pk
        merged = Question.objects.filter(webinar=webinar, visibility="merged")
        assert all(
            one.into and one.into.visibility == "published" and one.into_id != one.pk for one in merged
        )
    assert Question.objects.filter(webinar=webinar, visibility="merged").exists() or acts


@pytest.mark.django_db(transaction=True)
def test_on_the_wire_two_become_one_for_everybody_and_two_again(live_site: Site) -> None:
    webinar = make_webinar()
    head, other = make_question(webinar, "Who paid?"), make_question(webinar, "Хэн төлсөн бэ?", language="mn")
    fan = make_person(webinar)
    desk = make_person(webinar, "M", "moderator")
    with (
        live_site.socket(fan) as anybody,
        live_site.socket(other.participant) as asker,
        live_site.socket(desk) as moderator,
    ):
        assert set(anybody.until("snapshot")["order"]) == {head.pk, other.pk}
        assert anybody.ask_for("vote", question=other.pk, on=True)["ok"] == {}
        reply = moderator.ask_for("merge", into=head.pk, questions=[other.pk])
        assert reply["ok"]["undo"] is True
        frame = anybody.until("gone")
        assert (frame["gone"], frame["order"], frame["votes"][str(head.pk)]) == ([other.pk], [head.pk], 1)
        while not asker.until("mine")["mine"]["questions"][0].get("head"):
            pass
        assert anybody.ask_for("vote", question=head.pk, on=False)["ok"] == {}
        assert anybody.ask_for("merge", into=head.pk, questions=[other.pk])["error"] == "forbidden"
        assert moderator.ask_for("unmerge", question=head.pk)["ok"]["undo"] is True
        while set(anybody.until("order")["order"]) != {head.pk, other.pk}:
            pass
    assert not Vote.objects.filter(is_on=True).exists()
