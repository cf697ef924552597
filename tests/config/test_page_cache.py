"""Public pages are kept whole, and nobody ever sees one that is old or another's."""

import asyncio
import sqlite3
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.page_cache import RUSH_ASKED, PageCache
from config.stamps import DataVersion
from tests.factories import make_question, make_webinar
from tests.site import Site
from webinars.addresses import address
from webinars.models import Visibility

PUBLIC = [(b"Cache-Control", b"public, max-age=0, must-revalidate"), (b"ETag", b'W/"one"')]


class Pages:
    """A cache before an application that counts how often it is asked, on a real database file."""

    def __init__(self, file: Path) -> None:
        self.writer = sqlite3.connect(file, isolation_level=None)
        self.writer.execute("PRAGMA journal_mode = WAL")
        self.writer.execute("CREATE TABLE words (word)")
        self.drawn = 0
        self.headers = PUBLIC
        self.slow: asyncio.Event | None = None
        self.cache = PageCache(self.application, lambda: DataVersion(str(file)))

    async def application(self, scope: Any, receive: Any, send: Any) -> None:
        self.drawn += 1
        number = self.drawn
        assert (await receive())["type"] == "http.request"
        if self.slow:
            await self.slow.wait()
        start = {"type": "http.response.start", "status": 200, "headers": [*self.headers]}
        await send(start)
        await send({"type": "http.response.body", "body": b"drawn %d" % number})

    def commit(self) -> None:
        self.writer.execute("INSERT INTO words VALUES ('new')")

    async def ask(self, path: str = "/en/", method: str = "GET", **headers: str) -> tuple[int, bytes]:
        told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http", "method": method, "path": path, "query_string": b"", "scheme": "http",
            "client": ["127.0.0.1", 1], "headers": [(b"host", b"localhost"), *told],
        }  # fmt: skip
        said: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            said.append(message)

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        await self.cache(scope, receive, send)
        return said[0]["status"], b"".join(m.get("body", b"") for m in said[1:])


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Pages]:
    made = Pages(tmp_path / "words.sqlite3")
    yield made
    made.writer.close()
    if made.cache.stamps:
        made.cache.stamps.close()


def test_a_page_is_drawn_once_until_somebody_commits(pages: Pages) -> None:
    async def story() -> None:
        assert await pages.ask() == (200, b"drawn 1")
        assert await pages.ask() == (200, b"drawn 1")
        pages.commit()
        assert await pages.ask() == (200, b"drawn 2")

    asyncio.run(story())


def test_who_has_the_page_is_told_so(pages: Pages) -> None:
    async def story() -> None:
        await pages.ask()
        assert await pages.ask(if_none_match='W/"other", "one"') == (304, b"")
        assert await pages.ask(method="HEAD") == (200, b"")
        assert await pages.ask() == (200, b"drawn 1")

    asyncio.run(story())


@pytest.mark.parametrize(
    "cookie",
    ["sessionid=abc", "__Host-sessionid=abc", "broken; sessionid=abc", "zone=x; sessionid=", "other=1"],
)
def test_somebody_who_might_be_known_neither_gets_a_kept_page_nor_leaves_one(
    pages: Pages, cookie: str
) -> None:
    async def story() -> None:
        assert await pages.ask(cookie=cookie) == (200, b"drawn 1")
        assert await pages.ask() == (200, b"drawn 2")
        assert await pages.ask(cookie=cookie) == (200, b"drawn 3")
        assert await pages.ask() == (200, b"drawn 2")

    asyncio.run(story())


def test_readers_of_other_languages_and_zones_get_their_own(pages: Pages) -> None:
    async def story() -> None:
        answers = [
            await pages.ask(),
            await pages.ask(cookie="reads=mn"),
            await pages.ask(cookie="reads=mn; zone=Asia/Hovd"),
            await pages.ask("/mn/"),
            await pages.ask(accept_encoding="gzip"),
        ]
        assert len(set(answers)) == len(answers)
        assert await pages.ask(cookie="csrftoken=x; reads=mn") == answers[1]

    asyncio.run(story())


@pytest.mark.parametrize(
    "headers",
    [
        [*PUBLIC, (b"set-cookie", b"csrftoken=secret")],
        [(b"cache-control", b"private, no-store")],
        [(b"cache-control", b"no-store")],
        [*PUBLIC, (b"vary", b"Cookie, Accept-Language")],
        [],
    ],
)
def test_an_answer_that_is_not_for_everybody_is_not_kept(pages: Pages, headers: Any) -> None:
    async def story() -> None:
        pages.headers = headers
        assert await pages.ask() == (200, b"drawn 1")
        assert await pages.ask() == (200, b"drawn 2")

    asyncio.run(story())


def test_what_changes_something_always_arrives(pages: Pages) -> None:
    async def story() -> None:
        await pages.ask()
        assert await pages.ask(method="POST") == (200, b"drawn 2")

    asyncio.run(story())


def test_who_come_at_once_share_one_drawing_unless_it_is_for_one_alone(pages: Pages) -> None:
    async def story() -> None:
        pages.slow = asyncio.Event()
        crowd = [asyncio.ensure_future(pages.ask()) for _ in range(20)]
        await asyncio.sleep(0)
        crowd[0].cancel()  # the one who came first leaves
        await asyncio.sleep(0)
        pages.slow.set()
        assert set(await asyncio.gather(*crowd[1:])) == {(200, b"drawn 1")}
        pages.commit()
        pages.headers = [*PUBLIC, (b"set-cookie", b"csrftoken=secret")]
        answers = await asyncio.gather(*(pages.ask() for _ in range(20)))
        assert len(set(answers)) == 20

    asyncio.run(story())


def test_in_a_rush_of_commits_many_askers_share_a_drawing_and_a_single_one_never_gets_an_old_page(
    pages: Pages,
) -> None:
    async def story() -> None:
        for number in range(1, 4):
            pages.commit()
            assert await pages.ask() == (200, b"drawn %d" % number)
        for _ in range(RUSH_ASKED + 3):
            await pages.ask()
        drawn = pages.drawn
        pages.commit()
        assert await pages.ask() == (200, b"drawn %d" % drawn)  # asked for that often, it serves its second
        await asyncio.sleep(1.1)
        assert await pages.ask() == (200, b"drawn %d" % (drawn + 1))

    asyncio.run(story())


def read(site: Site, path: str) -> str:
    with urllib.request.urlopen(f"{site.url}{path}", timeout=60) as answer:
        return str(answer.read().decode())


def drawn(site: Site) -> float:
    name = 'sild_pages_total{how="drawn"} '
    return next(
        (float(line[len(name) :]) for line in read(site, "/metrics").splitlines() if line.startswith(name)), 0
    )


def test_the_site_draws_its_public_pages_once(live_site: Site) -> None:
    webinar = make_webinar()
    pages = ["/en/", "/mn/webinars/", "/uk/knowledge/", f"/en{address(webinar).removeprefix('/en')}"]
    before = drawn(live_site)
    for _ in range(3):
        for page in pages:
            read(live_site, page)
    assert (
        len(pages) <= drawn(live_site) - before < 3 * len(pages)
    )  # the site's own work may commit in between


def test_a_page_that_is_kept_shows_every_change_at_once(live_site: Site) -> None:
    webinar = make_webinar(questions_open=True)
    question = make_question(webinar, "Who pays for the training?")
    path = f"/en{address(webinar).removeprefix('/en')}"
    assert "Who pays for the training?" in read(live_site, path)
    assert "Who pays for the training?" in read(live_site, path)
    question.visibility = Visibility.HIDDEN
    question.save()
    assert "Who pays for the training?" not in read(live_site, path)
