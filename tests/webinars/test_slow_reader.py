"""R9 in the room: somebody who does not read for a while loses frames, slows nobody, and ends up with the truth."""

import base64
import json
import os
import socket
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

from django.conf import settings

from tests.bench.load import split
from tests.factories import make_person, make_webinar
from tests.site import PATIENCE, Site, session_of
from tests.webinars.reducer import reduce
from webinars.live import changes, reading
from webinars.models import Participant, Question

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
    deaf = DeafSocket(live_site, moderator)
    with ExitStack() as open_lines:
        attentive = open_lines.enter_context(live_site.socket(moderator))
        askers = [open_lines.enter_context(live_site.socket(make_person(webinar))) for _ in range(8)]
        for _ in range(2):  # a megabyte for those who see what waits
            for asker in askers * 40:
                asker.say("ask", client_id=str(uuid4()), text=LONG, language="mn")
            for asker in askers * 40:
                asker.until("ok")
        here = reading.load(webinar.pk)
        assert here is not None
        truth = reduce({}, changes.Window("desk").snapshot(here))
        attentive.until(cursor=truth["cursor"])  # nobody waited for the deaf one
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
    assert Question.objects.count() == 640
