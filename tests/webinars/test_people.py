"""Hosts invite people, hand out and withdraw links, change roles, mute and remove."""

from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from accounts.models import User
from config import jobs
from tests.factories import make_person, make_user, make_webinar
from webinars.addresses import address, link_of
from webinars.models import Act, Participant, Role, State, Webinar

pytestmark = pytest.mark.django_db


@pytest.fixture
def webinar() -> Webinar:
    return make_webinar(state=State.SCHEDULED)


@pytest.fixture
def host(webinar: Webinar) -> User:
    user = make_user("Host")
    make_person(webinar, "Host", "attendee", "host", user=user)
    return user


@pytest.fixture
def browser(host: User) -> Client:
    browser = Client()
    browser.force_login(host)
    return browser


def invite(browser: Client, webinar: Webinar, **said: Any) -> Any:
    fields = {"do": "invite", "name": "Speaker, Estonia", "roles": ["speaker"], "title-text-en": "Head of office",
              "title-original": "en", "organisation": "Office", "country": "EE", "reads": ["et", "en"],
              "email": "speaker@example.org", "send": "on"}  # fmt: skip
    return browser.post(address(webinar, "people"), fields | said)


def press(browser: Client, webinar: Webinar, do: str, person: Participant) -> None:
    assert browser.post(address(webinar, "people"), {"do": do, "person": person.pk}).status_code == 302


def opens(person: Participant, link: str = "") -> int:
    return int(Client().get((link or link_of(person)).removeprefix(settings.SITE_URL)).status_code)


def test_an_invited_speaker_gets_a_link_that_lets_them_in_without_an_account(
    browser: Client, webinar: Webinar
) -> None:
    invite(browser, webinar)
    person = Participant.objects.get(name="Speaker, Estonia")
    assert set(person.roles) == {"attendee", "speaker"}
    assert str(person.title) == "Head of office"
    assert person.country == "EE"
    assert person.reads == ["et", "en"]
    assert link_of(person) in browser.get(address(webinar, "people")).content.decode()
    jobs.work_due()
    [letter] = mail.outbox
    assert letter.to == ["speaker@example.org"]
    assert link_of(person) in letter.body
    assert "/et/p/" in letter.body
    assert opens(person) == 302
    assert Act.objects.filter(verb="invite").exists()


def test_no_letter_goes_out_when_the_host_hands_the_link_over_themselves(
    browser: Client, webinar: Webinar
) -> None:
    invite(browser, webinar, send="")
    jobs.work_due()
    assert mail.outbox == []
    press(browser, webinar, "send", Participant.objects.get(name="Speaker, Estonia"))
    jobs.work_due()
    assert len(mail.outbox) == 1


def test_somebody_with_an_account_is_invited_as_themselves(browser: Client, webinar: Webinar) -> None:
    expert = make_user("Expert", email="speaker@example.org")
    invite(browser, webinar)
    assert Participant.objects.get(name="Speaker, Estonia").user == expert


def test_a_role_nobody_has_is_not_given(browser: Client, webinar: Webinar) -> None:
    assert invite(browser, webinar, roles=["administrator"]).status_code == 422
    assert Participant.objects.count() == 1


def test_a_new_link_ends_the_old_one(browser: Client, webinar: Webinar) -> None:
    person = make_person(webinar, "Speaker", "attendee", "speaker")
    old = link_of(person)
    press(browser, webinar, "new_link", person)
    person.refresh_from_db()
    assert link_of(person) != old
    assert opens(person, old) == 410
    assert opens(person) == 302


def test_whoever_is_removed_has_no_link_and_no_room(browser: Client, webinar: Webinar) -> None:
    person = make_person(webinar, "Loud one")
    link = link_of(person)
    inside = Client()
    inside.get(link.removeprefix(settings.SITE_URL))
    press(browser, webinar, "remove", person)
    assert opens(person, link) == 410
    assert inside.get(address(webinar, "room")).status_code == 302


def test_muting_takes_asking_and_gives_it_back(browser: Client, webinar: Webinar) -> None:
    person = make_person(webinar, "Loud one")
    press(browser, webinar, "mute", person)
    person.refresh_from_db()
    assert person.muted_at is not None
    press(browser, webinar, "unmute", person)
    person.refresh_from_db()
    assert person.muted_at is None


def test_roles_change_and_the_last_host_stays(browser: Client, webinar: Webinar, host: User) -> None:
    person = make_person(webinar, "Helper")
    said = {"name": "Helper", "roles": ["moderator", "language_desk"]}
    browser.post(address(webinar, "person", person=person.pk), said)
    person.refresh_from_db()
    assert set(person.roles) == {"attendee", "moderator", "language_desk"}
    assert person.seq > 0
    me = Participant.objects.get(user=host)
    answer = browser.post(address(webinar, "person", person=me.pk), {"name": "Host", "roles": []})
    assert answer.status_code == 422
    assert "needs a host" in answer.content.decode()
    me.refresh_from_db()
    assert me.has(Role.HOST)


def test_people_of_another_webinar_are_out_of_reach(browser: Client, webinar: Webinar) -> None:
    other = make_person(make_webinar("Another"), "Stranger")
    for do in ("mute", "remove", "new_link", "send"):
        press(browser, webinar, do, other)
    nonce = other.link_nonce
    other.refresh_from_db()
    assert (other.muted_at, other.removed_at, other.link_nonce) == (None, None, nonce)
    assert browser.get(address(webinar, "person", person=other.pk)).status_code == 404


def test_addresses_are_for_hosts_only(webinar: Webinar, host: User) -> None:
    make_person(webinar, "Private", email="private@example.org")
    for user in (None, make_user()):
        browser = Client()
        if user is not None:
            browser.force_login(user)
        assert browser.get(address(webinar, "people")).status_code == 403
        assert "private@example.org" not in browser.get(address(webinar)).content.decode()


def test_a_host_finds_somebody_among_thousands(browser: Client, webinar: Webinar) -> None:
    Participant.objects.bulk_create(Participant(webinar=webinar, name=f"Guest {n}") for n in range(120))
    make_person(webinar, "Бат", place="Ховд")
    page = browser.get(address(webinar, "people"), {"q": "Ховд"}).content.decode()
    assert "Бат" in page
    assert "Guest 7" not in page
    assert browser.get(address(webinar, "people")).content.decode().count("<b>Guest ") == 49
