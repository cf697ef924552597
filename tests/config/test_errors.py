"""What people read when something cannot be: in their language, with what they typed, and with nothing given away."""

import re
import socket
import sqlite3
from collections.abc import Callable, Iterator
from html import unescape
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as site
from django.core.cache import cache
from django.db import OperationalError, connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils.translation import gettext, override

from accounts.actions import create_user
from accounts.models import User
from config.errors import trouble
from tests.demo_site import Visitor
from tests.factories import make_person, make_webinar
from tests.site import Site, session_of
from tests.webinars.test_full_disk import full_disk
from webinars.addresses import address
from webinars.models import Question

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "kolm karu ja mesi"
HTML = {"Accept": "text/html"}
OURS = HTML | {"Sec-Fetch-Site": "same-origin"}
LANGUAGES = ("en", "et", "uk", "mn")
WORDS = "Хэрхэн хийсэн бэ? " * 20


def unreachable(request: HttpRequest) -> HttpResponse:
    """A page whose database server is not there."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        facts = connections.databases["default"] | {
            "ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": str(nobody.getsockname()[1]),
            "NAME": "nothing", "USER": "", "PASSWORD": "", "OPTIONS": {},
        }  # fmt: skip
        DatabaseWrapper(facts).ensure_connection()
    return HttpResponse()


def mistaken(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM a_table_nobody_made")
    return HttpResponse()


def no_room(request: HttpRequest) -> HttpResponse:
    raise OSError(28, "No space left on device")


urlpatterns = [
    path("en/unreachable/", unreachable),
    path("mn/mistaken/", mistaken),
    path("en/no-room/", no_room),
    *import_module(site.ROOT_URLCONF).urlpatterns,
]
handler400, handler500 = "config.errors.bad_request", "config.errors.server_error"


@pytest.fixture(autouse=True)
def here(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = __name__
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.BUDGET_FACTOR = 1000
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True, raise_request_exception=False, headers=HTML)


@pytest.fixture
def member(browser: Client) -> User:
    user = create_user("saule@example.org", PASSWORD, verified=True, name="Saule")
    browser.force_login(user)
    return user


def said(answer: Any) -> str:
    return unescape(answer.content.decode())


def fields(page: str) -> dict[str, str]:
    """What the form of a page would send, token and all."""
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    return hidden | dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL))


def told(language: str, words: str) -> str:
    with override(language):
        return gettext(words)


# --- in the reader's language ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_refusal_speak_the_language_of_the_address(browser: Client, language: str) -> None:
    webinar = make_webinar()
    found = {
        404: browser.get(f"/{language}/nothing-here/"),
        405: browser.get(f"/{language}/webinars/{webinar.pk}-x/state/"),
        403: browser.get(f"/{language}/webinars/{webinar.pk}-x/edit/"),
        400: browser.get(f"/{language}/", headers={"host": "evil.example"}),
    }
    headings = {
        404: "There is no such page",
        405: "There is nothing to read here",
        403: "This is not open to you",
        400: "This was not understood",
    }
    for status, answer in found.items():
        assert answer.status_code == status
        assert f"<h1>{told(language, headings[status])}</h1>" in said(answer)
        assert f'<html lang="{language}">' in said(answer)
    assert found[405].headers["Allow"] == "POST"
    assert "evil.example" not in said(found[400])


def test_where_the_address_names_no_language_the_browser_does(browser: Client) -> None:
    answer = browser.get("/nothing-here/", headers={"accept-language": "mn"})
    assert told("mn", "There is no such page") in said(answer)


def test_scripts_get_no_page_for_a_wrong_method(browser: Client) -> None:
    webinar = make_webinar()
    answer = browser.get(f"/en/webinars/{webinar.pk}-x/state/", headers={"accept": "application/json"})
    assert (answer.status_code, answer.content) == (405, b"")


def test_too_much_at_once_is_413_and_says_so(browser: Client, settings: Any) -> None:
    browser.get("/token/")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    answer = browser.post("/uk/accounts/reading/", {"next": "x" * 20_000})
    assert answer.status_code == 413
    assert told("uk", "That is too much at once") in said(answer)
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    assert browser.post("/uk/accounts/reading/", {str(n): "x" for n in range(9)}).status_code == 413


# --- a form that has grown old -----------------------------------------------------------------------------


def test_a_form_that_has_grown_old_is_sent_again_from_the_page_that_says_so(
    browser: Client, member: User
) -> None:
    typed = {"name": "Сауле Ахметова", "organisation": "Ministry", "country": "KZ", "reads": ["mn", "en"]}
    answer = browser.post("/en/accounts/profile/", typed, headers=OURS)
    page = said(answer)
    assert answer.status_code == 403
    assert "This form has grown old" in page
    assert "Сауле Ахметова</textarea>" in page
    assert "no-store" in answer.headers["Cache-Control"]
    again = browser.post("/en/accounts/profile/", {**fields(page), "reads": ["mn", "en"]}, headers=OURS)
    assert again.status_code == 302
    member.refresh_from_db()
    assert (member.name, member.country, member.reads) == ("Сауле Ахметова", "KZ", ["mn", "en"])


@pytest.mark.parametrize(
    "sender",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"},
     {"Origin": "http://evil.example"}, {"Origin": "null"}, {}],
)  # fmt: skip
def test_what_another_site_sent_is_never_offered_with_a_token(
    browser: Client, member: User, sender: dict[str, str]
) -> None:
    answer = browser.post("/en/accounts/profile/", {"name": "Mallory was here"}, headers=HTML | sender)
    assert answer.status_code == 403
    assert "Mallory" not in said(answer)
    assert "csrfmiddlewaretoken" not in said(answer)
    assert "<form" not in said(answer)


def test_a_password_is_never_written_into_a_page(browser: Client) -> None:
    answer = browser.post(
        "/en/accounts/login/", {"login": "saule@example.org", "password": PASSWORD}, headers=OURS
    )
    assert answer.status_code == 403
    assert "saule@example.org" in said(answer)
    assert PASSWORD not in said(answer)


def test_what_is_typed_is_words_in_that_page_and_nothing_else(browser: Client, member: User) -> None:
    evil = '"></textarea><script>alert(1)</script>'
    answer = browser.post("/en/accounts/profile/", {"name": evil, '"><b x="': "1 2"}, headers=OURS)
    assert b"<script>alert" not in answer.content
    assert b'"><b x=' not in answer.content
    assert unescape(fields(answer.content.decode())["name"]) == evil


# --- a disk that is full, a database that is away ----------------------------------------------------------


@pytest.fixture
def asking(browser: Client) -> Callable[..., Any]:
    """Asks in a room by a form, as somebody without a script does."""
    webinar = make_webinar()
    browser.cookies[site.SESSION_COOKIE_NAME] = session_of(make_person(webinar))
    there = address(webinar, "do")

    def ask(**more: Any) -> Any:
        token = browser.get("/token/").json()["token"]
        sent = {
            "do": "ask",
            "text": WORDS,
            "language": "mn",
            "client_id": str(uuid4()),
            "csrfmiddlewaretoken": token,
        }
        return browser.post(there, sent | more, headers=OURS)

    return ask


def test_a_question_that_found_the_disk_full_is_still_in_the_form(
    browser: Client, asking: Callable[..., Any]
) -> None:
    with full_disk():
        answers = [asking() for _ in range(60)]
    saved = [answer for answer in answers if answer.status_code == 302]
    refused = [answer for answer in answers if answer.status_code == 503]
    assert saved
    assert refused
    assert len(saved) + len(refused) == 60
    assert Question.objects.count() == len(saved)
    page = said(refused[0])
    assert "Nothing can be saved just now" in page
    assert refused[0].headers["Retry-After"] == "120"
    again = browser.post(refused[0].request["PATH_INFO"], fields(page), headers=OURS)
    assert again.status_code == 302
    assert Question.objects.count() == len(saved) + 1
    assert Question.objects.latest("id").text == WORDS.strip()


def test_a_database_that_others_hold_for_long_is_busy_and_loses_nothing(asking: Callable[..., Any]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no lock that is everybody's")
    usual = connection.settings_dict["OPTIONS"]
    connection.close()
    connection.settings_dict["OPTIONS"] = usual | {"timeout": 0.3}
    other = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        answer = asking()
        other.execute("ROLLBACK")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "This site is very busy" in said(answer)
        assert fields(said(answer))["text"] == WORDS.strip() + " "
        assert asking().status_code == 302
    finally:
        other.close()
        connection.close()
        connection.settings_dict["OPTIONS"] = usual


def test_a_database_server_that_is_away_is_no_failure_of_the_page(browser: Client) -> None:
    answer = browser.get("/en/unreachable/?from=here")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert 'href="/en/unreachable/?from=here"' in said(answer)
    assert "Traceback" not in said(answer)


def test_a_script_is_told_in_its_own_way(browser: Client) -> None:
    answer = browser.get("/en/unreachable/", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (503, {"error": "unavailable"})
    answer = browser.get("/en/no-room/", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (503, {"error": "not_saved"})


def test_a_question_that_is_wrong_in_itself_is_a_failure_of_ours(browser: Client) -> None:
    answer = browser.get("/mn/mistaken/")
    assert answer.status_code == 500
    assert told("mn", "Something broke on our side") in said(answer)
    assert answer.headers["X-Request-ID"] in said(answer)
    assert "a_table_nobody_made" not in said(answer)


def test_trouble_is_found_in_what_an_error_came_of() -> None:
    def chained(first: Exception) -> Exception:
        try:
            try:
                raise first
            except Exception as cause:
                raise RuntimeError("on the way") from cause
        except RuntimeError as last:
            return last

    assert trouble(chained(OperationalError("database or disk is full"))) == "full"
    assert trouble(chained(OperationalError("database is locked"))) == "busy"
    assert trouble(chained(OSError(122, "Disk quota exceeded"))) == "full"
    assert trouble(chained(ValueError("nothing to do with it"))) == ""
    assert trouble(None) == ""


# --- before Django -----------------------------------------------------------------------------------------


def test_the_server_itself_refuses_in_words(live_site: Site) -> None:
    with Visitor(live_site, "anonymous") as visitor:
        asked = {"Accept": "text/html,*/*", "Accept-Language": "mn, en;q=0.5"}
        gone = visitor.get("/static/old/nothing.css", **asked)
        assert (gone.status, gone.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert told("mn", "There is no such page") in gone.text
        assert "style-src 'self'" in gone.headers["content-security-policy"]
        assert visitor.get("/static/old/nothing.css").body == b"Not found\n"
    for headers, words in (("Accept: text/html\r\nAccept-Language: mn\r\n", told("mn", "That is too much at once")),
                           ("", "413 Content Too Large")):  # fmt: skip
        with socket.create_connection(("localhost", live_site.port), timeout=30) as line:
            sent = f"POST /nowhere/ HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: 99999999\r\n\r\n"
            line.sendall(sent.encode())
            came = b""
            while words.encode() not in came and (part := line.recv(65536)):
                came += part
        assert came.startswith(b"HTTP/1.1 413 ")
        assert words in came.decode()
        assert b"cache-control: no-store" in came.lower()
        assert b"x-content-type-options: nosniff" in came.lower()
    with socket.create_connection(("localhost", live_site.port), timeout=30) as line:
        line.sendall(
            b"get1 / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nAccept-Language: et\r\n\r\n"
        )
        came = line.recv(65536)
    assert came.startswith(b"HTTP/1.1 400 ")
    assert told("et", "This was not understood") in came.decode()
