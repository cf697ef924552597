"""The wall's own socket: what everybody sees, whoever opened it; no commands, no counting, closed with the right."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
import websockets.exceptions
import websockets.sync.client
from django.conf import settings
from django.contrib.sessions.models import Session

from tests.factories import make_person, make_question, make_user, make_webinar
from tests.site import PATIENCE, Line, Site, session_of
from webinars.actions import conduct, events, floor, questions, room
from webinars.actions.deed import deed
from webinars.models import Attendance, Webinar


@contextmanager
def wall(site: Site, webinar: Webinar, session: str = "", since: str = "") -> Iterator[Line]:
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"} if session else {}
    with websockets.sync.client.connect(
        f"ws://localhost:{site.port}/ws/webinars/{webinar.pk}/projector/"
        + (f"?since={since}" if since else ""),
        origin=site.url,  # type: ignore[arg-type]
        additional_headers=headers,
        compression=None,
        open_timeout=PATIENCE,
    ) as ws:
        yield Line(ws)


def refused(site: Site, webinar: int, session: str = "") -> int:
    with pytest.raises(websockets.exceptions.InvalidStatus) as door:
        websockets.sync.client.connect(
            f"ws://localhost:{site.port}/ws/webinars/{webinar}/projector/",
            origin=site.url,  # type: ignore[arg-type]
            additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"},
        )
    return door.value.response.status_code


def closed_with(line: Line) -> int:
    with pytest.raises(websockets.exceptions.ConnectionClosed) as closed:
        line.hear_all()
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


def told(line: Line) -> str:
    return json.dumps(line.heard, ensure_ascii=False)


@pytest.mark.parametrize("role", ["", "attendee", "speaker", "language_desk", "moderator", "host"])
def test_nothing_that_waits_or_was_put_aside_reaches_a_wall_whoever_opened_it(
    live_site: Site, role: str
) -> None:
    webinar = make_webinar(speakers_see_pending=True, entry="anyone" if not role else "invited")
    opener = make_person(webinar, "Opener", role or "attendee")
    desk = make_person(webinar, "Desk", "moderator")
    make_question(webinar, "A secret from before?", visibility="submitted", participant=opener)
    with wall(live_site, webinar, session_of(opener) if role else "") as line:
        assert line.until("hello")["hello"] | {"now": 0, "release": "", "here": 0} == {
            "participant": 0, "audience": "everyone", "now": 0, "release": "", "here": 0,
        }  # fmt: skip
        assert "review" not in line.until("snapshot")
        with deed(webinar.pk, by=opener) as done:
            asked = questions.ask_question(done, client_id=uuid4(), text="A secret now?", language="en")
        if asked.visibility == "submitted":
            with deed(webinar.pk, by=desk) as done:
                questions.return_question(
                    done, done.question(asked.pk), reason="unclear", note="A secret note"
                )
        with deed(webinar.pk, by=desk) as done:
            room.send_notice(done, text="A secret for staff", language="en", to="staff")
            room.send_notice(done, text="A secret for speakers", language="en", to="speakers")
            room.send_notice(done, text="Welcome", language="en")
        while "Welcome" not in told(line):
            line.hear()
        line.quiet(1)
        secrets = ["A secret from before?", "A secret note", "A secret for staff", "A secret for speakers"]
        secrets += ["A secret now?"] if asked.visibility == "submitted" else []
        assert [secret for secret in secrets if secret in told(line)] == []
        assert "mine" not in {key for message in line.heard for key in message}


@pytest.mark.parametrize("name_shown", ["moderators", "nobody"])
def test_a_hidden_name_is_not_in_what_a_moderators_wall_hears(live_site: Site, name_shown: str) -> None:
    webinar = make_webinar()
    host = make_person(webinar, "Host", "host")
    asker = make_person(webinar, "Olena Moroz", place="Narva", organisation="Customs")
    question = make_question(webinar, "Who paid?", participant=asker, name_shown=name_shown)
    with wall(live_site, webinar, session_of(host)) as line:
        line.until("snapshot")
        with deed(webinar.pk, by=host) as done:
            floor.open_turn(done, done.question(question.pk))
        [row] = line.until("questions")["questions"]
    assert row["text"] == "Who paid?"
    assert not any(secret in told(line) for secret in ("Olena", "Narva", "Customs"))


def test_a_wall_is_a_screen_and_no_person(live_site: Site) -> None:
    webinar = make_webinar()
    host = make_person(webinar, "Host", "host")
    with wall(live_site, webinar) as line, wall(live_site, webinar, session_of(host)) as other:
        assert line.until("snapshot")["here"] == other.until("snapshot")["here"] == 0
        with live_site.socket(make_person(webinar)):
            assert line.until("here")["here"] == 1
        assert line.until("here")["here"] == 0
    live_site.stop()  # who was here goes to disk at the latest then
    assert not Attendance.objects.filter(participant=host).exists()


def test_a_wall_goes_on_where_it_stood(live_site: Site) -> None:
    webinar = make_webinar()
    host, question = make_person(webinar, "Host", "host"), make_question(webinar)
    with wall(live_site, webinar) as line:
        cursor = line.until("snapshot")["cursor"]
        line.ws.send("beat")
        assert line.until("beat")["beat"] == cursor
        with deed(webinar.pk, by=host) as done:
            floor.open_turn(done, done.question(question.pk))
        frame = line.until("webinar")
    with wall(live_site, webinar, since=cursor) as again:
        again.until("hello")
        assert again.hear() == frame


@pytest.mark.parametrize("message", [{"do": "publish"}, {"do": "ask", "text": "x"}, ["x"], "beat "])
def test_a_wall_that_wants_to_do_something_is_shut(live_site: Site, message: Any) -> None:
    webinar = make_webinar()
    question = make_question(webinar, visibility="submitted")
    with wall(live_site, webinar, session_of(make_person(webinar, "", "host"))) as line:
        line.until("snapshot")
        line.ws.send(message if isinstance(message, str) else json.dumps(message))
        assert closed_with(line) == 4400
    question.refresh_from_db()
    assert question.visibility == "submitted"


def test_the_wall_of_a_closed_hall_opens_from_within_alone(live_site: Site) -> None:
    webinar = make_webinar(entry="invited")
    guest, stranger = make_person(webinar), make_person(make_webinar())
    assert refused(live_site, webinar.pk) == 403
    assert refused(live_site, webinar.pk, session_of(stranger)) == 403
    assert refused(live_site, webinar.pk, "no-such-session-0123456789abcdef") == 403
    assert refused(live_site, 999_999, session_of(guest)) == 403
    with wall(live_site, webinar, session_of(guest)) as line:
        line.until("snapshot")


@pytest.mark.parametrize("state", ["draft", "ended", "published"])
def test_what_is_not_open_to_all_at_the_time_is_no_open_hall(live_site: Site, state: str) -> None:
    assert refused(live_site, make_webinar(state=state).pk) == 403


def test_whoever_is_sent_out_takes_their_wall_with_them(live_site: Site) -> None:
    webinar = make_webinar(entry="invited")
    host, guest = make_person(webinar, "Host", "host"), make_person(webinar)
    with (
        wall(live_site, webinar, session_of(guest)) as line,
        wall(live_site, webinar, session_of(host)) as stays,
    ):
        line.until("snapshot")
        stays.until("snapshot")
        with deed(webinar.pk, by=host) as done:
            conduct.remove(done, guest)
        assert closed_with(line) == 4403
        stays.ws.send("beat")
        stays.until("beat")


def test_a_session_that_ends_takes_its_wall_with_it_only_from_a_closed_hall(live_site: Site) -> None:
    closed, open_hall = make_webinar(entry="invited"), make_webinar()
    user = make_user()
    sessions = [session_of(make_person(one, user=user)) for one in (closed, open_hall)]
    with wall(live_site, closed, sessions[0]) as line, wall(live_site, open_hall, sessions[1]) as stays:
        line.until("snapshot")
        stays.until("snapshot")
        Session.objects.all().delete()
        assert closed_with(line) == 4401
        stays.ws.send("beat")
        stays.until("beat")


def test_an_open_hall_that_is_closed_or_over_shows_nothing_more_to_strangers(live_site: Site) -> None:
    for change in ("entry", "state"):
        webinar = make_webinar()
        host = make_person(webinar, "Host", "host")
        with wall(live_site, webinar) as line:
            line.until("snapshot")
            with deed(webinar.pk, by=host) as done:
                if change == "entry":
                    events.edit_webinar(done, entry="invited")
                else:
                    room.change_state(done, "ended")
            assert closed_with(line) == 4401
