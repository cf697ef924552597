"""Log lines: one event one line, known by its request, and nothing in them that lets anybody in (S55)."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from config.logs import Line, logging_settings
from tests.site import Site


@pytest.fixture(params=["line", "json"])
def log(request: pytest.FixtureRequest) -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger whose lines go to a text, in each of the forms."""
    words = io.StringIO()
    settings = logging_settings("INFO", request.param)
    made = logging.config.DictConfigurator(settings)
    formatter = made.configure_formatter(settings["formatters"][request.param])
    handler = logging.StreamHandler(words)
    handler.setFormatter(formatter)
    logger = logging.Logger("sild.test")
    logger.addHandler(handler)
    yield logger, words
    structlog.contextvars.clear_contextvars()


def test_s55_words_of_a_visitor_never_begin_a_line_of_their_own(
    log: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, words = log
    logger.warning("asked for %s", "/en/\n2026-01-01 00:00:00,000 ERROR root: forged\r\x1b[2J\x85also")
    said = words.getvalue()
    assert all(line.startswith(("    | ", "{")) for line in said.splitlines()[1:])
    assert "\x1b" not in said
    assert "\r" not in said


def test_s55_a_failure_whose_message_was_written_by_a_visitor_forges_nothing(
    log: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, words = log
    try:
        raise ValueError("x\n2026-01-01 ERROR root: forged")
    except ValueError:
        logger.exception("failed")
    assert not any(line.startswith("2026-01-01 ERROR") for line in words.getvalue().splitlines())
    assert "test_logs.py" in words.getvalue()  # where it happened is there


@pytest.mark.parametrize(
    "words",
    [
        "password=hunter2hunter2",
        "{'password1': 'hunter2hunter2', 'email': 'a@example.org'}",
        "Cookie: sessionid=hunter2hunter2",
        "__Host-sessionid=hunter2hunter2; zone=x",
        "csrfmiddlewaretoken=hunter2hunter2&x=1",
        "Authorization: Bearer hunter2hunter2",
        "GET /en/p/hunter2hunter2/",
        "smtp password: hunter2hunter2",
    ],
)
def test_s55_what_lets_somebody_in_is_left_out(log: tuple[logging.Logger, io.StringIO], words: str) -> None:
    logger, said = log
    logger.warning("seen: %s", words)
    assert "hunter2" not in said.getvalue()
    assert "seen" in said.getvalue()


def test_ordinary_words_are_left_as_they_are(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, words = log
    logger.warning("Сургагч нар цалин авсан уу? /en/webinars/3-practice/ tokens of thanks")
    assert "Сургагч нар цалин авсан уу? /en/webinars/3-practice/ tokens of thanks" in words.getvalue()


def test_a_line_knows_its_request(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, words = log
    with structlog.contextvars.bound_contextvars(request_id="3f2a"):
        logger.warning("something")
    assert "3f2a" in words.getvalue()


def test_for_machines_each_line_is_an_object() -> None:
    settings = logging_settings("INFO", "json")
    formatter = logging.config.DictConfigurator(settings).configure_formatter(settings["formatters"]["json"])
    record = logging.LogRecord("sild.test", logging.ERROR, __file__, 1, "words %d", (7,), None)
    record.ms = 12.5
    said: dict[str, Any] = json.loads(formatter.format(record))
    assert said.pop("time").endswith("Z")
    assert said == {"message": "words 7", "level": "error", "logger": "sild.test", "ms": 12.5}


def test_a_request_is_one_line_with_the_number_its_answer_carries(
    tmp_path: Any, transactional_db: None
) -> None:
    import http.client

    site = Site(tmp_path, LOG_LEVEL="INFO", LOG_FORMAT="json")
    site.start()
    try:
        line = http.client.HTTPConnection("localhost", site.port, timeout=60)
        line.request("GET", "/en/nothing-here/?password=hunter2hunter2", headers={"Cookie": "sessionid=gone"})
        answer = line.getresponse()
        assert (answer.status, answer.read() != b"") == (404, True)
        number = answer.getheader("X-Request-ID")
    finally:
        site.stop()
    lines = [json.loads(said) for said in site.logged().splitlines() if said.startswith("{")]
    mine = [said for said in lines if said.get("request_id") == number and said["logger"] == "sild.request"]
    assert [said["message"] for said in mine] == ["GET /en/nothing-here/: 404"]
    assert "hunter2" not in site.logged()


def test_the_form_for_people_reads_like_a_sentence() -> None:
    record = logging.LogRecord("sild.server", logging.ERROR, __file__, 1, "Port %d is taken.", (8000,), None)
    assert Line().format(record).endswith(" ERROR sild.server: Port 8000 is taken.")
