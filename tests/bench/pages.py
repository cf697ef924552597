"""What a page costs: CPU of the server, queries, bytes, requests a second. On the demo, by one visitor after another.

python3 manage.py bench pages [--rounds 3] [--requests 100]
"""

import argparse
import gzip
import http.client
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]  # started by its path, from anywhere

from tests.bench import sides  # noqa: E402
from tests.bench.load import Crowd, cpu  # noqa: E402
from tests.bench.weight import weights  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench pages")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=100, help="of each page in each round")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="sild-bench-"))
    try:
        sides.prepare(folder, QUICKSTART="1")
        from django.core.management import call_command

        call_command("demo", verbosity=0)
        pages, cookie = addresses()
        server = sides.serve_ours()
        watching = one_in_the_room(server.port, pages["room"], cookie["room"])
        try:
            result = {name: measure(server, path, cookie[name], args) for name, path in pages.items()}
            for name, path in pages.items():  # a cookie the cache does not know makes it stand aside
                drawn = measure(server, path, cookie[name] or "bench=1", args)
                result[name]["drawn_cpu_ms"] = drawn["cpu_ms"]
            weighed = weights(server, pages, cookie)
        finally:
            watching.close()
            server.stop()
        counted = queries(pages, cookie)
        bare = sides.serve_empty()
        try:
            empty = measure(bare, "/", "", args)["cpu_ms"]
        finally:
            bare.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{'page':12} {'cpu ms':>8} {'drawn':>8} {'queries':>8} {'bytes':>8} {'gzip':>8} {'rps':>8}")
    for name, figures in result.items():
        figures["queries"] = counted[name]
        print(
            f"{name:12} {figures['cpu_ms']:8} {figures['drawn_cpu_ms']:8} {figures['queries']:8} {figures['bytes']:8}"
            f" {figures['gzip_bytes']:8} {figures['rps']:8}"
        )
    print(f"{'empty':12} {empty:8}  the framework's own, on stock daphne")
    print_weights(weighed)
    machine = {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    print(json.dumps({"pages": result, "empty_cpu_ms": empty, "weights": weighed, "machine": machine}))


def print_weights(weighed: dict[str, dict[str, Any]]) -> None:
    """KB over the line on a first visit with an empty cache, beside what was promised."""
    columns = list(next(iter(weighed.values())))[:-1]
    print(f"\n{'first visit':12}" + "".join(f" {name:>14}" for name in columns))
    for name, figures in weighed.items():
        over = "".join(f"  over: {kind} {top} KB" for kind, top in figures["over_budget"].items())
        print(f"{name:12}" + "".join(f" {figures[column]:14}" for column in columns) + over)


def addresses() -> tuple[dict[str, str], dict[str, str]]:
    """The pages, and the session cookie of each ("" for the public ones)."""
    from django.conf import settings
    from django.urls import reverse
    from django.utils import translation

    from knowledge.models import Edition
    from tests.site import session_of
    from webinars.models import Participant, State, Webinar

    live = Webinar.objects.get(state=State.LIVE)
    past = Webinar.objects.past().first()
    assert past is not None
    person = Participant.objects.create(webinar=live, name="Visitor", reads=["en"])
    seat = f"{settings.SESSION_COOKIE_NAME}={session_of(person)}"
    edition = Edition.objects.published().filter(language="en").order_by("pk").first()
    assert edition is not None
    with translation.override("en"):
        pages = {
            "home": reverse("webinars:home"),
            "webinar": reverse("webinars:webinar", args=[live.pk, "x"]),
            "room": reverse("webinars:room", args=[live.pk, "x"]),
            "room_text": reverse("webinars:text_room", args=[live.pk, "x"]),
            "guide": reverse("knowledge:guide", args=[edition.guide_id, edition.slug]),
            "search": reverse("knowledge:search") + "?q=banks",
            "archive": reverse("webinars:webinar", args=[past.pk, "x"]),
            "join": reverse("webinars:join", args=[live.pk, "x"]),
        }
    return {n: final(p, seat) for n, p in pages.items()}, {n: seat if "room" in n else "" for n in pages}


def one_in_the_room(port: int, path: str, cookie: str) -> Crowd:
    """Somebody whose socket is open: a live webinar's page is drawn from what its room holds in memory."""
    webinar = int(path.split("/webinars/")[1].split("-")[0])
    crowd = Crowd(port, sides.Ours(webinar, []), 1, [cookie.split("=", 1)[1]])
    crowd.join()
    crowd.settle(0.3)
    return crowd


def final(path: str, cookie: str) -> str:
    """Where the address leads in the end: slugs redirect."""
    from django.test import Client

    client = Client(headers={"Host": "localhost", "Cookie": cookie})
    answer = client.get(path, follow=True)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    return answer.redirect_chain[-1][0] if answer.redirect_chain else path


def measure(server: sides.Server, path: str, cookie: str, args: argparse.Namespace) -> dict[str, Any]:
    line = http.client.HTTPConnection("localhost", server.port)
    headers = {"Cookie": cookie} if cookie else {}
    body = b""
    for _ in range(10):  # first connections, templates, dictionaries
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status)
    costs, rates = [], []
    for _ in range(args.rounds):
        used, start = cpu(server.pid), time.monotonic()
        for _ in range(args.requests):
            line.request("GET", path, headers=headers)
            line.getresponse().read()
        costs.append((cpu(server.pid) - used) / args.requests * 1000)
        rates.append(args.requests / (time.monotonic() - start))
    line.close()
    return {
        "cpu_ms": round(statistics.median(costs), 2),
        "queries": 0,
        "bytes": len(body),
        "gzip_bytes": len(gzip.compress(body)),
        "rps": round(statistics.median(rates)),
    }


def queries(pages: dict[str, str], cookies: dict[str, str]) -> dict[str, int]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    counted = {}
    for name, path in pages.items():
        headers = {"Host": "localhost", "Cookie": cookies[name]} if cookies[name] else {"Host": "localhost"}
        client = Client(headers=headers)
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        counted[name] = len(captured)
    return counted


if __name__ == "__main__":
    main()
