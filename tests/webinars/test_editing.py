"""Hosts make, change, copy and announce webinars; nobody else does."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import create_user
from accounts.models import Organisation, User
from accounts.names import Names
from tests.factories import make_agenda, make_person, make_question, make_user, make_webinar
from webinars.addresses import address
from webinars.models import AgendaItem, Entry, Participant, Role, Series, State, Webinar
from webinars.stage.pasted import NotKnown, address_of, recognise

pytestmark = pytest.mark.django_db


def fields(**said: Any) -> dict[str, Any]:
    """What the browser posts for a new webinar with two points of the agenda."""
    return {
        "title-text-en": "Who pays for teaching?", "title-text-mn": "Хэн төлөх вэ?", "title-original": "en",
        "description-text-en": "About money.", "description-original": "en",
        "day": "2026-12-10", "hour": "16:00", "zone": "Asia/Ulaanbaatar", "minutes": "60",
        "languages": ["mn", "en"], "organisations": ["Ministry of Examples", ""], "series": "Money",
        "entry": "anyone", "publishes_at_once": "nobody", "picture": "",
        "agenda-TOTAL_FORMS": "3", "agenda-INITIAL_FORMS": "0",
        "agenda-MIN_NUM_FORMS": "0", "agenda-MAX_NUM_FORMS": "30",
        "agenda-0-title-text-en": "Second", "agenda-0-ORDER": "2", "agenda-0-minutes": "20",
        "agenda-1-title-text-en": "First", "agenda-1-ORDER": "1",
    } | said  # fmt: skip


@pytest.fixture
def host() -> User:
    return create_user("host@example.org", None, name="Host", roles=("host",), zone="Asia/Ulaanbaatar")


@pytest.fixture
def browser(host: User) -> Client:
    browser = Client()
    browser.force_login(host)
    return browser


def hosted(host: User, **facts: Any) -> Webinar:
    webinar = make_webinar(**facts)
    make_person(webinar, "Host", "attendee", "host", user=host)
    return webinar


def errors_of(answer: Any) -> str:
    assert answer.status_code == 422, answer.status_code
    return str(answer.content.decode())


# --- making ----------------------------------------------------------------------------------------------


def test_a_host_makes_a_draft_in_two_languages_with_its_agenda_in_order(browser: Client, host: User) -> None:
    answer = browser.post(reverse("webinars:new"), fields())
    webinar = Webinar.objects.get()
    assert answer["Location"] == address(webinar)
    assert webinar.state == State.DRAFT
    assert webinar.title == Names.of("en", "Who pays for teaching?", mn="Хэн төлөх вэ?")
    assert webinar.starts_at == datetime(2026, 12, 10, 8, 0, tzinfo=UTC)
    assert webinar.day == date(2026, 12, 10)
    assert webinar.languages == ["mn", "en"]
    assert [str(item.title) for item in webinar.agenda.all()] == ["First", "Second"]
    assert [str(one) for one in webinar.organisations.all()] == ["Ministry of Examples"]
    assert str(webinar.series) == "Money"
    maker = Participant.objects.get()
    assert maker.user == host
    assert maker.has(Role.HOST)
    assert webinar.join_code is not None
    assert len(webinar.join_code) == 9


@pytest.mark.parametrize("roles", [(), ("expert",), ("editor",)])
def test_nobody_but_hosts_and_administrators_makes_one(roles: tuple[str, ...]) -> None:
    browser = Client()
    browser.force_login(create_user("someone@example.org", None, name="Someone", roles=roles))
    assert browser.get(reverse("webinars:new")).status_code == 403
    assert browser.post(reverse("webinars:new"), fields()).status_code == 403
    assert Client().get(reverse("webinars:new")).status_code == 302
    assert not Webinar.objects.exists()


def test_a_day_may_have_no_hour_yet(browser: Client) -> None:
    browser.post(reverse("webinars:new"), fields(hour=""))
    webinar = Webinar.objects.get()
    assert (webinar.starts_at, webinar.day) == (None, date(2026, 12, 10))


def test_an_hour_without_a_day_is_refused_and_nothing_typed_is_lost(browser: Client) -> None:
    page = errors_of(browser.post(reverse("webinars:new"), fields(day="")))
    assert "Say the day as well." in page
    assert "Хэн төлөх вэ?" in page
    assert 'value="First"' in page
    assert "Ministry of Examples" in page


def test_r17_an_hour_that_the_clocks_leap_over_is_refused(browser: Client) -> None:
    leap = fields(day="2027-03-28", hour="03:30", zone="Europe/Tallinn")
    assert "no such hour" in errors_of(browser.post(reverse("webinars:new"), leap))
    assert not Webinar.objects.exists()
    browser.post(reverse("webinars:new"), leap | {"hour": "04:30"})
    assert Webinar.objects.get().starts_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_the_title_needs_its_original(browser: Client) -> None:
    empty = {"title-text-en": "", "title-text-mn": "", "title-original": ""}
    errors_of(browser.post(reverse("webinars:new"), fields(**empty)))
    assert not Webinar.objects.exists()


def test_an_organisation_and_a_series_that_are_known_are_not_made_twice(browser: Client) -> None:
    Organisation.objects.create(names=Names.of("mn", "Яам", en="Ministry of Examples"))
    Series.objects.create(name=Names.of("mn", "Мөнгө", en="Money"))
    browser.post(reverse("webinars:new"), fields())
    assert Organisation.objects.count() == 1
    assert Series.objects.count() == 1


# --- changing --------------------------------------------------------------------------------------------


def test_the_form_shows_what_is_stored_and_saving_it_changes_nothing(browser: Client) -> None:
    browser.post(reverse("webinars:new"), fields(picture="https://youtu.be/dQw4w9WgXcQ"))
    webinar = Webinar.objects.get()
    page = browser.get(address(webinar, "edit")).content.decode()
    for value in ("2026-12-10", "16:00", "Хэн төлөх вэ?", "Ministry of Examples", "watch?v=dQw4w9WgXcQ"):
        assert value in page


def test_a_host_moves_and_reorders(browser: Client, host: User) -> None:
    webinar = hosted(host, state=State.SCHEDULED)
    first, second = make_agenda(webinar, "First", "Second")
    before = webinar.room_seq
    browser.post(
        address(webinar, "edit"),
        fields(**{
            "hour": "17:00", "agenda-INITIAL_FORMS": "2", "agenda-TOTAL_FORMS": "3",
            "agenda-0-pk": first.pk, "agenda-0-title-text-en": "First", "agenda-0-ORDER": "9",
            "agenda-1-pk": second.pk, "agenda-1-title-text-en": "Second", "agenda-1-ORDER": "1",
            "agenda-2-title-text-en": "Between", "agenda-2-ORDER": "5",
        }),
    )  # fmt: skip
    webinar = Webinar.objects.get(pk=webinar.pk)
    assert webinar.starts_at == datetime(2026, 12, 10, 9, 0, tzinfo=UTC)
    assert webinar.room_seq > before
    assert [str(item) for item in webinar.agenda.all()] == ["Second", "Between", "First"]
    assert AgendaItem.objects.get(position=2) == first


def test_an_item_that_is_removed_goes_unless_it_has_begun(browser: Client, host: User) -> None:
    from django.utils import timezone

    webinar = hosted(host)
    first, second = make_agenda(webinar, "First", "Second")
    AgendaItem.objects.filter(pk=first.pk).update(started_at=timezone.now())
    rows = {
        "agenda-INITIAL_FORMS": "2",
        "agenda-0-pk": first.pk, "agenda-0-title-text-en": "First", "agenda-0-ORDER": "1",
        "agenda-1-pk": second.pk, "agenda-1-title-text-en": "Second", "agenda-1-ORDER": "2",
    }  # fmt: skip
    browser.post(address(webinar, "edit"), fields(**rows, **{"agenda-1-DELETE": "on"}))
    assert [str(item) for item in webinar.agenda.all()] == ["First"]
    rows["agenda-TOTAL_FORMS"] = "1"
    rows["agenda-INITIAL_FORMS"] = "1"
    page = errors_of(browser.post(address(webinar, "edit"), fields(**rows, **{"agenda-0-DELETE": "on"})))
    assert "begun stay" in page
    assert webinar.agenda.count() == 1


def test_nobody_edits_a_webinar_they_do_not_host(host: User) -> None:
    webinar = hosted(host)
    moderator = make_user()
    make_person(webinar, "Moderator", "attendee", "moderator", user=moderator)
    other_host = create_user("other@example.org", None, name="Other", roles=("host",))
    for user in (moderator, other_host):
        browser = Client()
        browser.force_login(user)
        for page in ("edit", "people", "copy"):
            assert browser.get(address(webinar, page)).status_code == 403
            assert browser.post(address(webinar, page), fields()).status_code == 403
        assert browser.post(address(webinar, "state"), {"to": "ended"}).status_code == 403
    assert str(Webinar.objects.get().title) == str(webinar.title)


def test_s50_fields_nobody_offered_are_passed_over(browser: Client, host: User) -> None:
    webinar = hosted(host, state=State.SCHEDULED)
    browser.post(address(webinar, "edit"), fields(state="live", is_example="on", join_code="1", seq="999999"))
    webinar.refresh_from_db()
    assert webinar.state == State.SCHEDULED
    assert not webinar.is_example
    assert webinar.seq < 100


# --- steps and copies ------------------------------------------------------------------------------------


def test_a_host_announces_postpones_and_cancels(browser: Client, host: User) -> None:
    webinar = hosted(host, state=State.DRAFT)

    def press(to: str) -> str:
        browser.post(address(webinar, "state"), {"to": to})
        webinar.refresh_from_db()
        return webinar.state

    assert press("live") == State.DRAFT
    assert press("scheduled") == State.SCHEDULED
    assert Client().get(address(webinar)).status_code == 200
    assert press("postponed") == State.POSTPONED
    assert press("scheduled") == State.SCHEDULED
    assert press("cancelled") == State.CANCELLED
    assert press("nonsense") == State.CANCELLED
    assert browser.get(address(webinar, "state")).status_code == 405


def test_a_host_publishes_the_archive_of_what_has_ended_and_takes_it_back(
    browser: Client, host: User
) -> None:
    webinar = hosted(host, state=State.ENDED, entry=Entry.INVITED)
    question = make_question(webinar, "What did the trainers cost?")

    def press(to: str) -> str:
        browser.post(address(webinar, "state"), {"to": to})
        webinar.refresh_from_db()
        return str(webinar.state)

    assert "Publish the archive" in browser.get(address(webinar)).content.decode()
    assert question.text not in Client().get(address(webinar)).content.decode()
    assert press("published") == State.PUBLISHED
    assert question.text in Client().get(address(webinar)).content.decode()
    assert "Take the archive back" in browser.get(address(webinar)).content.decode()
    assert "Take the archive back" not in Client().get(address(webinar)).content.decode()
    assert press("ended") == State.ENDED
    assert question.text not in Client().get(address(webinar)).content.decode()


def test_a_live_webinar_is_not_ended_from_its_page(browser: Client, host: User) -> None:
    webinar = hosted(host)
    browser.post(address(webinar, "state"), {"to": "ended"})
    webinar.refresh_from_db()
    assert webinar.state == State.LIVE


def test_a_copy_is_a_draft_with_people_and_agenda_and_without_day_and_questions(
    browser: Client, host: User
) -> None:
    webinar = hosted(host, state=State.ENDED, zone="Asia/Ulaanbaatar", entry=Entry.REGISTERED)
    speaker = make_person(webinar, "Speaker", "attendee", "speaker")
    make_person(webinar, "Guest")
    make_question(webinar)
    make_agenda(webinar, "First", "Second")
    answer = browser.post(address(webinar, "copy"))
    copy = Webinar.objects.exclude(pk=webinar.pk).get()
    assert answer["Location"] == address(copy, "edit")
    assert (copy.state, copy.day, copy.starts_at) == (State.DRAFT, None, None)
    assert (copy.entry, copy.zone) == (Entry.REGISTERED, "Asia/Ulaanbaatar")
    assert [str(item) for item in copy.agenda.all()] == ["First", "Second"]
    assert copy.questions.count() == 0
    assert sorted(p.name for p in copy.participants.all()) == ["Host", "Speaker"]
    assert copy.participants.get(name="Speaker").link_token != speaker.link_token
    assert copy.join_code != webinar.join_code


def test_a_host_finds_their_webinars_drafts_first(browser: Client, host: User) -> None:
    hosted(host, title="Old one", state=State.ENDED)
    hosted(host, title="Being made", state=State.DRAFT)
    make_webinar("Of somebody else", state=State.DRAFT)
    page = browser.get(reverse("webinars:mine")).content.decode()
    assert page.index("Being made") < page.index("Old one")
    assert "Of somebody else" not in page


# --- pictures --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3s", ("youtube", "dQw4w9WgXcQ")),
        ("youtube.com/live/dQw4w9WgXcQ", ("youtube", "dQw4w9WgXcQ")),
        ("https://youtu.be/dQw4w9WgXcQ?si=abc", ("youtube", "dQw4w9WgXcQ")),
        ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", ("youtube", "dQw4w9WgXcQ")),
        ("https://vimeo.com/123456789", ("vimeo", "123456789")),
        ("https://player.vimeo.com/video/123456789", ("vimeo", "123456789")),
        ("https://meet.jit.si/SildPractice-2026", ("jitsi", "SildPractice-2026")),
        ("", ("", "")),
    ],
)
def test_an_address_of_a_player_is_recognised(pasted: str, found: tuple[str, str]) -> None:
    assert recognise(pasted) == found
    assert recognise(address_of(*found)) == found


@pytest.mark.parametrize(
    "pasted",
    [
        "https://evil.example/watch?v=dQw4w9WgXcQ",
        "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://evil.example\\@youtube.com/watch?v=dQw4w9WgXcQ",
        "https://user@youtube.com/watch?v=dQw4w9WgXcQ",
        "https://youtube.com:8443/watch?v=dQw4w9WgXcQ",
        "javascript:alert(1)//youtube.com/watch?v=dQw4w9WgXcQ",
        'https://www.youtube.com/watch?v="><script>',
        "https://www.youtube.com/redirect?q=https://evil.example",
        "https://meet.jit.si/room/../../x",
        'https://meet.jit.si/a#config.x=1&"',
        '<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe>',
        "http://127.0.0.1:8000/",
        "https://[bad",
        "file:///etc/passwd",
    ],
)
def test_anything_else_is_refused(pasted: str, browser: Client) -> None:
    with pytest.raises(NotKnown):
        recognise(pasted)
    assert "not known here" in errors_of(browser.post(reverse("webinars:new"), fields(picture=pasted)))
    assert not Webinar.objects.exists()
