"""Coming in: the join page, codes, portable links, "I will attend", and becoming one's own account."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from config import jobs
from tests.factories import make_person, make_question, make_user, make_webinar
from webinars.addresses import address, link_of
from webinars.live.admission import SEATS
from webinars.models import Entry, Participant, Question, State, Vote, Webinar

pytestmark = pytest.mark.django_db

HERE = {
    "name": "Бат",
    "place": "Ховд",
    "people_here": "3",
    "reads": ["mn", "en"],
    "way": "picture",
    "zone": "",
}


@pytest.fixture(autouse=True)
def _fresh_counters() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def at(webinar: Webinar, page: str = "webinar", language: str = "en", **more: object) -> str:
    with translation.override(language):
        return address(webinar, page, **more)


def path_of(person: Participant) -> str:
    return link_of(person).removeprefix(settings.SITE_URL)


# --- the join page ---------------------------------------------------------------------------------------


def test_a_guest_enters_with_a_name_and_sits_in_the_room() -> None:
    webinar = make_webinar()
    browser = Client()
    answer = browser.post(at(webinar, "join", "mn"), HERE)
    assert answer["Location"] == at(webinar, "room", "mn")
    person = Participant.objects.get(webinar=webinar)
    assert (person.name, person.place, person.people_here) == ("Бат", "Ховд", 3)
    assert person.reads == ["mn", "en"]
    assert person.joined_at is not None
    assert person.consent_version == 1
    assert browser.session[SEATS] == {str(webinar.pk): person.pk}
    assert browser.get(at(webinar, "room", "mn")).status_code == 200


def test_the_interface_language_is_read_first_and_the_choice_is_kept_on_the_device() -> None:
    webinar = make_webinar()
    browser = Client()
    browser.post(at(webinar, "join", "uk"), HERE | {"reads": ["en", "uk"]})
    assert Participant.objects.get().reads == ["uk", "en"]
    assert browser.cookies["reads"].value == "uk.en"


def test_text_leads_to_the_room_in_words_only() -> None:
    webinar = make_webinar()
    answer = Client().post(at(webinar, "join"), HERE | {"way": "text"})
    assert answer["Location"] == at(webinar, "text_room")


def test_a_browser_that_saves_data_is_offered_text() -> None:
    webinar = make_webinar()
    page = Client().get(at(webinar, "join"), headers={"Save-Data": "on"}).content.decode()
    assert 'value="text" checked' in page
    assert 'value="picture" checked' not in page


def test_entering_again_changes_the_same_person() -> None:
    webinar = make_webinar()
    browser = Client()
    browser.post(at(webinar, "join"), HERE)
    browser.post(at(webinar, "join"), HERE | {"name": "Бат-Эрдэнэ", "people_here": "1"})
    assert [p.name for p in Participant.objects.filter(webinar=webinar)] == ["Бат-Эрдэнэ"]


def test_without_a_name_the_page_says_so_and_keeps_the_rest() -> None:
    webinar = make_webinar()
    answer = Client().post(at(webinar, "join"), HERE | {"name": "  ​"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'aria-invalid="true"' in page
    assert 'value="Ховд"' in page
    assert not Participant.objects.exists()


def test_a_name_cannot_turn_the_direction_of_the_page() -> None:
    webinar = make_webinar()
    Client().post(at(webinar, "join"), HERE | {"name": "a\u202eb\nc <b>"})
    assert Participant.objects.get().name == "ab c <b>"


def test_s26_the_session_key_changes_when_a_seat_is_taken() -> None:
    webinar = make_webinar()
    browser = Client()
    session = browser.session
    session["something"] = 1
    session.save()
    planted = session.session_key
    browser.cookies[settings.SESSION_COOKIE_NAME] = planted or ""
    browser.post(at(webinar, "join"), HERE)
    assert browser.cookies[settings.SESSION_COOKIE_NAME].value != planted


def test_s26_it_changes_again_with_a_seat_in_another_webinar() -> None:
    """Whoever planted the session may have taken the first seat, and waits for a moderator's link to be opened."""
    here, there = make_webinar(), make_webinar()
    browser, thief = Client(), Client()
    thief.post(at(here, "join"), HERE)
    planted = thief.cookies[settings.SESSION_COOKIE_NAME].value
    browser.cookies[settings.SESSION_COOKIE_NAME] = planted
    moderator = make_person(there, "Moderator", "moderator", joined_at=here.created_at)
    assert browser.get(path_of(moderator))["Location"] == at(there, "room")
    assert browser.get(at(there, "console")).status_code == 200
    assert browser.get(at(here, "room")).status_code == 200  # both seats are kept
    assert thief.get(at(there, "console")).status_code == 302
    assert thief.get(at(here, "room")).status_code == 302


