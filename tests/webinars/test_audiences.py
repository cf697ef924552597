"""What each audience is sent: names, places, notices and details, whoever looks and since whenever."""

import pytest

from tests.factories import make_person, make_question, make_webinar
from webinars import policies
from webinars.actions import people, room
from webinars.actions.deed import deed
from webinars.live import changes, reading
from webinars.models import Answer, Participant, Webinar

pytestmark = pytest.mark.django_db


def audience_of(person: Participant) -> str:
    webinar = Webinar.objects.get(pk=person.webinar_id)
    return policies.audience_of(person, speakers_see_pending=webinar.speakers_see_pending) or ""


def shown_to(person: Participant) -> changes.Json:
    found = reading.page(person.webinar_id, audience_of(person), person.pk)
    assert found is not None
    return found[0]


def notices_of(person: Participant) -> set[str]:
    return {notice["to"] for notice in shown_to(person)["notices"]}


@pytest.mark.parametrize("speakers_see_pending", [False, True])
def test_a_notice_reaches_those_it_is_for(speakers_see_pending: bool) -> None:
    webinar = make_webinar(speakers_see_pending=speakers_see_pending)
    host = make_person(webinar, "H", "host")
    with deed(webinar.pk, by=host) as done:
        for to in ("everybody", "staff", "speakers"):
            room.send_notice(done, text=f"For {to}", language="en", to=to)
    assert notices_of(make_person(webinar)) == {"everybody"}
    assert notices_of(make_person(webinar, "S", "speaker")) == {"everybody", "speakers"}
    assert notices_of(make_person(webinar, "M", "moderator")) == {"everybody", "speakers", "staff"}
    assert notices_of(host) == {"everybody", "speakers", "staff"}


def test_a_speaker_sees_of_questions_what_everybody_sees() -> None:
    webinar = make_webinar()
    make_question(webinar, "Published?")
    make_question(webinar, "Pending?", visibility="submitted")
    frame = shown_to(make_person(webinar, "S", "speaker"))
    assert [row["text"] for row in frame["questions"]] == ["Published?"]
    assert "review" not in frame
    assert "visibility" not in frame["questions"][0]


@pytest.mark.parametrize("name_shown", ["moderators", "nobody"])
def test_a_hidden_name_is_not_told_by_the_place_or_the_part(name_shown: str) -> None:
    webinar = make_webinar()
    asker = make_person(
        webinar, "Anu", "speaker", place="Tax office, Narva", organisation="Tax", country="EE"
    )
    question = make_question(webinar, participant=asker, name_shown=name_shown)
    whole = reading.load(webinar.pk)
    assert whole is not None
    for audience in ("everyone", "speakers", "staff", *(["desk"] if name_shown == "nobody" else [])):
        row = whole.rows[question.pk].seen_by(audience)
        assert row is not None
        told = (row["name"], row["organisation"], row["place"], row["speaker"], row["country"])
        assert told == ("", "", "", False, "EE")
        assert row.get("by") is None


def test_a_name_put_right_is_right_in_rooms_that_are_open() -> None:
    webinar = make_webinar()
    host, asker = make_person(webinar, "H", "host"), make_person(webinar, "Oyun")
    speaker = make_person(webinar, "Jaan", "speaker")
    make_question(webinar, participant=asker)
    make_question(webinar, addressed_to=speaker)
    answered = make_question(webinar)
    Answer.objects.create(question=answered, speaker=speaker, gist="So.", language="en")
    followed = reading.load(webinar.pk)
    assert followed is not None
    people.enter_webinar(webinar, person=asker, name="Oyuna", place="Khovd")
    with deed(webinar.pk, by=host) as done:
        people.change_person(done, speaker.pk, name="Jaan Tamm")
    pulled = reading.pull(webinar.pk, followed.seq)
    assert pulled is not None
    followed.apply(pulled)
    fresh = reading.load(webinar.pk)
    assert fresh is not None
    for audience in changes.AUDIENCES:
        window = changes.Window(audience)
        assert window.snapshot(followed) == window.snapshot(fresh)


def test_coming_back_as_one_was_is_no_news() -> None:
    webinar = make_webinar()
    asker = make_person(webinar, "Oyun")
    make_question(webinar, participant=asker)
    before = Webinar.objects.get().seq
    people.enter_webinar(webinar, person=asker, name="Oyun", way="text")
    assert Webinar.objects.get().seq == before
