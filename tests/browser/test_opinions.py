"""Opinions in a real browser: two people and a moderator, two tabs, a line that goes, a page without a script."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Enter, connected
from tests.browser.pages import shuts_out
from tests.factories import make_opinion, make_person, make_webinar
from webinars.actions.deed import deed
from webinars.actions.opinions import hide_opinion, opinion_of, return_opinion
from webinars.models import Opinion, OpinionState, Stand

WORDS = "Танил хүмүүс албан захидлаас илүү тусалдаг."


def tab(page: Page) -> Page:
    """The room, with its opinions shown."""
    page.locator(".tabs [data-shows=opinions]").click()
    expect(page.locator("#opine-text, #opine-closed").first).to_be_visible()
    return page


def test_what_one_says_is_published_by_keys_and_others_stand_to_it(enter: Enter) -> None:
    webinar = make_webinar()
    writer = make_person(webinar, "Бат", country="MN", reads=["mn", "en"])
    reader, moderator = make_person(webinar, "Olena", reads=["uk"]), make_person(webinar, "Mari", "moderator")
    phone, desk = tab(connected(enter(writer, **PHONE))), connected(enter(moderator, "console"))
    other = tab(connected(enter(reader)))
    phone.get_by_label("Your opinion", exact=True).fill(WORDS)
    phone.get_by_role("button", name="Say it").click()
    expect(phone.locator("#my-opinions")).to_contain_text("Waiting for a moderator")
    expect(desk.locator("#g-opinions")).to_have_text("1")
    expect(other.locator("#opinions-empty")).to_be_visible()
    desk.locator("#op-fold > summary").click()
    row = desk.locator("#op-review details.cr")
    expect(row.locator(".cr-text")).to_have_text(WORDS)
    row.locator("summary").first.click()
    desk.keyboard.press("p")
    expect(desk.locator("#op-published .cr-text")).to_have_text(WORDS)
    expect(desk.locator("#toasts")).to_contain_text("Published.")
    for page in (phone, other):
        expect(page.locator("#opinions-list .op-text")).to_have_text(WORDS)
    expect(phone.locator("#my-opinions")).to_contain_text("Published")
    agree = other.locator("#opinions-list [data-side=agree]")
    agree.click()
    expect(agree).to_have_attribute("aria-pressed", "true")
    expect(agree.locator(".num")).to_have_text("1")
    expect(phone.locator("#opinions-list [data-side=agree] .num")).to_have_text("1")
    expect(phone.locator("#opinions-list [data-side=agree]")).to_have_attribute("aria-pressed", "false")
    other.locator("#opinions-list [data-side=disagree]").click()
    expect(phone.locator("#opinions-list [data-side=disagree] .num")).to_have_text("1")
    expect(phone.locator("#opinions-list [data-side=agree] .num")).to_have_text("0")
    other.locator("#opinions-list [data-side=disagree]").click()  # the same again takes it back
    expect(phone.locator("#opinions-list [data-side=disagree] .num")).to_have_text("0")
    expect(desk.locator("#op-published [data-is=tally]")).to_have_text("0 : 0")
    assert Stand.objects.get().side == ""


def test_a_stand_is_known_in_another_tab_and_after_a_reload(enter: Enter) -> None:
    webinar = make_webinar()
    make_opinion(webinar)
    person = make_person(webinar)
    one, two = tab(connected(enter(person))), tab(connected(enter(person)))
    skip = "#opinions-list [data-side=skip]"
    one.locator(skip).click()
    for page in (one, two):
        expect(page.locator(skip)).to_have_attribute("aria-pressed", "true")
        expect(page.locator(f"{skip} .num")).to_have_text("1")
    connected(two).reload()
    expect(two.locator(skip)).to_have_attribute("aria-pressed", "true")
    assert Stand.objects.get().side == "skip"


def test_without_a_line_words_and_stands_are_kept_and_sent_once(enter: Enter) -> None:
    webinar = make_webinar(publishes_at_once="everybody")
    opinion = make_opinion(webinar)
    page = tab(connected(enter(make_person(webinar))))
    page.context.set_offline(True)
    expect(page.locator("#pill")).not_to_have_attribute("data-state", "on")
    agree = page.locator(f"#o-{opinion.pk} [data-side=agree]")
    agree.click()
    expect(agree).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Your opinion", exact=True).fill("Kept on this device.")
    page.get_by_role("button", name="Say it").click()
    expect(page.locator("#my-opinions")).to_contain_text("Waiting to be sent")
    assert not Stand.objects.exists()
    page.context.set_offline(False)
    connected(page)
    expect(page.locator("#opinions-list .op-text")).to_have_count(2)
    expect(page.locator("#my-opinions")).to_contain_text("Published")
    expect(agree.locator(".num")).to_have_text("1")
    assert Stand.objects.get().side == "agree"
    assert Opinion.objects.filter(text="Kept on this device.").count() == 1


def test_what_is_taken_off_loses_its_words_at_once_and_nothing_moves(enter: Enter) -> None:
    webinar = make_webinar()
    first, second = make_opinion(webinar, "The first"), make_opinion(webinar, "The second")
    page = tab(connected(enter(make_person(webinar))))
    below = page.locator(f"#o-{second.pk}")
    before = below.bounding_box()
    with deed(webinar.pk, by=make_person(webinar, "M", "moderator")) as done:
        hide_opinion(done, opinion_of(done, first.pk))
    gone = page.locator(f"#o-{first.pk}")
    expect(gone).to_contain_text("This opinion was taken off the list.")
    assert "The first" not in page.locator("body").inner_text()
    expect(gone.locator("[data-side=agree]")).to_be_disabled()
    assert below.bounding_box() == before


def test_what_came_back_is_written_anew(enter: Enter) -> None:
    webinar = make_webinar()
    writer = make_person(webinar)
    opinion = make_opinion(
        webinar, "Two things at once", participant=writer, visibility=OpinionState.SUBMITTED
    )
    page = tab(connected(enter(writer)))
    with deed(webinar.pk, by=make_person(webinar, "M", "moderator")) as done:
        return_opinion(done, opinion_of(done, opinion.pk), reason="several", note="One at a time, please")
    mine = page.locator("#my-opinions")
    expect(mine).to_contain_text("Several opinions in one")
    expect(mine).to_contain_text("One at a time, please")
    mine.locator("textarea").fill("One thing")
    mine.get_by_role("button", name="Send again").click()
    expect(mine).to_contain_text("Waiting for a moderator")
    opinion.refresh_from_db()
    assert (opinion.text, opinion.visibility) == ("One thing", "submitted")


def test_a_question_moved_to_the_opinions_is_there_and_its_asker_is_told(enter: Enter) -> None:
    webinar = make_webinar()
    asker, moderator = make_person(webinar, "A"), make_person(webinar, "Mari", "moderator")
    page, desk = connected(enter(asker)), connected(enter(moderator, "console"))
    page.get_by_label("Your question", exact=True).fill("Letters do nothing.")
    page.get_by_role("button", name="Ask", exact=True).click()
    desk.locator("#review summary .cr-text").click()
    desk.get_by_role("button", name="It is an opinion").click()
    expect(page.locator("details.mine")).to_contain_text("It is among the opinions now")
    expect(desk.locator("#op-review .cr-text")).to_have_text("Letters do nothing.")


def test_the_text_only_room_has_them_too(enter: Enter) -> None:
    webinar = make_webinar(publishes_at_once="everybody")
    opinion = make_opinion(webinar)
    page = connected(enter(make_person(webinar), "room/text", **PHONE))
    agree = page.locator(f"#o-{opinion.pk} [data-side=agree]")
    agree.click()
    expect(agree).to_have_attribute("aria-pressed", "true")
    page.get_by_text("Say an opinion…").click()
    page.get_by_label("Your opinion", exact=True).fill("In few words.")
    page.get_by_role("button", name="Say it").click()
    expect(page.locator("#opinions-list")).to_contain_text("In few words.")
    assert Stand.objects.get().side == "agree"


def test_without_a_script_every_press_is_a_form(enter: Enter) -> None:
    webinar = make_webinar()
    opinion = make_opinion(webinar)
    page = enter(make_person(webinar), java_script_enabled=False)
    page.locator(".tabs [data-shows=opinions]").click()
    page.locator(f"#o-{opinion.pk} [data-side=disagree]").click()
    expect(page).to_have_url(re.compile(rf"show=opinions#o-{opinion.pk}$"))
    pressed = page.locator(f"#o-{opinion.pk} [data-side=disagree]")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    pressed.click()
    expect(page.locator(f"#o-{opinion.pk} [data-side=disagree]")).to_have_attribute("aria-pressed", "false")
    assert Stand.objects.get().side == ""


def test_nobody_is_shut_out_of_the_tab_or_its_figures(enter: Enter) -> None:
    webinar = make_webinar(publishes_at_once="everybody")
    for n in range(3):
        make_opinion(webinar, f"Number {n}", agree=n)
    page = tab(connected(enter(make_person(webinar), **PHONE)))
    page.locator("#op-split > summary").click()
    expect(page.locator("#op-split")).to_contain_text("Not enough people yet to compare groups")
    assert shuts_out(page) == []
    desk = connected(enter(make_person(webinar, "M", "moderator"), "console"))
    desk.locator("#op-fold > summary").click()
    assert shuts_out(desk) == []
