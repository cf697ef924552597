"""The hub's rooms: who is seated where, what a slow reader gets, and when a room is put away."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection as django_connection

from tests.factories import make_person, make_question, make_webinar
from tests.site import session_of
from webinars import policies
from webinars.actions import conduct, people, questions, room
from webinars.actions.deed import deed
from webinars.live import admission, connection
from webinars.live.audience import SLEEP_AFTER, Seat
from webinars.live.hub import Hub
from webinars.live.live_room import LiveRoom
from webinars.live.protocol import CLOSE_NO_RIGHT
from webinars.models import Attendance, Participant, Webinar

pytestmark = pytest.mark.django_db(transaction=True)


class Reader:
    """A socket's other end, that keeps what it was sent."""

    def __init__(self) -> None:
        self.lagging = False
        self.queued = 0
        self.code = 0
        self.heard: list[dict[str, Any]] = []

    def push(self, frame: bytes) -> bool:
        if self.lagging:
            return False
        start = 2 if frame[1] < 126 else 4 if frame[1] == 126 else 10
        self.heard.append(json.loads(frame[start:]))
        return True

    def close(self, code: int) -> None:
        self.code = code


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    hub = Hub()
    hub.start()
    yield hub
    await asyncio.sleep(0.2)  # the last tick
    threads = hub.pool._max_workers
    together = Barrier(threads, timeout=30)
    for _ in range(threads):
        hub.pool.submit(_end_connection, together)
    hub.pool.shutdown()
    hub.stop()


def _end_connection(together: Barrier) -> None:
    """In each of a hub's threads: a thread that ends keeps the place it has in PostgreSQL's pool."""
    together.wait()
    django_connection.close()


def seat_of(live: LiveRoom, person: Participant) -> tuple[Seat, Reader]:
    reader = Reader()
    audience = policies.audience_of(person, speakers_see_pending=live.speakers_see_pending)
    seat = Seat(
        reader, participant=person.pk, session=session_of(person), audience=str(audience), people_here=1
    )
    live.sit(seat)
    return seat, reader


async def caught_up(live: LiveRoom) -> None:
    """Until the room stands where the database does."""
    async with asyncio.timeout(30):
        while live.room.seq < Webinar.objects.get(pk=live.webinar).seq or live.ticking:
            await asyncio.sleep(0.02)


async def test_a_room_nobody_looks_at_is_put_away_and_comes_back_whole(hub: Hub) -> None:
    webinar = make_webinar()
    make_question(webinar)
    live = await hub.room(webinar.pk)
    assert live is not None
    seat, _ = seat_of(live, make_person(webinar))
    hub.unload(after=0)
    assert hub.rooms == {webinar.pk: live}
    live.leave(seat)
    hub.unload(after=SLEEP_AFTER)
    assert hub.rooms == {webinar.pk: live}
    await hub.write_attendance(timedelta(0))
    hub.unload(after=0)
    assert hub.rooms == {}
    make_question(webinar)
    again = await hub.room(webinar.pk)
    assert again is not None
    assert len(again.room.rows) == 2
    _, reader = seat_of(again, make_person(webinar))
    with deed(webinar.pk, by=make_person(webinar, "H", "host")) as done:
        room.send_notice(done, text="Hello", language="en")
    await caught_up(again)
    assert any("notices" in frame for frame in reader.heard)


async def test_all_who_come_at_once_to_a_room_that_is_not_there_are_told_so_at_once(hub: Hub) -> None:
    async with asyncio.timeout(5):
        assert await asyncio.gather(*(hub.room(10**6) for _ in range(3))) == [None] * 3
    assert hub.rooms == {}


async def test_the_first_visitor_who_goes_away_does_not_spoil_it_for_the_second(hub: Hub) -> None:
    webinar = make_webinar()
    first = asyncio.ensure_future(hub.room(webinar.pk))
    second = asyncio.ensure_future(hub.room(webinar.pk))
    await asyncio.sleep(0)
    first.cancel()
    assert (live := await second) is not None
    assert live.webinar == webinar.pk


