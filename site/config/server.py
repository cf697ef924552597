"""The product's server: daphne made safe for a room full of slow, broken and impatient connections.

Stock daphne buffers 200 MB for one reader that reads nothing, crashes on close codes 1008 to 1013, reads
bodies of any size and drops everybody with 1006 at SIGTERM. All bounds are arguments, so that tests need not wait.
"""

import asyncio
import errno
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import daphne.server  # first: it chooses the reactor
from twisted.internet import defer
from twisted.internet import reactor as _reactor
from twisted.internet.endpoints import serverFromString
from twisted.internet.error import CannotListenError
from twisted.logger import LogLevel, globalLogBeginner

from config import metrics
from config.flow import Stalls
from config.health import readiness
from config.push import BOUND, DirectPush, Push, frame
from config.requests import RequestFactory
from config.sockets import Socket, SocketFactory

__all__ = ["CannotListen", "Push", "Server", "frame", "run"]

log = logging.getLogger("sild.server")
reactor: Any = _reactor
Inbox = asyncio.Queue[dict[str, Any]]
# (status, path, headers asked with) → (headers, body) of a page, or None for a plain line: config.plain
Explain = Callable[[int, str, dict[bytes, bytes]], "tuple[list[tuple[bytes, bytes]], bytes] | None"]

BACKLOG = 2048  # Twisted's 50 makes a burst of joiners wait a second for their SYN to be sent again
# A room's commands are small; a speaker's browser sends pieces of video. First match wins.
FRAME_LIMITS = (("/ws/ingest/", 1024 * 1024), ("/", 16 * 1024))
BODY_LIMIT = 12 * 1024 * 1024
NOSNIFF = {"X-Content-Type-Options": "nosniff"}  # on answers that no application gave
BATCH = 50  # sockets closed between looks at everything else


class CannotListen(Exception):
    """The address is not to be had; the text says it in one sentence for whoever typed the command."""


