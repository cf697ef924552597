"""One HTTP request on our server: a limit on its body, and answers no faster than they are read."""

import re
from typing import Any

import daphne.server  # noqa: F401  first: it chooses the reactor
from daphne.http_protocol import HTTPFactory, WebRequest
from twisted.internet import reactor as _reactor

from config.flow import Gate

later: Any = _reactor.callLater
PART = 64 * 1024  # of an answer, between looks whether the reader keeps up
LINGER = 2.0  # seconds a refused sender may go on talking, so that it gets to read why
METHOD = re.compile(rb"[A-Z]{1,20}")
NO_STORE = (b"cache-control", b"no-store")


class Request(WebRequest):  # type: ignore[misc]
    """daphne's request, with what it leaves out."""

    gate: Gate | None = None
    received = 0
    refused = False

    # --- the body that comes in ---------------------------------------------------------------------------

    def gotLength(self, length: int | None) -> None:
        super().gotLength(length)
        if length is not None and length > self.server.body_limit:
            self.refuse()

    def handleContentChunk(self, data: bytes) -> None:
        self.received += len(data)
        if not self.refused and self.received > self.server.body_limit:
            self.refuse()
        if not self.refused:
            super().handleContentChunk(data)

    def refuse(self) -> None:
        """413 at once; the rest of the body is thrown away unread for a moment, then the connection ends."""
        self.refused = True
        self.requestHeaders.removeHeader(b"Expect")  # no "100 Continue" after a no
        transport = self.channel.transport
        headers, body = self.said(413, b"Content Too Large", self.channel._path)
        length = (b"Content-Length", b"%d" % len(body))
        transport.write(b"HTTP/1.1 413 Content Too Large\r\n")
        for pair in (*headers, length, (b"Connection", b"close")):
            transport.write(b": ".join(pair) + b"\r\n")
        transport.write(b"\r\n" + body)
        later(LINGER, transport.loseConnection)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        if self.refused:
            self.channel.loseConnection()
        else:
            super().requestReceived(command, path, version)

    def process(self) -> Any:
        # Anybody could move the whole site under another path with it.
        self.requestHeaders.removeHeader(b"daphne-root-path")
        if not METHOD.fullmatch(self.method):
            self.basic_error(400, b"Bad Request", "Bad Request")
            return None
        return super().process()

    # --- the answer that goes out -------------------------------------------------------------------------

    def handle_reply(self, message: dict[str, Any]) -> None:
        super().handle_reply(message)
        if message["type"] == "http.response.start" and self.channel is not None:
            self.gate = Gate(self.channel.transport, self.server.stalls)
            self.channel.registerProducer(self.gate, True)

    async def write_body(self, message: dict[str, Any]) -> None:
        """Writes one `http.response.body` in parts, each when the reader has taken what was before it."""
        body, kind = message.get("body", b""), message["type"]
        start = 0
        while len(body) - start > PART and not self.finished and self.channel is not None:
            self.handle_reply({"type": kind, "body": body[start : start + PART], "more_body": True})
            start += PART
            if self.gate is not None:
                await self.gate.opened()
        more = message.get("more_body", False)
        self.handle_reply({"type": kind, "body": body[start:] if start else body, "more_body": more})

    def finish(self) -> None:
        if self.gate is not None and self.channel is not None:
            self.channel.unregisterProducer()
        super().finish()

    def connectionLost(self, reason: Any) -> None:
        if self.gate is not None:
            self.gate.stopProducing()
        super().connectionLost(reason)

    def application_left(self, error: BaseException | None) -> None:
        """The application is done or has failed: a client must see when an answer is not whole."""
        if self.finished or self.channel is None:
            return
        if self._response_started:
            self.channel.transport.abortConnection()
        else:
            self.basic_error(500, b"Internal Server Error", "Internal Server Error")

    def basic_error(self, status: int, status_text: bytes, body: str) -> None:
        """Our own words: daphne's page says which server this is and carries a style our policy forbids."""
        headers, text = self.said(status, status_text, self.path or b"")
        self.handle_reply({"type": "http.response.start", "status": status, "headers": headers})
        self.handle_reply({"type": "http.response.body", "body": text})

    def said(self, status: int, phrase: bytes, path: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
        """What whoever asked is told, by the site's own way of saying it."""
        names = (b"accept", b"accept-language")
        asked = {name: self.requestHeaders.getRawHeaders(name, [b""])[0] for name in names}
        plain = [(b"content-type", b"text/plain; charset=utf-8")], b"%d %s\n" % (status, phrase)
        headers, body = self.server.explain(status, path.decode("latin-1"), asked) or plain
        own = {name for name, _ in headers}
        return [*headers, NO_STORE, *(pair for pair in self.server.headers if pair[0] not in own)], body


class RequestFactory(HTTPFactory):  # type: ignore[misc]
    def buildProtocol(self, addr: Any) -> Any:
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = Request
        return protocol
