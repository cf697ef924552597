"""Every main page in a real browser, on a phone and a desk, light and dark: nothing breaks, sticks out or shuts out."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.demo_site import DemoSite
from tests.site import PATIENCE

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
# (who looks, at what). {live}, {next} and {past} stand for the demo's webinars, {guide} for a guide in four languages.
PAGES = {
    "home": ("anonymous", ""),
    "programme": ("anonymous", "webinars/"),
    "a live webinar": ("anonymous", "webinars/{live}/"),
    "a coming webinar": ("participant", "webinars/{next}/"),
    "a past webinar": ("expert", "webinars/{past}/"),
    "a series": ("anonymous", "webinars/series/1-x/"),
    "promises": ("anonymous", "promises/"),
    "a promise": ("anonymous", "promises/1/"),
    "a promise that one follows": ("administrator", "promises/1/"),
    "writing down a promise": ("host", "webinars/{live}-x/promise/"),
    "join": ("anonymous", "webinars/{live}-x/join/"),
    "the digits": ("anonymous", "join/?code=1"),
    "attend": ("anonymous", "webinars/{next}-x/attend/"),
    "room": ("participant", "webinars/{live}-x/room/"),
    "text room": ("participant", "webinars/{live}-x/room/text/"),
    "my link": ("participant", "webinars/{live}-x/link/"),
    "console": ("moderator", "webinars/{live}-x/console/"),
    "console of a host": ("host", "webinars/{live}-x/console/"),
    "edit": ("host", "webinars/{live}-x/edit/"),
    "people": ("host", "webinars/{live}-x/people/"),
    "my webinars": ("host", "webinars/mine/"),
    "knowledge": ("anonymous", "knowledge/"),
    "guide": ("anonymous", "knowledge/{guide}/"),
    "help": ("anonymous", "help/"),
    "a help page with a table": ("anonymous", "help/moderator/"),
    "privacy": ("administrator", "help/privacy/"),
    "new guide": ("expert", "knowledge/new/"),
    "editor": ("expert", "knowledge/{guide}/edit/{language}/"),
    "search": ("anonymous", "search/?q=library"),
    "search finds nothing": ("anonymous", "search/?q=xyzzyx"),
    "sign in": ("anonymous", "accounts/login/"),
    "sign up": ("anonymous", "accounts/signup/"),
    "reset": ("anonymous", "accounts/password/reset/"),
    "profile": ("participant", "accounts/profile/"),
    "sessions": ("participant", "accounts/sessions/"),
    "reading": ("anonymous", "accounts/reading/"),
    "no such page": ("anonymous", "nothing/"),
    "mail": ("anonymous", "/mail/"),
}
# An address that begins with a stroke has no language in it.
SEEN = [
    (name, code)
    for name, (_, path) in PAGES.items()
    for code in ("en", "mn")
    if code == "en" or path[:1] != "/"
]
# Targets of 24 pixels (WCAG 2.2) are off in axe until asked for.
AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
LISTEN = """window.refused = [];
addEventListener("securitypolicyviolation", (one) => refused.push(`${one.violatedDirective} ${one.blockedURI}`));"""
# What sticks out of the page to the side, where the page itself does.
WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const right = (one) => Math.round(one.getBoundingClientRect().right);
  const out = [...document.querySelectorAll("body *")].filter((one) => right(one) > wide + 1);
  return out.slice(0, 8).map((one) => `${one.localName}.${one.className} ${right(one)}`);
}"""

OpenAs = Callable[[str], BrowserContext]


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


@pytest.mark.parametrize(("name", "language"), SEEN)
def test_a_page_is_whole(name: str, language: str, window_of: OpenAs, demo_site: DemoSite) -> None:
    who, path = PAGES[name]
    tab, home = window_of(who).new_page(), (f"{demo_site.url}/", "data:")
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(f"error: {error}"))
    tab.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    tab.on("request", lambda one: faults.append(one.url) if not one.url.startswith(home) else None)
    try:
        tab.set_viewport_size(PHONE)
        answer = tab.goto(address(demo_site, path, language), wait_until="load")
        assert answer is not None
        for size, colours in ((PHONE, "light"), (DESK, "dark")):
            tab.set_viewport_size(size)
            tab.emulate_media(color_scheme=colours, reduced_motion="reduce")
            faults += [f"{colours} {size['width']}: sticks out: {one}" for one in tab.evaluate(WIDE)]
            faults += [f"{colours} {size['width']}: {one}" for one in shuts_out(tab)]
        faults += [f"refused by the policy: {one}" for one in tab.evaluate("window.refused")]
    finally:
        tab.close()
    if answer.status == 404:  # a page that is meant to say so; the browser notes it
        faults = [one for one in faults if not one.startswith("Failed to load resource")]
    assert not faults, "\n".join(faults)


def address(site: DemoSite, path: str, language: str) -> str:
    if path.startswith("/"):
        return path
    guide = site.one("SELECT guide_id FROM knowledge_edition WHERE language = 'mn'")
    webinars = site.webinars
    facts = {
        "live": webinars["live"], "next": webinars["scheduled"], "past": webinars["published"],
        "guide": guide, "language": language,
    }  # fmt: skip
    return f"/{language}/{path.format(**facts)}"


def shuts_out(tab: Page) -> list[str]:
    """What axe calls serious or critical, each with the elements it means."""
    found = Axe().run(tab, options=AXE).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:5]
    ]
