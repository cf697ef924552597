"""The live room under load: ours, the textbook way and the bare limit, in turn, in one run.

python3 manage.py bench live [-n 1000] [--posts 2] [--votes 8] [--secs 6] [--rounds 3] [--importing] [--only ours]
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]  # started by its path, from anywhere

from tests.bench import sides  # noqa: E402
from tests.bench.load import Crowd, Measured, cpu_exact, digest, memory_kb, now, percentile  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench live")
    parser.add_argument("-n", type=int, default=1000, help="people in the room")
    parser.add_argument("--posts", type=float, default=2, help="questions a second")
    parser.add_argument("--votes", type=float, default=8, help="votes a second")
    parser.add_argument("--secs", type=float, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ack-votes", type=float, default=1000, help="votes a second of the durable phase")
    parser.add_argument("--importing", action="store_true", help="write to the same database all the while")
    parser.add_argument("--only", choices=["ours"], help="leave the others out")
    args = parser.parse_args()
    if sides.SEEDED + args.posts * args.secs > 50:
        parser.error("more than 50 questions leave the window: fewer --posts or --secs")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    folder = Path(tempfile.mkdtemp(prefix="sild-bench-"))
    try:
        sides.prepare(folder)
        result = run(args, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    table(result)
    print(json.dumps(result))


def run(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    ours = sides.serve_ours()
    others: dict[str, sides.Server] = {}
    redis = None
    if args.only is None:
        others["textbook"] = sides.serve_textbook()
        if redis := start_redis(folder):
            others["pubsub"] = sides.serve_textbook(redis[1])
        if limit := sides.serve_limit(folder):
            others["limit"] = limit
    rounds: dict[str, list[dict[str, Any]]] = {"ours": [], "durable": [], **{name: [] for name in others}}
    importer = Importer() if args.importing else None
    try:
        warm(ours)
        for _ in range(args.rounds):
            rounds["ours"].append(one(ours, "ours", args))
            for name, server in others.items():
                rounds[name].append(one(server, name, args))
            rounds["durable"].append(one(ours, "ours", args, posts=0, votes=args.ack_votes))
        if "textbook" in others:
            acked = one(
                others["textbook"], "textbook", args, posts=0, votes=args.ack_votes, n=min(args.n, 100)
            )
            rounds["textbook_durable"] = [acked]
    finally:
        if importer:
            importer.stop()
        for server in (ours, *others.values()):
            server.stop()
        if redis:
            redis[0].terminate()
    return figures(args, rounds)


def one(
    server: sides.Server, side: str, args: argparse.Namespace, *, posts: float | None = None,
    votes: float | None = None, n: int = 0,
) -> dict[str, Any]:  # fmt: skip
    """One round of one side: a fresh room, `n` people join, post and vote."""
    n = n or args.n
    webinar, questions, people, sessions = sides.make_room(n)
    if side == "ours":
        talk: sides.Ours = sides.Ours(webinar, questions)
    elif side == "limit":
        talk = sides.Limit(webinar, questions)
    else:
        talk = sides.Textbook(webinar, questions, people[0])
    crowd = Crowd(server.port, talk, n, sessions)
    memory = memory_kb(server.pid)
    crowd.join()
    crowd.settle()
    grown = memory_kb(server.pid) - memory
    cpu = cpu_exact(server.pid)
    crowd.run(
        posts=args.posts if posts is None else posts, votes=args.votes if votes is None else votes,
        seconds=args.secs, longest=120,
    )  # fmt: skip
    used = cpu_exact(server.pid) - cpu
    m: Measured = crowd.measured
    out: dict[str, Any] = {
        "joins_per_s": round(m.joined / m.join_seconds),
        "kb_per_socket": round(grown / n, 1),
        "us_per_frame": used / max(1, m.frames) * 1e6,
        "changes_per_core_s": m.delivered / used if used else 0,
        "core_share": used / m.seconds,
        "latencies": m.latencies,
        "last": list(m.last.values()),
        "acks": m.acks,
        "acked_per_s": len(m.acks) / m.seconds,
        "delivered_ratio": m.delivered / m.expected if m.expected else 1.0,
        "closed": m.closed,
        "refused": m.refused,
    }
    if side == "ours":
        out["state_equal"] = m.states == {digest(sides.truth(webinar))}
    crowd.close()
    time.sleep(0.5)
    return out


def warm(server: sides.Server) -> None:
    """First connections, imports and statements are nobody's steady state."""
    webinar, questions, _, sessions = sides.make_room(50)
    crowd = Crowd(server.port, sides.Ours(webinar, questions), 50, sessions)
    crowd.join()
    crowd.run(posts=5, votes=50, seconds=1)
    crowd.close()


class Importer:
    """Somebody imports in the meantime: rows in transactions of at most 20 ms, resting as long as each held."""

    def __init__(self) -> None:
        self.going = True
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        from django.db import transaction

        from knowledge.models import Source

        n = 0
        while self.going:
            start = now()
            with transaction.atomic():
                while now() - start < 0.02:
                    n += 1
                    Source.objects.create(key=f"BENCH-{n}", title="A source", publisher="Nobody")
            time.sleep(now() - start)

    def stop(self) -> None:
        self.going = False
        self.thread.join()


