"""What the server sends: nobody who does not read costs memory, time or the others their frames."""

import socket
from collections.abc import Callable
from contextlib import suppress

from tests.config.wire import Serving, read_frame

MB = 1024 * 1024


def test_r9_ten_sockets_that_never_read_cost_little_are_dropped_and_take_nothing_from_the_others(
    serve: Callable[..., Serving],
) -> None:
    server = serve(stall=4.0)
    for _ in range(10):
        server.raw_open("/ws/webinars/room", takes=4096)
    healthy = [server.open("room") for _ in range(3)]
    server.wait_for(lambda seen: seen["open"] == 13)
    resident = []
    # 30 MB to each, all from the same bytes: a server without bounds would hold them all.
    for _ in range(150):
        # Less than the bound at a time, so that the healthy are never behind however busy this machine is.
        server.get("/broadcast", {"count": 10, "size": 20_000})
        for one in healthy:
            assert [str(one.recv(timeout=60))[:6] for _ in range(10)] == [f"{n:06d}" for n in range(10)]
        resident.append(server.seen()["resident"])
    assert max(resident) - resident[0] <= 10 * MB
    seen = server.wait_for(lambda seen: seen["open"] == 3)
    assert seen["dropped"] == 10
    for one in healthy:
        one.close()


def test_a_slow_reader_gets_no_frame_after_a_gap_until_it_was_given_a_snapshot(
    serve: Callable[..., Serving],
) -> None:
    server = serve(stall=60.0)
    slow = server.raw_open("/ws/webinars/room", takes=4096)
    server.wait_for(lambda seen: seen["open"] == 1)
    server.get("/broadcast", {"count": 100, "size": 20_000})
    assert server.seen()["lagging"] == 1
    server.get("/broadcast", {"count": 1, "size": 1000})
    taken = []
    while server.seen()["queued"] > 0:
        taken += _numbers(slow, 1)
    slow.settimeout(2)  # what is left lies in the kernel already
    with suppress(TimeoutError):
        while True:
            taken += _numbers(slow, 1)
    slow.settimeout(60)
    assert taken == list(range(len(taken)))
    assert 0 < len(taken) < 100
    assert server.get("/resync") == b"1"
    server.get("/broadcast", {"count": 1, "size": 1000})
    assert [text[:8] for text in _texts(slow, 2)] == [b"snapshot", b"000000.."]
    slow.close()


def test_a_client_that_offers_compression_is_served_without(serve: Callable[..., Serving]) -> None:
    with serve().open("mixed", compression="deflate") as one:
        assert one.response is not None
        assert "Sec-WebSocket-Extensions" not in one.response.headers
        one.send("go")
        assert [int(one.recv()) for _ in range(200)] == list(range(200))


def test_pushed_frames_and_sent_messages_keep_their_order(serve: Callable[..., Serving]) -> None:
    server = serve()
    with server.open("mixed") as one:
        one.send("go")
        assert [int(one.recv()) for _ in range(200)] == list(range(200))


def test_an_application_that_awaits_send_is_held_back_and_freed_when_the_reader_is_dropped(
    serve: Callable[..., Serving],
) -> None:
    server = serve(stall=1.0)
    deaf = server.raw_open("/ws/webinars/pour", takes=4096)
    seen = server.wait_for(lambda seen: seen["dropped"] == 1 and seen["disconnects"] == [1006])
    assert seen["sent"] < 4 * MB
    deaf.close()


def test_an_endless_answer_is_held_back_and_ended_when_nobody_reads_it(serve: Callable[..., Serving]) -> None:
    server = serve(stall=1.0)
    deaf = server.raw(takes=4096)
    deaf.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
    seen = server.wait_for(lambda seen: seen["dropped"] == 1)
    assert seen["sent"] < 10 * MB  # what the kernel's own buffers hold
    deaf.close()


def test_a_big_answer_in_one_piece_arrives_whole_at_a_reader_that_takes_its_time(
    serve: Callable[..., Serving],
) -> None:
    server = serve(stall=5.0)
    assert len(server.get("/whole")) == 30_000_000


def test_pings_without_reading_the_pongs_pile_nothing_up(serve: Callable[..., Serving]) -> None:
    server = serve(stall=60.0)
    rude = server.raw_open("/ws/webinars/echo", takes=4096)
    before = server.seen()["resident"]
    ping = bytes([0x89, 0x80 | 125]) + bytes(4) + b"p" * 125
    rude.settimeout(5)
    try:
        for _ in range(1500):
            rude.sendall(ping * 100)
    except TimeoutError:
        pass
    assert server.seen()["resident"] - before < 5 * MB
    rude.close()


def _numbers(one: socket.socket, count: int) -> list[int]:
    return [int(text[:6]) for text in _texts(one, count)]


def _texts(one: socket.socket, count: int) -> list[bytes]:
    return [read_frame(one)[1] for _ in range(count)]
