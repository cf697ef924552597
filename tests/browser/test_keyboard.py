"""The whole thread with nothing but a keyboard: every stop can be seen, and no deed throws one out of the page."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from knowledge.actions import Text, create_guide
from tests.browser.conftest import Enter, connected
from tests.factories import make_agenda, make_person, make_question, make_webinar
from tests.knowledge.writers import make_writer, publish
from tests.site import PATIENCE, Site
from webinars.actions.deed import deed
from webinars.actions.questions import ask_question
from webinars.models import Question, Vote

MOST_STOPS = 150
# Where the keyboard stands: on what, and can a person see that it stands there?
WHERE = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const visual = at.matches("input[type=radio], input[type=checkbox]") ? (at.closest("label") ?? at) : at;
  const box = visual.getBoundingClientRect();
  const across = Math.min(box.right, innerWidth) - Math.max(box.left, 0);
  const down = Math.min(box.bottom, innerHeight) - Math.max(box.top, 0);
  const x = Math.max(box.left, 0) + across / 2;
  const y = Math.max(box.top, 0) + Math.min(down / 2, 20);
  const top = document.elementFromPoint(x, y);
  const covered = top && top !== visual && !visual.contains(top) && !top.contains(visual);
  const bearers = [at, visual, at.nextElementSibling, at.parentElement, at.closest("form")];
  const ringed = bearers.filter(Boolean).some((one) => {
    const look = getComputedStyle(one);
    return (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0) || look.boxShadow !== "none";
  });
  const words = (at.getAttribute("aria-label") ?? at.labels?.[0]?.textContent ?? at.textContent).trim();
  return {
    what: `${at.localName}${at.id && "#" + at.id} ${words.replace(/\\s+/g, " ").slice(0, 50)}`,
    inView: across > 1 && down > 1, covered: covered ? `${top.localName}.${top.className}` : "", ringed,
  };
}"""


def where(page: Page) -> dict[str, Any]:
    """Where the keyboard stands; fails when it stands nowhere."""
    found: dict[str, Any] | None = page.evaluate(WHERE)
    assert found is not None, "the keyboard was thrown out of the page"
    return found


def stops(page: Page) -> list[dict[str, Any]]:
    """Every place Tab leads to, in order, once round the page."""
    found: list[dict[str, Any]] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(WHERE)
        if stop is None:  # round, and out to the browser itself
            return found
        found.append(stop)
    return found


def reach(page: Page, goal: Locator) -> None:
    """Tab until there."""
    for _ in range(MOST_STOPS):
        if goal.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never led to {goal}")


@pytest.fixture
def window(chromium: Browser, live_site: Site) -> Iterator[BrowserContext]:
    """Somebody who was never here."""
    context = chromium.new_context(base_url=live_site.url, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE * 1000)
    yield context
    context.close()