def start_redis(folder: Path) -> tuple[subprocess.Popen[bytes], str] | None:
    program = shutil.which("redis-server")
    if program is None:
        return None
    port = sides.free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1)
    return process, f"redis://127.0.0.1:{port}/0"


def orm_best(seconds: float = 3.0) -> float:
    """Durable votes a second by the best plain ORM way: one connection, ON CONFLICT DO NOTHING, F() + 1."""
    from django.db import transaction
    from django.db.models import F

    from webinars.models import Question, Vote

    _, questions, people, _ = sides.make_room(200)
    done, start = 0, now()
    while now() - start < seconds:
        question, person = questions[done % len(questions)], people[done // len(questions) % len(people)]
        with transaction.atomic():
            Vote.objects.bulk_create(
                [Vote(question_id=question, participant_id=person)], ignore_conflicts=True
            )
            Question.objects.filter(pk=question).update(votes=F("votes") + 1)
        done += 1
    return done / (now() - start)


def writer_best(seconds: float = 3.0, in_flight: int = 200) -> float:
    """Durable votes a second through the writer, `in_flight` at once, sessions and rights checked."""
    from webinars.live.protocol import Command
    from webinars.live.writer import Order, Writer

    webinar, questions, people, sessions = sides.make_room(in_flight)
    done = 0
    free = threading.Semaphore(in_flight)

    def deliver(results: list[Any]) -> None:
        nonlocal done
        done += sum("ok" in outcome for _, outcome in results)
        free.release(len(results))

    writer = Writer(deliver)
    writer.start()
    start, number = now(), 0
    while now() - start < seconds:
        free.acquire()
        who = number % in_flight
        args = {"question": questions[number // in_flight % len(questions)], "on": (number // 4000) % 2 == 0}
        writer.submit(Order(Command("vote", args), webinar, people[who], sessions[who], print))
        number += 1
    writer.stop()
    writer.join()
    return done / (now() - start)


def figures(args: argparse.Namespace, rounds: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    def middle(side: str, key: str) -> float | None:
        values = [r[key] for r in rounds.get(side, ())]
        return statistics.median(values) if values else None

    def flat(side: str, key: str) -> list[float]:
        return [value for r in rounds.get(side, ()) for value in r[key]]

    def ratio(a: float | None, b: float | None) -> float | None:
        return round(a / b, 2) if a and b else None

    us, limit = middle("ours", "us_per_frame"), middle("limit", "us_per_frame")
    textbook, pubsub = middle("textbook", "us_per_frame"), middle("pubsub", "us_per_frame")
    orm, writer = orm_best(), writer_best()
    out = {
        "n": args.n,
        "joins_per_s": middle("ours", "joins_per_s"),
        "state_equal": all(r["state_equal"] for side in ("ours", "durable") for r in rounds[side]),
        "changes_per_core_s": middle("ours", "changes_per_core_s"),
        "us_per_frame": us,
        "textbook_us_per_frame": textbook,
        "textbook_pubsub_us_per_frame": pubsub,
        "limit_us_per_frame": limit,
        "ratio_textbook": ratio(textbook, us),
        "ratio_textbook_pubsub": ratio(pubsub, us),
        "ratio_limit": ratio(us, limit),
        "p50_ms": percentile(flat("ours", "latencies"), 0.5),
        "p99_ms": percentile(flat("ours", "latencies"), 0.99),
        "last_p99_ms": percentile(flat("ours", "last"), 0.99),
        "limit_p99_ms": percentile(flat("limit", "latencies"), 0.99),
        "limit_last_p99_ms": percentile(flat("limit", "last"), 0.99),
        "delivered_ratio": middle("ours", "delivered_ratio"),
        "kb_per_socket": statistics.median(r["kb_per_socket"] for r in rounds["ours"]),
        "first_kb_per_socket": rounds["ours"][0]["kb_per_socket"],
        "core_share": middle("durable", "core_share"),
        "acked_per_s": middle("durable", "acked_per_s"),
        "ack_p99_ms": percentile(flat("durable", "acks"), 0.99),
        "textbook_acked_per_s": middle("textbook_durable", "acked_per_s"),
        "orm_best_acked_per_s": orm,
        "writer_acked_per_s": writer,
        "ratio_orm_best": ratio(writer, orm),
        "closed": sum(r["closed"] for r in rounds["ours"]),
        "refused": sum(r["refused"] for r in rounds["ours"]),
        "importing": args.importing,
        "changed_settings": "BUDGET_FACTOR=1000000",
        "machine": {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)},
    }
    return {key: round(v, 2) if isinstance(v, float) else v for key, v in out.items()}


def table(result: dict[str, Any]) -> None:
    for key, value in result.items():
        print(f"{key:32} {value}")


if __name__ == "__main__":
    main()
