"""What the tests of webinars share."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A request leaves its language behind in the thread that tests run in; each test begins in English."""
    with translation.override("en"):
        yield
