"""One WebSocket on our server: bounded both ways, pinged by a timer, closed with sane codes."""

import asyncio
import logging
import socket
import struct
from http import HTTPStatus
from typing import Any

import daphne.server  # first: it chooses the reactor
from daphne.ws_protocol import ConnectionDeny, WebSocketFactory, WebSocketProtocol
from twisted.internet import reactor as _reactor
from twisted.internet import tcp

from config.flow import Gate
from config.push import BOUND, DirectPush, Push

log = logging.getLogger("sild.server")

later: Any = _reactor.callLater
INBOX_FULL, INBOX_LOW = 64, 16  # messages an application has not taken: stop reading, read again
MAX_FRAGMENTS = 256  # empty ones cost the sender nothing and us memory
# The kernel would grow it to megabytes: stale frames for a slow reader, memory for one that never reads.
KERNEL_BUFFER = 128 * 1024
RESTART, FAILED = 1012, 1011
RESTARTING = ConnectionDeny(code=503, reason="Service Unavailable")
SHORT_TEXT, MASKED = 0x81, 0x80  # first byte: a final frame, text, no extension; second byte: masked
# What an endpoint may say (RFC 6455 §7.4.2 and IANA's list); others exist only on paper.
SAYABLE = {1000, 1001, 1002, 1003, *range(1007, 1015)}


