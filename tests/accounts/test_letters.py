"""The letters of quickstart: written by the real mail backend, read on this machine only."""

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import get_connection, send_mail
from django.test import Client

pytestmark = pytest.mark.django_db
HERE = {"HTTP_HOST": "localhost:8000", "REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.QUICKSTART = True
    settings.MAIL_DIR = tmp_path / "mail"
    backend = get_connection(
        "django.core.mail.backends.filebased.EmailBackend", file_path=str(settings.MAIL_DIR)
    )
    for subject, words in (
        ("Таны код", "Код: АБ-12\n-------\nhttp://localhost:8000/mn/x?a=1&b=2"),
        ("Second", "<b>x</b>"),
    ):
        send_mail(subject, words, "site@example.org", ["saule@example.org"], connection=backend)
    return settings.MAIL_DIR


def test_letters_are_listed_and_read_as_text(client: Client, folder: Path) -> None:
    listed = client.get("/mail/", **HERE)
    assert listed.status_code == 200
    assert "Таны код" in listed.content.decode()
    letters = {letter.subject: letter for letter in listed.context["letters"]}
    assert set(letters) == {"Таны код", "Second"}
    first = letters["Таны код"]
    shown = client.get(f"/mail/{first.name}/{first.part}/", **HERE).content.decode()
    assert "Код: АБ-12" in shown
    assert 'href="http://localhost:8000/mn/x?a=1&amp;b=2"' in shown
    second = letters["Second"]
    assert "<b>x</b>" not in client.get(f"/mail/{second.name}/{second.part}/", **HERE).content.decode()


def test_the_newest_stands_first(client: Client, folder: Path) -> None:
    (folder / "20200101-000000-1.log").write_bytes(
        b"Subject: Old\nTo: a@example.org\n\nold\n" + b"-" * 79 + b"\n"
    )
    assert [letter.subject for letter in client.get("/mail/", **HERE).context["letters"]][-1] == "Old"


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"REMOTE_ADDR": "192.0.2.1"},
        {"REMOTE_ADDR": "::ffff:192.0.2.1"},
        {"REMOTE_ADDR": ""},
        {"HTTP_HOST": "testserver"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
    ],
)
def test_nobody_else_knows_they_exist(client: Client, folder: Path, elsewhere: dict[str, str]) -> None:
    assert client.get("/mail/", **HERE | elsewhere).status_code == 404


def test_outside_quickstart_there_are_none(client: Client, folder: Path, settings: Any) -> None:
    settings.QUICKSTART = False
    assert client.get("/mail/", **HERE).status_code == 404


@pytest.mark.parametrize("name", ["..%2Fsecret_key", "%2Fetc%2Fpasswd", "nothing.log"])
def test_no_other_file_is_read(client: Client, folder: Path, name: str) -> None:
    (folder.parent / "secret_key").write_text("hunter2")
    assert client.get(f"/mail/{name}/0/", **HERE).status_code == 404
