"""How things end: close codes, failures of the application, and a server that is told to stop."""

import signal
import socket
import subprocess
import sys
import threading
import urllib.error
from collections.abc import Callable
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.config.wire import Serving, handshake, read_frame

Serve = Callable[..., Serving]


def close_of(one: object) -> tuple[int, str]:
    with pytest.raises(ConnectionClosed) as ended:
        one.recv(timeout=40)  # type: ignore[attr-defined]
    assert ended.value.rcvd is not None
    return ended.value.rcvd.code, ended.value.rcvd.reason


# --- codes ----------------------------------------------------------------------------------------------


def test_the_code_an_application_closes_with_is_the_code_that_arrives(serve: Serve) -> None:
    server = serve()
    for code in (1000, 1001, 1008, 1011, 1012, 1013, 3000, 4000, 4400, 4999):
        with server.open(f"close?{code}&because") as one:
            assert close_of(one) == (code, "because")
        with server.open(f"shut?{code}") as one:
            assert close_of(one) == (code, "")
    assert server.log.read_text() == ""


def test_a_code_that_may_not_be_said_becomes_1011(serve: Serve) -> None:
    server = serve()
    for code in (1, 999, 1004, 1005, 1006, 1015, 2999, 5000, 70000):
        with server.open(f"close?{code}") as one:
            assert close_of(one) == (1011, "")
    assert server.log.read_text() == ""


def test_a_reason_too_long_for_a_close_frame_is_cut_between_letters(serve: Serve) -> None:
    server = serve()
    one = server.raw_open(f"/ws/webinars/close?1000&{'x' * 200}")
    assert read_frame(one) == (8, b"\x03\xe8" + b"x" * 123)


def test_closing_before_accepting_is_a_403(serve: Serve) -> None:
    server = serve()
    with pytest.raises(InvalidStatus) as refused:
        server.open("refuse")
    assert refused.value.response.status_code == 403
    assert server.log.read_text() == ""


def test_an_application_that_returns_closes_its_socket(serve: Serve) -> None:
    with serve().open("leave") as one:
        assert close_of(one) == (1000, "")


def test_an_application_that_fails_says_so_once_and_the_socket_gets_1011(serve: Serve) -> None:
    server = serve()
    with server.open("fail") as one:
        one.send("go")
        assert close_of(one) == (1011, "")
    with pytest.raises(InvalidStatus) as refused:
        server.open("fail?early")
    assert refused.value.response.status_code == 500
    assert (
        server.log.read_text().count("a fault of the application\n") == 4
    )  # two lines with their tracebacks
    assert server.wait_for(lambda seen: seen["connections"] == 1)


def test_a_peer_that_reads_no_farewell_does_not_keep_its_socket(serve: Serve) -> None:
    server = serve(stall=1.0)
    one = server.raw_open("/ws/webinars/room", takes=4096)
    server.wait_for(lambda seen: seen["open"] == 1)
    while server.seen()["queued"] == 0:  # a little waits, too little for the stall to be noticed
        server.get("/broadcast", {"count": 1, "size": 20_000})
    one.sendall(b"\x88\x82\0\0\0\0\x03\xe8")  # closes, and stays
    assert server.wait_for(lambda seen: seen["connections"] == 1)["dropped"] == 0


# --- answers --------------------------------------------------------------------------------------------


def test_s8_a_failing_answer_is_a_plain_500_that_discloses_nothing(serve: Serve) -> None:
    server = serve()
    with pytest.raises(urllib.error.HTTPError) as failed:
        server.get("/fail")
    with failed.value as error:
        assert (error.code, error.read()) == (500, b"500 Internal Server Error\n")
        assert error.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert "server" not in error.headers
        assert "Set-Cookie" not in error.headers


def test_an_application_that_answers_nothing_is_a_500_and_not_a_wait(serve: Serve) -> None:
    with pytest.raises(urllib.error.HTTPError, match="500") as failed:
        serve().get("/silent")
    failed.value.close()


def test_an_answer_that_breaks_off_is_seen_to_be_broken(serve: Serve) -> None:
    with pytest.raises(OSError, match="reset"):
        serve().get("/half")


