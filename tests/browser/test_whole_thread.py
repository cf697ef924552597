"""The main job from end to end: asked on a phone, published, wanted, answered, made a lesson, found again."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.actions import create_user
from tests.browser.conftest import PHONE
from tests.factories import make_person, make_question, make_webinar
from tests.site import PATIENCE, Site
from webinars.models import Answer, Citation, Participant, Question, Vote, Webinar

MONGOLIAN = "Хөдөөгийн ахмад настнуудад яаж хүрсэн бэ?"
GIST = "Librarians sat beside people until the first signature worked."
PASSWORD = "a-bridge-over-the-river"
Window = Callable[..., Page]


@pytest.fixture
def window(chromium: Browser) -> Iterator[Window]:
    """A window of its own on a site, as nobody yet."""
    contexts = []

    def open_window(site: Site, **facts: Any) -> Page:
        context = chromium.new_context(base_url=site.url, **facts)
        contexts.append(context)
        context.set_default_timeout(PATIENCE * 1000)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()


def practice(**facts: Any) -> tuple[Webinar, str]:
    """A live webinar with a code, and somebody who moderates it and is an expert on the site; their address."""
    webinar = make_webinar(join_code="123456789", **facts)
    email = f"mari-{uuid4().hex[:6]}@example.org"
    user = create_user(email, PASSWORD, name="Mari", verified=True, roles=["expert"])
    make_person(webinar, "Mari", "moderator", user=user)
    return webinar, email


def sign_in(page: Page, email: str) -> None:
    page.goto("/en/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button.main").first.click()
    expect(page).to_have_url(re.compile(r"/en/$"))


def join_by_code(page: Page, language: str = "mn") -> None:
    page.goto(f"/{language}/join/")
    page.locator("input[name=code]").fill("123 456 789")
    page.locator("button").first.click()
    page.locator("input[name=name]").fill("Бат")
    page.locator("button.go").click()
    expect(page).to_have_url(re.compile("/room/"))


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_question_becomes_a_lesson_that_a_search_finds(
    live_site: Site, window: Window, scripts: bool
) -> None:
    webinar, email = practice()
    phone = window(live_site, java_script_enabled=scripts, **PHONE)
    other = window(live_site, java_script_enabled=scripts)
    desk = window(live_site, java_script_enabled=scripts)

    def look(page: Page) -> None:
        """Without a script one looks again; with it, it came by itself."""
        if not scripts:
            page.reload()

    join_by_code(phone)
    join_by_code(other, "en")
    phone.locator("#ask").fill(MONGOLIAN)
    phone.locator("form.composer button.main").click()
    expect(phone.locator(".mine").first).to_contain_text(MONGOLIAN)
    sign_in(desk, email)
    desk.goto(f"/en/webinars/{webinar.pk}-x/console/")
    desk.locator("#review summary").first.click()
    desk.locator("#review").get_by_role("button", name=re.compile("^Publish")).first.click()
    for page in (phone, other):
        look(page)
        expect(page.locator("#list .q-text")).to_have_text(MONGOLIAN)
        expect(page.locator("#list .q-text")).to_have_attribute("lang", "mn")
    other.locator("#list button.vote").click()
    look(phone)
    expect(phone.locator("#list .vote .num")).to_have_text("1")
    look(desk)
    desk.locator("#published summary").first.click()
    desk.locator("#published").get_by_role("button", name=re.compile("^On the floor")).first.click()
    for page in (phone, other):
        look(page)
        expect(page.locator("#floor .floor-text")).to_have_text(MONGOLIAN)
    look(desk)
    desk.locator("#gist-text").fill(GIST)
    desk.get_by_role("button", name=re.compile("^Answered")).click()
    for page in (phone, other):
        look(page)
        expect(page.locator("#list .q-gist")).to_have_text(GIST)
    look(desk)
    desk.locator("#answered summary").first.click()
    desk.get_by_role("button", name="Draft a lesson from this").click()
    expect(desk).to_have_url(re.compile(r"/knowledge/\d+/edit/"))
    body = desk.locator("textarea[name=body]")
    assert GIST in body.input_value()
    desk.locator("input[name=title]").fill("The librarian's chair")
    desk.locator("button[name=do][value=publish]").click()
    expect(desk.locator("h1")).to_have_text("The librarian's chair")
    expect(desk.locator("main")).to_contain_text("not yet reviewed")
    expect(desk.locator("main")).to_contain_text(MONGOLIAN)
    found = window(live_site, java_script_enabled=scripts)
    found.goto("/en/search/?q=librarians")
    expect(found.locator(".hit h2").first).to_contain_text("librarian")
    found.goto("/mn/search/?q=" + "настан")  # an inflected word of the question
    expect(found.locator(".hit").first).to_contain_text("ахмад")
    look(phone)
    expect(phone.locator("#list .q-marks")).to_be_visible()
    question = Question.objects.get()
    assert (question.votes, question.visibility, question.floor) == (1, "published", "done")
    assert Vote.objects.count() == Answer.objects.count() == Citation.objects.count() == 1


def test_a_killed_server_loses_nothing_and_doubles_nothing_in_the_browser(
    transactional_db: None, window: Window, tmp_path: Path
) -> None:
    site = Site(tmp_path)
    site.start()
    try:
        webinar, _ = practice(publishes_at_once="everybody")
        wanted = make_question(webinar, "There from the start?")
        phone, other = window(site, **PHONE), window(site)
        join_by_code(phone)
        join_by_code(other, "en")
        for page in (phone, other):
            expect(page.locator("#pill")).to_have_attribute("data-state", "on")
        phone.locator("#ask").fill("Before the fall?")
        phone.locator("form.composer button.main").click()
        # The kill comes as soon as it is on disk: after the acknowledgement, whatever became of the frame.
        while Question.objects.count() < 2:
            pass
        site.kill()
        expect(phone.locator("#pill")).not_to_have_attribute("data-state", "on")
        phone.locator("#ask").fill("While it was down?")
        phone.locator("form.composer button.main").click()
        other.locator(f"#q-{wanted.pk} button.vote").click()
        site.start()
        for page in (phone, other):
            expect(page.locator("#pill")).to_have_attribute("data-state", "on", timeout=90_000)
            page.locator("#fresh").click() if page.locator("#fresh").is_visible() else None
            expect(page.locator("#list .q-text")).to_have_count(3)
        expect(phone.locator("#list .vote .num", has_text="1")).to_have_count(1)
        texts = sorted(Question.objects.values_list("text", flat=True))
        assert texts == ["Before the fall?", "There from the start?", "While it was down?"]
        assert Vote.objects.filter(is_on=True).count() == 1
    finally:
        site.stop()


def test_a_portable_link_is_the_same_person_on_a_second_device(live_site: Site, window: Window) -> None:
    webinar, _ = practice(publishes_at_once="everybody")
    phone = window(live_site, **PHONE)
    join_by_code(phone)
    person = Participant.objects.get(webinar=webinar, name="Бат")
    laptop = window(live_site)
    laptop.goto(f"/p/{person.link_token}/")
    if "/room/" not in laptop.url:
        laptop.locator("main button, main a.btn").first.click()
    expect(laptop).to_have_url(re.compile("/room/"))
    phone.locator("#ask").fill(MONGOLIAN)
    phone.locator("form.composer button.main").click()
    expect(laptop.locator(".mine").first).to_contain_text(MONGOLIAN)
    assert Participant.objects.filter(webinar=webinar, name="Бат").count() == 1
