"""What every page's scripts do, in a real browser: times, the door for HTML, the token, menus."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from playwright.sync_api import Browser, Page, Route

from config.templatetags import look

STATIC = Path(__file__).resolve().parents[2] / "site" / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
HERE = "http://sild.test"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(timezone_id="Europe/Tallinn")
    yield context.new_page()
    context.close()


def show(
    page: Page, body: str, *, lang: str = "en", answers: dict[str, tuple[int, str, str]] | None = None
) -> None:
    """Opens a page of our own with this body; `answers` are other addresses as (status, type, words)."""
    with translation.override(lang):
        words = "".join(f'<data value="{key}">{value}</data>' for key, value in look.time_words())
    html = (
        f'<!doctype html><html lang="{lang}"><body data-token-url="/token/">{body}'
        f'<template id="time-words">{words}</template>'
        '<script type="module" src="/static/js/site/site.js"></script></body></html>'
    )

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HERE)
        if path in (answers or {}):
            status, kind, said = (answers or {})[path]
            route.fulfill(status=status, content_type=kind, body=said)
        elif path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.route("**/*", answer)
    page.goto(f"{HERE}/")


INSTANT = 'datetime="2026-12-10T20:30:00Z"'


@pytest.mark.parametrize(
    ("lang", "full", "until"),
    [
        ("en", "Thursday 10 December, 22:30 · Tallinn", "in 3 days"),
        ("et", "neljapäev, 10. detsember, 22:30 · Tallinn", "3 päeva pärast"),
        ("uk", "четвер, 10 грудня, 22:30 · Таллінн", "через 3 дні"),
        ("mn", "12-р сарын 10, пүрэв, 22:30 · Таллин", "3 өдрийн дараа"),
    ],
)
def test_a_time_is_the_readers_own_and_named_in_their_language(
    page: Page, lang: str, full: str, until: str
) -> None:
    page.clock.set_fixed_time("2026-12-07T20:00:00Z")
    show(
        page,
        f"<time-here {INSTANT}>11 Dec, 04:30</time-here><time-here {INSTANT} format=until>…</time-here>",
        lang=lang,
    )
    times = page.locator("time-here time")
    assert times.all_inner_texts() == [full, until]
    assert page.locator("time-here").first.get_attribute("title") == "11 Dec, 04:30"


@pytest.mark.parametrize(
    ("lang", "shift"), [("en", "+1 day"), ("et", "+1 päev"), ("uk", "+1 день"), ("mn", "+1 өдөр")]
)
def test_another_citys_time_says_when_it_is_another_day_there(page: Page, lang: str, shift: str) -> None:
    show(
        page,
        f'<time-here {INSTANT} format="time" in="Asia/Ulaanbaatar">x</time-here>'
        f'<time-here {INSTANT} format="time" in="Europe/Kyiv">x</time-here>',
        lang=lang,
    )
    page.locator("time-here time").first.wait_for()
    assert page.locator("time-here").all_inner_texts() == [f"04:30 {shift}", "22:30"]


def test_among_other_cities_the_readers_own_clock_is_left_out(page: Page) -> None:
    clock = '<div><dt>{0}</dt><dd><time-here {1} format="time" in="{2}">x</time-here></dd></div>'
    tallinn, kyiv = (clock.format(city, INSTANT, f"Europe/{city}") for city in ("Tallinn", "Kyiv"))
    show(page, f'<dl class="zones" id="two">{tallinn}{kyiv}</dl><dl class="zones" id="one">{tallinn}</dl>')
    page.locator("#one").wait_for(state="hidden")
    assert [row.is_visible() for row in page.locator("#two > div").all()] == [False, True]


def test_a_clock_in_kyiv_is_the_readers_own_under_its_old_name_too(page: Page) -> None:
    """Browsers go on saying Europe/Kiev; somebody there would read the same hour twice."""
    clock = '<div><dt>{0}</dt><dd><time-here {1} format="time" in="Europe/{0}">x</time-here></dd></div>'
    rows = "".join(clock.format(city, INSTANT) for city in ("Tallinn", "Kyiv"))
    show(page, f'<dl class="zones">{rows}</dl>')
    tallinn, kyiv = page.locator(".zones > div").all()
    tallinn.wait_for(state="hidden")
    page.evaluate("document.body.dataset.zone = 'Europe/Kiev'")
    page.locator(".zones").evaluate("(clocks, rows) => { clocks.innerHTML = rows; }", rows)
    kyiv.wait_for(state="hidden")
    assert tallinn.is_visible()


def test_a_form_with_a_button_named_action_is_sent(page: Page) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    show(page, '<form method="post" action="/new/"><button name="action">Send</button></form>',
         answers={"/new/": (200, "text/html", "<h1>New</h1>")})  # fmt: skip
    page.wait_for_function("customElements.get('time-here') !== undefined")
    page.get_by_role("button").click()
    page.get_by_role("heading", name="New").wait_for()
    assert errors == []


def test_what_cannot_be_understood_keeps_the_servers_words(page: Page) -> None:
    show(
        page,
        f'<time-here datetime="soon">soon</time-here><time-here {INSTANT} in="No/Where">noon</time-here>',
    )
    page.wait_for_function("customElements.get('time-here') !== undefined")
    assert page.locator("time-here").all_inner_texts() == ["soon", "noon"]


def test_server_html_enters_by_one_door_and_its_scripts_never_run(page: Page) -> None:
    part = '<!doctype html><p id="part">Хөдөөгийн <b>ахмад</b></p><script>window.ran = true</script>'
    show(page, "<div id=here></div>", answers={"/part/": (200, "text/html; charset=utf-8", part)})
    said = page.evaluate(
        """async () => {
          const {fetchFragment} = await import("/static/js/site/html.js");
          document.getElementById("here").append(await fetchFragment("/part/", "#part"));
          const errors = [];
          for (const url of ["https://elsewhere.test/", "/part/"])
            errors.push(await fetchFragment(url, "#nothing").then(() => "", (error) => error.message));
          return {html: document.getElementById("here").innerHTML, errors, ran: window.ran ?? false};
        }"""
    )
    assert said == {
        "html": '<p id="part">Хөдөөгийн <b>ахмад</b></p>',
        "errors": ["foreign", "missing"],
        "ran": False,
    }


def test_the_token_is_fetched_at_the_first_post_and_kept(page: Page) -> None:
    show(
        page,
        "",
        answers={
            "/token/": (200, "application/json", json.dumps({"token": "t" * 64})),
            "/do/": (200, "application/json", json.dumps({"ok": True})),
        },
    )
    asked: list[tuple[str, str | None]] = []
    page.on("request", lambda request: asked.append((request.url, request.headers.get("x-csrftoken"))))
    said = page.evaluate(
        """async () => {
          const {post} = await import("/static/js/site/post.js");
          await post("/do/", {question: "17"});
          return post("/do/", {question: "17"});
        }"""
    )
    assert said == {"ok": True, "status": 200, "data": {"ok": True}}
    assert asked[1:] == [(f"{HERE}/token/", None), (f"{HERE}/do/", "t" * 64), (f"{HERE}/do/", "t" * 64)]


def test_a_menu_closes_by_escape_and_by_a_press_elsewhere(page: Page) -> None:
    show(
        page,
        '<p>words</p><details class="menu"><summary>English</summary><a href="/mn/">Монгол</a></details>',
    )
    menu = page.locator("details.menu")
    page.wait_for_function("customElements.get('time-here') !== undefined")
    page.locator("summary").click()
    assert menu.get_attribute("open") is not None
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    page.locator("summary").click()
    page.locator("p").click()
    assert menu.get_attribute("open") is None