def test_the_page_fits_a_poor_line() -> None:
    webinar = make_webinar()
    page = Client().get(at(webinar, "join", "mn")).content
    sheet = (settings.BASE_DIR / "site/static/css/join.css").read_bytes()
    script = (settings.BASE_DIR / "site/static/js/webinars/join.js").read_bytes()
    assert len(page) + len(sheet) + len(script) < 15_000
    assert page.count(b'<link rel="stylesheet"') == 1
    assert b"<img" not in page


@pytest.mark.parametrize("state", [State.POSTPONED, State.CANCELLED, State.PUBLISHED])
def test_a_closed_door_says_why(state: State) -> None:
    webinar = make_webinar(state=state)
    answer = Client().get(at(webinar, "join"))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "<button" not in page
    words = {"postponed": "postponed", "cancelled": "cancelled", "published": "archive"}
    assert words[state] in page
    assert Client().post(at(webinar, "join"), HERE).status_code == 403
    assert not Participant.objects.exists()


def test_only_invited_people_enter_where_the_host_said_so() -> None:
    webinar = make_webinar(entry=Entry.INVITED)
    assert "for invited people" in Client().get(at(webinar, "join")).content.decode()
    assert Client().post(at(webinar, "join"), HERE).status_code == 403
    assert not Participant.objects.exists()


def test_no_picture_or_sound_is_offered_where_there_is_none() -> None:
    webinar = make_webinar()
    guest, browser = make_person(webinar, "Back again", way="sound", joined_at=webinar.started_at), Client()
    browser.get(path_of(guest))
    bare = browser.get(at(webinar, "join")).content.decode()
    assert "350 MB" not in bare
    assert 'value="sound"' not in bare
    assert 'value="picture" checked' in bare
    assert 'value="text"' in bare
    Webinar.objects.update(picture_provider="youtube", picture_id="abc_DEF-123")
    assert 'value="sound"' in Client().get(at(webinar, "join")).content.decode()


def test_registered_people_enter_and_others_are_shown_the_way() -> None:
    webinar = make_webinar(entry=Entry.REGISTERED)
    page = Client().get(at(webinar, "join")).content.decode()
    assert at(webinar, "attend") in page
    assert Client().post(at(webinar, "join"), HERE).status_code == 403
    member = Client()
    member.force_login(make_user("Оюун"))
    assert member.post(at(webinar, "join"), HERE)["Location"] == at(webinar, "room")


def test_whoever_was_sent_out_stays_out_of_that_browser() -> None:
    from django.utils import timezone

    webinar = make_webinar()
    browser = Client()
    browser.post(at(webinar, "join"), HERE)
    Participant.objects.update(removed_at=timezone.now())
    assert "no longer in this webinar" in browser.get(at(webinar, "join")).content.decode()
    assert browser.post(at(webinar, "join"), HERE).status_code == 403
    assert Participant.objects.count() == 1


def test_a_draft_is_missing_for_others() -> None:
    draft = make_webinar(state=State.DRAFT)
    for page in ("webinar", "join", "attend", "calendar", "my_link", "people", "edit", "room"):
        missing = Client().get(at(draft, page).replace(f"/{draft.pk}-", "/99999-"))
        there = Client().get(at(draft, page))
        assert (there.status_code, page) == (404, page)
        assert missing.status_code == there.status_code


def test_not_me_frees_the_browser() -> None:
    webinar = make_webinar()
    browser = Client()
    browser.post(at(webinar, "join"), HERE)
    browser.post(at(webinar, "leave"))
    assert browser.session.get(SEATS) == {}
    browser.post(at(webinar, "join"), HERE | {"name": "Сүх"})
    assert sorted(p.name for p in Participant.objects.all()) == ["Бат", "Сүх"]


def test_no_form_changes_anything_without_its_token() -> None:
    webinar = make_webinar(state=State.SCHEDULED)
    strict = Client(enforce_csrf_checks=True)
    for page in ("join", "attend", "leave", "my_link"):
        assert strict.post(at(webinar, page), HERE).status_code == 403
    assert not Participant.objects.exists()


# --- codes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["123456789", "123 456 789", " 123-456-789 ", "１２３ 456 789"])
def test_a_code_leads_to_its_webinar_however_it_is_written(typed: str) -> None:
    webinar = make_webinar(join_code="123456789")
    answer = Client().get(reverse("webinars:code"), {"code": typed})
    assert answer["Location"].endswith(at(webinar, "join"))


def test_the_short_address_speaks_the_readers_language() -> None:
    webinar = make_webinar(join_code="123456789")
    browser = Client(headers={"Accept-Language": "mn,en;q=0.5"})
    assert browser.get("/j/123456789").url == "/mn/join/?code=123456789"
    assert browser.get("/j/123456789", follow=True).redirect_chain[-1][0] == at(webinar, "join", "mn")


