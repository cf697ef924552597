"""The renderer's own process: reads a JSON line, writes a JSON line, until its standard input ends.

It knows Markdown, pymdown and nh3 and nothing else: no Django, no database, no secrets in its environment.
Start it with `python -m knowledge.rendering.child`.
"""

import json
import resource
import signal
import sys
from typing import Any

from knowledge.rendering.dialect import Dialect

# Longer than the parent's patience: the parent kills at 2 s; this is for when the parent itself has gone.
LAST_RESORT_SECONDS = 5
MEMORY = 1_500_000_000
LARGEST_PAGE = 3_000_000


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    dialect = Dialect()
    dialect.render("# Warm\n\n*up* [@A]", ["A"], {})  # compiles patterns; let nobody wait for it
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        signal.alarm(LAST_RESORT_SECONDS)
        reply = answer(dialect, line)
        if "error" in reply:  # Python-Markdown forgets to leave the list it was in: reset() is not enough
            dialect = Dialect()
        print(json.dumps(reply), flush=True)
        signal.alarm(0)


def answer(dialect: Dialect, line: str) -> dict[str, Any]:
    """The rendered text, or {"error": why}: "deep" and "large" are the text's fault."""
    try:
        job = json.loads(line)
        made = dialect.render(job["source"], job["known"], job["labels"])
        return made if len(made["html"]) <= LARGEST_PAGE else {"error": "large"}
    except RecursionError:
        return {"error": "deep"}
    except MemoryError:
        return {"error": "large"}
    except Exception as problem:  # whatever a text does to the library, the next finds the child alive
        return {"error": "failed", "detail": repr(problem)[:500]}


if __name__ == "__main__":
    main()
