"""R10: everybody in a room comes back at once after a restart, and each has everything."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import websockets.asyncio.client
from django.conf import settings
from websockets.exceptions import ConnectionClosed

from tests.factories import make_person, make_question, make_webinar
from tests.site import PATIENCE, Site, session_of
from webinars.actions.deed import deed
from webinars.actions.questions import hide_question
from webinars.models import Participant, Role

MANY = 120


@pytest.fixture
def own_site(transactional_db: None, tmp_path: Path) -> Iterator[Site]:
    """A server that this test may stop."""
    site = Site(tmp_path)
    site.start()
    yield site
    site.stop()


async def follow(
    site: Site, person: Participant, session: str, since: str, heard: list[dict[str, Any]]
) -> int:
    """One page: hears until the server goes away; the code it was told."""
    address = f"ws://localhost:{site.port}/ws/webinars/{person.webinar_id}/" + (
        f"?since={since}" if since else ""
    )
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}
    async with websockets.asyncio.client.connect(
        address, origin=site.url, additional_headers=cookie, compression=None, open_timeout=PATIENCE * 3,  # type: ignore[arg-type]
    ) as line:  # fmt: skip
        try:
            while True:
                heard.append(json.loads(await line.recv()))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006


async def crowd(site: Site, people: list[tuple[Participant, str]], since: list[str]) -> list[Any]:
    """All of them connect in one moment; once each has what it came for the server is told to stop."""
    heard: list[list[dict[str, Any]]] = [[] for _ in people]
    lines = [
        asyncio.create_task(follow(site, person, session, at, mine))
        for (person, session), at, mine in zip(people, since, heard, strict=True)
    ]
    end = asyncio.get_running_loop().time() + PATIENCE * 4
    while not all(any("cursor" in one or "mine" in one for one in mine) for mine in heard):
        assert asyncio.get_running_loop().time() < end, [len(mine) for mine in heard]
        await asyncio.sleep(0.05)
    code = await asyncio.to_thread(site.terminate)
    assert code == 0
    return [heard, await asyncio.gather(*lines)]


def cursor_of(heard: list[dict[str, Any]]) -> str:
    return str(next(one["cursor"] for one in reversed(heard) if "cursor" in one))


def test_r10_a_crowd_that_comes_back_at_once_has_what_it_missed(own_site: Site) -> None:
    webinar = make_webinar()
    question = make_question(webinar, "Seen before the restart?")
    people = [make_person(webinar) for _ in range(MANY)]
    seats = [(person, session_of(person)) for person in people]
    heard, codes = asyncio.run(crowd(own_site, seats, [""] * MANY))
    assert set(codes) == {1012}
    cursors = [cursor_of(mine) for mine in heard]
    moderator = make_person(webinar, "Moderator", Role.MODERATOR)
    with deed(webinar.pk, by=moderator) as done:
        hide_question(done, question, reason="other", note="")
    missed = make_question(webinar, "Asked while nobody was there?")
    own_site.ensure()
    heard, codes = asyncio.run(crowd(own_site, seats, cursors))
    assert set(codes) == {1012}
    for mine in heard:
        assert "Asked while nobody was there?" in repr(mine)
        assert any(missed.pk in one.get("order", []) for one in mine)
        assert not any(question.pk in one.get("order", []) for one in mine)
