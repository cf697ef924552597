"""Signing in and out: whose session it is, where one lands, how guessing is slowed."""

import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.core import mail
from django.http import HttpRequest
from django.test import Client

from accounts.adapter import on_sign_in
from accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "kolm karu ja mesi"
Make = Callable[..., User]
Post = Callable[..., Any]


def test_s26_the_session_gets_a_new_key_at_sign_in(client: Client, make_person: Make, sign_in: Post) -> None:
    session = client.session
    session["before"] = "kept"
    session.save()
    client.cookies["sessionid"] = old = session.session_key
    make_person()
    sign_in("saule@example.org")
    assert client.session["_auth_user_id"]
    assert client.session.session_key != old
    assert not type(session)(old).exists(old)


def test_s26_proving_once_more_who_one_is_gives_a_new_key_on_the_same_device(
    client: Client, make_person: Make, sign_in: Post
) -> None:
    make_person()
    sign_in("saule@example.org")
    old = client.session.session_key
    thief = Client()
    thief.cookies["sessionid"] = str(old)
    form = {"password": PASSWORD, "next": "/en/accounts/profile/"}
    assert client.post("/en/accounts/reauthenticate/", form)["Location"] == "/en/accounts/profile/"
    assert client.session.session_key != old
    assert client.get("/en/accounts/profile/").status_code == 200
    assert thief.get("/en/accounts/profile/").status_code == 302
    [device] = UserSession.objects.all()
    assert device.session_key == client.session.session_key


def test_s26_a_wrong_password_proves_nothing_and_changes_nothing(
    client: Client, make_person: Make, sign_in: Post
) -> None:
    make_person()
    sign_in("saule@example.org")
    old = client.session.session_key
    assert client.post("/en/accounts/reauthenticate/", {"password": "wrong password"}).status_code == 200
    assert client.session.session_key == old


def test_s26_a_new_password_gives_a_new_key(client: Client, make_person: Make, sign_in: Post) -> None:
    make_person()
    sign_in("saule@example.org")
    old, new = client.session.session_key, "сарнай цэцэг тав"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/en/accounts/password/change/", form).status_code == 302
    assert client.session.session_key != old
    assert not Session.objects.filter(session_key=old).exists()


def test_s26_signing_out_leaves_no_session_behind(client: Client, make_person: Make, sign_in: Post) -> None:
    make_person()
    sign_in("saule@example.org")
    old = client.session.session_key
    client.post("/en/accounts/logout/")
    assert not Session.objects.filter(session_key=old).exists()