def test_s25_a_drafts_code_is_no_code() -> None:
    make_webinar(join_code="123456789", state=State.DRAFT)
    assert Client().get(reverse("webinars:code"), {"code": "123456789"}).status_code == 404


# --- the portable link -----------------------------------------------------------------------------------


def test_a_personal_link_first_asks_how_and_then_opens_the_room_on_any_device() -> None:
    webinar = make_webinar()
    speaker = make_person(webinar, "Speaker", "attendee", "speaker", reads=["et"])
    link = path_of(speaker)
    assert link.startswith("/et/p/")
    phone = Client()
    assert phone.get(link)["Location"] == at(webinar, "join", "et")
    phone.post(at(webinar, "join", "et"), HERE | {"name": "Speaker"})
    laptop = Client()
    assert laptop.get(link)["Location"] == at(webinar, "room", "et")
    assert laptop.session[SEATS] == {str(webinar.pk): speaker.pk}
    assert Participant.objects.count() == 1


def test_a_preview_of_a_link_takes_no_seat() -> None:
    person = make_person(make_webinar())
    browser = Client()
    answer = browser.head(path_of(person))
    assert answer.status_code == 200
    assert "noindex" in answer["X-Robots-Tag"]
    assert SEATS not in browser.session


def test_s24_a_withdrawn_or_forged_link_opens_nothing_and_says_so() -> None:
    person = make_person(make_webinar())
    link = path_of(person)
    Participant.objects.update(link_nonce="another")
    for dead in (link, link[:-3] + "x/", "/en/p/1.abc~def/", "/en/p/x/"):
        answer = Client().get(dead)
        assert answer.status_code == 410, dead
        assert "no longer valid" in answer.content.decode()


def test_a_browser_that_is_somebody_already_is_asked_first_and_what_it_did_comes_along() -> None:
    webinar = make_webinar()
    browser = Client()
    browser.post(at(webinar, "join"), HERE)
    guest = Participant.objects.get()
    question = make_question(webinar, participant=guest)
    other = make_question(webinar, "Who paid?")
    Vote.objects.create(question=other, participant=guest)
    owner = make_person(webinar, "Эзэн", email="owner@example.org")
    link = path_of(owner)
    asked = browser.get(link)
    assert asked.status_code == 200
    assert browser.session[SEATS][str(webinar.pk)] == guest.pk
    browser.post(link)
    assert browser.session[SEATS][str(webinar.pk)] == owner.pk
    question.refresh_from_db()
    assert question.participant == owner
    assert Vote.objects.get().participant == owner
    guest.refresh_from_db()
    assert guest.removed_at is not None


def test_a_signed_in_person_stays_who_they_are() -> None:
    webinar = make_webinar()
    host = make_user("Host")
    mine = make_person(webinar, "Host", "attendee", "host", user=host)
    speaker = make_person(webinar, "Speaker", "attendee", "speaker")
    browser = Client()
    browser.force_login(host)
    link = path_of(speaker)
    assert browser.get(link).status_code == 200
    assert browser.post(link).status_code == 404
    mine.refresh_from_db()
    assert mine.removed_at is None
    assert "speaker" not in mine.roles


def test_one_sends_the_link_to_oneself_but_not_without_end() -> None:
    webinar = make_webinar()
    browser = Client()
    browser.post(at(webinar, "join", "mn"), HERE)
    for _ in range(3):
        assert browser.post(at(webinar, "my_link", "mn"), {"email": "bat@example.org"}).status_code == 302
    assert browser.post(at(webinar, "my_link", "mn"), {"email": "bat@example.org"}).status_code == 429
    jobs.work_due()
    [letter] = mail.outbox
    assert letter.to == ["bat@example.org"]
    assert link_of(Participant.objects.get()) in letter.body


# --- I will attend ---------------------------------------------------------------------------------------


def attend(webinar: Webinar, browser: Client | None = None, language: str = "en", **said: Any) -> Any:
    fields = {"email": "bat@example.org", "name": "Бат", "country": "MN", "reads": ["mn"]} | said
    return (browser or Client()).post(at(webinar, "attend", language), fields)