class Socket(WebSocketProtocol):  # type: ignore[misc]
    """autobahn's protocol by way of daphne's, with what they leave out."""

    gate: Gate | None = None
    handle: Push | None = None
    asked = False  # the handshake has been passed to the application
    held = False  # reading is paused because the application does not keep up
    limit = 0  # bytes of a message, as announced in its frames' headers
    fragments = 0
    refusal: tuple[int, list[tuple[bytes, bytes]]] | None = None  # what else than 403 a handshake is answered
    data: bytes  # what has come in and is not taken yet

    # --- opening -----------------------------------------------------------------------------------------

    def onConnect(self, request: Any) -> Any:
        if not all(value.isascii() for value in request.headers.values()):
            raise ConnectionDeny(code=400, reason="Bad Request")  # daphne would log a traceback
        self.asked = True
        if self.factory.server_class.draining:
            raise RESTARTING
        # Not autobahn's own maxMessagePayloadSize: that one bounds what we send, too.
        self.limit = self.factory.server_class.frame_limit(request.path)
        return super().onConnect(request)

    def make_push(self) -> Push:
        self.gate = Gate(self.transport, self.server.stalls)
        plain = isinstance(self.transport, tcp.Server) and not self.transport.TLS
        self.handle = DirectPush(self, self.server.out_bound) if plain else Push(self)
        return self.handle

    def onOpen(self) -> None:
        super().onOpen()
        self.transport.unregisterProducer()  # the HTTP channel's, from before the upgrade
        self.transport.registerProducer(self.gate, True)
        if isinstance(self.transport, tcp.Server) and self.server.out_bound <= BOUND:
            self.transport.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BUFFER)

    # --- what comes in -----------------------------------------------------------------------------------

    def consumeData(self) -> None:
        if self.state == self.STATE_CONNECTING and self.asked:
            # Speaks before it was let in; autobahn would begin a second handshake.
            self.dropConnection(abort=True)
        elif self.state in (self.STATE_OPEN, self.STATE_CLOSING):
            while (
                not self.held
                and (self._take_short() or self.processData())
                and self.state != self.STATE_CLOSED
            ):
                pass
        else:
            super().consumeData()

    def _take_short(self) -> bool:
        """Take one whole text message of a single short frame (RFC 6455 §5.2), as nearly all are.

        autobahn's general way costs ten times as much; whatever is the least bit unusual is left to it.
        """
        data = self.data
        if len(data) < 6 or data[0] != SHORT_TEXT or self.current_frame is not None or self.inside_message:
            return False
        size = data[1] - MASKED
        if not 0 <= size <= min(125, self.limit) or len(data) < 6 + size or self.state != self.STATE_OPEN:
            return False
        mask = (data[2:6] * (size // 4 + 1))[:size]
        payload = (int.from_bytes(data[6 : 6 + size]) ^ int.from_bytes(mask)).to_bytes(size)
        try:
            payload.decode()
        except UnicodeDecodeError:
            return False
        self.data = data[6 + size :]
        self.onMessage(payload, False)
        return True

    def onMessageBegin(self, isBinary: bool) -> None:
        self.fragments = 0
        super().onMessageBegin(isBinary)

    def onMessageFrameBegin(self, length: int) -> None:
        super().onMessageFrameBegin(length)
        self.fragments += 1
        if self.message_data_total_length > self.limit or self.fragments > MAX_FRAGMENTS:
            self._fail_connection(self.CLOSE_STATUS_CODE_MESSAGE_TOO_BIG)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        if self.state != self.STATE_OPEN:
            return
        super().onMessage(payload, isBinary)
        if self.application_queue.qsize() > INBOX_FULL and not self.held:
            self.held = True
            self.transport.pauseProducing()

    async def receive(self, inbox: "asyncio.Queue[dict[str, Any]]") -> dict[str, Any]:
        """The application's `receive`: what it takes makes room for what was held."""
        message = await inbox.get()
        if self.held and inbox.qsize() < INBOX_LOW:
            self.held = False
            asyncio.get_running_loop().call_soon(self.read_on)
        return message

    def read_on(self) -> None:
        if self.state not in (self.STATE_OPEN, self.STATE_CLOSING):
            return
        try:
            self.consumeData()
        except Exception:
            log.exception("reading a WebSocket failed")
            self.dropConnection(abort=True)
        if not self.held and self.state != self.STATE_CLOSED:
            self.transport.resumeProducing()

    def sendPing(self, payload: bytes | None = None) -> None:
        """By the short way, as every frame: the reactor's own took a third of a quiet room's time."""
        payload = payload or b""
        if self.handle is None or not self.handle.push(bytes((0x89, len(payload))) + payload):
            super().sendPing(payload)

    def onPing(self, payload: bytes) -> None:
        if self.gate is None or not self.gate.paused:  # pongs nobody takes would pile up without end
            super().onPing(payload)

    def onAutoPingTimeout(self) -> None:
        if self.held:  # the pong may lie among what we do not read: the fault is ours
            self._sendAutoPing()
        else:
            super().onAutoPingTimeout()

    # --- what goes out -----------------------------------------------------------------------------------

    def handle_reply(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "websocket.http.response.start":
            self.refusal = (message["status"], message.get("headers", []))
        elif kind == "websocket.http.response.body":
            self.refuse()
        elif kind == "websocket.close":
            self.close(message.get("code") or 1000, message.get("reason") or "")
        elif kind == "websocket.accept" and self.state != self.STATE_CONNECTING:
            pass  # gave up waiting
        elif kind == "websocket.send" and self.state in (self.STATE_CLOSING, self.STATE_CLOSED):
            pass  # both ends may close at any moment: no error
        else:
            super().handle_reply(message)

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Any code may be asked for (autobahn raises on 1008 and 1011–1013); before accepting it is a 403."""
        if self.state == self.STATE_CONNECTING:
            if hasattr(self, "handshake_deferred"):
                self.serverReject()
        elif self.state == self.STATE_OPEN:
            sayable = code in SAYABLE or 3000 <= code <= 4999
            text = reason.encode()[:123].decode(errors="ignore").encode()  # a close frame holds 125 bytes
            self.sendCloseFrame(code=code if sayable else FAILED, reasonUtf8=text or None)

    def refuse(self) -> None:
        """Another answer than 403 to a handshake (ASGI's "websocket.http.response"); its body is left out."""
        if self.state == self.STATE_CONNECTING and self.refusal is not None:
            status = HTTPStatus(self.refusal[0])
            self.deny(ConnectionDeny(code=status.value, reason=status.phrase))

    def restart(self) -> None:
        """The server stops: 1012 tells pages to come back in a moment; a handshake is told so by 503."""
        if self.state == self.STATE_CONNECTING:
            self.deny(RESTARTING)
        else:
            self.close(RESTART)

    def deny(self, answer: Exception) -> None:
        if hasattr(self, "handshake_deferred"):
            deferred = self.handshake_deferred
            del self.handshake_deferred
            deferred.errback(answer)

    def application_left(self, error: BaseException | None) -> None:
        """The application is done or has failed; a socket without one is of no use."""
        if error is not None and self.state == self.STATE_CONNECTING:
            self.deny(ConnectionDeny(code=500, reason="Internal Server Error"))
        else:
            self.close(FAILED if error else 1000)

    def sendHttpErrorResponse(self, code: int, reason: str, responseHeaders: Any = None) -> None:
        own = self.refusal[1] if self.refusal is not None else []
        headers = [(name.decode(), value.decode()) for name, value in own]
        closing = [("Content-Length", "0"), ("Connection", "close")]
        super().sendHttpErrorResponse(code, reason, [*(responseHeaders or []), *headers, *closing])

    # --- ending ------------------------------------------------------------------------------------------

    def _fail_connection(self, code: int = 1001, reason: str = "") -> None:
        """The peer broke the protocol: say how (1009, 1007, 1002), then hang up; autobahn says nothing."""
        if self.state != self.STATE_OPEN:
            super()._fail_connection(code, reason)
            return
        self.failedByMe = True
        self.wasNotCleanReason = reason
        self.sendFrame(opcode=8, payload=struct.pack("!H", code))
        self.dropConnection(abort=False)

    def _closeConnection(self, abort: bool = False) -> None:
        super()._closeConnection(abort)
        if not abort:  # who reads no farewell must not keep us waiting
            later(self.factory.server_class.stalls.seconds, self.transport.abortConnection)

    def onClose(self, wasClean: bool, code: int | None, reason: str) -> None:
        if self.gate is not None:
            self.gate.stopProducing()
        if hasattr(self, "server"):  # else it was no handshake at all
            super().onClose(wasClean, 1005 if code is None else code, reason)


class SocketFactory(WebSocketFactory):  # type: ignore[misc]
    def __init__(self, server: "daphne.server.Server", *, ping_interval: float, ping_timeout: float) -> None:
        super().__init__(server, server="")
        self.setProtocolOptions(
            webStatus=False,
            allowNullOrigin=True,  # the application's middleware decides about origins
            openHandshakeTimeout=15,  # after a restart everybody comes back at once
            closeHandshakeTimeout=5,
            autoPingInterval=ping_interval,
            autoPingTimeout=ping_timeout,
            autoPingRestartOnAnyTraffic=False,  # what comes in proves nothing about what goes out
        )
        # autobahn copies each option to each connection and pretty-prints the lot for a log nobody reads: a third
        # of a handshake's cost. As attributes of the class they are simply there.
        options = {name: getattr(self, name) for name in Socket.CONFIG_ATTRS}
        options["perMessageCompressionAccept"] = staticmethod(options["perMessageCompressionAccept"])
        configured: Any = type("Socket", (Socket,), {**options, "CONFIG_ATTRS": []})
        self.protocol = configured
