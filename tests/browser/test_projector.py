"""The wall of a hall in a real browser: what a moderator presses is there, whatever breaks, and nothing scrolls."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, expect

from accounts.names import Names
from tests import qr
from tests.browser.conftest import Enter, connected
from tests.browser.pages import WIDE, shuts_out
from tests.browser.test_prompter import LONG, of, scrolls
from tests.factories import make_agenda, make_person, make_question, make_webinar
from tests.site import PATIENCE, Site
from webinars.actions import floor, questions, room
from webinars.actions.deed import deed
from webinars.models import Participant, Question, Webinar

MONGOLIAN = "Хөдөөгийн ахмад настнуудад яаж хүрсэн бэ?"
WALLS = [(1280, 720), (1920, 1080), (1024, 768), (1400, 1050)]
# How many lines of words on the floor lie outside their place.
CUT = """() => {
  const place = document.getElementById("fit").getBoundingClientRect();
  const slack = (box) => 1 + box.height / 10; // a letter's box is taller than the line it stands in
  const high = (box) => box.top < place.top - slack(box) || box.bottom > place.bottom + slack(box);
  const out = (box) => box.width && (high(box) || box.right > place.right + 1);
  return [...document.querySelectorAll("#floor .beside p, #floor .said-where")].flatMap((one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return [...range.getClientRects()].filter(out);
  }).length;
}"""


@pytest.fixture
def hall(chromium: Browser, live_site: Site) -> Iterator[Any]:
    """hall(webinar, "?and=mn") opens its wall on a computer nobody signed in at."""
    contexts: list[BrowserContext] = []

    def open_wall(webinar: Webinar, query: str = "", *, language: str = "en", **window: Any) -> Page:
        window.setdefault("viewport", {"width": 1280, "height": 720})
        context = chromium.new_context(base_url=live_site.url, **window)
        contexts.append(context)
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        page.goto(f"/{language}/webinars/{webinar.pk}-x/projector/{query}")
        return page

    yield open_wall
    for context in contexts:
        context.close()


def put_on_floor(webinar: Webinar, question: Question) -> None:
    host = Participant.objects.with_role("host").filter(webinar=webinar).first() or make_person(
        webinar, "H", "host"
    )
    with deed(webinar.pk, by=host) as done:
        floor.open_turn(done, done.question(question.pk))


def test_what_a_moderator_puts_on_the_floor_is_on_the_wall_without_a_reload(enter: Enter, hall: Any) -> None:
    webinar = make_webinar(languages=["en", "mn"])
    asker = make_person(webinar, "Бат", place="Ховд", country="MN")
    make_question(webinar, MONGOLIAN, language="mn", participant=asker)
    make_question(webinar, "A pending secret?", visibility="submitted")
    desk = connected(enter(make_person(webinar, "Mari", "moderator"), "console"))
    wall = hall(webinar)
    expect(of(wall, "wanted")).to_have_text([MONGOLIAN])
    desk.locator("#published summary").first.click()
    desk.keyboard.press("f")
    expect(of(wall, "floor")).to_have_text([MONGOLIAN])
    expect(of(wall, "floor")).to_have_attribute("lang", "mn")
    expect(wall.locator("#h-floor")).to_be_visible()
    expect(wall.locator("#h-floor span")).to_have_text(["Being answered now", "Одоо хариулж байна"])
    expect(wall.locator("#floor .said-where")).to_have_text("Бат, Ховд, Mongolia")
    expect(wall.locator("#wanted")).to_be_hidden()
    with deed(webinar.pk, by=make_person(webinar, "Host", "host")) as done:
        room.change_state(done, "hold")
        room.send_notice(done, text="The sound is gone.", language="en")
    expect(wall.locator("#h-hold")).to_be_visible()
    expect(wall.locator("#state span")).to_have_text(["Short break", "Түр завсарлага"])
    expect(wall.locator("#notices .notice")).to_have_text("The sound is gone.")
    expect(wall.locator("#floor")).to_be_hidden()
    before = wall.locator("body").inner_text()
    wall.reload()
    expect(wall.locator("#h-hold")).to_be_visible()
    assert words(wall.locator("body").inner_text()) == words(before)
    assert "secret" not in wall.content()


def words(text: str) -> list[str]:
    """Without the clocks, which go on."""
    return [word for word in text.split() if not re.fullmatch(r"\d\d:\d\d", word)]


def test_a_moderators_own_wall_never_shows_what_waits(enter: Enter) -> None:
    webinar = make_webinar()
    moderator, host = make_person(webinar, "Mari", "moderator"), make_person(webinar, "Host", "host")
    make_question(webinar, "A pending secret?", visibility="submitted")
    wall = enter(moderator, "projector")
    heard: list[str] = []
    wall.on("websocket", lambda ws: ws.on("framereceived", lambda frame: heard.append(str(frame))))
    wall.reload()
    expect(wall.locator("#nothing")).to_be_visible()
    with deed(webinar.pk, by=make_person(webinar)) as done:
        questions.ask_question(done, client_id=uuid4(), text="Another secret?", language="en")
    with deed(webinar.pk, by=host) as done:
        question = questions.ask_question(done, client_id=uuid4(), text="A public one?", language="en")
    expect(of(wall, "wanted")).to_have_text(["A public one?"])
    with deed(webinar.pk, by=host) as done:
        floor.open_turn(done, done.question(question.pk))
    expect(of(wall, "floor")).to_have_text(["A public one?"])
    with deed(webinar.pk, by=host) as done:
        floor.interrupt_turn(done)
        questions.hide_question(done, done.question(question.pk), reason="personal_data")
    expect(wall.get_by_text("A public one?")).to_have_count(0)
    assert heard
    assert "secret" not in wall.content() + "".join(heard)


def test_a_restarted_server_and_a_lost_line_leave_the_picture_and_it_goes_on_by_itself(
    hall: Any, live_site: Site
) -> None:
    webinar = make_webinar()
    put_on_floor(webinar, make_question(webinar, "Before the restart?"))
    wall = hall(webinar, "?and=et")
    expect(of(wall, "floor")).to_have_text(["Before the restart?"])
    expect(wall.locator("#lost")).to_be_hidden()
    live_site.terminate()
    expect(wall.locator("#lost")).to_contain_text("The connection is lost. This is how it stood at")
    expect(wall.locator("#lost")).to_contain_text("Ühendus on katkenud.")
    expect(of(wall, "floor")).to_have_text(["Before the restart?"])
    host = make_person(webinar, "Host 2", "host")
    after = make_question(webinar, "After the restart?")
    with deed(webinar.pk, by=host) as done:
        floor.close_turn(done, gist="So.", language="en")
        floor.open_turn(done, done.question(after.pk))
    live_site.ensure()
    expect(of(wall, "floor")).to_have_text(["After the restart?"])
    expect(wall.locator("#lost")).to_be_hidden()


def test_behind_a_proxy_that_lets_no_sockets_through_the_wall_follows_by_plain_requests(hall: Any) -> None:
    webinar = make_webinar()
    question = make_question(webinar, "Without a socket?")
    wall = hall(webinar)
    wall.route_web_socket(re.compile("/ws/"), lambda ws: ws.close())
    wall.reload()
    expect(of(wall, "wanted")).to_have_text(["Without a socket?"])
    put_on_floor(webinar, question)
    expect(of(wall, "floor")).to_have_text(["Without a socket?"])


def test_a_wall_stays_when_the_webinar_ends_and_comes_back_when_it_goes_on(hall: Any) -> None:
    webinar = make_webinar()
    host = make_person(webinar, "Host", "host")
    make_question(webinar, "Open?")
    wall = hall(webinar)
    expect(of(wall, "wanted")).to_have_text(["Open?"])
    with deed(webinar.pk, by=host) as done:
        room.change_state(done, "ended")
    expect(wall.locator("#h-ended")).to_be_visible()
    with deed(webinar.pk, by=host) as done:
        room.change_state(done, "wrap_up")
    expect(of(wall, "wanted")).to_have_text(["Open?"])


def test_it_works_by_plain_reload_without_a_script(hall: Any) -> None:
    webinar = make_webinar(join_code="123456789")
    question = make_question(webinar, MONGOLIAN, language="mn")
    wall = hall(webinar, java_script_enabled=False)
    expect(of(wall, "wanted")).to_have_text([MONGOLIAN])
    put_on_floor(webinar, question)
    wall.reload()
    expect(of(wall, "floor")).to_have_text([MONGOLIAN])
    expect(wall.locator(".door-code")).to_have_text(re.compile(r"123\s+456\s+789"))
    expect(wall.locator("#full")).to_be_hidden()


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_words_of_every_length_fit_every_wall_and_nothing_scrolls(hall: Any, script: bool) -> None:
    webinar = make_webinar(join_code="123456789", languages=["en", "mn"])
    host = make_person(webinar, "Host", "host")
    make_agenda(webinar, LONG[:190], LONG[:190])
    for _ in range(3):
        following = make_question(webinar, LONG)
        with deed(webinar.pk, by=host) as done:
            floor.put_next(done, done.question(following.pk))
    with deed(webinar.pk, by=host) as done:
        room.send_notice(done, text=LONG, language="mn")
        room.send_notice(done, text="Short.", language="en")
        room.next_agenda_item(done)
    wall = hall(webinar, java_script_enabled=script)
    texts = [
        "Why?",
        MONGOLIAN,
        LONG[:180],
        (LONG * 3)[:500],
        "Үйлчилгээнүүдийнхээсээ?",
        "x" * 500,
        (LONG * 3)[:480],
    ]
    for number, text in enumerate(texts):
        question = make_question(
            webinar, text, language="mn", votes=86, participant=make_person(webinar, place="Ховд")
        )
        with deed(webinar.pk, by=host) as done:
            floor.open_turn(done, done.question(question.pk), add=number == len(texts) - 1)
        for width, height in WALLS:
            wall.set_viewport_size({"width": width, "height": height})
            wall.reload()
            expect(of(wall, "floor").last).to_have_text(text)
            if script:
                wall.evaluate("document.fonts.ready")
                expect_no_cut(wall, f"{width}×{height}: {text[:30]}")
            assert scrolls(wall) == (False, False), (width, height, text[:20])
            assert wall.locator("#floor p").first.evaluate("one => one.getClientRects().length")
            if not script:
                assert cut(wall) == 0, (width, height, text[:20])
        if number < len(texts) - 2:
            with deed(webinar.pk, by=host) as done:
                floor.close_turn(done, gist="So.", language="en")


def cut(page: Page) -> int:
    return int(page.evaluate(CUT))


def expect_no_cut(page: Page, where: str) -> None:
    """The script measures once the letters are there."""
    try:
        page.wait_for_function(f"() => ({CUT})() === 0")
    except TimeoutError as late:
        raise AssertionError(
            f"{where}: {cut(page)} lines at {page.locator('#fit').get_attribute('data-size')}"
        ) from late


@pytest.mark.parametrize("state", ["scheduled", "lobby", "live", "hold", "ended", "postponed", "cancelled"])
@pytest.mark.parametrize("language", ["en", "mn"])
def test_every_state_of_a_wall_is_whole(hall: Any, state: str, language: str) -> None:
    webinar = make_webinar(
        state=state, join_code="123456789", languages=["mn", "en"], zone="Asia/Ulaanbaatar",
        starts_at=timezone.now() + timedelta(days=3),
    )  # fmt: skip
    webinar.title = Names.of("en", "How do we bring citizens to new services?", mn=LONG[:190], uk=LONG[:190])
    webinar.save()
    make_person(webinar, "Jaan", "speaker", zone="Europe/Tallinn")
    webinar.agenda_now, _ = make_agenda(webinar, LONG[:190], LONG[:190])
    webinar.save()
    for n in range(6):
        make_question(webinar, LONG, language="mn", votes=n)
    for look in ("dark", "light"):
        wall = hall(webinar, f"?look={look}", language=language)
        faults = shuts_out(wall)
        for width, height in WALLS:
            wall.set_viewport_size({"width": width, "height": height})
            assert scrolls(wall) == (False, False), (width, height)
        wall.set_viewport_size({"width": 390, "height": 844})
        faults += wall.evaluate(WIDE) + shuts_out(wall)
        assert faults == []


def test_a_phone_reads_the_code_off_the_wall(hall: Any) -> None:
    webinar = make_webinar(join_code="123456789")
    for look in ("dark", "light"):
        wall = hall(webinar, f"?look={look}")
        drawn = wall.locator(".qr svg")
        assert (
            qr.read(qr.squares(drawn.evaluate("one => one.outerHTML"))) == f"{settings.SITE_URL}/j/123456789/"
        )
        box = drawn.bounding_box()
        assert box is not None
        assert box["width"] == pytest.approx(box["height"], abs=1)
        assert box["width"] > 150


def test_full_screen_hides_the_tools_until_a_hand_is_on_the_mouse(hall: Any) -> None:
    wall = hall(make_webinar())
    wall.locator("#full").click()
    wall.wait_for_function("() => document.fullscreenElement !== null")
    wall.mouse.move(300, 300)
    expect(wall.locator("#tools")).to_have_css("opacity", "1")
    wall.wait_for_function("() => document.body.classList.contains('still')")
    wall.mouse.move(310, 310)
    wall.wait_for_function("() => !document.body.classList.contains('still')")