def test_attending_sends_a_letter_with_link_and_calendar_in_the_readers_language() -> None:
    webinar = make_webinar(state=State.SCHEDULED, zone="Asia/Ulaanbaatar")
    browser = Client()
    assert attend(webinar, browser, "mn")["Location"] == at(webinar, "attending", "mn")
    assert "bat@example.org" in browser.get(at(webinar, "attending", "mn")).content.decode()
    jobs.work_due()
    person = Participant.objects.get()
    assert (person.name, person.country, person.reads) == ("Бат", "MN", ["mn"])
    assert person.registered_at is not None
    [letter] = mail.outbox
    assert letter.to == ["bat@example.org"]
    assert link_of(person) in letter.body
    assert "/mn/p/" in letter.body
    name, content, kind = letter.attachments[0]
    assert name == "webinar.ics"
    assert "BEGIN:VEVENT" in content
    assert kind.startswith("text/calendar")


def test_s27_attending_tells_nobody_whose_address_is_known() -> None:
    webinar = make_webinar(state=State.SCHEDULED)
    make_user(email="account@example.org")
    assert attend(webinar, email="bat@example.org").status_code == 302
    seen = []
    for email in ("bat@example.org", "new@example.org", "account@example.org"):
        stranger = Client()
        answer = stranger.post(at(webinar, "attend"), {"email": email, "name": "Somebody", "reads": ["en"]})
        page = stranger.get(answer["Location"]).content.decode()
        seen.append((answer.status_code, answer["Location"], page.replace(email, "…")))
    assert seen[0] == seen[1] == seen[2]


def test_attending_twice_is_once_and_a_stranger_changes_nothing() -> None:
    webinar = make_webinar(state=State.SCHEDULED)
    attend(webinar)
    jobs.work_due()
    answer = attend(webinar, name="Somebody else", email="BAT@example.org")
    assert answer["Location"] == at(webinar, "attending")
    jobs.work_due()
    assert [p.name for p in Participant.objects.all()] == ["Бат"]
    assert [letter.to for letter in mail.outbox] == [["bat@example.org"]] * 2


def test_an_address_is_not_flooded_with_letters() -> None:
    webinar = make_webinar(state=State.SCHEDULED)
    assert [attend(webinar).status_code for _ in range(5)] == [302, 302, 302, 429, 429]


def test_a_signed_in_person_attends_by_one_press() -> None:
    webinar = make_webinar(state=State.SCHEDULED)
    user = make_user("Оюун", email="oyun@example.org", reads=["mn"])
    browser = Client()
    browser.force_login(user)
    assert at(webinar, "attend") in browser.get(at(webinar)).content.decode()
    browser.post(at(webinar, "attend"))
    browser.post(at(webinar, "attend"))
    person = Participant.objects.get()
    assert (person.user, person.email) == (user, "oyun@example.org")


def test_s47_a_header_cannot_be_written_through_a_title() -> None:
    webinar = make_webinar("Hello\nBcc: everybody@example.org", state=State.SCHEDULED)
    attend(webinar)
    jobs.work_due()
    [letter] = mail.outbox
    assert "\n" not in letter.subject
    assert letter.recipients() == ["bat@example.org"]
    assert "Bcc" not in dict(letter.message().items())


def test_nobody_is_written_to_about_a_webinar_that_was_cancelled_meanwhile() -> None:
    webinar = make_webinar(state=State.SCHEDULED)
    attend(webinar)
    Webinar.objects.update(state=State.CANCELLED)
    jobs.work_due()
    assert mail.outbox == []


def test_one_cannot_attend_what_is_over() -> None:
    webinar = make_webinar(state=State.ENDED)
    assert attend(webinar)["Location"] == at(webinar)
    assert not Participant.objects.exists()


# --- becoming oneself ------------------------------------------------------------------------------------


def test_a_guest_who_signs_in_keeps_their_seat_questions_and_votes() -> None:
    webinar = make_webinar()
    user = make_user("Оюун", email="oyun@example.org", password="a long pass phrase")
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    browser = Client()
    browser.post(at(webinar, "join"), HERE)
    guest = Participant.objects.get()
    make_question(webinar, participant=guest)
    browser.post(reverse("account_login"), {"login": "oyun@example.org", "password": "a long pass phrase"})
    assert browser.session["_auth_user_id"] == str(user.pk)
    guest.refresh_from_db()
    assert guest.user == user
    assert browser.session[SEATS] == {str(webinar.pk): guest.pk}
    assert Question.objects.get().participant == guest


def test_a_seat_of_another_account_is_given_up_at_sign_in() -> None:
    from django.test import RequestFactory

    from webinars.views.joining import seats_become_theirs

    webinar = make_webinar()
    other = make_person(webinar, "Other", user=make_user("Other"))
    browser = Client()
    session = browser.session
    session[SEATS] = {str(webinar.pk): other.pk}
    session.save()
    request = RequestFactory().get("/")
    request.session = session
    seats_become_theirs(request, make_user("Me"))
    assert session[SEATS] == {}
    other.refresh_from_db()
    assert other.removed_at is None