async def test_whoever_leaves_while_rights_are_read_is_not_seated_again(hub: Hub) -> None:
    webinar = make_webinar()
    live = await hub.room(webinar.pk)
    assert live is not None
    seat, _ = seat_of(live, make_person(webinar, "M", "moderator"))
    Participant.objects.filter(pk=seat.participant).update(roles=["attendee"])
    sweeping = asyncio.ensure_future(live.rights.sweep())
    await asyncio.sleep(0)
    live.leave(seat)
    await sweeping
    assert list(live.seats) == []


async def test_a_speaker_who_may_not_read_along_any_more_gets_nothing_pending(hub: Hub) -> None:
    webinar = make_webinar(speakers_see_pending=True)
    make_question(webinar, "A pending secret?", visibility="submitted")
    host = make_person(webinar, "H", "host")
    live = await hub.room(webinar.pk)
    assert live is not None
    seat, reader = seat_of(live, make_person(webinar, "S", "speaker"))
    assert seat.audience == "staff"
    with deed(webinar.pk, by=host) as done:
        room.change_settings(done, speakers_see_pending=False)
    await caught_up(live)
    assert seat.audience == "speakers"
    assert reader.heard
    assert "secret" not in json.dumps(reader.heard)


async def test_a_reader_who_fell_behind_gets_the_window_and_what_became_of_their_questions(hub: Hub) -> None:
    webinar = make_webinar()
    asker, host = make_person(webinar), make_person(webinar, "H", "host")
    question = make_question(webinar, participant=asker, visibility="submitted")
    live = await hub.room(webinar.pk)
    assert live is not None
    _, reader = seat_of(live, asker)
    reader.lagging, reader.queued = True, 1
    with deed(webinar.pk, by=host) as done:
        questions.return_question(done, done.question(question.pk), reason="unclear")
    await caught_up(live)
    assert reader.heard == []
    reader.queued = 0
    live.heal()
    assert reader.heard[0]["snapshot"] is True
    [own] = reader.heard[1]["mine"]["questions"]
    assert own["visibility"] == "returned"


async def test_a_moderator_who_comes_later_hears_how_many_sit_beside_the_screens(hub: Hub) -> None:
    webinar = make_webinar()
    live = await hub.room(webinar.pk)
    assert live is not None
    seat, _ = seat_of(live, make_person(webinar))
    seat.people_here = 30
    live.count()
    for role, beside in (("moderator", 30), ("attendee", None)):
        late, reader = seat_of(live, make_person(webinar, "Late", role))
        live.catch_up(late, "")
        [told] = [frame for frame in reader.heard if "here" in frame]
        assert told["here"] == 1
        assert told.get("beside") == beside


async def test_attendance_is_written_while_people_are_still_here_and_grows(hub: Hub) -> None:
    webinar = make_webinar()
    staying, leaving = make_person(webinar), make_person(webinar)
    live = await hub.room(webinar.pk)
    assert live is not None
    seat_of(live, staying)
    seat, _ = seat_of(live, leaving)
    await hub.write_attendance(timedelta(minutes=1))
    first = {row.participant_id: row for row in Attendance.objects.all()}
    live.leave(seat)
    await asyncio.sleep(0.02)
    await hub.write_attendance(timedelta(minutes=1))
    seat_of(live, leaving)  # back within the minute: the same visit
    await hub.write_attendance(timedelta(minutes=1))
    now = {row.participant_id: row for row in Attendance.objects.all()}
    assert Attendance.objects.count() == 2
    for person in (staying.pk, leaving.pk):
        assert now[person].arrived_at == first[person].arrived_at
        assert now[person].left_at > first[person].left_at


