"""Everybody's line breaks, and later the server dies: how soon all are in sync again, and what it cost.

python3 manage.py bench reconnect [-n 2000] [--rounds 3]

First all lines break at once while the room goes on, and come back to a server that remembers its last frames. Then
the server is killed (-9) between acknowledgements, and started again; whatever was not acknowledged is sent once more.
"""

import argparse
import asyncio
import json
import logging
import os
import random
import resource
import shutil
import statistics
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]  # started by its path, from anywhere

from tests.bench import sides  # noqa: E402
from tests.bench.load import Crowd, digest, now  # noqa: E402

RUSH = 300  # handshakes on their way at once


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench reconnect")
    parser.add_argument("-n", type=int, default=2000, help="people in the room")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    folder = Path(tempfile.mkdtemp(prefix="sild-bench-"))
    try:
        sides.prepare(folder)
        rounds = [one(args.n) for _ in range(args.rounds)]
        result = {key: statistics.median(each[key] for each in rounds) for key in rounds[0]}
        for key in ("lost", "doubled"):  # of these the worst counts
            result[key] = max(each[key] for each in rounds)
        result = {"n": args.n, **result, **asyncio.run(queries())}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    result["machine"] = {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    for key, value in result.items():
        print(f"{key:32} {value}")
    print(json.dumps(result))


class Outbox(sides.Ours):
    """What each of the crowd asks and votes for, kept until it is acknowledged (static/js/live/outbox.js)."""

    def __init__(self, webinar: int, questions: list[int]) -> None:
        super().__init__(webinar, questions)
        self.kept: dict[str, tuple[int, str]] = {}  # ref → (who, the command)
        self.asked: set[str] = set()  # client ids
        self.wanted: dict[tuple[int, int], bool] = {}  # (who, question) → how it was left

    def ask(self, who: int, ref: str) -> str:
        client = str(uuid4())
        self.asked.add(client)
        text = f"{ref} {sides.WORDS}"[:150]
        return self._keep(who, ref, do="ask", client_id=client, text=text, language="en")

    def press(self, who: int, ref: str) -> str:
        question, on = self.dice.choice(self.questions), self.dice.random() < 0.8
        self.wanted[who, question] = on
        return self._keep(who, ref, do="vote", question=question, on=on)

    def _keep(self, who: int, ref: str, **command: Any) -> str:
        text = json.dumps({"ref": ref, **command})
        self.kept[ref] = (who, text)
        return text

    def ack(self, message: Any) -> str | None:
        ref = super().ack(message)
        if ref is not None:
            self.kept.pop(ref, None)
        return ref


def one(n: int) -> dict[str, Any]:
    server = sides.serve_ours()
    try:
        webinar, questions, people, sessions = sides.make_room(n)
        talk = Outbox(webinar, questions)
        crowd = Crowd(server.port, talk, n, sessions)
        crowd.join()
        crowd.settle()
        busy(crowd, talk, 2.0, "a")
        start = now()
        crowd = back(crowd, server.port, sessions)  # every line breaks; the server does not
        in_sync(crowd, webinar, talk)
        remembered = now() - start
        busy(crowd, talk, 2.0, "b", killed=server)
        server.start()
        start = now()
        crowd = back(crowd, server.port, sessions)
        at = {number: fd for fd, number in crowd.number.items()}
        for who, command in list(talk.kept.values()):
            crowd._send(at[who], command)
        in_sync(crowd, webinar, talk)
        killed = now() - start
        lost, doubled = reckon(webinar, talk, people)
        crowd.close()
    finally:
        server.stop()
    return {
        "all_in_sync_s": round(killed, 2),
        "all_in_sync_remembered_s": round(remembered, 2),
        "lost": lost,
        "doubled": doubled,
    }


def busy(crowd: Crowd, talk: Outbox, seconds: float, mark: str, killed: sides.Server | None = None) -> None:
    """4 questions and 40 votes a second by anybody; at the end the server dies in the middle of it."""
    dice, end, number = random.Random(mark), now() + seconds, 0
    fds = list(crowd.sockets)
    while now() < end:
        number += 1
        fd = dice.choice(fds)
        who, ref = crowd.number[fd], f"s{mark}{number}x"
        crowd._send(fd, talk.ask(who, ref) if number % 11 == 0 else talk.press(who, ref))
        crowd.pump(1 / 44)
    if killed is not None:
        for fd in dice.sample(fds, min(200, len(fds))):
            number += 1
            who, ref = crowd.number[fd], f"s{mark}{number}x"
            crowd._send(fd, talk.ask(who, ref) if number % 4 == 0 else talk.press(who, ref))
        crowd.pump(0.01)
        killed.kill()
        while crowd.pump(0.1):
            pass
    else:
        crowd.settle()


def back(old: Crowd, port: int, sessions: list[str]) -> Crowd:
    """All come back at once, each with the page it had."""
    new = Crowd(port, old.talk, old.n, sessions)
    new.states, new.steps = old.states, old.steps
    new.stood = old.stood | {old.number[fd]: state for fd, state in old.state.items()}
    old.close()
    new.join(window=RUSH)
    return new


def in_sync(crowd: Crowd, webinar: int, talk: Outbox) -> None:
    """Until everything is acknowledged and every page shows what the database holds."""
    end = now() + 120
    while now() < end:
        crowd.pump(0.05)
        if talk.kept:
            continue
        if {digest(crowd.states[state]) for state in crowd.state.values()} == {digest(sides.truth(webinar))}:
            return
    raise RuntimeError(f"Not in sync; {len(talk.kept)} commands unacknowledged.")


def reckon(webinar: int, talk: Outbox, people: list[int]) -> tuple[int, int]:
    """How many commands left no trace, and how many left more than one."""
    from webinars.models import Question, Vote

    there = Counter(
        str(one) for one in Question.objects.filter(webinar=webinar).values_list("client_id", flat=True)
    )
    votes = {
        (participant, question): on
        for participant, question, on in Vote.objects.filter(question__webinar=webinar).values_list(
            "participant", "question", "is_on"
        )
    }
    wrong = sum(
        votes.get((people[who], question), False) != on for (who, question), on in talk.wanted.items()
    )
    lost = sum(not there[client] for client in talk.asked) + wrong
    doubled = sum(count > 1 for count in there.values())
    counts = Counter(question for (_, question), on in votes.items() if on)
    told = dict(Question.objects.filter(pk__in=talk.questions).values_list("pk", "votes"))
    return lost, doubled + sum(told[question] != counts[question] for question in talk.questions)


async def queries() -> dict[str, float]:
    """What somebody who comes back within the memory of frames asks of the database: of them, and of the room."""
    from django.db import connection

    from webinars.live import service as services
    from webinars.live.connection import room_socket

    webinar, _, _, sessions = await asyncio.to_thread(sides.make_room, 50)
    hub = services.service.hub
    asked: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    def listen() -> None:
        if count not in connection.execute_wrappers:
            connection.execute_wrappers.append(count)

    async def visit(session: str, since: str) -> str:
        heard: list[str] = []
        gone = asyncio.Event()
        messages = iter([{"type": "websocket.connect"}])

        async def receive() -> dict[str, Any]:
            for message in messages:
                return message
            await gone.wait()
            return {"type": "websocket.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            heard.append(message.get("text") or "")

        scope = {
            "url_route": {"kwargs": {"webinar": webinar}}, "cookies": {"sessionid": session},
            "query_string": f"since={since}".encode(),
        }  # fmt: skip
        task = asyncio.ensure_future(room_socket(scope, receive, send))
        while not any('"mine"' in text for text in heard):
            await asyncio.sleep(0.005)
        gone.set()
        await task
        return next((json.loads(text)["cursor"] for text in heard if '"cursor"' in text), since)

    cursor = await visit(sessions[0], "")
    await asyncio.gather(*(hub.read(listen) for _ in range(8)))
    asked.clear()
    for session in sessions:
        await visit(session, cursor)
    own = sum("django_session" in sql or "participant" in sql for sql in asked)
    logging.disable()  # a tick that comes after the end
    await asyncio.to_thread(services.service.close)
    return {
        "queries_per_reconnect": len(asked) / len(sessions),
        "room_queries_per_reconnect": (len(asked) - own) / len(sessions),
    }


if __name__ == "__main__":
    main()
