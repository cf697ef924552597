"""What the server takes in: floods wait outside, garbage ends with a close code, oversize never gets through."""

import inspect
import json
import os
import random
import socket
import struct
import time
from collections.abc import Callable

import pytest

from config.server import Server
from tests.config.wire import Serving, handshake, masked, read_frame

MB = 1024 * 1024
Serve = Callable[..., Serving]


def closing_code(one: socket.socket) -> int:
    """The code of the close frame that comes, 1006 when the connection just ends."""
    while True:
        opcode, payload = read_frame(one)
        if opcode == 8:
            return int(struct.unpack("!H", payload[:2])[0])
        if opcode == -1:
            return 1006


def log_of(server: Serving) -> list[str]:
    return server.log.read_text().splitlines()


def cut_off(one: socket.socket, words: bytes) -> bool:
    """Whether somebody who says this over and over is thrown out."""
    until = time.monotonic() + 40
    while time.monotonic() < until:
        try:
            one.sendall(words)
        except ConnectionError:
            return True
        time.sleep(0.02)
    return False


def pour(server: Serving, one: socket.socket, message: bytes) -> int:
    """Sends the message over and over until the server takes no more, at most 100 MB; how many bytes went."""
    sent = 0
    one.settimeout(1)
    while sent < 100 * MB:
        try:
            sent += one.send(message[sent % len(message) :])
        except TimeoutError:
            if server.seen()["waiting"] > 64:
                break
    one.settimeout(60)
    return sent


# --- sizes ----------------------------------------------------------------------------------------------


def test_a_room_takes_a_message_of_16_kilobytes(serve: Serve) -> None:
    with serve().open("echo") as one:
        one.send("x" * 16_384)
        assert one.recv() == "x" * 16_384


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 124, 125, 126, 127])
def test_a_masked_message_of_any_length_arrives_as_it_was_written(serve: Serve, size: int) -> None:
    text = ("Ү" * size)[: size // 2] + "x" * (size % 2)
    payload, mask = text.encode(), b"\x9a\x01\xff\x42"
    frame = masked(bytes(byte ^ mask[n % 4] for n, byte in enumerate(payload)))
    head = len(frame) - len(payload)
    one = serve().raw_open("/ws/webinars/echo")
    one.sendall(frame[: head - 4] + mask + frame[head:])
    assert read_frame(one) == (1, payload)


def test_short_messages_arrive_in_order_however_the_line_cuts_them(serve: Serve) -> None:
    one = serve().raw_open("/ws/webinars/echo")
    stream = b"".join(masked(f"message {n}".encode()) for n in range(20))
    for n in range(0, len(stream), 7):
        one.sendall(stream[n : n + 7])
        time.sleep(0.002)
    assert [read_frame(one) for _ in range(20)] == [(1, f"message {n}".encode()) for n in range(20)]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (b"\x81\x05hello", 1002),  # not masked
        (masked(b"hello", first=0xC1), 1002),  # an extension nobody agreed on
        (masked(b"\xd2\xae\xff\xfe"), 1007),  # no UTF-8
        (masked(b"first", first=0x01) + masked(b"second"), 1002),  # a new message inside another
    ],
)
def test_a_short_message_that_breaks_the_protocol_is_no_message(
    serve: Serve, words: bytes, code: int
) -> None:
    server = serve()
    one = server.raw_open("/ws/webinars/echo")
    one.sendall(words)
    assert closing_code(one) == code
    assert server.seen()["messages"] == 0


@pytest.mark.parametrize("size", [16_385, MB])
def test_s17_a_longer_message_ends_the_connection_and_never_reaches_the_application(
    serve: Serve, size: int
) -> None:
    server = serve()
    one = server.raw_open("/ws/webinars/echo")
    one.sendall(masked(b"x" * size)[:16_384])  # its header alone is enough
    assert closing_code(one) == 1009
    assert server.seen()["messages"] == 0


def test_s17_a_message_in_many_pieces_is_measured_as_a_whole(serve: Serve) -> None:
    server = serve()
    one = server.raw_open("/ws/webinars/echo")
    one.sendall(masked(b"x" * 9000, first=0x01) + masked(b"x" * 9000, first=0x80))
    assert closing_code(one) == 1009
    assert server.seen()["messages"] == 0


