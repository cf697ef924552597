"""Who is on which row of the console: told among the desk, across sockets and processes, kept nowhere."""

import asyncio
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_person, make_question, make_webinar
from tests.site import Line, Site, session_of
from webinars.actions.deed import deed
from webinars.actions.people import change_person
from webinars.live import holds
from webinars.live.holds import Hold, Holds
from webinars.live.protocol import Malformed, held
from webinars.models import Act, Webinar

pytestmark = pytest.mark.django_db(transaction=True)


def on(line: Line) -> list[tuple[int, str, bool]]:
    """The next telling of who is where."""
    told = line.until("holds")["holds"]
    return [(hold["question"], hold["name"], hold["writes"]) for hold in told]


def until_on(line: Line, wanted: list[tuple[int, str, bool]]) -> None:
    while on(line) != wanted:
        pass


def test_one_moderator_sees_where_another_is_and_when_they_go_on(live_site: Site) -> None:
    webinar = make_webinar()
    one, two = (make_question(webinar, visibility="submitted").pk for _ in range(2))
    tamar, mari = make_person(webinar, "Tamar", "moderator"), make_person(webinar, "Mari", "host")
    with live_site.socket(tamar) as hers, live_site.socket(mari) as desk:
        assert on(desk) == []
        seq = Webinar.objects.get(pk=webinar.pk).seq
        hers.ws.send(f"hold {one}")
        assert on(desk) == [(one, "Tamar", False)]
        hers.ws.send(f"hold {one} write")
        assert on(desk) == [(one, "Tamar", True)]
        hers.ws.send(f"hold {two}")
        assert on(desk) == [(two, "Tamar", False)]  # on one row at a time
        hers.ws.send(f"hold {two}")  # it is renewed, and that is no news
        hers.ws.send("hold 0")
        assert on(desk) == []
        assert Webinar.objects.get(pk=webinar.pk).seq == seq  # nothing of it is stored
        assert not Act.objects.exists()
        # It warns and never prevents.
        hers.ws.send(f"hold {one} write")
        assert on(desk) == [(one, "Tamar", True)]
        assert "ok" in desk.ask_for("publish", question=one)


def test_whoever_sits_down_later_is_told_and_whoever_leaves_holds_nothing(live_site: Site) -> None:
    webinar = make_webinar()
    question = make_question(webinar, visibility="submitted").pk
    tamar, mari = make_person(webinar, "Tamar", "moderator"), make_person(webinar, "Mari", "moderator")
    with live_site.socket(tamar) as hers:
        hers.ws.send(f"hold {question}")
        until_on(hers, [(question, "Tamar", False)])
        with live_site.socket(mari) as desk:
            assert on(desk) == [(question, "Tamar", False)]
            hers.ws.close()
            assert on(desk) == []


def test_nobody_but_the_desk_hears_of_it_or_may_say_it(live_site: Site) -> None:
    webinar = make_webinar(speakers_see_pending=True)
    question = make_question(webinar, visibility="submitted").pk
    tamar = make_person(webinar, "Tamar", "moderator")
    people = [make_person(webinar, "X", role) for role in ("attendee", "speaker", "language_desk")]
    opened = [live_site.socket(person) for person in people]
    lines = [one.__enter__() for one in opened]
    try:
        with live_site.socket(tamar) as hers:
            until_on(hers, [])
            for line in lines:
                line.until("mine")
                line.ws.send(f"hold {question}")
            hers.ws.send(f"hold {question}")
            assert on(hers) == [(question, "Tamar", False)]
            for line in lines:
                line.quiet()
                assert not any("holds" in message for message in line.heard)
    finally:
        for one in opened:
            one.__exit__(None, None, None)


def test_a_row_of_another_room_and_nonsense_hold_nothing(live_site: Site) -> None:
    webinar = make_webinar()
    elsewhere = make_question(make_webinar(), visibility="submitted").pk
    with live_site.socket(make_person(webinar, "Tamar", "moderator")) as hers:
        assert on(hers) == []
        hers.ws.send(f"hold {elsewhere}")
        hers.ws.send("hold x")
        assert hers.until("error") == {"error": "malformed"}
        assert not any(message.get("holds") for message in [*hers.heard, *hers.quiet()])


