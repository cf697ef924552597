"""Two moderators at one console: who is on it, what changed meanwhile, many at once, keys of one's own, slow mode."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Enter, connected
from tests.browser.pages import shuts_out
from tests.factories import make_person, make_question, make_webinar
from webinars.actions.deed import deed
from webinars.actions.questions import decline_question, return_question, rewrite_question
from webinars.models import Participant, Question, Webinar


def moderator(webinar: Webinar, name: str = "Mari", *roles: str) -> Participant:
    return make_person(webinar, name, *(roles or ("moderator",)), country="EE")


def waiting(webinar: Webinar, *texts: str) -> list[Question]:
    return [make_question(webinar, text, visibility="submitted") for text in texts]


def standing(*questions: Question) -> list[str]:
    return [Question.objects.get(pk=question.pk).visibility for question in questions]


def row(desk: Page, text: str, column: str = "review") -> Page:
    return desk.locator(f"#{column} li", has=desk.locator(".cr-text", has_text=text))  # type: ignore[return-value]


def open_row(desk: Page, text: str) -> None:
    row(desk, text).locator("summary").first.click()


def test_each_moderator_sees_where_the_other_is_and_is_never_stopped_by_it(enter: Enter) -> None:
    webinar = make_webinar()
    questions = waiting(webinar, "One?", "Two?")
    tamar, mari = (connected(enter(moderator(webinar, name), "console")) for name in ("Tamar", "Mari"))
    open_row(tamar, "One?")
    expect(row(mari, "One?").locator("[data-is=held]")).to_have_text("Tamar is on it")
    expect(tamar.locator("[data-is=held]:visible")).to_have_count(0)  # nobody is told of themselves
    tamar.keyboard.press("r")
    tamar.locator("details.why[open]").get_by_label("A word to the asker").fill("Which")
    expect(row(mari, "One?").locator("[data-is=held]")).to_have_text("Tamar is writing")
    assert shuts_out(mari) == []
    tamar.keyboard.press("Escape")
    tamar.keyboard.press("j")
    expect(row(mari, "Two?").locator("[data-is=held]")).to_have_text("Tamar is on it")
    expect(row(mari, "One?").locator("[data-is=held]")).to_be_hidden()
    open_row(mari, "Two?")
    mari.keyboard.press("p")
    expect(mari.locator("#toasts")).to_contain_text("Published.")
    assert standing(*questions) == ["submitted", "published"]
    tamar.close()
    expect(mari.locator("[data-is=held]:visible")).to_have_count(0)


def test_what_changed_under_ones_hands_is_shown_and_one_press_decides_anyway(enter: Enter) -> None:
    webinar = make_webinar()
    [question] = waiting(webinar, "How much?")
    desk = connected(enter(moderator(webinar), "console"))
    open_row(desk, "How much?")
    with deed(webinar.pk, by=moderator(webinar, "Olena")) as done:
        decline_question(done, done.question(question.pk), reason="tone")
    told = row(desk, "How much?").locator("[data-difference]")
    for words in ("waiting for review", "declined", "The tone", "Olena"):
        expect(told).to_contain_text(words)
    assert shuts_out(desk) == []
    told.get_by_role("button", name="Publish anyway").click()
    expect(desk.locator("#published .cr-text")).to_have_text(["How much?"])
    assert standing(question) == ["published"]


def test_words_rewritten_between_reading_and_pressing_are_shown_before_they_are_published(
    enter: Enter,
) -> None:
    webinar = make_webinar()
    [question] = waiting(webinar, "How much?")
    desk = connected(enter(moderator(webinar), "console"))
    open_row(desk, "How much?")
    # As fast as two hands can be: the press is on its way while the words change.
    desk.evaluate(
        """() => { const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (text) { setTimeout(() => send.call(this, text), 2000); }; }"""
    )
    desk.keyboard.press("p")
    with deed(webinar.pk, by=moderator(webinar, "Olena")) as done:
        return_question(done, done.question(question.pk), reason="unclear")
    with deed(webinar.pk, by=question.participant) as done:
        rewrite_question(done, done.question(question.pk), text="How much did one lesson cost?")
    told = row(desk, "How much did one lesson cost?").locator("[data-difference]")
    expect(told.locator("del")).to_have_text("How much?")
    expect(told.locator("ins")).to_have_text("How much did one lesson cost?")
    expect(told).to_contain_text("the asker")
    assert standing(question) == ["submitted"]
    told.get_by_role("link", name="Leave it as it is now").click()
    expect(told).to_have_count(0)


def test_several_are_chosen_by_keys_decided_on_by_one_press_and_taken_back_by_one(enter: Enter) -> None:
    webinar = make_webinar()
    questions = waiting(webinar, "One?", "Two?", "Three?", "Four?")
    first, second = (connected(enter(moderator(webinar, name), "console")) for name in ("Mari", "Olena"))
    expect(first.locator("#bulk-review")).to_be_hidden()
    first.keyboard.press("j")
    first.keyboard.press("Shift+J")
    first.keyboard.press("Shift+J")
    bar = first.locator("#bulk-review")
    expect(bar.locator("[data-is=chosen]")).to_have_text("3 selected")
    assert shuts_out(first) == []
    bar.get_by_label("Why").select_option("tone")
    bar.get_by_role("button", name="Decline them").click()
    expect(first.locator("#toasts")).to_contain_text("3 questions decided on.")
    for desk in (first, second):
        expect(desk.locator("#review .cr-text")).to_have_text(["Four?"])
    assert standing(*questions) == ["declined"] * 3 + ["submitted"]
    expect(bar).to_be_hidden()
    first.locator("#toasts").get_by_role("button", name=re.compile("Undo")).click()
    expect(second.locator("#review .cr-text")).to_have_text(["One?", "Two?", "Three?", "Four?"])
    assert standing(*questions) == ["submitted"] * 4


def test_what_is_refused_among_many_stays_chosen_with_its_reason(enter: Enter) -> None:
    webinar = make_webinar()
    mari = moderator(webinar)
    own = make_question(webinar, "My own?", visibility="submitted", participant=mari)
    [other] = waiting(webinar, "Another's?")
    desk = connected(enter(mari, "console"))
    desk.locator(".col.review > .col-head .select-toggle").click()
    bar = desk.locator("#bulk-review")
    expect(bar.get_by_role("button", name="Publish them")).to_be_disabled()
    bar.get_by_role("link", name="All that are shown").click()
    bar.get_by_role("button", name="Publish them").click()
    expect(bar.locator("[data-is=told]")).to_contain_text("My own?")
    expect(bar.locator("[data-is=told]")).to_contain_text("This is your own question")
    expect(row(desk, "My own?").locator(".pick input")).to_be_checked()
    assert standing(own, other) == ["submitted", "published"]


def test_a_key_can_be_another_one_or_none_and_a_conflict_is_told(enter: Enter) -> None:
    webinar = make_webinar()
    questions = waiting(webinar, "One?", "Two?")
    desk = connected(enter(moderator(webinar), "console"))
    desk.keyboard.press("?")
    sheet = desk.locator("#keys-sheet")
    sheet.get_by_text("Change the keys…").click()
    box = sheet.locator("input.own-key[data-of=p]")
    box.press("d")
    expect(sheet.locator("#own-keys-told")).to_have_text(
        "D is already the key for “decline with a reason”. Change that one first."
    )
    expect(box).to_have_value("P")
    box.press("y")
    expect(box).to_have_value("Y")
    sheet.locator("input.own-key[data-of=r]").press("Backspace")
    expect(sheet.locator("#own-keys-told")).to_contain_text("No key for “return with a reason” now.")
    assert shuts_out(desk) == []
    desk.reload()  # kept on this device
    connected(desk)
    open_row(desk, "One?")
    expect(row(desk, "One?").get_by_role("button", name="Publish Y")).to_be_visible()
    desk.keyboard.press("p")
    desk.keyboard.press("r")
    expect(desk.locator("details.why[open]")).to_have_count(0)
    assert standing(*questions) == ["submitted", "submitted"]
    desk.keyboard.press("y")
    expect(desk.locator("#published .cr-text")).to_have_text(["One?"])
    desk.keyboard.press("?")
    sheet.get_by_text("Change the keys…").click()
    sheet.get_by_role("button", name="As they were at first").click()
    expect(box).to_have_value("P")


def test_on_glass_the_keys_are_off_until_they_are_asked_for(enter: Enter) -> None:
    webinar = make_webinar()
    [question] = waiting(webinar, "One?")
    phone = connected(enter(moderator(webinar), "console", **PHONE))
    open_row(phone, "One?")
    phone.keyboard.press("p")
    phone.wait_for_timeout(500)
    assert standing(question) == ["submitted"]
    expect(phone.locator("#keys-on")).not_to_be_checked()


def test_slow_mode_is_said_before_one_types_and_keeps_what_is_typed(enter: Enter) -> None:
    webinar = make_webinar()
    desk = connected(enter(moderator(webinar), "console"))
    asker = connected(enter(make_person(webinar, "Bat")))
    asker.locator("#ask").fill("First?")
    asker.get_by_role("button", name="Ask", exact=True).click()
    expect(asker.locator("#mines")).to_contain_text("First?")
    expect(asker.locator("#ask-again")).to_be_hidden()
    desk.get_by_role("button", name="slow mode off").click()
    desk.get_by_label("in 5 minutes").check()
    desk.locator("#slow-sheet").get_by_role("button", name="Save").click()
    expect(desk.locator("#g-slow")).to_have_text("slow mode: 5 min")
    expect(asker.locator("#ask-again")).to_have_text(
        re.compile(r"One question a person in 5 minutes\.\s+You can ask again in [45] min\.")
    )
    asker.locator("#ask").fill("And second?")
    asker.get_by_role("button", name="Ask", exact=True).click()
    expect(asker.locator("#composer [role=alert]")).to_contain_text(
        "Slow mode: one question a person in 5 min."
    )
    expect(asker.locator("#ask")).to_have_value("And second?")
    desk.locator("#toasts").get_by_role("button", name=re.compile("Undo")).click()
    expect(asker.locator("#ask-again")).to_be_hidden()
    asker.get_by_role("button", name="Ask", exact=True).click()
    expect(asker.locator("#mines")).to_contain_text("And second?")
    assert Question.objects.count() == 2


def test_somebody_is_muted_from_a_row_and_told_so_at_once(enter: Enter) -> None:
    webinar = make_webinar()
    loud = make_person(webinar, "Loud one")
    question = make_question(webinar, "Loud?", participant=loud)
    desk = connected(enter(moderator(webinar), "console"))
    theirs = connected(enter(loud))
    row(desk, "Loud?", "published").locator("summary").first.click()
    desk.get_by_text("Who asked…").locator("visible=true").click()
    desk.get_by_label("and hide what they asked").locator("visible=true").check()
    desk.get_by_role("button", name="Mute", exact=True).locator("visible=true").click()
    expect(theirs.locator("#closed")).to_contain_text("A host has paused your asking and voting.")
    expect(theirs.locator("#composer")).to_be_hidden()
    assert standing(question) == ["hidden"]
    desk.locator("#toasts").get_by_role("button", name=re.compile("Undo")).click()
    expect(theirs.locator("#composer")).to_be_visible()
    assert standing(question) == ["published"]
