"""People of the demo can sign in on the machine quickstart runs on, and nowhere else."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.test import Client

from accounts.backends import from_this_machine
from accounts.models import User
from config.proxy import Addresses

pytestmark = pytest.mark.django_db
HERE = {"HTTP_HOST": "localhost:8000", "REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture
def demo(make_person: Callable[..., User]) -> User:
    return make_person("host@demo.example", is_demo=True)


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_on_this_machine_they_sign_in(
    client: Client, demo: User, sign_in: Any, settings: Any, peer: str
) -> None:
    settings.QUICKSTART = True
    sign_in(demo.email, **HERE | {"REMOTE_ADDR": peer})
    assert client.session["_auth_user_id"] == str(demo.pk)


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"REMOTE_ADDR": "192.0.2.1"},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.1"},
        {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_HOST": "testserver"},
    ],
)
def test_s57_from_elsewhere_their_password_is_simply_wrong(
    client: Client, demo: User, sign_in: Any, settings: Any, elsewhere: dict[str, str]
) -> None:
    settings.QUICKSTART = True
    answer = sign_in(demo.email, **HERE | elsewhere)
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_s57_outside_quickstart_they_do_not_sign_in_at_all(client: Client, demo: User, sign_in: Any) -> None:
    sign_in(demo.email, **HERE)
    assert "_auth_user_id" not in client.session


def test_others_sign_in_from_anywhere(client: Client, make_person: Callable[..., User], sign_in: Any) -> None:
    make_person("real@example.org")
    sign_in("real@example.org", REMOTE_ADDR="192.0.2.1")
    assert "_auth_user_id" in client.session


def request(headers: dict[str, str], trusted: str = "") -> ASGIRequest:
    """A request as it comes out of the server's own front."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "client": ["127.0.0.1", 5000],
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    return ASGIRequest(Addresses(None, trusted).as_seen(scope), BytesIO())  # type: ignore[arg-type]


def test_a_tunnel_on_this_machine_is_not_this_machine() -> None:
    """A tunnel connects from loopback and may even send the name localhost."""
    assert from_this_machine(request({"host": "localhost:8000"}))
    for header in ("x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-proto"):
        assert not from_this_machine(request({"host": "localhost:8000", header: "127.0.0.1"}))
    assert not from_this_machine(
        request({"host": "localhost:8000", "x-forwarded-for": "192.0.2.1"}, "127.0.0.1")
    )