def test_s8_no_answer_says_what_serves_it(serve: Serve) -> None:
    server = serve()
    one = server.raw()
    one.sendall(b"GET /length HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = b""
    while part := one.recv(65536):
        answer += part
    assert b"server:" not in answer.lower()
    two = server.raw()
    two.sendall(handshake("/ws/webinars/leave"))
    assert b"server:" not in two.recv(65536).lower()


def test_a_visitor_who_leaves_in_the_middle_leaves_no_line_in_the_log(serve: Serve) -> None:
    server = serve()
    for path in ("endless", "whole", "slowly"):
        one = server.raw()
        one.sendall(f"GET /{path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        if path != "slowly":
            one.recv(1000)
        one.close()
    one = server.raw()
    one.sendall(b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
    one.close()
    server.wait_for(lambda seen: seen["connections"] == 1)
    assert server.log.read_text() == ""


# --- stopping -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_r11_told_to_stop_it_sends_1012_to_everybody_and_ends_with_0(serve: Serve, number: int) -> None:
    server = serve()
    sockets = [server.open("room") for _ in range(120)]
    server.wait_for(lambda seen: seen["open"] == 120)
    server.stop(number)
    assert {close_of(one) for one in sockets} == {(1012, "")}
    assert server.end() == 0
    assert server.log.read_text() == ""
    for one in sockets:
        one.close()


def test_a_request_in_the_middle_is_finished_and_new_ones_are_not_let_in(serve: Serve) -> None:
    server = serve()
    got: list[bytes] = []
    asking = threading.Thread(target=lambda: got.append(server.get("/slowly")))
    asking.start()
    server.wait_for(lambda seen: seen.get("slowly") == "begun")
    staying = server.open("room")
    server.stop()
    assert close_of(staying) == (1012, "")
    with pytest.raises(ConnectionError), socket.create_connection(("127.0.0.1", server.port), timeout=10):
        pass
    asking.join(timeout=40)
    assert got == [b"finished"]
    assert server.end() == 0


def test_r11_whoever_hangs_on_is_waited_for_no_longer_than_the_drain(serve: Serve) -> None:
    server = serve(drain=0.5)
    one = server.raw_open("/ws/webinars/room")  # will not answer the close
    two = server.raw()
    two.sendall(b"GET /forever HTTP/1.1\r\nHost: x\r\n\r\n")
    server.wait_for(lambda seen: seen["connections"] == 3)
    server.stop()
    assert read_frame(one) == (8, b"\x03\xf4")
    assert server.end() == 0
    assert server.log.read_text() == ""


def test_stopping_at_once_after_the_start_is_clean_too(serve: Serve) -> None:
    server = serve()
    server.stop()
    assert server.end() == 0


def test_a_handshake_on_its_way_is_told_to_come_back(serve: Serve) -> None:
    server = serve(drain=40.0)
    waiting, late, patient = server.raw(), server.raw(), server.raw()
    waiting.sendall(handshake("/ws/webinars/undecided"))
    patient.sendall(b"GET /patient HTTP/1.1\r\nHost: x\r\n\r\n")  # keeps the server from ending
    server.wait_for(lambda seen: seen["connections"] == 3)
    server.stop()
    assert waiting.recv(1000).startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    late.sendall(handshake("/ws/webinars/room"))
    assert late.recv(1000).startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    patient.close()
    assert server.end() == 0
    assert server.log.read_text() == ""


# --- starting -------------------------------------------------------------------------------------------


def test_a_port_that_is_taken_is_said_in_one_sentence(serve: Serve) -> None:
    server = serve()
    script = (
        "from config.server import *\n"
        f"try: Server(None, port={server.port}).run()\n"
        "except CannotListen as trouble: print(trouble)\n"
    )
    site = Path(__file__).resolve().parents[2] / "site"
    other = subprocess.run(
        [sys.executable, "-c", script], cwd=site, capture_output=True, text=True, timeout=60
    )
    assert other.stderr == ""
    assert other.stdout == f"Port {server.port} is taken: stop what uses it, or choose another with --port.\n"
