"""What all tests share: the real server process beside the test's own database, real sockets, a real browser."""

import os

# Playwright's synchronous interface keeps a loop in the test's thread; Django would take it for an async view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo_site import DemoSite
from tests.servers import postgres_url, redis_url
from tests.site import Site

__all__ = ["postgres_url", "redis_url"]


@pytest.fixture(scope="session")
def site_server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The product's own server on a free loopback port, on the very database the tests write to."""
    site = Site(Path(tmp_path_factory.mktemp("site")))
    site.start()
    yield site
    site.stop()


@pytest.fixture
def live_site(transactional_db: None, site_server: Site) -> Site:
    """The running server for one test; started anew when the test before it was about killing it."""
    site_server.ensure()
    return site_server


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """The demo, served from a database of its own: for tests that look at all pages and change nothing."""
    site = DemoSite(Path(tmp_path_factory.mktemp("demo")))
    site.start()
    yield site
    site.stop()
