"""Every page for those who see little, move little or see only the colours of their own system."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter, OpenAs, connected
from tests.browser.pages import DESK, PAGES, WIDE, address, shuts_out
from tests.demo_site import DemoSite
from tests.factories import make_agenda, make_person, make_question, make_webinar

# 1280 pixels at 200 and at 400 per cent (WCAG 2.2, 1.4.4 and 1.4.10).
TWICE, FOUR_TIMES = {"width": 640, "height": 450}, {"width": 320, "height": 512}
# Words that end where their box does, and cannot be read on. The closed rows of a desk open; the title over a
# room is the name of the tab as well.
CUT = """() => {
  const hides = (one) => /hidden|clip/.test(getComputedStyle(one).overflowX);
  return [...document.querySelectorAll("body *")].filter((one) =>
    one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1 && hides(one) && one.innerText?.trim()
    && one.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && !one.closest(".vh, summary, svg, .bar > h1") && !one.matches("input, select, textarea")
  ).slice(0, 8).map((one) => `${one.localName}.${one.className}: ${one.innerText.trim().slice(0, 60)}`);
}"""
MOVES = """() => document.getAnimations().filter((one) => one.playState === "running")
  .map((one) => `${one.animationName ?? one.transitionProperty} of ${one.effect.target?.className}`)"""
# What is chosen here, beside one of its kind that is not: told apart without our colours?
CHOSEN = """() => {
  const chosen = `[aria-current]:not([aria-current=false]), [aria-pressed=true], [aria-selected=true]`;
  const others = `:not([aria-current]:not([aria-current=false]), [aria-pressed=true], [aria-selected=true])`;
  const sides = ["top", "right", "bottom", "left"];
  const look = (one, pseudo) => {
    const all = getComputedStyle(one, pseudo);
    if (pseudo && all.content === "none") return "";
    const edge = sides.map((side) => ["style", "width", "color"].map((p) => all[`border-${side}-${p}`]).join());
    const line = `${all.textDecorationLine} ${all.textDecorationThickness} ${all.outlineStyle} ${all.outlineWidth}`;
    return [all.color, all.backgroundColor, all.fontWeight, line, ...edge].join(" ");
  };
  const whole = (one) => [
    look(one), look(one, "::before"), look(one, "::after"),
    [...one.querySelectorAll("svg, .chip:not([hidden])")].filter((sign) => sign.checkVisibility()).length,
  ].join("|");
  const same = [];
  for (const one of document.querySelectorAll(chosen)) {
    if (!one.checkVisibility()) continue;
    const family = one.closest("ul, ol, nav, p, header, .list") ?? document.body;
    const kind = one.localName + (one.classList[0] ? `.${one.classList[0]}` : "");
    const other = [...family.querySelectorAll(kind + others)].find((two) => two.checkVisibility());
    if (other && whole(one) === whole(other)) same.push(`${kind}: ${one.textContent.trim().slice(0, 40)}`);
  }
  return same;
}"""
# Of what the keyboard stands on: a ring that a system's colours leave (a shadow they take away).
RINGED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const near = [at, at.closest("label"), at.nextElementSibling, at.parentElement, at.closest("form")];
  const ringed = near.filter(Boolean).some((one) => {
    return [null, "::after"].map((part) => getComputedStyle(one, part))
      .some((look) => look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0);
  });
  return { ringed, what: `${at.localName}.${at.className} ${at.textContent.trim().slice(0, 40)}` };
}"""
# test_pages.py asks axe everything; these differ by mode.
BY_COLOUR = ("color-contrast", "link-in-text-block")
STOPS = 12  # of the keyboard on one page in a system's colours; test_keyboard.py walks whole pages


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_enlarged_still_and_in_the_colours_of_the_system(
    name: str, window_of: OpenAs, demo_site: DemoSite
) -> None:
    who, path = PAGES[name]
    tab = window_of(who).new_page()
    faults: list[str] = []
    try:
        tab.emulate_media(color_scheme="dark", reduced_motion="reduce", forced_colors="none")
        tab.set_viewport_size(FOUR_TIMES)
        tab.goto(address(demo_site, path, "mn"), wait_until="load")  # the longest words
        for size in (FOUR_TIMES, TWICE):
            tab.set_viewport_size(size)
            faults += [f"{size['width']}: sticks out: {one}" for one in tab.evaluate(WIDE)]
            faults += [f"{size['width']}: cut off: {one}" for one in tab.evaluate(CUT)]
        faults += [f"moves: {one}" for one in tab.evaluate(MOVES)]
        tab.set_viewport_size(FOUR_TIMES)
        faults += [f"dark and small: {one}" for one in shuts_out(tab, *BY_COLOUR)]
        tab.set_viewport_size(DESK)
        tab.emulate_media(color_scheme="light")
        faults += [f"light and wide: {one}" for one in shuts_out(tab, *BY_COLOUR)]
        tab.emulate_media(forced_colors="active")
        faults += [f"system's colours: looks as if not chosen: {one}" for one in tab.evaluate(CHOSEN)]
        faults += [f"system's colours: no ring: {one}" for one in unringed(tab)]
    finally:
        tab.close()
    assert not faults, "\n".join(faults)


