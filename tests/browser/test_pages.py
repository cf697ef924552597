"""Every main page in a real browser, on a phone and a desk, light and dark: nothing breaks, sticks out or shuts out."""

import pytest

from tests.browser.conftest import OpenAs
from tests.browser.pages import DESK, PAGES, PHONE, WIDE, address, shuts_out
from tests.demo_site import DemoSite

# An address that begins with a stroke has no language in it.
SEEN = [
    (name, code)
    for name, (_, path) in PAGES.items()
    for code in ("en", "mn")
    if code == "en" or path[:1] != "/"
]


@pytest.mark.parametrize(("name", "language"), SEEN)
def test_s3_a_page_is_whole_and_breaks_no_policy(
    name: str, language: str, window_of: OpenAs, demo_site: DemoSite
) -> None:
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
