"""One line for each step of a long command: its name, what it did, how long it took."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def step(name: str) -> Iterator[Callable[[str], None]]:
    """Times the block and prints one line when it went well; the block says what it did, if anything."""
    said: list[str] = []
    started = time.monotonic()
    yield said.append
    print(f"{name:<13} {'; '.join(said) or 'as it was':<56} {time.monotonic() - started:6.1f} s", flush=True)
