"""S54: what concerns safety is written down, by itself and for ever, and without secrets."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts import actions
from accounts.models import JournalLine, User
from config.actions import change_site

pytestmark = pytest.mark.django_db
Make = Callable[..., User]


def lines() -> list[tuple[str, str, str, str]]:
    """(what, by, about, detail), the oldest first, without what making the people wrote."""
    found = JournalLine.objects.newest().reverse()
    return [
        (one.what, one.by.email if one.by else "", one.about.email if one.about else "", one.detail)
        for one in found
    ]


def test_s54_signing_in_and_failing_to_are_written_down_without_what_was_typed(
    make_person: Make, sign_in: Callable[..., Any]
) -> None:
    make_person()
    sign_in("saule@example.org", "wrong password")
    sign_in("hunter2-typed-in-the-wrong-box@example.org", "wrong password")
    sign_in("saule@example.org")
    assert lines() == [
        ("sign_in_failed", "", "saule@example.org", ""),
        ("sign_in_failed", "", "", ""),
        ("sign_in", "saule@example.org", "saule@example.org", ""),
    ]
    kept = repr(list(JournalLine.objects.values()))
    assert "wrong password" not in kept
    assert "hunter2" not in kept
    assert "127.0.0.1" not in kept


def test_s54_roles_passwords_and_closed_accounts_are_written_down_with_who_did_it(make_person: Make) -> None:
    boss, person = make_person("boss@example.org", roles=["administrator"]), make_person("one@example.org")
    before = len(lines())
    actions.give_role(person, "host", by=boss)
    actions.take_role(person, "host", by=boss)
    actions.set_password(person, "a new long pass phrase")
    actions.deactivate(person, by=boss)
    assert lines()[before:] == [
        ("role_given", "boss@example.org", "one@example.org", "host"),
        ("role_taken", "boss@example.org", "one@example.org", "host"),
        ("password", "", "one@example.org", ""),
        ("closed", "boss@example.org", "one@example.org", ""),
    ]
    assert "phrase" not in repr(list(JournalLine.objects.values()))


def test_s54_a_role_given_in_the_admin_is_written_down_too(client: Client, make_person: Make) -> None:
    boss, person = make_person("boss@example.org", roles=["administrator"]), make_person("one@example.org")
    client.force_login(boss)
    page = client.get(f"/en/admin/accounts/user/{person.pk}/change/")
    form = {**page.context["adminform"].form.initial, "reads": "[]", "organisation": ""}
    form["groups"] = [
        group.pk for group in page.context["adminform"].form.fields["groups"].queryset.filter(name="host")
    ]
    form |= {f"emailaddress_set-{key}": value for key, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))}
    answer = client.post(page.request["PATH_INFO"], {k: v for k, v in form.items() if v is not None})
    assert answer.status_code == 302, answer.context["errors"]
    assert lines()[-1] == ("role_given", "boss@example.org", "one@example.org", "host")


def test_s54_a_deed_that_is_refused_writes_nothing(make_person: Make) -> None:
    one, other = make_person("one@example.org"), make_person("other@example.org")
    before = lines()
    with pytest.raises(actions.PermissionDenied):
        actions.give_role(other, "administrator", by=one)
    assert lines() == before


def test_s54_settings_are_written_down_by_name_and_not_by_what_they_hold(make_person: Make) -> None:
    boss = make_person("boss@example.org", roles=["administrator"])
    change_site(by=boss, zone="Asia/Hovd", contact_email="private@example.org")
    assert lines()[-1] == ("settings", "boss@example.org", "", "zone, contact_email")


def test_s54_nothing_that_is_written_is_changed_or_taken_away(make_person: Make) -> None:
    make_person("boss@example.org", roles=["administrator"])
    line = JournalLine.objects.get()
    assert line.at.utcoffset() == timedelta()
    line.detail = "something else"
    for tamper in (
        line.save,
        line.delete,
        JournalLine.objects.all().delete,
        lambda: JournalLine.objects.filter(pk=line.pk).update(detail=""),
        lambda: JournalLine.objects.bulk_update([line], ["detail"]),
    ):
        with pytest.raises(TypeError):
            tamper()
    assert JournalLine.objects.get().detail == "administrator"


def test_s54_administrators_read_it_and_nobody_else(client: Client, make_person: Make) -> None:
    boss, host = (
        make_person("boss@example.org", roles=["administrator"]),
        make_person("h@example.org", roles=["host"]),
    )
    client.force_login(host)
    assert client.get("/en/settings/journal/").status_code == 403
    client.force_login(boss)
    page = client.get("/en/settings/journal/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "Role given" in text
    assert "boss@example.org" in text
    assert client.post("/en/settings/journal/").status_code == 405
    assert "no-store" in page["Cache-Control"]
