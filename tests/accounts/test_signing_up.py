"""An account is made with details, and is good for nothing before its address is confirmed."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.actions import find_or_add_organisation
from accounts.models import Organisation, User
from accounts.names import Names

pytestmark = pytest.mark.django_db
PASSWORD = "kolm karu ja mesi"
FORM = {
    "name": "Бат-Эрдэнэ",
    "email": "Bat@Example.org",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "organisation": "Цахим хөгжлийн яам",
    "country": "MN",
    "reads": ["mn", "uk", "mn", ""],
}


def code_of(letter: Any) -> str:
    found = re.search(r"^ {4}(\S+)$", letter.body, re.MULTILINE)
    assert found
    return found[1]


def test_somebody_signs_up_confirms_and_is_in(client: Client) -> None:
    answer = client.post("/mn/accounts/signup/", FORM)
    assert answer.status_code == 302
    person = User.objects.get()
    assert (person.email, person.name, person.country, person.reads) == (
        "bat@example.org",
        "Бат-Эрдэнэ",
        "MN",
        ["mn", "uk"],
    )
    assert person.organisation is not None
    assert person.organisation.names == Names.of("mn", "Цахим хөгжлийн яам")
    [letter] = mail.outbox
    done = client.post(answer["Location"], {"code": code_of(letter)})
    assert done.status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)


def test_s32_before_the_code_nobody_is_signed_in(client: Client) -> None:
    client.post("/en/accounts/signup/", FORM)
    assert "_auth_user_id" not in client.session
    assert client.get("/en/accounts/profile/").status_code == 302
    elsewhere = Client()
    elsewhere.post("/en/accounts/login/", {"login": "bat@example.org", "password": PASSWORD})
    assert "_auth_user_id" not in elsewhere.session


def test_s32_a_code_works_once_and_three_wrong_ones_end_it(client: Client) -> None:
    answer = client.post("/en/accounts/signup/", FORM)
    right = code_of(mail.outbox[0])
    for _ in range(3):
        client.post(answer["Location"], {"code": "WRONG-1"})
    client.post(answer["Location"], {"code": right})
    assert "_auth_user_id" not in client.session


def test_an_organisation_is_found_by_its_name_in_any_language(client: Client) -> None:
    ministry = Organisation.objects.create(
        names=Names.of("mn", "Цахим хөгжлийн яам", en="Ministry of Digital")
    )
    assert find_or_add_organisation("  цахим  хөгжлийн ЯАМ ", lang="en") == ministry
    assert find_or_add_organisation("ministry of digital", lang="en") == ministry
    assert find_or_add_organisation(" ", lang="en") is None
    client.post("/en/accounts/signup/", FORM)
    assert User.objects.get().organisation == ministry
    assert Organisation.objects.count() == 1


def outcome(email: str, page: str, form: dict[str, Any]) -> tuple[int, str, str]:
    """What a stranger sees: status, address of the next page, its words."""
    client = Client()
    answer = client.post(page, form, REMOTE_ADDR="198.51.100.7")
    shown = (
        client.get(answer["Location"]).content.decode()
        if answer.status_code == 302
        else answer.content.decode()
    )
    shown = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", shown)
    return answer.status_code, answer.get("Location", ""), shown.replace(email, "…")


@pytest.mark.parametrize("page", ["signup", "login", "password/reset"])
def test_s27_a_stranger_cannot_learn_who_has_an_account(page: str, make_person: Callable[..., User]) -> None:
    make_person("known@example.org")
    seen = []
    for email in ("known@example.org", "stranger@example.org"):
        form = FORM | {"email": email, "login": email, "password": "wrong password here"}
        seen.append(outcome(email, f"/en/accounts/{page}/", form))
    assert seen[0] == seen[1]
    assert User.objects.filter(email="known@example.org").count() == 1


def test_s27_the_known_person_gets_a_letter_instead(client: Client, make_person: Callable[..., User]) -> None:
    make_person("known@example.org")
    client.post("/en/accounts/signup/", FORM | {"email": "known@example.org"})
    [letter] = mail.outbox
    assert letter.to == ["known@example.org"]
    assert "There is one already" in letter.body
    assert reverse("account_reset_password") in letter.body


@pytest.mark.parametrize(
    "password",
    [
        "short1234",
        "password1234",
        "1234567890",
        "sildsildsild",
        "webinar-sild1",
        "bat@example.org",
        "Example.org12",
        "x" * 129,
    ],
)
def test_s31_weak_passwords_are_refused(client: Client, password: str) -> None:
    answer = client.post("/en/accounts/signup/", FORM | {"password1": password, "password2": password})
    assert answer.status_code == 200
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "password", ["цайны мод 9 ногоон", " " * 4 + "kolm karu" + "🐻" * 3, "x1" * 3 + "ö!" * 61]
)
def test_s31_any_characters_and_128_of_them_are_fine(client: Client, password: str) -> None:
    assert (
        client.post("/en/accounts/signup/", FORM | {"password1": password, "password2": password}).status_code
        == 302
    )
    assert User.objects.get().check_password(password)


def test_s50_nobody_gives_themselves_a_role_or_a_flag(client: Client) -> None:
    client.post(
        "/en/accounts/signup/",
        FORM | {"is_staff": "on", "is_superuser": "on", "groups": "1", "is_demo": "on"},
    )
    person = User.objects.get()
    assert (person.is_staff, person.is_superuser, person.is_demo, person.roles) == (
        False,
        False,
        False,
        frozenset(),
    )


@pytest.mark.parametrize("page", ["login", "signup", "password/reset"])
def test_an_empty_field_looks_empty(client: Client, page: str) -> None:
    assert "placeholder=" not in client.get(f"/en/accounts/{page}/").content.decode()
