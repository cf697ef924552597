"""Something does not work: from the room and the text-only page to the desk, and to no other screen."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Enter, connected
from tests.factories import make_person, make_webinar
from webinars.models import Trouble


def tell(room: Page, kind: str, words: str = "") -> None:
    room.get_by_role("button", name="Something does not work…").click()
    sheet = room.locator("#report-sheet")
    sheet.get_by_label(kind).check()
    sheet.get_by_label("What happens, in a few words").fill(words)
    sheet.get_by_role("button", name="Tell them").click()


def test_it_goes_out_is_thanked_for_and_shown_to_nobody_in_the_room(enter: Enter) -> None:
    webinar = make_webinar()
    room = connected(enter(make_person(webinar, "Oyun")))
    other = connected(enter(make_person(webinar)))
    tell(room, "Sound", "Only a hum")
    expect(room.locator("#toasts")).to_contain_text("have it now")
    expect(room.locator("#report-sheet")).to_be_hidden()
    report = Trouble.objects.get()
    assert (report.kind, report.text, report.participant.name) == ("sound", "Only a hum", "Oyun")
    for page in (room, other):
        assert "Only a hum" not in page.locator("main").inner_text()
    expect(room.locator("#mines details")).to_have_count(0)


def test_without_a_line_it_is_kept_and_goes_out_once_when_there_is_one(enter: Enter) -> None:
    webinar = make_webinar()
    room = connected(enter(make_person(webinar), **PHONE))
    room.context.set_offline(True)
    expect(room.locator("#pill")).not_to_have_attribute("data-state", "on")
    tell(room, "Picture")
    expect(room.locator("#toasts")).to_contain_text("Kept here")
    assert not Trouble.objects.exists()
    room.context.set_offline(False)
    connected(room)
    expect(room.locator("#toasts")).to_contain_text("have it now")
    room.reload()
    connected(room)
    assert Trouble.objects.count() == 1


def test_something_else_needs_words_and_refused_words_come_back(enter: Enter) -> None:
    webinar = make_webinar()
    room = connected(enter(make_person(webinar)))
    tell(room, "Something else")
    expect(room.locator("#toasts")).to_contain_text("no words in it yet")
    webinar.state = "ended"
    webinar.save(update_fields=["state"])
    sheet = room.locator("#report-sheet")
    sheet.get_by_label("What happens, in a few words").fill("The door is locked")
    sheet.get_by_role("button", name="Tell them").click()
    expect(room.locator("#toasts")).to_contain_text("The room is closed.")
    expect(sheet.locator("textarea")).to_have_value("The door is locked")
    assert not Trouble.objects.exists()


def test_it_works_from_the_text_only_page_without_a_script(enter: Enter) -> None:
    webinar = make_webinar()
    page = enter(make_person(webinar), "room/text", java_script_enabled=False, **PHONE)
    page.get_by_text("Something does not work…").click()
    page.get_by_label("Interpretation").check()
    page.get_by_role("button", name="Tell them").click()
    expect(page.get_by_text("have it now")).to_be_visible()
    assert Trouble.objects.get().kind == "interpretation"
