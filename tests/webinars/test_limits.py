"""How often is too often: commands of one person, sockets of one address, guesses at a code (S19, S20, S25)."""

import itertools
import re
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
import websockets.exceptions
import websockets.sync.client
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpResponse
from django.test import RequestFactory

from config.doors import Doors, household
from tests.demo_site import Visitor
from tests.factories import make_person, make_question, make_webinar
from tests.site import Line, Site, session_of
from webinars.actions.events import _free_code
from webinars.live.budgets import BUDGETS
from webinars.models import Participant, Question
from webinars.views.joining import WRONG_CODES, WRONG_SPAN, by_code

BURST = 6  # handshakes of one address
_addresses = itertools.count(1)


@pytest.fixture(scope="module")
def strict_server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that counts as on the day, behind a proxy that says who comes; its doors open a crack."""
    site = Site(
        tmp_path_factory.mktemp("strict"),
        BUDGET_FACTOR="1",
        SOCKET_BURST=str(BURST),
        SOCKET_RATE="1",
        TRUSTED_PROXY="127.0.0.1",
    )
    site.start()
    yield site
    site.stop()


@pytest.fixture
def strict_site(transactional_db: None, strict_server: Site) -> Site:
    return strict_server


@pytest.fixture
def address() -> str:
    """An address nobody has come from yet."""
    return f"203.0.113.{next(_addresses)}"


def enter(site: Site, person: Participant, session: str = "") -> AbstractContextManager[Line]:
    """A socket from an address of its own."""
    return site.socket(person, session=session, **{"X-Forwarded-For": f"198.51.100.{next(_addresses)}"})


def say_ask(line: Line) -> dict[str, Any]:
    return line.ask_for("ask", client_id=str(uuid4()), text="Once more?", language="en")


def browser_of(site: Site, person: Participant, session: str = "") -> Visitor:
    return Visitor(site, person.name, {settings.SESSION_COOKIE_NAME: session or session_of(person)})


def post_ask(browser: Visitor, person: Participant) -> tuple[int, dict[str, str]]:
    fields = {"do": "ask", "client_id": str(uuid4()), "text": "Once more?", "language": "en"}
    answer = browser.post(f"/en/webinars/{person.webinar_id}-x/do/", fields, Accept="application/json")
    return answer.status, answer.headers


def test_s19_who_asks_too_often_is_told_when_to_try_again(strict_site: Site) -> None:
    webinar = make_webinar()
    person, burst = make_person(webinar), BUDGETS["ask"].burst
    with enter(strict_site, person) as line:
        for _ in range(burst):
            assert "ok" in say_ask(line)
        refused = say_ask(line)
    seconds = 60 / BUDGETS["ask"].per_minute
    assert refused["error"] == "too_fast"
    assert 1 <= refused["retry_after"] <= seconds
    assert Question.objects.count() == burst


def test_s19_coming_back_or_posting_the_form_gives_no_more(strict_site: Site) -> None:
    webinar = make_webinar()
    person = make_person(webinar)
    session = session_of(person)
    for _ in range(BUDGETS["ask"].burst):
        with enter(strict_site, person, session=session) as line:
            assert "ok" in say_ask(line)
    with enter(strict_site, person) as line:  # another device of the same person
        assert say_ask(line)["error"] == "too_fast"
    with browser_of(strict_site, person, session) as browser:
        status, headers = post_ask(browser, person)
        assert status == 429
        assert int(headers["retry-after"]) >= 1
    assert Question.objects.count() == BUDGETS["ask"].burst


def test_s19_a_neighbour_and_another_room_and_another_verb_have_budgets_of_their_own(
    strict_site: Site,
) -> None:
    webinar, elsewhere = make_webinar(), make_webinar()
    person, neighbour, there = make_person(webinar), make_person(webinar), make_person(elsewhere)
    question = make_question(webinar)
    with (
        enter(strict_site, person) as line,
        enter(strict_site, neighbour) as other,
        enter(strict_site, there) as away,
    ):
        while "ok" in say_ask(line):
            pass
        assert "ok" in line.ask_for("vote", question=question.pk, on=True)
        assert "ok" in say_ask(other)
        assert "ok" in say_ask(away)


def test_s19_votes_are_limited_and_the_last_word_can_be_said_later(strict_site: Site) -> None:
    webinar = make_webinar()
    person, question = make_person(webinar), make_question(webinar)
    with enter(strict_site, person) as line:
        replies = [line.ask_for("vote", question=question.pk, on=n % 2 == 0) for n in range(80)]
    refused = [reply for reply in replies if "error" in reply]
    assert {reply["error"] for reply in refused} == {"too_fast"}
    assert all(reply["retry_after"] >= 1 for reply in refused)
    assert len(replies) - len(refused) >= BUDGETS["vote"].burst


def knock(site: Site, address: str, session: str, webinar: int) -> tuple[int, str]:
    """One handshake as the proxy passes it on: the status and, when refused, its Retry-After."""
    try:
        with websockets.sync.client.connect(
            f"ws://localhost:{site.port}/ws/webinars/{webinar}/",
            origin=site.url,  # type: ignore[arg-type]
            additional_headers={
                "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}",
                "X-Forwarded-For": address,
            },
        ):
            return 101, ""
    except websockets.exceptions.InvalidStatus as refused:
        answer = refused.response
        return answer.status_code, answer.headers.get("Retry-After", "")


def test_s20_one_address_opens_so_many_sockets_and_then_waits(strict_site: Site, address: str) -> None:
    person = make_person(make_webinar())
    knocks = [knock(strict_site, address, session_of(person), person.webinar_id) for _ in range(BURST + 5)]
    statuses = [status for status, _ in knocks]
    assert statuses[:BURST] == [101] * BURST
    assert 429 in statuses[BURST:]
    assert {wait for status, wait in knocks if status == 429} == {"1"}
    assert knock(strict_site, "198.51.100.77", session_of(person), person.webinar_id)[0] == 101


def test_s20_those_who_are_refused_anyway_count_alike(strict_site: Site, address: str) -> None:
    webinar = make_webinar()
    statuses = [knock(strict_site, address, "nobody", webinar.pk)[0] for _ in range(BURST + 5)]
    assert statuses[:BURST] == [403] * BURST
    assert 429 in statuses[BURST:]


def test_s20_a_refused_handshake_ends_cleanly(strict_site: Site, address: str) -> None:
    """The whole answer, by hand: a browser gets no page with it, and the line is closed."""
    webinar = make_webinar()
    while knock(strict_site, address, "nobody", webinar.pk)[0] != 429:
        pass
    with socket.create_connection(("localhost", strict_site.port), timeout=30) as line:
        line.sendall(
            f"GET /ws/webinars/{webinar.pk}/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Origin: {strict_site.url}\r\nX-Forwarded-For: {address}\r\n\r\n".encode()
        )
        answer = b""
        while part := line.recv(4096):
            answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 429 Too Many Requests\r\n")
    assert b"Retry-After: 1" in head.replace(b"retry-after", b"Retry-After")
    assert body == b""
    assert "Traceback" not in strict_site.logged()


def test_s20_a_bucket_fills_again_and_is_forgotten_when_it_is_full() -> None:
    now = [100.0]
    doors = Doors(None, burst=3, per_second=0.5, clock=lambda: now[0])  # type: ignore[arg-type]
    assert [doors.knock("a") for _ in range(4)] == [0, 0, 0, 2]
    assert doors.knock("b") == 0
    now[0] += 2
    assert [doors.knock("a") for _ in range(2)] == [0, 2]
    now[0] += 1000
    assert [doors.knock("a") for _ in range(4)] == [0, 0, 0, 2]
    assert set(doors.left) == {"a"}


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("nonsense", "nonsense"),
    ],
)
def test_s20_whoever_has_a_whole_network_is_one_visitor(address: str, counted: str) -> None:
    assert household(address) == counted


# --- S25: codes ---------------------------------------------------------------------------------------------


RIGHT = "123456789"


@pytest.fixture
def fresh_counters() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def guess(code: str, address: str = "203.0.113.5") -> HttpResponse:
    """One guess, by the very page, without the site around it: ten thousand shall not take minutes."""
    request = RequestFactory().get("/en/join/", {"code": code}, REMOTE_ADDR=address)
    request.reads, request.zone = ("en",), ""  # type: ignore[attr-defined]
    request.user = AnonymousUser()
    return by_code(request)


@pytest.mark.django_db
def test_s25_ten_thousand_guesses_fail_though_the_code_is_among_them(fresh_counters: None) -> None:
    make_webinar(join_code=RIGHT)
    codes = [f"{n:09}" for n in range(123_450_000, 123_460_000)]
    assert RIGHT in codes[WRONG_CODES:]
    statuses = Counter(guess(code).status_code for code in codes)
    assert statuses == {404: WRONG_CODES, 429: 10_000 - WRONG_CODES}


@pytest.mark.django_db
def test_s25_who_guessed_too_often_is_told_how_long_to_wait_and_nobody_else_is(fresh_counters: None) -> None:
    make_webinar(join_code=RIGHT)
    for n in range(WRONG_CODES):
        guess(f"{n:09}")
    refused = guess(RIGHT)
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= WRONG_SPAN
    assert b"Wait" in refused.content
    assert guess(RIGHT, "198.51.100.9").status_code == 302


@pytest.mark.django_db
def test_s25_a_network_of_addresses_is_one_guesser(fresh_counters: None) -> None:
    make_webinar(join_code=RIGHT)
    for n in range(WRONG_CODES):
        guess(f"{n:09}", f"2001:db8:1:2::{n:x}")
    assert guess(RIGHT, "2001:db8:1:2:ffff::1").status_code == 429
    assert guess(RIGHT, "2001:db8:1:3::1").status_code == 302


@pytest.mark.django_db
def test_s25_slips_and_right_codes_are_not_counted(fresh_counters: None) -> None:
    """A ministry that types from a wall: one address, many fingers."""
    make_webinar(join_code=RIGHT)
    for slip in itertools.islice(
        itertools.cycle(["12345678", "1234567890", "abc", "123 456 78"]), WRONG_CODES * 2
    ):
        assert guess(slip).status_code == 404
    for _ in range(WRONG_CODES * 2):
        assert guess(RIGHT).status_code == 302


def test_s25_the_way_round_by_the_short_address_is_limited_alike(strict_site: Site, address: str) -> None:
    make_webinar(join_code=RIGHT)
    with Visitor(strict_site, "guesser") as guesser:
        told = {"X-Forwarded-For": address}
        for n in range(WRONG_CODES):
            there = guesser.get(f"/j/{n:09}", **told).headers["location"]
            assert guesser.get(there, **told).status == 404
        late = guesser.get(guesser.get(f"/j/{RIGHT}", **told).headers["location"], **told)
    assert late.status == 429
    assert int(late.headers["retry-after"]) >= 1


@pytest.mark.django_db
def test_s25_codes_are_nine_digits_that_nobody_can_foresee() -> None:
    codes = [_free_code() for _ in range(300)]
    assert all(re.fullmatch(r"[0-9]{9}", code) for code in codes)
    assert len(set(codes)) == len(codes)
    assert len({code[:2] for code in codes}) > 50