def test_one_comes_in_asks_and_votes_by_keyboard(window: BrowserContext) -> None:
    webinar = make_webinar()
    other = make_question(webinar, "What did it cost?")
    page = window.new_page()
    page.goto(f"/en/webinars/{webinar.pk}-x/join/")
    reach(page, page.get_by_label("Your name"))
    page.keyboard.type("Бат")
    page.keyboard.press("Enter")
    connected(page)
    reach(page, page.locator("#list button.vote"))
    page.keyboard.press("Space")
    expect(page.locator("#list button.vote")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#list button.vote .num")).to_have_text("1")
    assert where(page)["what"].startswith("button")
    reach(page, page.get_by_label("Your question", exact=True))
    page.keyboard.type("Хэдэн хүн ирсэн бэ?")
    reach(page, page.get_by_role("button", name="Ask", exact=True))
    page.keyboard.press("Enter")
    expect(page.locator("#mines")).to_contain_text("Waiting for a moderator")
    expect(page.get_by_label("Your question", exact=True)).to_have_value("")
    assert where(page)["inView"]
    assert Question.objects.filter(webinar=webinar, text="Хэдэн хүн ирсэн бэ?").count() == 1
    assert Vote.objects.filter(question=other, is_on=True).count() == 1


def test_one_withdraws_and_rewrites_by_keyboard(enter: Enter) -> None:
    webinar = make_webinar()
    person = make_person(webinar)
    make_question(webinar, "Sent back?", participant=person, visibility="returned", reason="unclear")
    page = connected(enter(person))
    box = page.locator("#mines .mine-rewrite textarea")
    if not box.is_visible():
        reach(page, page.locator("#mines summary").first)
        page.keyboard.press("Enter")
    reach(page, box)
    page.keyboard.press("Control+A")
    page.keyboard.type("What did the library cost?")
    reach(page, page.locator("#mines .mine-rewrite button").first)
    page.keyboard.press("Enter")
    expect(page.locator("#mines")).to_contain_text("Waiting for a moderator")
    assert where(page)["inView"]
    reach(page, page.locator("#mines summary").first)
    page.keyboard.press("Enter")
    reach(page, page.locator("#mines .mine-withdraw button").first)
    page.keyboard.press("Enter")
    expect(page.locator("#mines summary")).to_have_count(0)
    assert where(page)["inView"]


def test_in_words_only_the_keyboard_stays_where_one_works(enter: Enter) -> None:
    webinar = make_webinar()
    person = make_person(webinar, way="text")
    make_question(webinar, "What did it cost?", votes=3)
    own = make_question(webinar, "Sent back?", participant=person, visibility="returned", reason="unclear")
    page = connected(enter(person, "room/text"))
    reach(page, page.locator("#list button").first)
    page.keyboard.press("Space")
    expect(page.locator("#list button").first).to_have_attribute("aria-pressed", "true")
    assert where(page)["what"].startswith("button")
    box = page.locator(f"#mines [data-own='{own.pk}'] textarea[name=text]")
    reach(page, box)
    page.keyboard.type("Still writing. ")
    with deed(webinar.pk, by=person) as done:  # news of one's own while one writes
        ask_question(done, client_id=uuid4(), text="Asked on the phone?", language="en")
    expect(page.locator("#mines")).to_contain_text("Asked on the phone?")
    assert where(page)["what"].startswith("textarea")
    page.keyboard.type("Done.")
    expect(box).to_have_value(re.compile("Still writing. Done."))
    reach(page, page.locator(f"#mines [data-own='{own.pk}'] [value=withdraw]"))
    page.keyboard.press("Enter")
    expect(page.locator(f"#mines [data-own='{own.pk}']")).to_have_count(0)
    assert where(page)["inView"]


def test_a_moderator_publishes_lines_up_and_answers_by_keyboard(enter: Enter) -> None:
    webinar = make_webinar()
    question = make_question(webinar, "The only one?", visibility="submitted")
    desk = connected(enter(make_person(webinar, "Mari", "moderator"), "console"))
    for key, column in (("p", "published"), ("n", "published"), ("f", None)):
        desk.keyboard.press("j")
        desk.keyboard.press(key)
        if key == "n":
            expect(desk.locator("#published [data-is=next]")).to_be_visible()
        elif column:
            expect(desk.locator(f"#{column} .cr-text")).to_have_text("The only one?")
            expect(desk.locator("#review .cr")).to_have_count(0)
        else:
            expect(desk.locator("#turn")).to_be_visible()
        assert where(desk)["inView"], key
    desk.keyboard.press("a")
    desk.keyboard.type("By telephone.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#turn")).to_be_hidden()
    expect(desk.locator("#answered .cr-text")).to_have_text("The only one?")
    assert where(desk)["inView"]
    question.refresh_from_db()
    assert question.floor == "done"


def test_a_moderator_does_it_by_buttons_alone(enter: Enter) -> None:
    """With the letters switched off: Tab, Enter and Space."""
    webinar = make_webinar()
    make_agenda(webinar, "Opening", "Questions")
    make_question(webinar, "First?", visibility="submitted")
    desk = connected(enter(make_person(webinar, "Mari", "moderator"), "console"))
    reach(desk, desk.locator("#review summary").first)
    desk.keyboard.press("Enter")
    reach(desk, desk.locator("#review [data-key=p]").first)
    desk.keyboard.press("Enter")
    expect(desk.locator("#published .cr-text")).to_have_text("First?")
    where(desk)
    reach(desk, desk.locator("#published .cr > summary").first)
    desk.keyboard.press("Enter")
    reach(desk, desk.locator("#published [data-key=f]").first)
    desk.keyboard.press("Enter")
    expect(desk.locator("#turn")).to_be_visible()
    where(desk)
    reach(desk, desk.locator("#gist [value=interrupt]"))
    desk.keyboard.press("Enter")
    expect(desk.locator("#turn")).to_be_hidden()
    where(desk)
    reach(desk, desk.locator("[popovertarget=agenda-sheet]").first)
    desk.keyboard.press("Enter")
    reach(desk, desk.locator("#agenda-sheet [name=item]:visible").first)
    desk.keyboard.press("Enter")
    expect(desk.locator("#agenda-sheet [aria-current]")).to_be_visible()
    where(desk)
    desk.keyboard.press("Escape")
    reach(desk, desk.locator("[popovertarget=notice-sheet]").first)
    desk.keyboard.press("Enter")
    reach(desk, desk.locator("#notice-sheet textarea").first)
    desk.keyboard.type("Back in five minutes")
    reach(desk, desk.locator("#notice-sheet form[data-empties] button:not([type=button])").first)
    desk.keyboard.press("Enter")
    expect(desk.locator("#notice-sheet")).to_be_hidden()
    where(desk)
    expect(desk.locator("#desk-notices")).to_contain_text("Back in five minutes")
    reach(desk, desk.locator("[popovertarget=notice-sheet]").first)
    desk.keyboard.press("Enter")
    reach(desk, desk.locator("#desk-notices button").first)
    desk.keyboard.press("Enter")
    expect(desk.locator("#desk-notices li")).to_have_count(0)
    where(desk)


