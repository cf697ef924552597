"""What machines may ask: does it live, can it work, and, from this machine alone, what are the figures."""

import asyncio
import http.client
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from config import health
from config.front import Front
from tests.factories import make_person, make_question, make_webinar
from tests.site import Site


def ask(site: Site, path: str, **headers: str) -> tuple[int, str, str]:
    """Status, type and words of an answer."""
    with closing(http.client.HTTPConnection("localhost", site.port, timeout=60)) as line:
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        return answer.status, answer.getheader("Content-Type", ""), answer.read().decode()


def figure(words: str, name: str) -> float:
    return next(float(line.split()[-1]) for line in words.splitlines() if line.startswith(name))


def test_a_site_that_works_is_ready(live_site: Site) -> None:
    status, kind, words = ask(live_site, "/readyz")
    assert (status, kind) == (200, "application/json")
    assert json.loads(words) == {"ready": True, "wrong": {}}
    assert ask(live_site, "/healthz")[::2] == (200, "ok\n")


def test_from_elsewhere_it_says_only_whether(live_site: Site) -> None:
    status, kind, words = ask(live_site, "/readyz", **{"X-Forwarded-For": "203.0.113.9"})
    assert (status, kind, words) == (200, "text/plain; charset=utf-8", "ready\n")


def test_figures_are_for_this_machine_alone(live_site: Site) -> None:
    assert ask(live_site, "/metrics")[0] == 200
    assert ask(live_site, "/metrics", **{"X-Forwarded-For": "203.0.113.9"})[0] == 404
    assert ask(live_site, "/metrics", Forwarded="for=127.0.0.1")[0] == 404


def test_figures_tell_what_happened(live_site: Site) -> None:
    webinar = make_webinar()
    question = make_question(webinar)
    with live_site.socket(make_person(webinar)) as line:
        before = ask(live_site, "/metrics")[2]
        line.ask_for("vote", question=question.pk, on=True)
        after = ask(live_site, "/metrics")[2]
    name = 'sild_commands_total{do="vote",outcome="ok"}'
    assert figure(after, name) == (figure(before, name) if name in before else 0) + 1
    assert figure(after, "sild_sockets ") >= 1
    assert figure(after, "sild_jobs_failed ") == 0
    assert figure(after, "sild_disk_free_bytes ") > 0
    assert "sild_http_seconds_bucket" in after
    assert "process_resident_memory_bytes" in after


def test_no_room_or_person_is_named_in_the_figures(live_site: Site) -> None:
    webinar = make_webinar()
    with live_site.socket(make_person(webinar, "Very Private Name")):
        assert "Very Private Name" not in ask(live_site, "/metrics")[2]


def test_little_disk_is_not_ready_and_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with override_settings(DATA_DIR=tmp_path):
        assert health.disk() == ""
        monkeypatch.setattr(health, "LITTLE_DISK", 1 << 60)
        assert "MB are free" in health.disk()


NOWHERE = "redis://127.0.0.1:1/0"


@override_settings(
    REDIS_URL=NOWHERE,
    CACHES={"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": NOWHERE}},
)
def test_redis_that_is_away_is_not_ready() -> None:
    assert health.redis().startswith("Redis does not answer")


def test_a_server_that_stops_is_not_ready() -> None:
    stopping = health.Readiness()
    stopping.draining = True
    assert list(asyncio.run(stopping.answer())) == ["server"]


def test_a_check_that_hangs_is_an_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setattr(health, "PATIENCE", 0.05)
    hanging = health.Readiness()
    monkeypatch.setattr(hanging, "_look", lambda: time.sleep(0.5))
    assert list(asyncio.run(hanging.answer())) == ["database"]


def test_not_ready_is_503_and_keeps_the_reason_from_strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.readiness, "draining", True)

    async def answered(client: str) -> tuple[int, bytes]:
        said: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            said.append(message)

        front = Front(None, tree="x", files=None, headers={}, pictures=Path("/nowhere"))  # type: ignore[arg-type]
        scope = {"type": "http", "method": "GET", "path": "/readyz", "headers": [], "client": [client, 1]}
        await front(scope, None, send)
        return said[0]["status"], said[1]["body"]

    assert asyncio.run(answered("203.0.113.9")) == (503, b"not ready\n")
    status, body = asyncio.run(answered("127.0.0.1"))
    assert (status, json.loads(body)["wrong"]) == (503, {"server": "This server is stopping"})
