"""What is asked twice: one is published, the others are declined as asked already and point at it."""

import json

import pytest

from tests.factories import make_person, make_question, make_webinar
from webinars.actions import alike, questions
from webinars.actions.deed import Refused, deed
from webinars.actions.undo import undo_act
from webinars.live import reading
from webinars.models import Act, Participant, Question, Webinar

pytestmark = pytest.mark.django_db


def standing(*asked: Question) -> list[tuple[str, str, int | None]]:
    for question in asked:
        question.refresh_from_db()
    return [(question.visibility, question.reason, question.into_id) for question in asked]


def three(webinar: Webinar) -> list[Question]:
    texts = ("Who paid the trainers?", "Who paid trainers in villages?", "Trainers: who paid?")
    return [make_question(webinar, text, visibility="submitted") for text in texts]


def told(webinar: Webinar, asker: Participant) -> str:
    room = reading.load(webinar.pk)
    assert room is not None
    return str(room.mine(asker.pk)[0]["note"])


def test_one_press_publishes_one_and_declines_the_others_pointing_at_it() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    one, two, last = three(webinar)
    with deed(webinar.pk, by=desk) as done:
        act = alike.decline_as_asked(done, into=two.pk, questions=[one.pk, two.pk, last.pk])
    declined = ("declined", "asked", two.pk)
    assert standing(one, two, last) == [declined, ("published", "", None), declined]
    assert set(Act.objects.filter(question=one).values_list("verb", "reason")) == {("asked_already", "asked")}
    assert told(webinar, one.participant) == "“Who paid trainers in villages?”"
    with deed(webinar.pk, by=desk) as done:
        undo_act(done, act.pk)
    assert standing(one, two, last) == [("submitted", "", None)] * 3
    assert not Act.objects.filter(verb="asked_already", undone_by=None).exists()


def test_what_is_published_already_takes_the_others_and_stays_when_they_come_back() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    published = make_question(webinar, "Who paid the trainers?")
    one, *_ = three(webinar)
    with deed(webinar.pk, by=desk) as done:
        act = alike.decline_as_asked(done, into=published.pk, questions=[one.pk])
    assert standing(one, published) == [("declined", "asked", published.pk), ("published", "", None)]
    with deed(webinar.pk, by=desk) as done:
        undo_act(done, act.pk)
    assert standing(one, published) == [("submitted", "", None), ("published", "", None)]


def test_what_another_moderator_decided_meanwhile_stands() -> None:
    webinar = make_webinar()
    desk, other = make_person(webinar, "M", "moderator"), make_person(webinar, "N", "moderator")
    one, two, last = three(webinar)
    with deed(webinar.pk, by=other) as done:
        questions.decline_question(done, done.question(two.pk), reason="tone")
    with deed(webinar.pk, by=desk) as done:
        alike.decline_as_asked(done, into=one.pk, questions=[two.pk, last.pk])
    assert standing(two, last) == [("declined", "tone", None), ("declined", "asked", one.pk)]
    with pytest.raises(Refused, match="changed"), deed(webinar.pk, by=desk) as done:
        alike.decline_as_asked(done, into=one.pk, questions=[two.pk, last.pk])
    with pytest.raises(Refused, match="changed"), deed(webinar.pk, by=desk) as done:
        alike.decline_as_asked(
            done, into=two.pk, questions=[make_question(webinar, visibility="submitted").pk]
        )


def test_where_nothing_is_left_to_decline_nothing_is_published_either() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    one, own = three(webinar)[0], make_question(webinar, visibility="submitted", participant=desk)
    with pytest.raises(Refused, match="own_question"), deed(webinar.pk, by=desk) as done:
        alike.decline_as_asked(done, into=one.pk, questions=[own.pk])
    assert standing(one, own) == [("submitted", "", None)] * 2


def test_it_is_for_the_desk_and_inside_one_webinar() -> None:
    webinar, elsewhere = make_webinar(), make_webinar()
    one, two, _ = three(webinar)
    for role in ("attendee", "speaker", "language_desk"):
        somebody = make_person(webinar, "", role)
        with pytest.raises(Refused, match="forbidden"), deed(webinar.pk, by=somebody) as done:
            alike.decline_as_asked(done, into=one.pk, questions=[two.pk])
    host = make_person(elsewhere, "H", "host")
    with pytest.raises(Refused, match="not_found"), deed(elsewhere.pk, by=host) as done:
        alike.decline_as_asked(done, into=one.pk, questions=[two.pk])


def test_words_that_left_the_screens_leave_those_who_were_pointed_at_them() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    one, two, _ = three(webinar)
    with deed(webinar.pk, by=desk) as done:
        alike.decline_as_asked(done, into=one.pk, questions=[two.pk])
    followed = reading.load(webinar.pk)
    assert followed is not None
    assert "Who paid the trainers?" in json.dumps(followed.mine(two.participant_id))
    with deed(webinar.pk, by=desk) as done:
        questions.hide_question(done, done.question(one.pk), reason="personal_data")
    pull = reading.pull(webinar.pk, followed.seq)
    assert pull is not None
    followed.apply(pull)
    assert "Who paid the trainers?" not in json.dumps(followed.mine(two.participant_id))


def test_published_after_all_it_points_nowhere() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    one, two, _ = three(webinar)
    with deed(webinar.pk, by=desk) as done:
        alike.decline_as_asked(done, into=one.pk, questions=[two.pk])
    with deed(webinar.pk, by=desk) as done:
        questions.publish_question(done, done.question(two.pk), was="declined")
    assert standing(two) == [("published", "", None)]