def test_an_expert_writes_and_publishes_by_keyboard(window: BrowserContext, live_site: Site) -> None:
    live_site.restart()  # terms hang on content types, and the tests before this one made those anew
    author = make_writer()
    client = Client()
    client.force_login(author)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    window.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_site.url}])
    draft = create_guide(author, language="en", text=Text("Ask first"))
    page = window.new_page()
    page.goto(f"/en/knowledge/{draft.edition.guide_id}/edit/en/")
    expect(page.locator(".tools")).to_be_visible()
    reach(page, page.locator("#id_body"))
    page.keyboard.type("## What we did\n\nWe asked.")
    expect(page.locator("#saved [data-when=saved]")).to_be_visible()
    page.keyboard.press("Tab")  # out of the text again: it holds nobody
    where(page)
    reach(page, page.get_by_role("link", name="Publish…"))
    page.keyboard.press("Enter")
    reach(page, page.get_by_role("button", name="Publish now"))
    assert where(page)["ringed"]
    page.keyboard.press("Enter")
    expect(page.locator("article.prose h2")).to_have_text("What we did")


def test_one_searches_narrows_and_reads_by_keyboard(window: BrowserContext) -> None:
    publish("Ask those who stay away", countries=("EE",))
    publish("Ask the libraries", countries=("UA",))
    page = window.new_page()
    page.goto("/en/knowledge/")
    choice = page.get_by_role("link", name=re.compile("Ukraine"))
    reach(page, choice.first)
    assert where(page)["ringed"]
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("country=UA"))
    expect(page.locator("article.card")).to_have_count(1)
    reach(page, page.locator("main input[type=search]"))
    page.keyboard.type("ask")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/search/"))
    reach(page, page.locator(".hit h2 a").first)
    assert where(page)["ringed"]
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Ask")


def test_a_letter_means_the_row_one_stands_on(enter: Enter) -> None:
    webinar = make_webinar()
    first, second = (make_question(webinar, text, visibility="submitted") for text in ("First?", "Second?"))
    desk = connected(enter(make_person(webinar, "Mari", "moderator"), "console"))
    desk.keyboard.press("j")
    reach(desk, desk.locator("#review summary", has_text="Second?").first)
    desk.keyboard.press("p")
    expect(desk.locator("#published .cr-text")).to_have_text("Second?")
    where(desk)
    assert list(Question.objects.published()) == [second]
    assert first.visibility == "submitted"


@pytest.mark.parametrize("page", ["room", "console", "room/text", "join", "edit", "people"])
@pytest.mark.parametrize("wide", [390, 1440])
def test_every_stop_of_the_keyboard_can_be_seen(page: str, wide: int, enter: Enter) -> None:
    webinar = make_webinar()
    make_agenda(webinar, "Opening", "Questions")
    for n in range(12):
        make_question(webinar, f"A question that is number {n}?", votes=n)
    make_question(webinar, "Waits for review?", visibility="submitted")
    person = make_person(webinar, "Mari", "host", "moderator")
    make_question(webinar, "My own?", participant=person)
    tab = enter(person, page, viewport={"width": wide, "height": 800}, reduced_motion="reduce")
    if page in ("room", "console"):
        connected(tab)
    found = stops(tab)
    assert len(found) > 5
    bad = [one for one in found if not one["inView"] or one["covered"] or not one["ringed"]]
    assert not bad, "\n".join(map(str, bad))