def test_whoever_loses_the_desk_holds_nothing_and_hears_nothing_more(live_site: Site) -> None:
    webinar = make_webinar()
    question = make_question(webinar, visibility="submitted").pk
    host = make_person(webinar, "Host", "host")
    tamar, mari = make_person(webinar, "Tamar", "moderator"), make_person(webinar, "Mari", "moderator")
    with live_site.socket(tamar) as hers, live_site.socket(mari) as desk:
        until_on(desk, [])
        hers.ws.send(f"hold {question}")
        assert on(desk) == [(question, "Tamar", False)]
        until_on(hers, [(question, "Tamar", False)])
        with deed(webinar.pk, by=host) as done:
            change_person(done, tamar.pk, roles=["attendee"])
        assert on(desk) == []
        hers.until("snapshot")
        before = len(hers.heard)
        desk.ws.send(f"hold {question}")
        assert on(desk) == [(question, "Mari", False)]
        hers.quiet()
        assert not any("holds" in message for message in hers.heard[before:])


def test_where_sockets_are_blocked_the_look_for_changes_says_it_and_tells_it(live_site: Site) -> None:
    """One page without a socket beside one with: the twin and the hub are of one process."""
    import http.client
    import json

    webinar = make_webinar()
    question = make_question(webinar, visibility="submitted").pk
    tamar, mari = make_person(webinar, "Tamar", "moderator"), make_person(webinar, "Mari", "moderator")

    def look(query: str) -> tuple[int, Any]:
        line = http.client.HTTPConnection("localhost", live_site.port, timeout=30)
        cookie = {"Cookie": f"sessionid={session_of(tamar)}"}
        line.request("GET", f"/en/webinars/{webinar.pk}-x/changes/?{query}", headers=cookie)
        answer = line.getresponse()
        body = answer.read()
        line.close()
        return answer.status, json.loads(body) if body else None

    with live_site.socket(mari) as desk:
        until_on(desk, [])
        status, first = look(f"since=&hold={question}")
        assert status == 200
        assert on(desk) == [(question, "Tamar", False)]
        assert look(f"since={first['cursor']}&hold={question}")[0] == 304  # one's own is no news
        desk.ws.send(f"hold {question} write")
        while (question, "Mari", True) not in on(desk):
            pass
        status, told = look(f"since={first['cursor']}&hold=0")
        assert status == 200
        assert [hold["name"] for hold in told["holds"]] == ["Mari"]


def test_a_page_of_somebody_else_is_told_of_no_holds() -> None:
    webinar = make_webinar()
    browser = Client()
    browser.cookies["sessionid"] = session_of(make_person(webinar))
    answer = browser.get(f"/en/webinars/{webinar.pk}-x/changes/", {"hold": "1"})
    assert "holds" not in answer.json()


@pytest.mark.parametrize("text", ["hold ", "hold -1", "hold x", "hold 1 read", "hold 1 write now"])
def test_what_is_no_hold_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        held(text)


async def test_a_lease_that_nobody_renews_runs_out_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holds, "LEASE", 0.3)
    here = Holds({})
    here.put(1, Hold(5, 12, name="Tamar"))
    here.put(1, Hold(6, 13, name="Mari"))
    assert [hold["by"] for hold in here.told(1)] == [5, 6]
    for _ in range(4):  # one goes on, the other has closed the laptop
        await asyncio.sleep(0.1)
        here.put(1, Hold(6, 13, name="Mari"))
    assert [hold["by"] for hold in here.told(1)] == [6]
    while here.told(1):
        await asyncio.sleep(0.05)
    assert here.here == {}
    here.stop()


async def test_what_another_process_says_again_is_heard_once() -> None:
    said: list[tuple[int, Hold]] = []
    here = Holds({})
    here.relay = lambda webinar, hold: said.append((webinar, hold))
    here.tell_all(1, Hold(5, 12, name="Tamar"))
    here.put(1, said[0][1])  # one's own word comes back by the channel layer
    assert said == [(1, Hold(5, 12, name="Tamar"))]
    assert len(here.told(1)) == 1
    here.stop()