def test_s28_a_known_and_an_unknown_person_cost_the_same_work(
    make_person: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nearly all the time of a sign-in is the hashing of a password; whoever measures it learns nothing."""
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def spied(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    make_person()
    make_person("inactive@example.org", is_active=False)
    monkeypatch.setattr(MD5PasswordHasher, "encode", spied)
    for email in ("saule@example.org", "stranger@example.org", "inactive@example.org"):
        hashed.clear()
        Client().post("/en/accounts/login/", {"login": email, "password": "wrong password here"})
        assert hashed == ["wrong password here"], email


def test_the_address_may_be_typed_in_any_case(client: Client, make_person: Make, sign_in: Post) -> None:
    make_person("Saule@Example.org")
    sign_in("SAULE@example.ORG")
    assert client.session["_auth_user_id"]


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example",
        "/\\evil.example",
        "\\evil.example",
        "https:evil.example",
        "https://evil.example/",
        "http://localhost/elsewhere",
        "javascript:alert(1)",
        "///evil.example",
        "/\t/evil.example",
    ],
)
def test_s36_next_leads_only_to_pages_of_the_site(client: Client, make_person: Make, evil: str) -> None:
    make_person()
    form = {"login": "saule@example.org", "password": PASSWORD, "next": evil}
    assert client.post("/en/accounts/login/", form)["Location"] == "/en/"
    assert client.post("/en/accounts/logout/", {"next": evil})["Location"] == "/en/"


def test_one_lands_where_one_wanted_to_go(client: Client, make_person: Make) -> None:
    make_person()
    asked = client.get("/en/accounts/profile/")
    assert asked["Location"] == "/en/accounts/login/?next=/en/accounts/profile/"
    form = {"login": "saule@example.org", "password": PASSWORD, "next": "/en/accounts/profile/"}
    assert client.post("/en/accounts/login/", form)["Location"] == "/en/accounts/profile/"


def test_asking_to_sign_out_does_not_sign_out(client: Client, make_person: Make, sign_in: Post) -> None:
    make_person()
    sign_in("saule@example.org")
    assert client.get("/en/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    client.post("/en/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_guessing_is_slowed_where_it_comes_from_and_nowhere_else(
    client: Client, make_person: Make, sign_in: Post
) -> None:
    make_person()
    for _ in range(5):
        sign_in("saule@example.org", "wrong password", REMOTE_ADDR="203.0.113.5")
    sign_in("saule@example.org", REMOTE_ADDR="203.0.113.5")
    assert "_auth_user_id" not in client.session
    sign_in("saule@example.org", REMOTE_ADDR="198.51.100.9")
    assert "_auth_user_id" in client.session


def test_a_closed_account_stays_out(client: Client, make_person: Make, sign_in: Post) -> None:
    person = make_person()
    person.is_active = False
    person.save()
    assert sign_in("saule@example.org")["Location"] == "/en/accounts/inactive/"
    assert "_auth_user_id" not in client.session
    assert client.get("/en/accounts/inactive/").status_code == 200


def test_a_forgotten_password_is_replaced_through_a_letter(
    client: Client, make_person: Make, sign_in: Post
) -> None:
    person = make_person()
    client.post("/mn/accounts/password/reset/", {"email": person.email})
    link = re.search(r"http://testserver(/mn/accounts/password/reset/key/\S+)", mail.outbox[0].body)
    assert link
    form_page = client.get(link[1])["Location"]
    new = "сарнай цэцэг тав"
    done = client.post(form_page, {"password1": new, "password2": new})
    assert done["Location"] == "/mn/accounts/password/reset/key/done/"
    sign_in(person.email, new)
    assert "_auth_user_id" in client.session
    assert Client().get(link[1], follow=True).context["token_fail"]


def test_a_new_password_ends_the_other_sessions(client: Client, make_person: Make, sign_in: Post) -> None:
    make_person()
    other = Client()
    other.post("/en/accounts/login/", {"login": "saule@example.org", "password": PASSWORD})
    others_key = other.session.session_key
    assert Session.objects.filter(session_key=others_key).exists()
    sign_in("saule@example.org")
    new = "сарнай цэцэг тав"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post("/en/accounts/password/change/", form)
    assert not Session.objects.filter(session_key=others_key).exists()
    assert other.get("/en/accounts/profile/").status_code == 302
    assert client.get("/en/accounts/profile/").status_code == 200
    assert "your password is new" in mail.outbox[-1].subject


def test_whoever_signs_in_is_announced_to_the_hooks(make_person: Make, sign_in: Post) -> None:
    person, seen = make_person(), []

    def note(request: HttpRequest, user: User) -> None:
        seen.append((user, request.session.session_key, request.user))

    on_sign_in.append(note)
    try:
        sign_in(person.email)
    finally:
        on_sign_in.remove(note)
    [(user, key, now)] = seen
    assert user == now == person
    assert key


def test_whoever_asks_for_too_many_letters_is_told_to_wait(client: Client, mailoutbox: Any) -> None:
    seen = {
        client.post("/en/accounts/password/reset/", {"email": f"{n}@example.org"}).status_code
        for n in range(20)
    }
    assert seen == {302}
    answer = client.post("/en/accounts/password/reset/", {"email": "one.more@example.org"})
    assert answer.status_code == 429
    assert "Too fast" in answer.content.decode()
    assert len(mailoutbox) == 20


def test_a_person_sees_where_they_are_signed_in_and_ends_it(
    client: Client, make_person: Make, sign_in: Post
) -> None:
    make_person()
    other = Client(
        headers={"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) FxiOS/140.0"}
    )
    other.post("/en/accounts/login/", {"login": "saule@example.org", "password": PASSWORD})
    sign_in("saule@example.org")
    assert "Firefox, iPhone" in client.get("/en/accounts/sessions/").content.decode()
    client.post("/en/accounts/sessions/")
    assert other.get("/en/accounts/profile/").status_code == 302
    assert client.get("/en/accounts/profile/").status_code == 200
    assert "Firefox, iPhone" not in client.get("/en/accounts/sessions/").content.decode()


def test_since_when_one_is_signed_in_stands_on_the_own_clock(
    client: Client, make_person: Make, sign_in: Post
) -> None:
    make_person(zone="Asia/Hovd")
    sign_in("saule@example.org")
    began = UserSession.objects.get().created_at.astimezone(ZoneInfo("Asia/Hovd"))
    assert f"{began:%H:%M}</td>" in client.get("/mn/accounts/sessions/").content.decode()


def test_the_admin_has_no_second_door(client: Client, make_person: Make) -> None:
    make_person(roles=["administrator"])
    asked = client.get("/en/admin/login/?next=/en/admin/")
    assert asked.status_code == 302
    assert asked["Location"].startswith("/en/accounts/login/")
    client.post("/en/admin/login/", {"username": "saule@example.org", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
