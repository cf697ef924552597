"""A real Chromium, and people who each have a window of their own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.demo_site import DemoSite
from tests.site import PATIENCE, Site, session_of
from webinars.models import Participant

expect.set_options(timeout=PATIENCE * 1000)
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
# The network going is what these tests are about; everything else the browser complains of is a fault.
EXPECTED = ("net::ERR_", "WebSocket connection to", "the server responded with a status of 4")

LISTEN = """window.refused = [];
addEventListener("securitypolicyviolation", (one) => refused.push(`${one.violatedDirective} ${one.blockedURI}`));"""

Enter = Callable[..., Page]
OpenAs = Callable[[str], BrowserContext]


def connected(page: Page) -> Page:
    """The page, once its line to the server is open."""
    expect(page.locator("#pill")).to_have_attribute("data-state", "on")
    return page


@pytest.fixture
def enter(chromium: Browser, live_site: Site) -> Iterator[Enter]:
    """enter(person, "room") opens that page in a window of that person. A browser's complaint fails the test."""
    contexts, complaints = [], []

    def complain(text: str) -> None:
        if not any(part in text for part in EXPECTED):
            complaints.append(text)

    def open_page(person: Participant, page: str = "room", *, language: str = "en", **window: Any) -> Page:
        context = chromium.new_context(base_url=live_site.url, **window)
        contexts.append(context)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(person), "url": live_site.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        context.set_default_timeout(PATIENCE * 1000)
        tab = context.new_page()
        tab.on("pageerror", lambda error: complain(f"{page}: {error}"))
        tab.on("console", lambda said: complain(f"{page}: {said.text}") if said.type == "error" else None)
        tab.goto(f"/{language}/webinars/{person.webinar_id}-x/{page}/")
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def window_of(chromium: Browser, demo_site: DemoSite) -> Iterator[OpenAs]:
    """window_of("host"): that person's window, kept for the next page."""
    windows: dict[str, BrowserContext] = {}

    def open_as(who: str) -> BrowserContext:
        if who not in windows:
            window = windows[who] = chromium.new_context(base_url=demo_site.url)
            window.set_default_timeout(PATIENCE * 1000)
            window.add_init_script(LISTEN)
            with demo_site.visitor(who) as visitor:
                window.add_cookies(
                    [
                        {"name": name, "value": value, "url": demo_site.url}
                        for name, value in visitor.cookies.items()
                    ]
                )
        return windows[who]

    yield open_as
    for window in windows.values():
        window.close()
