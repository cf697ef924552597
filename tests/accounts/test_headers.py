"""What every answer carries: policy, caching, no trace of us, and no deed without a token."""

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings as site
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from accounts.models import User
from config.security import permissions_policy, static_headers

pytestmark = pytest.mark.django_db
PASSWORD = "kolm karu ja mesi"
OPEN = [
    "/en/accounts/login/",
    "/et/accounts/signup/",
    "/uk/accounts/password/reset/",
    "/mn/accounts/password/reset/done/",
    "/en/accounts/password/reset/key/1-abc-def/",
    "/en/accounts/password/reset/key/done/",
    "/en/accounts/inactive/",
    "/mn/accounts/reading/",
    "/mail/",
    "/en/there-is-no-such-page/",
]
OWN = [
    "/en/accounts/profile/",
    "/mn/accounts/logout/",
    "/en/accounts/email/",
    "/en/accounts/sessions/",
    "/uk/accounts/password/change/",
    "/et/accounts/reauthenticate/",
    "/en/accounts/login/",
]


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret: hunter2")


urlpatterns = [path("en/broken/", broken), *import_module(site.ROOT_URLCONF).urlpatterns]
handler500 = "config.errors.server_error"


@pytest.fixture(autouse=True)
def with_a_broken_page(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def member(client: Client, make_person: Callable[..., User], sign_in: Callable[..., Any]) -> Client:
    make_person()
    sign_in("saule@example.org")
    return client


def get(client: Client, page: str) -> Any:
    client.raise_request_exception = False
    answer = client.get(page)
    if answer.status_code == 302 and "/confirm" not in page:
        assert answer["Location"].startswith("/")
    return answer


def check(answer: Any) -> None:
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Permissions-Policy"] == permissions_policy()
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "Server" not in answer.headers
    html = answer.content.decode()
    assert not re.search(r"<[^>]+\s(?:style|on[a-z]+)\s*=", html)
    assert "<style" not in html
    for script in re.findall(r"<script[^>]*>", html):
        assert "src=" in script
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", html)


@pytest.mark.parametrize("page", [*OPEN, "/en/broken/"])
def test_s2_open_pages_carry_the_policy_and_nothing_inline(client: Client, page: str) -> None:
    check(get(client, page))


@pytest.mark.parametrize("page", OWN)
def test_s2_s9_pages_of_members_do_too_and_are_never_stored(member: Client, page: str) -> None:
    answer = get(member, page)
    check(answer)
    assert "no-store" in answer.headers["Cache-Control"]


def test_s2_a_refused_form_carries_the_policy(client: Client) -> None:
    answer = Client(enforce_csrf_checks=True).post("/en/accounts/login/", {"login": "a@example.org"})
    assert answer.status_code == 403
    check(answer)


def test_s8_a_failure_tells_a_number_and_nothing_else(client: Client) -> None:
    client.raise_request_exception = False
    answer = client.get("/en/broken/")
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.content.decode()
    assert b"hunter2" not in answer.content
    assert b"Traceback" not in answer.content
    assert "no-store" in answer.headers["Cache-Control"]


def test_s9_a_public_page_sets_no_cookie_and_may_be_kept(client: Client) -> None:
    answer = client.get("/en/accounts/inactive/")
    assert answer.status_code == 200
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Cookie" in answer.headers["Vary"]


def test_s9_a_page_with_a_session_cookie_is_never_stored(client: Client) -> None:
    client.cookies["sessionid"] = "whatever"
    assert "no-store" in client.get("/en/accounts/inactive/").headers["Cache-Control"]


POSTS = [
    ("/en/accounts/login/", False),
    ("/en/accounts/signup/", False),
    ("/en/accounts/password/reset/", False),
    ("/en/accounts/reading/", False),
    ("/en/accounts/logout/", True),
    ("/en/accounts/profile/", True),
    ("/en/accounts/email/", True),
    ("/en/accounts/sessions/", True),
    ("/en/accounts/password/change/", True),
    ("/en/accounts/reauthenticate/", True),
]


@pytest.mark.parametrize(("page", "signed_in"), POSTS)
def test_s10_no_deed_without_a_token(page: str, signed_in: bool, make_person: Callable[..., User]) -> None:
    client = Client(enforce_csrf_checks=True)
    person = make_person()
    if signed_in:
        client.force_login(person)
    before = list(User.objects.values())
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(page, {"name": "Somebody else"}).status_code == 403
    assert list(User.objects.values()) == before


def test_s10_looking_changes_nothing(member: Client) -> None:
    before = list(User.objects.values())
    for page in OWN:
        get(member, page)
        member.head(page)
    assert list(User.objects.values()) == before
    assert "_auth_user_id" in member.session


def test_s5_static_answers_carry_what_pages_carry(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    headers = static_headers()
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    settings.SECURE_HSTS_SECONDS = 0
    assert "Strict-Transport-Security" not in static_headers()


def test_an_embedded_room_may_use_the_camera_and_nobody_else() -> None:
    assert 'camera=(self "https://meet.example.org")' in permissions_policy("https://meet.example.org")
    assert "camera=(self)," in permissions_policy()
    assert "geolocation=()" in permissions_policy()
