"""Which processes serve this site, and how many files each may hold open.

Without Redis there is one process: what one remembers (limits, failed sign-ins) the others would not know.
"""

import fcntl
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

FOLDER = "serving"
PLENTY = 1_000_000


class ServedAlready(Exception):
    """The text says it in one sentence for whoever typed the command."""


@contextmanager
def counted() -> Iterator[None]:
    """This process serves as long as the block lasts. Raises ServedAlready where there may be one only.

    Each holds a lock on a file named after itself; the system lets go of it when the process dies, however it dies.
    """
    folder = Path(settings.DATA_DIR) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / str(os.getpid())
    with path.open("w") as mine:
        fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not settings.REDIS_URL and (first := others()):
            path.unlink()
            raise ServedAlready(
                f"The site in {settings.DATA_DIR} is being served already, by process {first[0]}. "
                "Stop that one, or set REDIS_URL: several processes need it."
            )
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def others() -> list[int]:
    """The other processes that serve from this folder now; what dead ones left is cleared away."""
    found = []
    for path in sorted((Path(settings.DATA_DIR) / FOLDER).glob("*")):
        if path.name == str(os.getpid()) or not path.name.isdigit():
            continue
        try:
            with path.open() as theirs:
                fcntl.flock(theirs, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink(missing_ok=True)
        except BlockingIOError:
            found.append(int(path.name))
        except FileNotFoundError:
            pass
    return found


def most_files() -> int:
    """The most files this process may hold open if it wants to; `serve` does."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return PLENTY if hard == resource.RLIM_INFINITY else hard


def take_all_files() -> None:
    """Raises the limit as far as the system lets us: 1,024, as most shells have it, is full at 400 participants."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < most_files():
        resource.setrlimit(resource.RLIMIT_NOFILE, (most_files(), hard))
