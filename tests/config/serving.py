"""A real server with a tiny application, run as its own process by the server's tests.

usage: serving.py '{"stall": 0.5, ...}'   (arguments of config.server.Server, and "trusted")
Prints its port when it listens, and "ended" when it has drained.
"""

import asyncio
import json
import logging
import os
import re
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "site"))

from config.proxy import Addresses
from config.server import Server, frame

room: dict[str, Any] = {}
seen: dict[str, Any] = {"messages": 0, "sent": 0, "disconnects": [], "cancelled": 0}


async def application(scope: Any, receive: Any, send: Any) -> None:
    name = scope["path"].rstrip("/").rsplit("/", 1)[-1]
    await globals()[f"{scope['type']}_{name}"](scope, receive, send)


async def answer(send: Any, body: bytes, status: int = 200) -> None:
    await send(
        {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]}
    )
    await send({"type": "http.response.body", "body": body})


async def read(receive: Any) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message["body"]
        more = message["more_body"]
    return body


# --- HTTP -----------------------------------------------------------------------------------------------


async def http_length(scope: Any, receive: Any, send: Any) -> None:
    seen["messages"] += 1
    await answer(send, str(len(await read(receive))).encode())


async def http_scope(scope: Any, receive: Any, send: Any) -> None:
    headers = {key.decode(): value.decode() for key, value in scope["headers"]}
    facts = {
        "client": scope["client"][0],
        "scheme": scope["scheme"],
        "root": scope["root_path"],
        "headers": headers,
    }
    await answer(send, json.dumps(facts).encode())


async def http_fail(scope: Any, receive: Any, send: Any) -> None:
    raise ValueError("a fault of the application")


async def http_half(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100")]})
    await send({"type": "http.response.body", "body": b"half", "more_body": True})
    raise ValueError("a fault of the application")


async def http_silent(scope: Any, receive: Any, send: Any) -> None:
    return


async def http_whole(scope: Any, receive: Any, send: Any) -> None:
    await answer(send, b"x" * 30_000_000)


async def http_endless(scope: Any, receive: Any, send: Any) -> None:
    await read(receive)
    gone = asyncio.ensure_future(receive())
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while not gone.done():
        await send({"type": "http.response.body", "body": b"x" * 50_000, "more_body": True})
        seen["sent"] += 50_000
        await asyncio.sleep(0)


async def http_slowly(scope: Any, receive: Any, send: Any) -> None:
    seen["slowly"] = "begun"
    await asyncio.sleep(1)
    await answer(send, b"finished")


async def http_patient(scope: Any, receive: Any, send: Any) -> None:
    """Takes as long as the visitor stays."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def http_forever(scope: Any, receive: Any, send: Any) -> None:
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        seen["cancelled"] += 1
        raise


async def http_seen(scope: Any, receive: Any, send: Any) -> None:
    status = Path("/proc/self/status").read_text()
    resident = int(re.search(r"VmRSS:\s+(\d+) kB", status)[1])  # type: ignore[index]
    state = seen | {
        "resident": resident * 1024,
        "open": sum(push.open for push in room.values()),
        "queued": sum(push.queued for push in room.values() if push.open),
        "lagging": sum(push.lagging for push in room.values()),
        "connections": len(server.connections),
        "dropped": server.stalls.dropped,
        "waiting": max([d["inbox"].qsize() for d in server.connections.values() if "inbox" in d], default=0),
    }
    await answer(send, json.dumps(state).encode())


async def http_broadcast(scope: Any, receive: Any, send: Any) -> None:
    """{"count": frames, "size": bytes}: to everybody in the room, letting the server breathe between frames."""
    wanted = json.loads(await read(receive))
    for number in range(wanted["count"]):
        whole = frame(f"{number:06d}".encode() + b"." * (wanted["size"] - 6))
        for push in list(room.values()):
            push.push(whole)
        await asyncio.sleep(wanted.get("rest", 0))
    await answer(send, b"done")


async def http_resync(scope: Any, receive: Any, send: Any) -> None:
    """As the hub does: whoever lags and has taken everything gets one snapshot and goes on from there."""
    done = 0
    for push in room.values():
        if push.lagging and push.open and push.queued == 0:
            push.lagging = False
            done += push.push(frame(b"snapshot"))
    await answer(send, str(done).encode())


# --- WebSockets -----------------------------------------------------------------------------------------


async def messages(receive: Any) -> Any:
    while (message := await receive())["type"] != "websocket.disconnect":
        if message["type"] == "websocket.receive":
            seen["messages"] += 1
            yield message
    seen["disconnects"].append(message["code"])


async def websocket_echo(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "websocket.accept"})
    async for message in messages(receive):
        await send({"type": "websocket.send", "text": message.get("text"), "bytes": message.get("bytes")})


async def websocket_room(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "websocket.accept"})
    push = scope["extensions"]["sild.push"]
    room[scope["client"][1]] = push
    async for _ in messages(receive):
        pass


async def websocket_mixed(scope: Any, receive: Any, send: Any) -> None:
    """Two ways of sending, one order."""
    await send({"type": "websocket.accept"})
    push = scope["extensions"]["sild.push"]
    async for _ in messages(receive):
        for number in range(0, 200, 2):
            await send({"type": "websocket.send", "text": str(number).rjust(2000)})
            assert push.push(frame(str(number + 1).rjust(2000).encode()))


async def websocket_close(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "websocket.accept"})
    code, _, reason = scope["query_string"].decode().partition("&")
    await send({"type": "websocket.close", "code": int(code), "reason": reason})
    await send({"type": "websocket.send", "text": "too late"})


async def websocket_shut(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "websocket.accept"})
    scope["extensions"]["sild.push"].close(int(scope["query_string"]))


async def websocket_refuse(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "websocket.close"})


async def websocket_undecided(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    await receive()


async def websocket_fail(scope: Any, receive: Any, send: Any) -> None:
    if scope["query_string"] == b"early":
        raise ValueError("a fault of the application")
    await send({"type": "websocket.accept"})
    async for _ in messages(receive):
        raise ValueError("a fault of the application")


async def websocket_leave(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "websocket.accept"})


async def websocket_asleep(scope: Any, receive: Any, send: Any) -> None:
    """Takes nothing until told to by /ws/webinars/wake."""
    await send({"type": "websocket.accept"})
    details = next(
        d for p, d in server.connections.items() if getattr(p, "client_addr", 0) == scope["client"]
    )
    details["inbox"] = next(
        iter(p for p in server.connections if server.connections[p] is details)
    ).application_queue
    await awake.wait()
    async for _ in messages(receive):
        pass


async def websocket_wake(scope: Any, receive: Any, send: Any) -> None:
    awake.set()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close"})


async def websocket_pour(scope: Any, receive: Any, send: Any) -> None:
    """Sends without end by plain `send`."""
    await send({"type": "websocket.accept"})
    gone = asyncio.ensure_future(last(receive))
    while not gone.done():
        await send({"type": "websocket.send", "text": "x" * 50_000})
        seen["sent"] += 50_000
        await asyncio.sleep(0)


async def last(receive: Any) -> None:
    async for _ in messages(receive):
        pass


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    arguments = json.loads(sys.argv[1])
    whole = Addresses(application, arguments.pop("trusted", ""))
    awake = asyncio.Event()

    def ready() -> None:
        print(server.ports[0].getHost().port, flush=True)

    server = Server(whole, **({"port": 0} | arguments), on_ready=ready)
    server.run()
    print("ended", os.getpid(), flush=True)
