"""The language desk in a real browser: one asks in Mongolian, one reads English, and two sit between them."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Enter, connected
from tests.browser.pages import shuts_out
from tests.factories import make_person, make_question, make_webinar
from webinars.actions.deed import deed
from webinars.models import Participant, Question, Rendition, Webinar

ASKED = "Ахмад настнуудад яаж хүрсэн бэ?"


def desk_person(webinar: Webinar, name: str = "Olena") -> Participant:
    return make_person(webinar, name, "language_desk", reads=["mn", "en"])


def english_moderator(webinar: Webinar) -> Participant:
    return make_person(webinar, "Mari", "moderator", reads=["en"])


def take_first(desk: Page) -> None:
    desk.locator("#jobs [data-job]").first.click()
    expect(desk.locator("#own-text")).to_be_focused()


def test_a_question_goes_from_its_asker_over_the_desk_to_a_reader_of_another_language(enter: Enter) -> None:
    webinar = make_webinar(publishes_at_once="nobody")
    moderator = english_moderator(webinar)
    asker = connected(enter(make_person(webinar, "Bat", reads=["mn"]), language="mn"))
    reader = connected(enter(make_person(webinar, "Ann", reads=["en"])))
    desk = connected(enter(desk_person(webinar), "desk"))
    expect(desk.locator("#jobs .empty")).to_be_visible()
    asker.locator("#ask").fill(ASKED)
    asker.locator("#composer button.main").click()
    expect(desk.locator("#jobs .job-text")).to_have_text(ASKED)
    take_first(desk)
    expect(desk.locator("#lease")).to_contain_text("Yours for 2:")
    expect(desk.locator("#helps")).to_contain_text("older people")
    desk.keyboard.type("How did you reach older people?")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#jobs .empty")).to_be_visible()
    console = connected(enter(moderator, "console"))
    console.locator("#review .cr > summary").click()
    expect(console.locator("#review blockquote.rendition")).to_contain_text("How did you reach older people?")
    expect(reader.locator("#list .q")).to_have_count(0)  # it waits: nothing of it is anywhere
    console.keyboard.press("p")
    expect(reader.locator("#list .q-text")).to_have_text("How did you reach older people?")
    expect(reader.locator("#list .q-text")).to_have_attribute("lang", "en")
    expect(reader.locator("#list .q-other")).to_contain_text("translated by the language desk")
    expect(reader.locator("#list .q-original")).to_be_hidden()
    reader.locator("#list .q-other > summary").click()
    expect(reader.locator("#list .q-original")).to_have_text(ASKED)
    expect(asker.locator("#list .q-text")).to_have_text(ASKED)
    expect(asker.locator("#list .q-other")).to_have_count(0)


def test_the_desk_asks_and_the_asker_answers_or_writes_anew(enter: Enter) -> None:
    webinar = make_webinar()
    english_moderator(webinar)
    bat = make_person(webinar, "Bat", reads=["mn"])
    make_question(webinar, ASKED, language="mn", visibility="submitted", participant=bat)
    asker = connected(enter(bat))
    desk = connected(enter(desk_person(webinar), "desk"))
    take_first(desk)
    desk.get_by_text("Not clear: ask the asker").click()
    desk.get_by_label("What would you like to know?").fill("Аль жил вэ?")
    desk.get_by_role("button", name="Ask", exact=True).click()
    strip = asker.locator("#mines .mine")
    expect(strip).to_contain_text("The language desk asks you: Аль жил вэ?")
    strip.get_by_label("Your answer to the language desk").fill("2019 он")
    strip.get_by_role("button", name="Answer").click()
    expect(strip).to_contain_text("You answered: 2019 он")
    desk.locator("#jobs [data-job]").first.click()
    expect(desk.locator("#source")).to_contain_text("2019 он")
    strip.get_by_label("Your question in new words").fill("2019 онд яаж хүрсэн бэ?")
    strip.get_by_role("button", name="Send again").click()
    expect(desk.locator("#source .work-text")).to_have_text("2019 онд яаж хүрсэн бэ?")


def test_two_people_at_one_desk_do_not_write_the_same_and_nothing_typed_is_lost(enter: Enter) -> None:
    webinar = make_webinar()
    english_moderator(webinar)
    question = make_question(webinar, ASKED, language="mn", visibility="submitted")
    one = connected(enter(desk_person(webinar, "Olena"), "desk"))
    two = connected(enter(desk_person(webinar, "Oyun"), "desk"))
    take_first(one)
    expect(two.locator("#jobs .job-meta")).to_contain_text("Olena")
    two.locator("#jobs [data-job]").first.click()
    expect(two.locator("#toasts")).to_contain_text("Somebody else is translating this now")
    one.locator("#own-text").fill("Olena's slow words?")
    with deed(webinar.pk) as done:  # three minutes later
        Rendition.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        done.touch_part("jobs")
    expect(two.locator("#jobs [data-job]:not([data-held])")).to_have_count(1)
    take_first(two)
    two.locator("#own-text").fill("Oyun's quick words?")
    two.get_by_role("button", name="Done").click()
    expect(two.locator("#jobs .empty")).to_be_visible()
    one.locator("#own-text").press("Control+Enter")
    expect(one.locator("#unsent")).to_contain_text("Olena's slow words?")
    assert Rendition.objects.get(question=question).text == "Oyun's quick words?"
    one.get_by_role("button", name="Open it again").click()
    expect(one.locator("#own-text")).to_have_value("Olena's slow words?")


def test_what_is_typed_without_a_line_is_kept_and_goes_out_once(enter: Enter) -> None:
    webinar = make_webinar()
    english_moderator(webinar)
    make_question(webinar, ASKED, language="mn", visibility="submitted")
    desk = connected(enter(desk_person(webinar), "desk"))
    take_first(desk)
    desk.context.set_offline(True)
    expect(desk.locator("#pill")).not_to_have_attribute("data-state", "on")
    desk.locator("#own-text").fill("How did you reach them?")
    desk.locator("#own-text").press("Control+Enter")
    expect(desk.locator("#unsent")).to_contain_text("How did you reach them?")
    assert not Rendition.objects.exclude(text="").exists()
    desk.context.set_offline(False)
    expect(desk.locator("#unsent li")).to_have_count(0)
    assert Rendition.objects.get().version == 1


def test_an_asker_adds_a_translation_and_a_moderator_writes_one_without_any_desk(enter: Enter) -> None:
    webinar = make_webinar()
    room = connected(enter(make_person(webinar, "Bat", reads=["mn"])))
    room.locator("#ask").fill(ASKED)
    room.get_by_text("Add a translation").click()
    room.get_by_label("Your question in another language").fill("How did you reach older people?")
    room.locator("#composer button.main").click()
    console = connected(enter(english_moderator(webinar), "console"))
    console.locator("#review .cr > summary").click()
    expect(console.locator("#review blockquote.rendition")).to_contain_text("translated by who asks")
    console.get_by_text("Translate…").click()
    form = console.locator("#review [data-verb=translate] form")
    form.locator("select[name=language]").select_option("uk")
    form.locator("textarea").fill("Як ви дісталися до старших?")
    form.get_by_role("button", name="Save").click()
    expect(console.locator("#review blockquote.rendition")).to_have_count(2)
    assert set(Question.objects.get().renditions.values_list("language", "made_as")) == {
        ("en", "asker"),
        ("uk", "moderator"),
    }


def test_the_desk_is_worked_by_keys_fits_a_phone_and_shuts_nobody_out(enter: Enter) -> None:
    webinar = make_webinar()
    english_moderator(webinar)
    for n in range(3):
        make_question(webinar, f"Асуулт {n}?", language="mn", visibility="submitted")
    desk = connected(enter(desk_person(webinar), "desk"))
    desk.locator("h1").click()
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    expect(desk.locator("#source .work-text")).to_have_text("Асуулт 1?")
    expect(desk.locator("#own-text")).to_be_focused()
    desk.keyboard.type("Question 1?")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#source .work-text")).to_have_text("Асуулт 2?")
    desk.keyboard.press("Escape")
    expect(desk.locator("#jobs [data-job][aria-current]")).to_be_focused()
    desk.get_by_role("button", name="Give back").click()
    expect(desk.locator("#open")).to_contain_text("Take a text from the list")
    phone = connected(enter(desk_person(webinar, "Oyun"), "desk", **PHONE))
    phone.locator("#jobs [data-job]").first.click()
    expect(phone.locator("#own-text")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert shuts_out(phone) == []
