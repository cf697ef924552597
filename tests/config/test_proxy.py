"""Forwarding headers count from the trusted proxy only, and reach nobody else."""

import asyncio
from typing import Any

import pytest

from config.proxy import Addresses


def as_seen(trusted: str, client: str, kind: str = "http", **headers: str) -> dict[str, Any]:
    """The scope an application gets inside the wrapper."""
    seen: list[dict[str, Any]] = []

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        seen.append(scope)

    pairs = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "client": [client, 1234], "scheme": "http", "headers": [(b"host", b"x"), *pairs]}
    asyncio.run(Addresses(application, trusted)(scope, None, None))
    return seen[0]


FORWARDED = {
    "X_Forwarded_For": "203.0.113.9",
    "X_Forwarded_Proto": "https",
    "X_Forwarded_Host": "evil.example",
    "Forwarded": "for=203.0.113.9",
    "X_Real_IP": "203.0.113.9",
}


@pytest.mark.parametrize("trusted", ["", "10.0.0.1"])
def test_s7_from_anybody_else_they_are_ignored_and_thrown_away(trusted: str) -> None:
    seen = as_seen(trusted, "198.51.100.7", **FORWARDED)
    assert seen["client"] == ["198.51.100.7", 1234]
    assert seen["scheme"] == "http"
    assert seen["headers"] == [(b"host", b"x")]


def test_from_the_trusted_proxy_they_are_believed_and_thrown_away() -> None:
    seen = as_seen("10.0.0.1", "10.0.0.1", **FORWARDED)
    assert seen["client"] == ["203.0.113.9", 0]
    assert seen["scheme"] == "https"
    assert seen["headers"] == [(b"host", b"x")]


def test_s7_what_the_visitor_claimed_before_the_proxy_added_the_truth_does_not_count() -> None:
    seen = as_seen("10.0.0.1", "10.0.0.1", X_Forwarded_For="1.1.1.1, 2.2.2.2,203.0.113.9")
    assert seen["client"][0] == "203.0.113.9"


@pytest.mark.parametrize("scheme", [("https", "wss"), ("http", "ws")])
def test_a_socket_has_a_sockets_scheme(scheme: tuple[str, str]) -> None:
    assert as_seen("10.0.0.1", "10.0.0.1", "websocket", X_Forwarded_Proto=scheme[0])["scheme"] == scheme[1]


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("<script>", "10.0.0.1"),
        ("", "10.0.0.1"),
    ],
)
def test_an_address_is_understood_in_any_spelling_and_nonsense_is_not(said: str, understood: str) -> None:
    assert as_seen("10.0.0.1", "10.0.0.1", X_Forwarded_For=said)["client"][0] == understood


def test_the_proxy_may_come_by_either_kind_of_address_and_there_may_be_two() -> None:
    for address in ("::ffff:10.0.0.1", "::1"):
        assert as_seen("10.0.0.1, ::1", address, X_Forwarded_For="203.0.113.9")["client"][0] == "203.0.113.9"


def test_without_such_headers_nothing_is_copied() -> None:
    scope = {"type": "http", "client": None, "headers": [(b"host", b"x")]}
    assert Addresses(None, "10.0.0.1").as_seen(scope) is scope  # type: ignore[arg-type]


def test_a_connection_without_an_address_is_nobody_special() -> None:
    scope = {"type": "http", "client": None, "headers": [(b"x-forwarded-for", b"1.2.3.4")]}
    assert Addresses(None, "10.0.0.1").as_seen(scope)["client"] is None  # type: ignore[arg-type]
