"""A real server in its own process for the tests of this folder."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.config.wire import Serving


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Serving]]:
    """`serve(stall=1, …)` starts a server with those arguments."""
    started: list[Serving] = []

    def start(**arguments: Any) -> Serving:
        started.append(Serving(tmp_path / f"log-{len(started)}", arguments))
        return started[-1]

    yield start
    for one in started:
        one.close()
