"""Two rows that are one person become one, in the database and in every live room, and nothing is gained by it."""

from uuid import uuid4

import pytest

from tests.factories import make_person, make_question, make_user, make_webinar
from tests.site import Site
from webinars.actions import floor
from webinars.actions.deed import deed
from webinars.actions.uniting import unite, unite_links
from webinars.live import changes, reading
from webinars.models import Answer, Participant, Question, Turn, Vote, Webinar

pytestmark = pytest.mark.django_db


def vote(question: Question, *people: Participant) -> None:
    for person in people:
        Vote.objects.create(question=question, participant=person)
    Question.objects.filter(pk=question.pk).update(votes=question.ballots.filter(is_on=True).count())


def test_votes_are_a_union_and_counted_anew_also_on_what_is_now_ones_own() -> None:
    webinar, user = make_webinar(), make_user()
    guest, known = make_person(webinar), make_person(webinar, user=user)
    both, guests, knowns, other = (make_question(webinar) for _ in range(4))
    by_guest, by_known = make_question(webinar, participant=guest), make_question(webinar, participant=known)
    vote(both, guest, known)
    vote(guests, guest)
    vote(knowns, known)
    vote(other, make_person(webinar))
    vote(by_guest, known, make_person(webinar))
    vote(by_known, guest)
    assert unite(guest, user) == known
    counts = dict(Question.objects.values_list("pk", "votes"))
    assert counts == {
        both.pk: 1, guests.pk: 1, knowns.pk: 1, other.pk: 1, by_guest.pk: 1, by_known.pk: 0,
    }  # fmt: skip
    for question in Question.objects.all():
        assert question.votes == question.ballots.filter(is_on=True).count()
    assert set(Vote.objects.filter(participant=known).values_list("question", flat=True)) == {
        both.pk,
        guests.pk,
        knowns.pk,
    }


def test_a_room_that_followed_shows_what_a_fresh_page_shows() -> None:
    webinar, user = make_webinar(), make_user()
    guest, known = make_person(webinar), make_person(webinar, user=user)
    question, asked = make_question(webinar), make_question(webinar, participant=guest)
    vote(question, guest, known)
    vote(asked, known)
    twice = uuid4()
    make_question(webinar, "Sent twice?", participant=known)
    make_question(webinar, "Sent twice?", participant=guest)
    Question.objects.filter(text="Sent twice?").update(client_id=twice)
    room = reading.load(webinar.pk)
    assert room is not None
    Question.objects.filter(pk=question.pk).update(votes=2)
    unite(guest, user)
    pulled = reading.pull(webinar.pk, room.seq)
    assert pulled is not None
    room.apply(pulled)
    fresh = reading.load(webinar.pk)
    assert fresh is not None
    for audience in changes.AUDIENCES:
        window = changes.Window(audience)
        assert window.snapshot(room) == window.snapshot(fresh)
    assert room.mine(known.pk) == fresh.mine(known.pk)
    assert sorted(Question.objects.filter(client_id=twice).values_list("visibility", flat=True)) == [
        "published",
        "withdrawn",
    ]


def test_whoever_is_muted_does_not_speak_up_by_signing_in() -> None:
    webinar, user = make_webinar(), make_user()
    host = make_person(webinar, "H", "host")
    guest, known = make_person(webinar), make_person(webinar, user=user)
    Participant.objects.filter(pk=guest.pk).update(muted_at=host.created_at)
    unite(guest, user)
    known.refresh_from_db()
    assert known.muted_at is not None


def test_a_speaker_who_signs_in_stays_the_speaker_of_what_they_said() -> None:
    webinar, user = make_webinar(), make_user()
    host = make_person(webinar, "H", "host")
    guest, known = (
        make_person(webinar, "Anu", "speaker", invited_at=host.created_at),
        make_person(webinar, user=user),
    )
    question = make_question(webinar, addressed_to=guest)
    answered = make_question(webinar)
    Answer.objects.create(question=answered, speaker=guest, gist="So.", language="en")
    with deed(webinar.pk, by=host) as done:
        floor.open_turn(done, done.question(question.pk))
    unite(guest, user)
    assert list(Turn.objects.get().speakers.all()) == [known]
    assert Question.objects.get(pk=question.pk).addressed_to == known
    assert Answer.objects.get().speaker == known
    known.refresh_from_db()
    assert (known.roles, known.invited_at is not None) == (["attendee", "speaker"], True)


def test_uniting_twice_or_with_oneself_changes_nothing() -> None:
    webinar, user = make_webinar(), make_user()
    guest, known = make_person(webinar), make_person(webinar, user=user)
    assert unite(guest, user) == known
    seq = Webinar.objects.get().seq
    assert unite(known, user) == known
    assert unite_links(known, known) == known
    assert Webinar.objects.get().seq == seq
    removed = Participant.objects.get(pk=guest.pk)
    assert unite_links(removed, known) == known
    assert not Question.objects.exists()


def test_nothing_is_given_to_somebody_who_was_sent_out_meanwhile() -> None:
    webinar = make_webinar()
    guest, owner = make_person(webinar), make_person(webinar, "Owner")
    question = make_question(webinar, participant=guest)
    Participant.objects.filter(pk=owner.pk).update(removed_at=owner.created_at)
    unite_links(guest, owner)
    question.refresh_from_db()
    guest.refresh_from_db()
    assert (question.participant, guest.removed_at) == (guest, None)


@pytest.mark.django_db(transaction=True)
def test_sockets_see_the_right_counts_and_the_person_their_questions_at_once(live_site: Site) -> None:
    webinar, user = make_webinar(), make_user()
    guest, known = make_person(webinar), make_person(webinar, user=user)
    question, asked = make_question(webinar), make_question(webinar, participant=guest)
    vote(question, guest, known)
    with live_site.socket(make_person(webinar)) as anybody, live_site.socket(known) as me:
        assert anybody.until("votes")["votes"][str(question.pk)] == 2
        assert me.until("mine")["mine"]["questions"] == []
        unite(guest, user)
        assert anybody.until("votes")["votes"][str(question.pk)] == 1
        while "questions" not in (
            news := me.until("mine")["mine"]
        ):  # other news of one's own may come before
            pass
        assert [row["id"] for row in news["questions"]] == [asked.pk]