def test_empty_pieces_without_end_do_not_pile_up(serve: Serve) -> None:
    server = serve()
    one = server.raw_open("/ws/webinars/echo")
    one.sendall(masked(b"x", first=0x01) + masked(b"", first=0x00) * 1000)
    assert closing_code(one) == 1009


def test_a_path_for_video_takes_a_megabyte_and_no_more(serve: Serve) -> None:
    server = serve()
    one = server.raw_open("/ws/ingest/echo")
    one.sendall(masked(b"v" * MB, first=0x82))
    assert read_frame(one) == (2, b"v" * MB)
    one.sendall(masked(b"v" * (MB + 1), first=0x82)[:100])
    assert closing_code(one) == 1009


def test_a_body_over_the_limit_is_refused_without_being_read(serve: Serve) -> None:
    server = serve(body_limit=100_000)
    one = server.raw()
    one.sendall(b"POST /length HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 100001\r\n\r\n")
    assert one.recv(65536).startswith(b"HTTP/1.1 413 Content Too Large\r\n")
    assert server.seen()["messages"] == 0


def test_a_body_without_a_length_is_refused_when_it_passes_the_limit(serve: Serve) -> None:
    server = serve(body_limit=100_000)
    one = server.raw()
    one.sendall(b"POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    one.sendall((b"10000\r\n" + b"x" * 65536 + b"\r\n") * 2)
    assert one.recv(65536).startswith(b"HTTP/1.1 413 Content Too Large\r\n")
    assert server.seen()["messages"] == 0


def test_a_refused_sender_who_goes_on_is_cut_off(serve: Serve) -> None:
    server = serve(body_limit=1000)
    one = server.raw()
    one.sendall(b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000000\r\n\r\n")
    assert cut_off(one, b"x" * 1000)


def test_a_body_at_the_limit_is_taken_whole(serve: Serve) -> None:
    assert serve(body_limit=100_000).get("/length", b"x" * 100_000) == b"100000"


# --- floods ---------------------------------------------------------------------------------------------


def test_a_flood_waits_outside_until_the_application_takes_it_and_all_of_it_arrives(serve: Serve) -> None:
    server = serve()
    one = server.raw_open("/ws/webinars/asleep")
    before = server.seen()["resident"]
    message = masked(b"x" * 10_000)
    sent = pour(server, one, message)
    assert sent < 100 * MB
    seen = server.seen()
    assert seen["waiting"] == 65
    assert seen["resident"] - before < 5 * MB
    with server.open("wake"):
        pass
    if rest := message[sent % len(message) :]:
        one.sendall(rest)
        sent += len(rest)
    assert server.wait_for(lambda seen: seen["messages"] == sent // len(message))["connections"] >= 1


def test_a_flood_of_tiny_messages_is_taken_a_few_at_a_time(serve: Serve) -> None:
    server = serve()
    one = server.raw_open("/ws/webinars/asleep")
    one.sendall(masked(b"") * 5000 + masked(b"end"))
    server.wait_for(lambda seen: seen["waiting"] > 64)
    time.sleep(0.5)
    assert server.seen()["waiting"] == 65
    with server.open("wake"):
        pass
    server.wait_for(lambda seen: seen["messages"] == 5001)


def test_whoever_speaks_before_being_let_in_is_cut_off(serve: Serve) -> None:
    server = serve()
    one = server.raw()
    one.sendall(handshake("/ws/webinars/undecided"))
    server.wait_for(lambda seen: seen["connections"] == 2)
    one.sendall(handshake("/ws/webinars/undecided"))
    assert read_frame(one) == (-1, b"")
    server.wait_for(lambda seen: seen["connections"] == 1)
    assert log_of(server) == []


# --- garbage --------------------------------------------------------------------------------------------


def test_r12_a_hundred_thousand_garbage_frames_leave_memory_flat_and_the_log_short(serve: Serve) -> None:
    server = serve()
    dice = random.Random(12)
    patterns = [
        lambda: masked(dice.randbytes(dice.randrange(40))),  # not UTF-8
        lambda: masked(dice.randbytes(5), first=dice.randrange(256)),  # strange opcodes and reserved bits
        lambda: masked(b"x" * 126, first=0x89),  # a ping too long
        lambda: masked(b"", first=0x09),  # a control frame in pieces
        lambda: masked(b"x", first=0x80),  # goes on with nothing
        lambda: masked(struct.pack("!H", dice.randrange(65536)) + dice.randbytes(4), first=0x88),
        lambda: b"\x81\x05hello",  # not masked
        lambda: b"\x81\xff" + b"\xff" * 8,  # longer than anything
        lambda: dice.randbytes(60),
    ]
    before = 0
    for number in range(500):
        if number == 50:
            before = server.seen()["resident"]
        one = server.raw_open("/ws/webinars/echo")
        try:
            one.sendall(b"".join(dice.choice(patterns)() for _ in range(200)))
            closing_code(one)
        except OSError:
            pass
        one.close()
    seen = server.wait_for(lambda seen: seen["connections"] == 1)
    assert seen["resident"] - before < 10 * MB
    assert log_of(server) == []
    with server.open("echo") as one_more:
        one_more.send("still here")
        assert one_more.recv() == "still here"


def test_garbage_instead_of_requests_leaves_no_traceback(serve: Serve) -> None:
    server = serve()
    long = b"x" * 20_000
    garbage = [
        os.urandom(2000),
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"G\xcbT / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"get /length HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n" % long,
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /length?\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
        b"GET / HTTP/1.1\r\nX: \x00\r\n\r\n",
        b"POST /length HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nContent-Length: 3\r\n\r\nabc",
        b"GET /ws/webinars/echo HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n",
        handshake("/ws/webinars/echo").replace(b"13", b"12"),
        handshake("/ws/webinars/echo").replace(b"Host", b"Origin: \xff\xfe\r\nHost"),
        handshake("/ws/webinars/echo").replace(b"Host", b"Sec-WebSocket-Protocol: \xff\r\nHost"),
        handshake("/ws/webinars/echo").replace(
            b"Host", b"Sec-WebSocket-Extensions: permessage-deflate;x=,\r\nHost"
        ),
        handshake("/ws/webinars/echo").replace(b"dGhl", b"d"),
    ]
    for request in garbage:
        one = server.raw()
        one.sendall(request)
        one.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while part := one.recv(65536):
                answer += part
        except ConnectionResetError:
            pass
        one.close()
        assert answer.split(b" ")[1:2] in ([], [b"400"], [b"405"], [b"404"], [b"426"], [b"505"]), (
            request,
            answer,
        )
        assert b"aphne" not in answer
        assert b"utobahn" not in answer
        assert b"wisted" not in answer
    seen = server.wait_for(lambda seen: seen["connections"] == 1)
    assert seen["messages"] == 0
    assert log_of(server) == []


def test_a_client_cannot_move_the_site_under_another_path(serve: Serve) -> None:
    server = serve()
    one = server.raw()
    one.sendall(b"GET /scope HTTP/1.1\r\nHost: x\r\nDaphne-Root-Path: /evil\r\nConnection: close\r\n\r\n")
    answer = b""
    while part := one.recv(65536):
        answer += part
    assert json.loads(answer[answer.index(b"{") : answer.rindex(b"}") + 1])["root"] == ""


# --- pings ----------------------------------------------------------------------------------------------


def test_a_chatty_client_that_answers_no_ping_is_dropped_all_the_same(serve: Serve) -> None:
    server = serve(ping_interval=0.3, ping_timeout=1.0)
    one = server.raw_open("/ws/webinars/room")
    assert cut_off(one, masked(b"I talk and never listen"))
    assert server.seen()["disconnects"] == [1006]


def test_r18_a_chatty_client_is_pinged_and_stays_when_it_answers(serve: Serve) -> None:
    server = serve(ping_interval=0.2, ping_timeout=20.0)
    one = server.raw_open("/ws/webinars/room")
    pings = 0
    while pings < 4:
        one.sendall(masked(b"chat"))
        opcode, payload = read_frame(one)
        assert opcode == 9
        pings += 1
        one.sendall(masked(payload, first=0x8A))
    assert server.seen()["open"] == 1


def test_r18_the_server_pings_oftener_than_a_proxy_gives_up() -> None:
    """nginx and HAProxy let a line rest for 60 s unless told otherwise (proxy_read_timeout, timeout tunnel)."""
    defaults = inspect.signature(Server.__init__).parameters
    interval, patience = defaults["ping_interval"].default, defaults["ping_timeout"].default
    assert 0 < interval <= 20
    assert interval + patience <= 60
