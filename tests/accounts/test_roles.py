"""Site roles: who has them, who gives them, what they open."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.test import Client

from accounts import actions, announce
from accounts.models import User
from accounts.policies import POLICIES, can
from accounts.roles import ROLES, ensure_roles

Make = Callable[..., User]
ROOT = Path(__file__).parents[2]


@pytest.mark.django_db
def test_s57_every_database_has_the_roles_and_nobody_in_them() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)
    ensure_roles()
    assert Group.objects.count() == len(ROLES)
    assert not User.objects.exists()


@pytest.mark.django_db
def test_roles_are_read_once(make_person: Make, django_assert_num_queries: Any) -> None:
    person = User.objects.get(pk=make_person(roles=["expert", "host"]).pk)
    with django_assert_num_queries(1):
        assert person.has_role("host")
        assert person.has_role("editor", "expert")
        assert not person.has_role("administrator")


@pytest.mark.django_db
def test_a_given_role_holds_at_once_and_is_announced(
    make_person: Make, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[list[int]] = []
    monkeypatch.setattr(announce, "on_rights_changed", [heard.append])
    person, boss = make_person("one@example.org"), make_person("boss@example.org", roles=["administrator"])
    assert person.roles == frozenset()
    with django_capture_on_commit_callbacks(execute=True):
        actions.give_role(person, "host", by=boss)
    assert person.roles == {"host"}
    with django_capture_on_commit_callbacks(execute=True):
        actions.take_role(person, "host", by=boss)
        actions.deactivate(person, by=boss)
    assert person.roles == frozenset()
    assert heard == [[person.pk]] * 3


@pytest.mark.django_db
def test_only_administrators_give_roles(make_person: Make) -> None:
    person, editor = make_person("one@example.org"), make_person("ed@example.org", roles=["editor", "host"])
    for deed in (actions.give_role, actions.take_role):
        with pytest.raises(PermissionDenied):
            deed(person, "host", by=editor)
    with pytest.raises(PermissionDenied):
        actions.make_administrator(editor, by=editor)
    with pytest.raises(PermissionDenied):
        actions.deactivate(person, by=editor)
    with pytest.raises(ValueError, match="is not a role"):
        actions.give_role(person, "king")


@pytest.mark.django_db
def test_the_admin_opens_with_the_role_and_shuts_without(client: Client, make_person: Make) -> None:
    person = make_person()
    client.force_login(person)
    assert client.get("/en/admin/").status_code == 302
    actions.make_administrator(person)
    assert client.get("/en/admin/").status_code == 200
    assert client.get("/en/admin/accounts/user/").status_code == 200
    assert client.get(f"/en/admin/accounts/user/{person.pk}/change/").status_code == 200
    assert client.get("/en/admin/accounts/organisation/add/").status_code == 200
    actions.take_role(person, "administrator")
    assert client.get("/en/admin/").status_code == 302


WHO = ("guest", "person", "self", "member", *ROLES)


@pytest.mark.django_db
def test_the_table_is_what_happens(make_person: Make) -> None:
    them = make_person("them@example.org", organisation="Ministry")
    people: dict[str, User | None] = {
        role: make_person(f"{role}@example.org", roles=[role]) for role in ROLES
    }
    people |= {"guest": None, "person": make_person("some@example.org"), "self": them}
    people["member"] = make_person("colleague@example.org", organisation="ministry")
    for verb, allowed in POLICIES.items():
        thing = them.organisation if verb == "change organisation" else them
        for who in WHO:
            words = {who, "anybody"} | ({"member"} if who == "self" else set())
            assert can(people[who], verb, thing) == bool(words & allowed), (verb, who)
    them.is_active = False
    assert not can(them, "change profile", them)
    with pytest.raises(KeyError):
        can(them, "fly")


@pytest.mark.django_db
def test_one_address_is_one_person_in_any_case(make_person: Make) -> None:
    make_person("Saule@Example.org")
    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(email="SAULE@example.org")])


@pytest.mark.django_db
def test_the_same_address_twice_is_refused(make_person: Make) -> None:
    make_person("Saule@Example.org")
    with pytest.raises(IntegrityError):
        make_person("saule@example.ORG")


@pytest.mark.django_db
def test_createadmin_makes_one(client: Client, monkeypatch: Any, sign_in: Any) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("kolm karu ja mesi\n"))
    call_command("createadmin", "Boss@Example.org", "--password-stdin", stdout=io.StringIO())
    person = User.objects.get()
    assert (person.email, person.is_staff, person.is_superuser, person.roles) == (
        "boss@example.org",
        True,
        True,
        {"administrator"},
    )
    sign_in("boss@example.org")
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.django_db
def test_createadmin_lifts_somebody_who_is_there(make_person: Make) -> None:
    person = make_person(verified=False)
    call_command("createadmin", person.email, stdout=io.StringIO())
    assert User.objects.get().has_role("administrator")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("email", "password"), [("nobody", "kolm karu ja mesi"), ("a@example.org", "password123")]
)
def test_createadmin_refuses_nonsense(monkeypatch: Any, email: str, password: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    with pytest.raises(CommandError):
        call_command("createadmin", email, "--password-stdin", stdout=io.StringIO())
    assert not User.objects.exists()


def test_s56_without_a_secret_nothing_starts(tmp_path: Path) -> None:
    """S56: a fresh process, because this one has its settings already."""
    clean = {key: value for key, value in os.environ.items() if key not in ("SECRET_KEY", "SILD_TOOLING")}
    clean |= {"PYTHONPATH": os.pathsep.join([str(ROOT / "site"), str(ROOT)]), "DATA_DIR": str(tmp_path)}
    clean["DJANGO_SETTINGS_MODULE"] = "config.settings"
    ask = [sys.executable, "-c", "import django; django.setup(); print('started')"]
    refused = subprocess.run(ask, env=clean, capture_output=True, text=True, cwd=tmp_path)
    assert refused.returncode != 0
    assert "SECRET_KEY is not set" in refused.stderr
    started = subprocess.run(
        ask, env=clean | {"SECRET_KEY": "x" * 60}, capture_output=True, text=True, cwd=tmp_path
    )
    assert started.stdout == "started\n", started.stderr


@pytest.mark.django_db
def test_closing_an_account_in_the_admin_ends_its_sessions(client: Client, make_person: Make) -> None:
    boss, person = make_person("boss@example.org"), make_person("one@example.org", roles=["host"])
    actions.make_administrator(boss)
    them = Client()
    them.post("/en/accounts/login/", {"login": person.email, "password": "kolm karu ja mesi"})
    assert them.get("/en/accounts/profile/").status_code == 200
    client.force_login(boss)
    page = client.get(f"/en/admin/accounts/user/{person.pk}/change/")
    form = {**page.context["adminform"].form.initial, "reads": "[]", "groups": [], "organisation": ""}
    form |= {f"emailaddress_set-{key}": value for key, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))}
    form = {key: value for key, value in form.items() if value is not None and key != "is_active"}
    answer = client.post(page.request["PATH_INFO"], form)
    assert answer.status_code == 302, answer.context["errors"]
    person = User.objects.get(pk=person.pk)
    assert (person.is_active, person.roles, person.is_staff) == (False, frozenset(), False)
    assert not Session.objects.filter(session_key=them.cookies["sessionid"].value).exists()
    new = {"password1": "сарнай цэцэг тав", "password2": "сарнай цэцэг тав", "usable_password": "true"}
    assert client.post(f"/en/admin/accounts/user/{person.pk}/password/", new).status_code == 302
    assert User.objects.get(pk=person.pk).check_password("сарнай цэцэг тав")
