"""What all tests share: the real server process beside the test's own database, real sockets, a real browser."""

import os

# Playwright's synchronous interface keeps a loop in the test's thread; Django would take it for an async view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management.base import CommandError
from django.test import TransactionTestCase
from playwright.sync_api import Browser, sync_playwright

from config import site_settings
from tests.demo_site import DemoSite
from tests.servers import postgres_url, redis_url
from tests.site import Site

# A run started in the background is deaf to Ctrl-C, and so would be every server it starts and then tells to stop.
signal.signal(signal.SIGINT, signal.default_int_handler)

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

__all__ = ["postgres_url", "redis_url"]


@pytest.fixture(autouse=True)
def untouched_site() -> None:
    """Each test begins with a site nobody has settled anything about, without asking a database it may not use."""
    site_settings.remember(site_settings.from_environment())


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
    site_server.begin_log()
    return site_server


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """The demo, served from a database of its own: for tests that look at all pages and change nothing."""
    site = DemoSite(Path(tmp_path_factory.mktemp("demo")))
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests: Playwright's synchronous interface can be entered once in a thread."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
            pytest.fail("Chromium is not installed: sudo apt install chromium")
        pytest.skip("Chromium is not installed: sudo apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(autouse=True, scope="session")
def patient_emptying() -> Iterator[None]:
    """A server's own work goes on while the tables are emptied; of two that wait for each other PostgreSQL ends one."""
    with pytest.MonkeyPatch.context() as patch:
        empty_once = TransactionTestCase._fixture_teardown

        def empty(case: TransactionTestCase) -> None:
            for _ in range(4):
                try:
                    return empty_once(case)
                except CommandError:
                    time.sleep(0.5)
            empty_once(case)

        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Marks the second lane before others choose by marks, and puts browser tests last after they put in order.

    While Playwright is entered, its loop runs in this thread and nobody else's can.
    """
    browser = {item for item in items if "chromium" in getattr(item, "fixturenames", ())}
    for item in items:
        if item in browser or item.path.name == "test_other_engines.py":
            item.add_marker("second")
    yield
    items.sort(key=lambda item: item in browser)
