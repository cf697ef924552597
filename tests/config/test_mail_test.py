"""A test letter tells the truth about mail, in words: over real sockets, with servers that say what servers say."""

import email
import socket
from collections.abc import Iterator
from email.policy import default as modern
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core import mail
from django.utils import translation

from accounts.actions import create_user
from config.mail_test import Outcome, try_mail
from tests.config.smtp import Smtp

SMTP = "django.core.mail.backends.smtp.EmailBackend"
TO = "bold@example.org"


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Whatever language the last page of an earlier test spoke."""
    with translation.override("en"):
        yield


@pytest.fixture
def by_smtp(settings: Any) -> Any:
    settings.EMAIL_BACKEND = SMTP
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    return settings


def sent_to(server: Smtp, settings: Any) -> Outcome:
    settings.EMAIL_PORT = server.port
    return try_mail(TO, language="en")


def test_a_server_that_takes_the_letter_has_taken_it(by_smtp: Any) -> None:
    with Smtp() as server:
        outcome = sent_to(server, by_smtp)
    assert outcome.ok
    assert TO in outcome.said
    letter = email.message_from_string(server.letters[0], policy=modern)
    assert (letter["to"], letter["subject"]) == (TO, "Sild: a test letter")


@pytest.mark.parametrize(
    ("says", "said", "hint", "quote"),
    [
        ({"RCPT": "550 5.1.1 nobody"}, "does not take letters for bold@", "may pass on", "550 5.1.1 nobody"),
        ({"MAIL": "553 5.7.1 not yours"}, "does not take letters from", "DEFAULT_FROM_EMAIL", "553 5.7.1 not yours"),
        ({".": "554 5.7.1 spam"}, "did not take the letter", "below", "554 5.7.1 spam"),
        ({"EHLO": ""}, "did not answer within 10 seconds, or hung up", "firewall", ""),
        ({"HELLO": "421 too busy"}, "did not take the letter", "below", "421 too busy"),
    ],
)  # fmt: skip
def test_what_a_server_refuses_is_said_with_its_own_words(
    by_smtp: Any, says: dict[str, str], said: str, hint: str, quote: str
) -> None:
    with Smtp(**says) as server:
        outcome = sent_to(server, by_smtp)
    assert not outcome.ok
    assert said in outcome.said
    assert hint in outcome.hint
    assert quote in outcome.quote
    assert server.letters == [] or says.get(".")


def test_a_wrong_password_is_said_and_never_shown(by_smtp: Any) -> None:
    by_smtp.EMAIL_HOST_USER, by_smtp.EMAIL_HOST_PASSWORD = "sild", "hunter2hunter2"
    with Smtp(EHLO="250-mail.example.org\r\n250 AUTH PLAIN", AUTH="535 5.7.8 wrong") as server:
        outcome = sent_to(server, by_smtp)
    assert "does not accept the user name or the password" in outcome.said
    assert "%40 %3A %2F %23" in outcome.hint
    assert outcome.quote == "535 5.7.8 wrong"
    assert "hunter2" not in f"{outcome}"


def test_a_server_without_the_encryption_asked_for_is_said(by_smtp: Any) -> None:
    by_smtp.EMAIL_USE_TLS = True
    with Smtp() as server:
        outcome = sent_to(server, by_smtp)
    assert "cannot do what EMAIL_URL asks of it" in outcome.said
    assert "smtp+tls://" in outcome.hint


def test_encryption_where_there_is_none_is_said(by_smtp: Any) -> None:
    by_smtp.EMAIL_USE_SSL = True
    with Smtp() as server:
        outcome = sent_to(server, by_smtp)
    assert "encrypted connection" in outcome.said


def test_a_port_where_nobody_answers_is_said(by_smtp: Any) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        by_smtp.EMAIL_PORT = nobody.getsockname()[1]
        outcome = try_mail(TO, language="en")
    assert f"Nobody answers at 127.0.0.1:{by_smtp.EMAIL_PORT}" in outcome.said


def test_a_machine_that_is_not_there_is_said(by_smtp: Any) -> None:
    by_smtp.EMAIL_HOST = "mail.invalid"
    outcome = try_mail(TO, language="en")
    assert "There is no machine called mail.invalid." in outcome.said


def test_a_site_that_sends_nothing_does_not_say_that_it_did(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert try_mail(TO, language="en").said == "This site sends no letters at all."


def test_in_quickstart_the_letter_lies_where_letters_lie(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    settings.QUICKSTART = True
    outcome = try_mail(TO, language="en")
    assert (outcome.ok, outcome.letters) == (True, True)
    assert TO in next(tmp_path.glob("*.log")).read_text()


@pytest.mark.django_db
def test_an_administrator_sends_it_to_nobody_else(client: Any, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    page = "/en/settings/health/"
    assert client.post(page).status_code == 302
    client.force_login(create_user("b@example.org", "kolm karu ja mesi", roles=["host"]))
    assert client.post(page).status_code == 403
    assert mail.outbox == []
    client.force_login(create_user("a@example.org", "kolm karu ja mesi", roles=["administrator"]))
    answer = client.post(page, {"email": "victim@example.org", "to": "victim@example.org"})
    assert 'id="mail-outcome"' in answer.content.decode()
    assert [letter.to for letter in mail.outbox] == [["a@example.org"]]
    assert site.EMAIL_TIMEOUT  # a server that never answers must not hold a job for ever
