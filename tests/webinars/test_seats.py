"""Who a browser is, and what stays closed to somebody whose account or part has ended."""

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import make_person, make_question, make_user, make_webinar
from tests.site import session_of
from webinars.addresses import address
from webinars.models import Participant, State, Vote, Webinar

pytestmark = pytest.mark.django_db


def browser_of(person: Participant) -> Client:
    browser = Client(headers={"Accept": "application/json"})
    browser.cookies[settings.SESSION_COOKIE_NAME] = session_of(person)
    return browser


def test_a_closed_account_does_nothing_more_by_the_seat_its_browser_keeps() -> None:
    webinar, user = make_webinar(), make_user()
    person, question = make_person(webinar, user=user), make_question(webinar)
    browser = browser_of(person)
    there = address(webinar, "do")
    assert browser.post(there, {"do": "vote", "question": question.pk, "on": "true"}).status_code == 200
    Vote.objects.all().delete()
    user.is_active = False
    user.save()
    assert browser.post(there, {"do": "vote", "question": question.pk, "on": "true"}).status_code == 403
    assert browser.get(address(webinar, "changes")).status_code == 403
    assert not Vote.objects.exists()


def test_a_closed_accounts_link_opens_nothing() -> None:
    webinar, user = make_webinar(), make_user()
    person = make_person(webinar, user=user)
    assert Participant.objects.of_link(person.link_token) == person
    user.is_active = False
    user.save()
    assert Participant.objects.of_link(person.link_token) is None


def test_a_host_who_was_sent_out_neither_sees_the_draft_nor_lists_it_as_theirs() -> None:
    user, colleague = make_user(), make_user()
    webinar = make_webinar(state=State.DRAFT)
    gone = make_person(webinar, "Gone", "host", user=user)
    make_person(webinar, "Stays", "host", user=colleague)
    assert list(Webinar.objects.visible_to(user)) == [webinar] == list(Webinar.objects.hosted_by(user))
    Participant.objects.filter(pk=gone.pk).update(removed_at=gone.created_at)
    assert list(Webinar.objects.visible_to(user)) == list(Webinar.objects.hosted_by(user)) == []
    assert list(Webinar.objects.visible_to(colleague)) == [webinar]


@pytest.mark.parametrize("part", ["speaker", "moderator", "attendee"])
def test_a_draft_belongs_to_its_hosts_alone(part: str) -> None:
    """Nor is it shown to somebody who is in it beside a host."""
    user = make_user()
    webinar = make_webinar(state=State.DRAFT)
    make_person(webinar, "Host", "host", user=make_user())
    make_person(webinar, "Me", part, user=user)
    assert list(Webinar.objects.visible_to(user)) == []
    assert list(Webinar.objects.hosted_by(user)) == []