class Server(daphne.server.Server):  # type: ignore[misc]
    """Serves one ASGI application on one address (or on Twisted endpoint descriptions, if given)."""

    def __init__(
        self,
        application: Any,
        *,
        host: str = "127.0.0.1",
        port: int = 8000,
        endpoints: Sequence[str] = (),
        frame_limits: Sequence[tuple[str, int]] = FRAME_LIMITS,
        body_limit: int = BODY_LIMIT,
        out_bound: int = BOUND,
        stall: float = 10.0,
        ping_interval: float = 20.0,
        ping_timeout: float = 30.0,
        drain: float = 5.0,
        headers: Mapping[str, str] = NOSNIFF,
        explain: Explain = lambda *_: None,
        on_ready: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(application, endpoints=list(endpoints) or [endpoint(host, port)], server_name="")
        self.host, self.port = host, port
        self.frame_limits, self.body_limit, self.out_bound = frame_limits, body_limit, out_bound
        self.stalls = Stalls(stall)
        self.ping_interval, self.ping_timeout = ping_interval, ping_timeout
        self.drain_seconds = drain
        self.headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        self.explain = explain
        self.on_ready = on_ready
        self.draining = False
        self.trouble: CannotListen | None = None
        self.connections: dict[Any, dict[str, Any]] = {}
        self.leaving: dict[Any, float] = {}  # connection gone, application not yet: until when
        self.ports: list[Any] = []

    def run(self) -> None:
        """Serves until SIGTERM or Ctrl-C, then drains and returns. Raises CannotListen at once or never."""
        self.http_factory = RequestFactory(self)
        self.ws_factory = SocketFactory(
            self, ping_interval=self.ping_interval, ping_timeout=self.ping_timeout
        )
        observers: list[Any] = [_note_failures]
        globalLogBeginner.beginLoggingTo(observers, redirectStandardIO=False, discardBuffer=True)
        asyncio.set_event_loop(reactor._asyncioEventloop)
        for description in self.endpoints:
            address: Any = serverFromString(reactor, description)  # type: ignore[no-untyped-call]
            listening = address.listen(self.http_factory)
            listening.addCallbacks(self.ports.append, self.listen_error)
        if self.trouble:
            raise self.trouble
        reactor.callLater(0, self.sweep)
        reactor.addSystemEventTrigger("before", "shutdown", self.begin_drain)
        if self.on_ready:
            reactor.callWhenRunning(self.on_ready)
        reactor.run()

    def listen_error(self, failure: Any) -> None:
        error = failure.value
        number = error.socketError.errno if isinstance(error, CannotListenError) else None
        said = {
            errno.EADDRINUSE: f"Port {self.port} is taken: stop what uses it, or choose another with --port.",
            errno.EACCES: f"Port {self.port} needs more rights: choose one above 1023 with --port.",
            errno.EADDRNOTAVAIL: f"{self.host} is no address of this machine: choose another with --host.",
        }
        otherwise = f"Cannot listen on {self.host}:{self.port}: {error}"
        self.trouble = CannotListen(said.get(number or 0, otherwise))

    def frame_limit(self, path: str) -> int:
        return next((limit for prefix, limit in self.frame_limits if path.startswith(prefix)), 16 * 1024)

    # --- connections and their applications ---------------------------------------------------------------

    def create_application(
        self, protocol: Any, scope: dict[str, Any]
    ) -> "asyncio.Queue[dict[str, Any]] | None":
        details = self.connections.get(protocol)
        if details is None:
            return None
        inbox: Inbox = asyncio.Queue()
        receive: Callable[[], Any] = inbox.get
        scope["asgi"] = {"version": "3.0"}
        if scope["type"] == "websocket":
            push = protocol.make_push()
            scope["scheme"] = "ws" if isinstance(push, DirectPush) else "wss"
            scope["extensions"] = {"sild.push": push, "websocket.http.response": {}}
            receive = partial(protocol.receive, inbox)
        coroutine = self.application(scope, receive, partial(self.handle_reply, protocol))
        task = asyncio.get_running_loop().create_task(coroutine)
        details["application_instance"] = task
        task.add_done_callback(partial(self.application_done, protocol))
        return inbox

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """The application's `send`: waits while the reader does not take what was sent before."""
        details = self.connections.get(protocol)
        if details is None or "disconnected" in details:
            return
        self.check_headers_type(message)
        if message["type"] == "http.response.body":
            await protocol.write_body(message)
        else:
            protocol.handle_reply(message)
        gate = protocol.gate
        if gate is not None and gate.paused:
            await gate.opened()

    def application_done(self, protocol: Any, task: "asyncio.Task[None]") -> None:
        details = self.connections.get(protocol, {})
        details.pop("application_instance", None)
        self.leaving.pop(protocol, None)
        gone = "disconnected" in details
        error = None if task.cancelled() else task.exception()
        # A reader that went away in the middle of an answer is no fault of ours.
        if error is not None and not (gone and isinstance(error, OSError)):
            log.error("Exception inside application: %s", error, exc_info=error)
        if gone:
            self.connections.pop(protocol, None)
        else:
            protocol.application_left(error)

    def protocol_disconnected(self, protocol: Any) -> None:
        details = self.connections.get(protocol)
        if details is None or "disconnected" in details:
            return
        if "application_instance" in details:
            details["disconnected"] = time.time()
            self.leaving[protocol] = time.monotonic() + self.application_close_timeout
        else:
            del self.connections[protocol]

    def sweep(self) -> None:
        """Drops readers that stalled, and applications that do not end although their connection did."""
        self.stalls.sweep()
        now = time.monotonic()
        for protocol, until in list(self.leaving.items()):
            if now > until:
                del self.leaving[protocol]
                log.warning("%r did not end with its connection and was stopped", protocol)
                self.connections[protocol]["application_instance"].cancel()
        reactor.callLater(min(1.0, self.stalls.seconds / 5), self.sweep)

    # --- ending ---------------------------------------------------------------------------------------------

    def begin_drain(self) -> "defer.Deferred[None]":
        self.draining = readiness.draining = True
        return defer.Deferred.fromFuture(asyncio.ensure_future(self.drain()))

    async def drain(self) -> None:
        """Nobody new; 1012 ("service restart") to every socket; a request in the middle may finish."""
        until = time.monotonic() + self.drain_seconds
        for port in self.ports:
            port.stopListening()
        for count, protocol in enumerate(list(self.connections), start=1):
            if isinstance(protocol, Socket):
                protocol.restart()
            if count % BATCH == 0:
                await asyncio.sleep(0)
        while self.connections and time.monotonic() < until:
            await asyncio.sleep(0.02)
        details = list(self.connections.values())
        left = [task for one in details if (task := one.get("application_instance")) and not task.done()]
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=1)


def run(host: str = "127.0.0.1", port: int = 8000, on_ready: Callable[[], None] | None = None) -> None:
    """Serves the site until told to stop; calls `on_ready` once it really listens.

    Raises CannotListen or config.processes.ServedAlready at once or never.
    """
    from config import garbage, plain
    from config.asgi import application
    from config.jobs import Worker
    from config.processes import counted, take_all_files
    from config.security import static_headers
    from config.site_settings import look_again

    # Letters and the search's entries: whoever serves also does what was put off, and hears what was settled.
    worker = Worker(each_round=[look_again])

    def ready() -> None:
        garbage.set_aside()
        worker.start()
        if on_ready:
            on_ready()

    server = Server(
        application, host=host, port=port, on_ready=ready, explain=plain.page, headers=static_headers()
    )
    metrics.of_server(lambda: len(server.connections), lambda: server.stalls.dropped)
    take_all_files()
    with counted():
        server.run()
    worker.stop()
    # A thread stuck in somebody's request must not keep the process from ending.
    last_resort = threading.Timer(5, os._exit, [0])
    last_resort.daemon = True
    last_resort.start()


def endpoint(host: str, port: int) -> str:
    kind, interface = ("tcp6", host.replace(":", r"\:")) if ":" in host else ("tcp", host)
    return f"{kind}:{port}:interface={interface}:backlog={BACKLOG}"


def _note_failures(event: Any) -> None:
    """Twisted and autobahn tell a great deal; only what nobody caught is worth a line."""
    if event.get("log_level") is LogLevel.critical:
        failure = event.get("log_failure")
        log.error("%s", failure.getBriefTraceback() if failure else event.get("log_format"))
