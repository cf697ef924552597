"""S52: an account is erased: what the person made stays without a name, and the rest is gone."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.actions import create_user
from accounts.erasing import LastAdministrator, erase_user
from accounts.models import JournalLine, User
from tests.accounts.everywhere import everywhere

pytestmark = pytest.mark.django_db
Make = Callable[..., User]
PASSWORD = "kolm karu ja mesi"
SURE = {"words": "keep", "sure": "on"}

# Every column that points to a person → what becomes of the row when they are erased.
WHAT_BECOMES = {
    "account.EmailAddress.user": "goes",
    "usersessions.UserSession.user": "goes",
    "accounts.User_groups.user": "goes",
    "accounts.User_user_permissions.user": "goes",
    "knowledge.Draft.person": "goes",
    "webinars.Participant.user": "loses the person and all that tells who they are",
    "admin.LogEntry.user": "points to a row without a person",
    "accounts.JournalLine.by": "points to a row without a person",
    "accounts.JournalLine.about": "points to a row without a person",
    "knowledge.Guide.owner": "points to a row without a person",
    "knowledge.Revision.author": "points to a row without a person",
    "webinars.Act.user": "points to a row without a person",
    "webinars.CommitmentStep.by": "points to a row without a person",
}


def test_s52_every_column_that_points_to_a_person_has_been_thought_of() -> None:
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.concrete and not field.many_to_many and field.related_model is User
    }
    assert found == set(WHAT_BECOMES)


def proven(client: Client, email: str) -> None:
    """Signed in, and a moment ago asked for the password once more."""
    client.post("/en/accounts/login/", {"login": email, "password": PASSWORD})
    client.post("/en/accounts/reauthenticate/", {"password": PASSWORD})


def test_s52_nothing_of_the_person_is_left_in_any_table(make_person: Make) -> None:
    boss = make_person("boss@example.org", roles=["administrator"])
    person = make_person(
        "oyuna@example.org", name="Oyunbileg", roles=["host"], country="MN", zone="Asia/Hovd"
    )
    browser = Client()
    browser.post("/en/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert (
        UserSession.objects.filter(user=person).exists()
        or browser.get("/en/accounts/profile/").status_code == 200
    )
    assert everywhere("oyuna@example.org")
    erase_user(person, by=boss, blank_words=False)
    assert everywhere("oyuna@example.org") == []
    assert everywhere("Oyunbileg") == []
    left = User.objects.get(pk=person.pk)
    assert (left.is_active, left.roles, left.country, left.zone, left.has_usable_password()) == (
        False, frozenset(), "", "", False,
    )  # fmt: skip
    assert browser.get("/en/accounts/profile/").status_code == 302
    assert not EmailAddress.objects.filter(user=person).exists()
    last = JournalLine.objects.newest()[0]
    assert (last.what, last.by, last.about_id) == ("erased", boss, person.pk)


def test_s52_a_person_erases_themselves_after_proving_who_they_are(client: Client, make_person: Make) -> None:
    make_person()
    assert client.get("/en/accounts/erase/").status_code == 302
    client.post("/en/accounts/login/", {"login": "saule@example.org", "password": PASSWORD})
    key = client.session.session_key
    assert client.get("/en/accounts/erase/").status_code == 200
    asked = client.post("/en/accounts/erase/", {"words": "keep"})["Location"]
    assert asked.startswith("/en/accounts/reauthenticate/")
    client.post(asked, {"password": "not the password", "next": "/en/accounts/erase/"})
    assert client.post("/en/accounts/erase/", SURE).status_code == 302
    assert User.objects.get().erased_at is None
    client.post(asked, {"password": PASSWORD, "next": "/en/accounts/profile/"})
    assert client.post("/en/accounts/erase/", {"words": "keep"}).status_code == 422
    assert client.post("/en/accounts/erase/", {"sure": "on"}).status_code == 422
    assert User.objects.get().erased_at is None
    done = client.post("/en/accounts/erase/", SURE)
    assert "The account is erased." in done.content.decode()
    assert User.objects.get().erased_at is not None
    assert not Session.objects.filter(session_key=key).exists()
    assert client.get("/en/accounts/profile/").status_code == 302


def test_s52_a_session_left_open_does_not_erase_without_the_password(
    client: Client, make_person: Make
) -> None:
    client.force_login(make_person())
    answer = client.post("/en/accounts/erase/", SURE)
    assert answer.status_code == 302
    assert "/accounts/reauthenticate/" in answer["Location"]
    assert User.objects.get().erased_at is None


def test_s52_the_same_address_later_is_somebody_new(client: Client, make_person: Make) -> None:
    boss, person = (
        make_person("boss@example.org", roles=["administrator"]),
        make_person("one@example.org", roles=["editor"]),
    )
    erase_user(person, by=boss, blank_words=True)
    client.post("/en/accounts/login/", {"login": "one@example.org", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    again = create_user("one@example.org", PASSWORD, verified=True, name="One")
    assert again.pk != person.pk
    assert again.roles == frozenset()


def test_s52_nobody_erases_somebody_else_but_administrators(client: Client, make_person: Make) -> None:
    one, other = make_person("one@example.org", roles=["editor"]), make_person("other@example.org")
    with pytest.raises(PermissionDenied):
        erase_user(other, by=one, blank_words=True)
    proven(client, one.email)
    assert client.post(f"/en/accounts/people/{other.pk}/erase/", SURE).status_code == 403
    assert client.post("/en/accounts/people/999999/erase/", SURE).status_code == 403
    assert User.objects.get(pk=other.pk).erased_at is None


def test_s52_an_administrator_erases_somebody_and_sees_them_no_more(
    client: Client, make_person: Make
) -> None:
    boss, other = make_person("boss@example.org", roles=["administrator"]), make_person("other@example.org")
    proven(client, boss.email)
    change = f"/en/admin/accounts/user/{other.pk}/change/"
    there = f"/en/accounts/people/{other.pk}/erase/"
    assert there in client.get(change).content.decode()
    assert client.get(there).status_code == 200
    assert client.post(there, SURE)["Location"] == "/en/admin/accounts/user/"
    assert "other@example.org" not in client.get("/en/admin/accounts/user/").content.decode()
    assert client.get(change).status_code == 302
    assert client.post(there, SURE).status_code == 404
    assert client.post(f"/en/admin/accounts/user/{boss.pk}/delete/", {"post": "yes"}).status_code == 403


def test_s52_the_last_administrator_stays(client: Client, make_person: Make) -> None:
    boss = make_person("boss@example.org", roles=["administrator"])
    with pytest.raises(LastAdministrator):
        erase_user(boss, by=boss, blank_words=False)
    proven(client, boss.email)
    page: Any = client.post("/en/accounts/erase/", SURE)
    assert page.status_code == 422
    assert "Nobody else administers this site" in page.content.decode()
    assert User.objects.get().erased_at is None
