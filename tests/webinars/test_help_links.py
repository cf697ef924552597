"""Whoever is in a webinar is one press away from the help that fits their part; whoever comes in, from privacy."""

import re

import pytest
from django.conf import settings
from django.test import Client

from knowledge.pages import KEYS
from tests.factories import make_person, make_webinar
from tests.knowledge.writers import make_writer, publish
from tests.site import session_of
from webinars.models import Participant

pytestmark = pytest.mark.django_db

LINK = re.compile(r'href="/en/help/([\w-]+)/"')


def helps_on(client: Client, path: str) -> set[str]:
    """The help pages this page leads to."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    found = set(LINK.findall(answer.content.decode()))
    assert found <= set(KEYS)
    return found


def seated(person: Participant) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(person)
    return client


@pytest.mark.parametrize(
    ("roles", "page"),
    [
        (("attendee",), "participant"),
        (("attendee", "speaker"), "speaker"),
        (("language_desk",), "language-desk"),
        (("moderator", "speaker"), "moderator"),
        (("host", "moderator"), "host"),
    ],
)
def test_the_room_leads_to_the_help_for_ones_part(roles: tuple[str, ...], page: str) -> None:
    webinar = make_webinar()
    client = seated(make_person(webinar, "Mari", *roles))
    assert helps_on(client, f"/en/webinars/{webinar.pk}-x/room/") == {page}
    assert helps_on(client, f"/en/webinars/{webinar.pk}-x/room/text/") == {page}


def test_the_console_leads_from_its_keys_to_the_moderators_help() -> None:
    webinar = make_webinar()
    client = seated(make_person(webinar, "Mari", "moderator"))
    assert helps_on(client, f"/en/webinars/{webinar.pk}-x/console/") == {"moderator"}


def test_who_comes_in_can_read_first_what_is_kept_of_them() -> None:
    webinar = make_webinar(state="scheduled")
    for page in ("join", "attend"):
        assert "privacy" in helps_on(Client(), f"/en/webinars/{webinar.pk}-x/{page}/")
    assert "privacy" in helps_on(Client(), "/en/accounts/signup/")


def test_every_page_of_the_site_leads_to_help_privacy_and_accessibility() -> None:
    assert helps_on(Client(), "/en/") == {"privacy", "accessibility"}
    assert 'href="/en/help/"' in Client().get("/en/").content.decode()


def test_who_writes_hosts_or_administers_finds_their_help_where_they_work() -> None:
    expert, host, administrator = Client(), Client(), Client()
    writer = make_writer()
    wrote = publish(author=writer)
    expert.force_login(writer)
    host.force_login(make_writer("host"))
    administrator.force_login(make_writer("administrator", name="Ann"))
    assert helps_on(expert, f"/en/knowledge/{wrote.edition.guide_id}/edit/en/") >= {"expert"}
    assert helps_on(host, "/en/webinars/new/") >= {"host"}
    assert helps_on(administrator, "/en/settings/") >= {"administrator"}