async def test_attendance_that_could_not_be_written_is_written_later(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    webinar = make_webinar()
    live = await hub.room(webinar.pk)
    assert live is not None
    seat, _ = seat_of(live, make_person(webinar))
    live.leave(seat)
    monkeypatch.setattr(Attendance.objects, "bulk_create", None)  # as a full disk would
    with pytest.raises(TypeError):
        await hub.write_attendance(timedelta(0))
    monkeypatch.undo()
    await hub.write_attendance(timedelta(0))
    assert Attendance.objects.count() == 1
    await hub.write_attendance(timedelta(0))
    assert Attendance.objects.count() == 1
    assert live.arrived == live.left == {}


async def test_s14_what_is_written_in_the_moment_a_role_is_lost_does_not_reach_who_lost_it(hub: Hub) -> None:
    webinar = make_webinar()
    host, moderator = make_person(webinar, "H", "host"), make_person(webinar, "M", "moderator")
    asker = make_person(webinar)
    live = await hub.room(webinar.pk)
    assert live is not None
    seat, reader = seat_of(live, moderator)
    stays, witness = seat_of(live, host)
    reader.heard.clear()  # what the desk hears when somebody sits down
    with deed(webinar.pk, by=host) as done:
        people.change_person(done, moderator.pk, roles=["attendee"])
    with deed(webinar.pk, by=asker) as done:
        questions.ask_question(done, client_id=uuid4(), text="A pending secret?", language="en")
    await caught_up(live)
    assert (seat.audience, stays.audience) == ("everyone", "desk")
    assert reader.heard[0]["snapshot"] is True
    assert "secret" not in json.dumps(reader.heard)
    assert "secret" in json.dumps(witness.heard)


async def test_s14_whoever_is_removed_hears_nothing_of_what_came_with_it(hub: Hub) -> None:
    webinar = make_webinar(publishes_at_once="everybody")
    host, guest, other = make_person(webinar, "H", "host"), make_person(webinar), make_person(webinar)
    live = await hub.room(webinar.pk)
    assert live is not None
    seat, reader = seat_of(live, guest)
    _, witness = seat_of(live, other)
    with deed(webinar.pk, by=host) as done:
        conduct.remove(done, guest)
    with deed(webinar.pk, by=other) as done:
        questions.ask_question(done, client_id=uuid4(), text="After you left?", language="en")
    await caught_up(live)
    assert (reader.code, reader.heard) == (CLOSE_NO_RIGHT, [])
    assert seat not in live.seats
    assert "After you left?" in json.dumps(witness.heard)


async def test_s14_a_sweep_that_read_a_right_before_it_was_lost_does_not_give_it_back(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    webinar = make_webinar()
    host, moderator = make_person(webinar, "H", "host"), make_person(webinar, "M", "moderator")
    live = await hub.room(webinar.pk)
    assert live is not None
    seat, _ = seat_of(live, moderator)
    read, was_read, go_on = hub.read, asyncio.Event(), asyncio.Event()

    async def slowly(function: Any, *args: Any) -> Any:
        answer = await read(function, *args)
        if function is admission.standing:
            was_read.set()
            await go_on.wait()
        return answer

    monkeypatch.setattr(hub, "read", slowly)
    sweeping = asyncio.ensure_future(live.rights.sweep())
    await was_read.wait()
    with deed(webinar.pk, by=host) as done:
        people.change_person(done, moderator.pk, roles=["attendee"])
    await caught_up(live)
    assert seat.audience == "everyone"
    go_on.set()
    await sweeping
    assert seat.audience == "everyone"


@pytest.mark.parametrize("is_first", [True, False])
async def test_s14_a_right_lost_while_the_door_opens_is_lost(
    hub: Hub, is_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at who comes and the first frame anything may happen; the first visitor waits longest."""
    webinar = make_webinar()
    make_question(webinar, "A pending secret?", visibility="submitted")
    host, moderator = make_person(webinar, "H", "host"), make_person(webinar, "M", "moderator")
    monkeypatch.setattr(connection, "service", SimpleNamespace(hub=hub, start=lambda: None))
    if not is_first:
        assert await hub.room(webinar.pk)
    door, reader = hub.room, Reader()

    async def opens(pk: int) -> LiveRoom | None:
        with deed(webinar.pk, by=host) as done:
            people.change_person(done, moderator.pk, roles=["attendee"])
        live = await door(pk)
        assert live is not None
        await caught_up(live)
        return live

    monkeypatch.setattr(hub, "room", opens)
    said = iter([{"type": "websocket.connect"}, {"type": "websocket.disconnect"}])

    async def receive() -> Any:
        return next(said)

    async def send(message: Any) -> None:
        assert message["type"] == "websocket.accept"

    scope = {
        "url_route": {"kwargs": {"webinar": webinar.pk}},
        "cookies": {settings.SESSION_COOKIE_NAME: session_of(moderator)},
        "extensions": {"sild.push": reader},
    }
    await connection.room_socket(scope, receive, send)
    assert reader.heard[0]["hello"]["audience"] == "everyone"
    assert "secret" not in json.dumps(reader.heard)
