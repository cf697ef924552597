"""A declined question gets a second pair of eyes, once, and never those that declined it."""

import pytest

from tests.factories import make_person, make_question, make_webinar
from webinars.actions import appeals, merging, questions
from webinars.actions.deed import Refused, deed
from webinars.actions.erasing import forget_guest
from webinars.actions.undo import undo_act
from webinars.live import reading
from webinars.models import Act, Appeal, Participant, Question, Webinar
from webinars.views.room_page import fate

pytestmark = pytest.mark.django_db
PLEA = "Nobody has asked about the villages."


def declined(webinar: Webinar, by: Participant) -> Question:
    asked = make_question(webinar, "And in villages?", visibility="submitted")
    with deed(webinar.pk, by=by) as done:
        questions.decline_question(done, done.question(asked.pk), reason="off_topic", note="Another day.")
    return asked


def appeal(question: Question, by: Participant | None = None) -> None:
    with deed(question.webinar_id, by=by or question.participant) as done:
        appeals.appeal_question(done, done.question(question.pk), plea=PLEA)


def decide(question: Question, by: Participant, verb: str) -> Act:
    with deed(question.webinar_id, by=by) as done:
        found = done.question(question.pk)
        if verb == "publish":
            act = questions.publish_question(done, found)
        elif verb == "return":
            act = questions.return_question(done, found, reason="unclear")
        else:
            act = questions.decline_question(done, found, reason="tone")
        assert act is not None
        return act


def own(question: Question) -> dict[str, object]:
    room = reading.load(question.webinar_id)
    assert room is not None
    return room.mine(question.participant_id)[0]


@pytest.mark.parametrize(
    ("verb", "outcome", "stands"),
    [
        ("publish", "granted", "published"),
        ("decline", "upheld", "declined"),
        ("return", "returned", "returned"),
    ],
)
def test_another_moderator_decides_and_the_asker_sees_it(verb: str, outcome: str, stands: str) -> None:
    webinar = make_webinar()
    first, second = (make_person(webinar, name, "moderator") for name in "MN")
    asked = declined(webinar, first)
    appeal(asked)
    assert fate(own(asked)) == "appealed"
    for again in ("publish", "decline", "return"):
        with pytest.raises(Refused, match="same_decider"):
            decide(asked, first, again)
    act = decide(asked, second, verb)
    assert fate(own(asked)) == stands
    assert own(asked)["appeal"] == {"text": PLEA, "outcome": outcome}
    with deed(webinar.pk, by=second) as done:
        undo_act(done, act.pk)
    assert fate(own(asked)) == "appealed"


def test_whoever_decides_reads_the_plea_the_reason_and_the_part_and_no_name() -> None:
    webinar = make_webinar()
    first = make_person(webinar, "Mari Secretname", "moderator")
    asked = declined(webinar, first)
    appeal(asked)
    room = reading.load(webinar.pk)
    assert room is not None
    told = room.rows[asked.pk].desk["appeal"]
    assert (told["text"], told["reason"], told["note"]) == (PLEA, "off_topic", "Another day.")
    assert (told["role"], told["against"]) == ("moderator", first.pk)
    assert "Secretname" not in str(told)
    assert "appeal" not in room.rows[asked.pk].staff
    assert asked.pk in room.lists().review


def test_it_goes_once_and_only_for_ones_own_that_was_declined() -> None:
    webinar = make_webinar()
    first, second = (make_person(webinar, name, "moderator") for name in "MN")
    asked = declined(webinar, first)
    with pytest.raises(Refused, match="not_found"):
        appeal(asked, make_person(webinar))
    with pytest.raises(Refused, match="changed"):
        appeal(make_question(webinar))
    appeal(asked)
    appeal(asked)  # a retry after a lost line
    assert Appeal.objects.count() == 1
    decide(asked, second, "decline")
    with pytest.raises(Refused, match="appealed"):
        appeal(asked)


def test_in_a_team_of_one_the_host_decides_and_a_host_who_is_alone_may() -> None:
    webinar = make_webinar()
    moderator, host = make_person(webinar, "M", "moderator"), make_person(webinar, "H", "host")
    asked = declined(webinar, moderator)
    appeal(asked)
    decide(asked, host, "publish")
    by_host = declined(webinar, host)
    appeal(by_host)
    with pytest.raises(Refused, match="same_decider"):
        decide(by_host, host, "publish")
    Participant.objects.filter(pk=moderator.pk).update(removed_at=webinar.created_at)
    decide(by_host, host, "publish")


def test_merging_it_grants_it_and_not_by_who_declined_it() -> None:
    webinar = make_webinar()
    first, second = (make_person(webinar, name, "moderator") for name in "MN")
    asked, head = declined(webinar, first), make_question(webinar)
    appeal(asked)
    with pytest.raises(Refused, match="same_decider"), deed(webinar.pk, by=first) as done:
        merging.merge_questions(done, into=head.pk, questions=[asked.pk])
    with deed(webinar.pk, by=second) as done:
        act = merging.merge_questions(done, into=head.pk, questions=[asked.pk])
    assert Appeal.objects.get().outcome == "granted"
    with deed(webinar.pk, by=second) as done:
        undo_act(done, act.pk)
    assert Appeal.objects.get().outcome == ""


def test_taking_the_question_back_drops_it_and_erasing_leaves_no_word_of_it() -> None:
    webinar = make_webinar()
    first = make_person(webinar, "M", "moderator")
    asked = declined(webinar, first)
    appeal(asked)
    with deed(webinar.pk, by=asked.participant) as done:
        questions.withdraw_question(done, done.question(asked.pk))
    assert Appeal.objects.get().outcome == "dropped"
    forget_guest(asked.participant, blank_words=True)
    assert (Appeal.objects.get().text, Appeal.objects.get().note) == ("", "")
