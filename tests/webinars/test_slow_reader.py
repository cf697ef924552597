"""R9 in the room: somebody who does not read for a while loses frames, slows nobody, and ends up with the truth."""

import base64
import json
import os
import socket
from contextlib import ExitStack
from typing import Any

from django.conf import settings

from tests.bench.load import split
from tests.factories import make_person, make_question, make_webinar
from tests.site import PATIENCE, Site, session_of
from tests.webinars.reducer import reduce
from webinars.live import changes, reading
from webinars.models import Participant, Webinar

LONG = "Хөдөөгийн ахмад настнуудад яаж хүрсэн бэ? " * 11


class DeafSocket:
    """A socket whose owner decides when to read; the kernel keeps next to nothing for it."""

    def __init__(self, site: Site, person: Participant) -> None:
        self.sock = socket.socket()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(("127.0.0.1", site.port))
        key = base64.b64encode(os.urandom(16)).decode()
        self.sock.sendall(
            f"GET /ws/webinars/{person.webinar_id}/ HTTP/1.1\r\nHost: localhost:{site.port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Version: 13\r\nOrigin: {site.url}\r\n"
            f"Cookie: {settings.SESSION_COOKIE_NAME}={session_of(person)}\r\n\r\n".encode()
        )
        self.rest = b""
        while b"\r\n\r\n" not in self.rest:
            self.rest += self.sock.recv(4096)
        self.rest = self.rest.partition(b"\r\n\r\n")[2]

    def messages(self) -> list[dict[str, Any]]:
        data = self.sock.recv(1 << 20)
        assert data, "the server let go of a reader that only paused"
        frames, self.rest = split(self.rest + data)
        return [json.loads(payload) for code, payload in frames if code == 1]


def test_r9_a_reader_that_paused_is_brought_to_the_present_by_one_snapshot(live_site: Site) -> None:
    webinar = make_webinar()
    moderator = make_person(webinar, "M", "moderator")
    questions = [make_question(webinar, LONG, language="mn") for _ in range(150)]
    deaf = DeafSocket(live_site, moderator)
    with ExitStack() as open_lines:
        lines = [open_lines.enter_context(live_site.socket(moderator)) for _ in range(3)]
        for do in ("next", "unnext") * 2:  # whole rows each time, in less than it takes to be let go
            said = [
                (line, line.say(do, question=question.pk)) for line, question in zip(lines * 50, questions)
            ]
            for line, ref in said:
                line.until(ref=ref)
            truth = now(webinar)
            attentive = lines[0]
            while all(heard.get("cursor") != truth["cursor"] for heard in attentive.heard):  # nobody waits
                attentive.hear()
        state: dict[str, Any] = {}
        snapshots = 0
        while state.get("cursor") != truth["cursor"]:
            for message in deaf.messages():
                if "cursor" in message:
                    snapshots += bool(message.get("snapshot"))
                    state = reduce(state, message)
    deaf.sock.close()
    assert state == truth
    assert snapshots >= 2  # one at the door, one after the gap


def now(webinar: Webinar) -> dict[str, Any]:
    """What the desk should see."""
    here = reading.load(webinar.pk)
    assert here is not None
    return reduce({}, changes.Window("desk").snapshot(here))
