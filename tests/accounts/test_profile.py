"""One's own page: what people say about themselves, and what others add to it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils.html import format_html

from accounts import panels
from accounts.actions import update_profile
from accounts.models import Organisation, User

pytestmark = pytest.mark.django_db
SAID = {
    "name": "  Сауле  Ким ",
    "organisation": "Riigi Infosüsteemi Amet",
    "country": "EE",
    "reads": ["et", "ru", "ka"],
    "zone": "Europe/Tallinn",
}


def test_people_describe_themselves(client: Client, make_person: Callable[..., User]) -> None:
    person = make_person()
    client.force_login(person)
    assert client.post("/et/accounts/profile/", SAID)["Location"] == "/et/accounts/profile/"
    person = User.objects.get()
    assert (person.name, person.country, person.reads, person.zone) == (
        "Сауле Ким",
        "EE",
        ["et", "ru", "ka"],
        "Europe/Tallinn",
    )
    assert Organisation.objects.get().names.original == "et"
    shown = client.get("/et/accounts/profile/").content.decode()
    for words in ("Сауле Ким", "Riigi Infosüsteemi Amet", "Eesti", "saule@example.org", "Tallinn"):
        assert words in shown
    client.post("/et/accounts/profile/", SAID | {"organisation": ""})
    assert User.objects.get().organisation is None


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 151}, {"country": "XX"}, {"zone": "Mars/Olympus"}, {"reads": ["e n"]}],
)
def test_nonsense_is_refused_and_nothing_changes(
    client: Client, make_person: Callable[..., User], wrong: dict[str, Any]
) -> None:
    client.force_login(make_person())
    before = User.objects.values().get()
    answer = client.post("/en/accounts/profile/", SAID | wrong)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert User.objects.values().get() | {"last_login": None} == before | {"last_login": None}


def test_s50_the_form_does_not_reach_other_columns(client: Client, make_person: Callable[..., User]) -> None:
    client.force_login(make_person())
    client.post(
        "/en/accounts/profile/", SAID | {"email": "other@example.org", "is_staff": "on", "password": "x"}
    )
    person = User.objects.get()
    assert (person.email, person.is_staff) == ("saule@example.org", False)
    assert person.check_password("kolm karu ja mesi")


def test_nobody_describes_somebody_else(make_person: Callable[..., User]) -> None:
    one, other = make_person("one@example.org"), make_person("other@example.org")
    with pytest.raises(PermissionDenied):
        update_profile(one, by=other, name="Changed")
    assert User.objects.get(pk=one.pk).name == "Saule"


def test_s40_names_are_shown_as_text(client: Client, make_person: Callable[..., User]) -> None:
    client.force_login(make_person(name="<img src=x onerror=alert(1)>"))
    assert "<img src=x" not in client.get("/en/accounts/profile/").content.decode()


def test_others_add_their_panels(client: Client, make_person: Callable[..., User], monkeypatch: Any) -> None:
    client.force_login(make_person())
    mine = [
        lambda request, person: format_html("<section>webinars of {}</section>", person.name),
        lambda *_: "",
    ]
    monkeypatch.setattr("accounts.views.profile.profile_panels", [*panels.profile_panels, *mine])
    assert "<section>webinars of Saule</section>" in client.get("/en/accounts/profile/").content.decode()


def test_changing_the_address_asks_who_it_is_and_tells_the_old_one(
    client: Client, make_person: Callable[..., User], sign_in: Any, mailoutbox: Any
) -> None:
    person = make_person()
    sign_in(person.email)
    asked = client.post("/en/accounts/email/", {"email": "new@example.org", "action_add": ""})["Location"]
    assert asked.startswith("/en/accounts/reauthenticate/")
    assert not mailoutbox
    client.post(asked, {"password": "kolm karu ja mesi", "next": "/en/accounts/email/"})
    assert User.objects.get().email == "saule@example.org"
    code = mailoutbox[-1].body.split("    ")[1].split()[0]
    client.post("/en/accounts/confirm-email/", {"code": code})
    assert User.objects.get().email == "new@example.org"
    told = [letter for letter in mailoutbox if letter.to == ["saule@example.org"]]
    assert any("new@example.org" in letter.body for letter in told)