def unringed(tab: Page) -> list[str]:
    """The first stops of the keyboard that do not show that it stands there."""
    found = []
    for _ in range(STOPS):
        tab.keyboard.press("Tab")
        stop: dict[str, Any] | None = tab.evaluate(RINGED)
        if stop is None:
            break
        if not stop["ringed"]:
            found.append(str(stop["what"]))
    return found


def faults_of(tab: Page) -> list[str]:
    """In both modes, and squeezed to a phone at 400 per cent."""
    faults = []
    for size, colours in ((FOUR_TIMES, "light"), (DESK, "dark")):
        tab.set_viewport_size(size)
        tab.emulate_media(color_scheme=colours, reduced_motion="reduce")  # type: ignore[arg-type]
        faults += [f"{colours}: {one}" for one in shuts_out(tab)]
        faults += [f"{size['width']}: sticks out: {one}" for one in tab.evaluate(WIDE)]
    return faults


def test_an_empty_room_and_an_empty_desk_shut_nobody_out(enter: Enter) -> None:
    webinar = make_webinar()
    host = make_person(webinar, "Mari", "host", "moderator")
    for page in ("room", "console", "room/text", "people", "prompter", "projector"):
        assert faults_of(enter(host, page)) == [], page


def fill(webinar: Any, host: Any) -> None:
    """One question of each fate, so that every row there is can be seen."""
    make_agenda(webinar, "Opening", "Questions")
    make_question(webinar, "Waits for review?", visibility="submitted")
    make_question(webinar, "Answered?", floor="done").answers.create(gist="Yes, by telephone.", language="en")
    for visibility in ("published", "submitted", "declined", "hidden"):
        make_question(webinar, f"My own, {visibility}?", participant=host, visibility=visibility)
    make_question(webinar, "Sent back?", participant=host, visibility="returned", reason="unclear")


def open_all(tab: Page) -> None:
    """Everything that folds, unfolded, and everything that is shut by a script's hand left alone."""
    tab.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")


def test_rows_folds_and_sheets_shut_nobody_out_when_they_are_open(enter: Enter) -> None:
    webinar = make_webinar()
    host = make_person(webinar, "Mari", "host", "moderator")
    fill(webinar, host)
    for page in ("room", "room/text", "console", "people"):
        tab = enter(host, page)
        if page in ("room", "console"):
            connected(tab)
        open_all(tab)
        assert faults_of(tab) == [], page
    tab = enter(host, "console")
    for sheet in (
        "notice-sheet",
        "agenda-sheet",
        "webinar-sheet",
        "keys-sheet",
    ):  # one opening closes the other
        tab.evaluate("(id) => document.getElementById(id).showPopover()", sheet)
        expect(tab.locator(f"#{sheet}")).to_be_visible()
        assert faults_of(tab) == [], sheet


def without_their_own_checks(tab: Page) -> None:
    """The browser stops a wrong form before the site sees it; the site's own answer is what is looked at."""
    tab.evaluate("for (const one of document.forms) one.noValidate = true")


WRONG: dict[str, tuple[str, str, Callable[[Page], None]]] = {
    "join": ("anonymous", "webinars/{live}-x/join/", lambda tab: tab.locator("main form .go").click()),
    "the digits": ("anonymous", "join/?code=12", lambda tab: None),
    "attend": (
        "anonymous",
        "webinars/{next}-x/attend/",
        lambda tab: tab.locator("main form .btn.main").first.click(),
    ),
    "sign in": ("anonymous", "accounts/login/", lambda tab: tab.locator("main form .btn.main").first.click()),
    "sign up": (
        "anonymous",
        "accounts/signup/",
        lambda tab: tab.locator("main form .btn.main").first.click(),
    ),
    "profile": ("participant", "accounts/profile/", lambda tab: spoil_the_name(tab)),
    "my link": ("participant", "webinars/{live}-x/link/", lambda tab: spoil_the_address(tab)),
}


def spoil_the_name(tab: Page) -> None:
    tab.get_by_label("Name").fill("")
    tab.locator("main form .btn.main").first.click()


def spoil_the_address(tab: Page) -> None:
    tab.locator("#email").fill("not an address")
    tab.locator("main form .btn.main").first.click()


@pytest.mark.parametrize("name", WRONG)
def test_a_form_filled_in_wrongly_shuts_nobody_out(name: str, window_of: OpenAs, demo_site: DemoSite) -> None:
    who, path, spoil = WRONG[name]
    tab = window_of(who).new_page()
    try:
        tab.emulate_media(forced_colors="none")
        tab.goto(address(demo_site, path, "en"), wait_until="load")
        without_their_own_checks(tab)
        spoil(tab)
        tab.wait_for_load_state("load")
        wrong = tab.locator("[aria-invalid=true], [role=alert], .bad").first
        expect(wrong).to_be_visible()
        faults = faults_of(tab)
        unsaid = tab.evaluate(
            """() => [...document.querySelectorAll("[aria-invalid=true]")].filter((one) =>
              !(one.getAttribute("aria-describedby") ?? "").split(" ")
                .some((id) => document.getElementById(id)?.textContent.trim())).map((one) => one.outerHTML)"""
        )
        assert faults + unsaid == []
    finally:
        tab.close()
