"""Two moderators and one participant: what is asked twice, late presses, filters, reports, questions for others."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Enter, connected
from tests.factories import make_person, make_question, make_webinar
from webinars.actions.deed import deed
from webinars.actions.questions import decline_question, publish_question
from webinars.actions.troubles import report_trouble
from webinars.models import Notice, Participant, Question, Trouble, Webinar

TRAINERS = (
    "Who paid the trainers?",
    "When does it begin?",
    "Trainers: who paid?",
    "Who pays these trainers?",
)


def moderator(webinar: Webinar, name: str = "Mari", *roles: str) -> Participant:
    return make_person(webinar, name, *(roles or ("moderator",)), country="EE")


def waiting(webinar: Webinar, *texts: str, language: str = "en") -> list[Question]:
    return [make_question(webinar, text, visibility="submitted", language=language) for text in texts]


def standing(*questions: Question) -> list[str]:
    for question in questions:
        question.refresh_from_db()
    return [question.visibility for question in questions]


def open_row(desk: Page, text: str, column: str = "review") -> None:
    row = desk.locator(f"#{column} .cr", has=desk.locator(".cr-text", has_text=text)).first
    if row.get_attribute("open") is None:
        row.locator("> summary").click()


def texts(desk: Page, column: str = "review") -> list[str]:
    return desk.locator(f"#{column} .cr-text").all_text_contents()


# --- what is asked twice ----------------------------------------------------------------------------------


def test_what_is_asked_twice_is_said_in_the_row_and_settled_at_one_press(enter: Enter) -> None:
    webinar = make_webinar()
    questions = waiting(webinar, *TRAINERS)
    first, second = (connected(enter(moderator(webinar, name), "console")) for name in ("Mari", "Olena"))
    asker = connected(enter(questions[2].participant))
    expect(first.locator("#review [data-is=alike]:visible")).to_have_text(["3 alike"] * 3)
    assert texts(first) == list(TRAINERS)  # oldest first, as if nothing were alike
    open_row(first, "Who paid the trainers?")
    group = first.locator("#review .cr[open] [data-is=group]")
    expect(group.locator("mark")).to_have_text(["paid", "trainers"])
    expect(group.locator("[data-is=text]")).to_have_text(["Trainers: who paid?", "Who pays these trainers?"])
    first.keyboard.press("s")
    expect(first.locator("#toasts")).to_contain_text("Declined as asked already.")
    for desk in (first, second):
        expect(desk.locator("#review .cr-text")).to_have_text(["When does it begin?"])
        expect(desk.locator("#published .cr-text")).to_have_text(["Who paid the trainers?"])
    expect(asker.locator("#mines")).to_contain_text("It has been asked already")
    expect(asker.locator("#mines .mine-note")).to_have_text("“Who paid the trainers?”")
    first.keyboard.press("u")
    for desk in (first, second):
        expect(desk.locator("#review .cr-text")).to_have_text(list(TRAINERS))
    assert standing(*questions) == ["submitted"] * 4
    expect(asker.locator("#mines .mine-fate")).to_have_text("Waiting for a moderator")


def test_another_of_them_can_be_the_one_and_one_can_be_left_out(enter: Enter) -> None:
    webinar = make_webinar()
    one, _, two, three = questions = waiting(webinar, *TRAINERS)
    desk = connected(enter(moderator(webinar), "console"))
    expect(desk.locator("#review [data-is=alike]:visible")).to_have_count(3)
    open_row(desk, "Who paid the trainers?")
    group = desk.locator("#review .cr[open] [data-is=group]")
    group.get_by_label("Who pays these trainers?").uncheck()
    group.locator(f"[data-same='{two.pk}']").get_by_label("this one stays").check()
    group.get_by_role("button", name="Decline the others as asked already").click()
    expect(desk.locator("#published .cr-text")).to_have_text(["Trainers: who paid?"])
    assert standing(*questions) == ["declined", "submitted", "published", "submitted"]
    assert one.into_id == two.pk
    expect(desk.locator("#review [data-is=alike]:visible")).to_have_text(
        ["2 alike"]
    )  # it is published already
    open_row(desk, "Who pays these trainers?")
    desk.keyboard.press("s")
    expect(desk.locator("#review .cr-text")).to_have_text(["When does it begin?"])
    assert standing(three) == ["declined"]


# --- another moderator was faster -------------------------------------------------------------------------


def test_a_press_on_a_row_somebody_else_decided_on_says_so_and_touches_no_other_row(enter: Enter) -> None:
    webinar = make_webinar()
    first, second, third = waiting(webinar, "One?", "Two?", "Three?")
    desk = connected(enter(moderator(webinar), "console"))
    open_row(desk, "One?")
    desk.keyboard.press("r")
    note = desk.locator("#review details.why[open]").get_by_label("A word to the asker")
    note.fill("One each")
    with deed(webinar.pk, by=moderator(webinar, "Olena")) as done:
        decline_question(done, done.question(first.pk), reason="tone")
    row = desk.locator("#review .cr.left")
    expect(row.locator("[data-is=left]")).to_have_text("declined")
    expect(note).to_have_value("One each")  # what was being written is there still
    expect(note).to_be_focused()
    desk.keyboard.press("Escape")
    desk.keyboard.press("p")
    expect(desk.locator("#toasts")).to_contain_text("Somebody decided on this a moment ago")
    assert standing(first, second, third) == ["declined", "submitted", "submitted"]
    desk.keyboard.press("j")
    expect(desk.locator("#review .cr.left")).to_have_count(0)
    desk.keyboard.press("p")
    expect(desk.locator("#published .cr-text")).to_have_text(["Two?"])
    assert standing(first, second, third) == ["declined", "published", "submitted"]


def test_a_press_that_was_on_its_way_is_refused_where_it_would_undo_somebody_elses(enter: Enter) -> None:
    webinar = make_webinar()
    [question] = waiting(webinar, "One?")
    desk = connected(enter(moderator(webinar), "console"))
    open_row(desk, "One?")
    # As fast as two hands can be: the decision is on disk, and this screen has not heard of it.
    desk.evaluate("WebSocket.prototype.heard = 0")
    desk.route("**/changes/**", lambda route: route.abort())
    desk.evaluate(
        """() => { const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (text) { setTimeout(() => send.call(this, text), 1500); }; }"""
    )
    desk.keyboard.press("p")
    with deed(webinar.pk, by=moderator(webinar, "Olena")) as done:
        decline_question(done, done.question(question.pk), reason="tone")
    expect(desk.locator("#toasts")).to_contain_text("Somebody decided on this a moment ago")
    assert standing(question) == ["declined"]


def test_rows_stay_where_a_pointer_is_while_another_moderator_decides(enter: Enter) -> None:
    webinar = make_webinar()
    questions = waiting(webinar, "One?", "Two?", "Three?", "Four?")
    desk = connected(enter(moderator(webinar), "console"))
    third = desk.locator("#review .cr", has_text="Three?").locator("> summary")
    third.hover()
    before = third.bounding_box()
    other = moderator(webinar, "Olena")
    for question in questions[:2]:
        with deed(webinar.pk, by=other) as done:
            publish_question(done, done.question(question.pk))
    expect(desk.locator("#review .cr.left")).to_have_count(2)
    assert third.bounding_box() == before
    desk.locator("h1").hover()
    expect(desk.locator("#review .cr-text")).to_have_text(["Three?", "Four?"])


def test_focus_and_words_stay_while_questions_come_and_go(enter: Enter) -> None:
    webinar = make_webinar()
    questions = waiting(webinar, "One?", "Two?", "Three?")
    desk = connected(enter(moderator(webinar), "console"))
    open_row(desk, "Two?")
    desk.keyboard.press("d")
    note = desk.locator("#review details.why[open]").get_by_label("A word to the asker")
    note.fill("Asked at")
    other = moderator(webinar, "Olena")
    for question in (questions[0], questions[2]):
        with deed(webinar.pk, by=other) as done:
            publish_question(done, done.question(question.pk))
    with deed(webinar.pk, by=other) as done:
        report_trouble(done, client_id=question.client_id, kind="sound")
    expect(desk.locator("#published .cr-text")).to_have_text(["One?", "Three?"])
    expect(desk.locator("#troubles")).to_be_visible()
    expect(note).to_be_focused()
    desk.keyboard.type(" ten")
    expect(note).to_have_value("Asked at ten")


# --- the languages one reads ------------------------------------------------------------------------------


def test_only_languages_one_reads_are_shown_and_the_others_are_counted(enter: Enter) -> None:
    webinar = make_webinar()
    waiting(webinar, "One?", "Two?")
    waiting(webinar, "Хэзээ вэ?", "Хаана вэ?", language="mn")
    waiting(webinar, "Коли?", language="uk")
    person = moderator(webinar)
    desk = connected(enter(person, "console"))
    desk.locator("#reads-button").click()
    sheet = desk.locator("#reads-sheet")
    expect(sheet.locator("[data-waits=mn]")).to_have_text("2")
    sheet.get_by_label("English").check()
    sheet.get_by_role("button", name="Show these").click()
    for _ in range(2):
        expect(desk.locator("#review .cr-text")).to_have_text(["One?", "Two?"])
        expect(desk.locator("#review-filtered")).to_contain_text("MN 2, UK 1")
        expect(desk.locator("#g-review")).to_have_text("5")  # the gauge tells all of it
        desk.reload()  # it is remembered
        connected(desk)
    waiting(webinar, "Чому?", language="uk")
    with deed(webinar.pk, by=person) as done:
        done.touch_room()
    with deed(webinar.pk, by=person) as done:
        done.touch(Question.objects.get(text="Чому?"))
    expect(desk.locator("#review-filtered")).to_contain_text("UK 2")
    desk.locator("#review-filtered").get_by_role("link", name="Show all").click()
    expect(desk.locator("#review .cr-text")).to_have_count(6)
    expect(desk.locator("#review-filtered")).to_be_hidden()


# --- something does not work ------------------------------------------------------------------------------


def test_reports_are_counted_by_kind_and_solved_and_come_back_by_undo(enter: Enter) -> None:
    webinar = make_webinar()
    people = [make_person(webinar, name, place=name) for name in ("Khovd", "Narva", "Lviv")]
    desk = connected(enter(moderator(webinar), "console"))
    expect(desk.locator("#troubles")).to_be_hidden()

    def report(person: Participant, kind: str, text: str = "") -> None:
        with deed(webinar.pk, by=person) as done:
            report_trouble(done, client_id=make_question(webinar).client_id, kind=kind, text=text)

    report(people[0], "sound", "Only a hum")
    report(people[1], "picture")
    sound = desk.locator("#troubles [data-kind=sound]")
    expect(sound.locator("summary")).to_have_text("Sound 1")
    sound.locator("summary").click()
    expect(sound.locator("li")).to_contain_text("Only a hum")
    report(people[2], "sound")
    expect(sound.locator("summary")).to_have_text("Sound 2")
    expect(sound.locator("li")).to_have_count(2)  # it stayed open
    sound.get_by_role("button", name="All of these are solved").click()
    expect(sound).to_be_hidden()
    expect(desk.locator("#troubles [data-kind=picture]")).to_be_visible()
    desk.locator("h1").click()
    desk.keyboard.press("u")
    expect(sound.locator("summary")).to_have_text("Sound 2")
    desk.locator("#troubles").get_by_role("button", name="Answer with a notice…").first.click()
    expect(desk.locator("#notice-sheet")).to_be_visible()


def test_a_question_that_is_a_report_goes_there_and_its_asker_sees_where(enter: Enter) -> None:
    webinar = make_webinar()
    asker = make_person(webinar, "Oyun")
    question = make_question(webinar, "I hear nothing, is it me?", participant=asker)
    desk = connected(enter(moderator(webinar), "console"))
    mine, other = connected(enter(asker)), connected(enter(make_person(webinar)))
    expect(other.locator("#list")).to_contain_text("I hear nothing")
    open_row(desk, "I hear nothing", "published")
    desk.keyboard.press("t")
    why = desk.locator("#published details.why[open]")
    why.get_by_label("What does not work?").select_option("sound")
    why.get_by_role("button", name="Move it there").click()
    expect(desk.locator("#troubles [data-kind=sound] summary")).to_have_text("Sound 1")
    expect(other.locator("#empty")).to_be_visible()
    assert "I hear nothing" not in other.locator("main").inner_text()
    expect(mine.locator("#mines .mine-fate")).to_have_text("It went to those who look after the technology")
    desk.locator("#troubles summary:visible").click()
    desk.locator("#troubles").get_by_role("button", name="It is a question after all").click()
    expect(desk.locator("#review .cr-text")).to_have_text(["I hear nothing, is it me?"])
    expect(desk.locator("#troubles")).to_be_hidden()
    assert standing(question) == ["submitted"]
    assert not Trouble.objects.open().exists()


# --- notices, and questions for somebody ------------------------------------------------------------------


def test_a_notice_says_who_sees_it_and_reaches_them_alone(enter: Enter) -> None:
    webinar = make_webinar()
    desk = connected(enter(moderator(webinar), "console"))
    other_desk = connected(enter(moderator(webinar, "Olena"), "console"))
    speaker = connected(enter(make_person(webinar, "Jaan", "speaker")))
    room = connected(enter(make_person(webinar)))
    for whom, text in (
        ("To speakers", "Five minutes left."),
        ("To moderators and hosts", "I take review."),
        ("To everybody", "A break."),
    ):
        desk.get_by_role("button", name="Notice…").click()
        sheet = desk.locator("#notice-sheet")
        sheet.get_by_label("One line, in your words").fill(text)
        sheet.get_by_label(whom).check()
        sheet.get_by_role("button", name="Send", exact=True).click()
        expect(sheet).to_be_hidden()
    notices = other_desk.locator("#desk-notices li")
    expect(notices.locator("[data-is=to]")).to_have_text(
        ["everybody sees it", "only moderators and hosts see it", "speakers, moderators and hosts see it"]
    )
    expect(speaker.locator("#notices p")).to_have_text(["A break.", "Five minutes left."])
    expect(room.locator("#notices p")).to_have_text(["A break."])
    notices.filter(has_text="A break.").get_by_role("button", name="Take off").click()
    expect(room.locator("#notices p")).to_have_count(0)
    other_desk.keyboard.press("u")
    expect(room.locator("#notices p")).to_have_text(["A break."])
    assert Notice.objects.filter(withdrawn_at=None).count() == 3


def test_a_question_for_somebody_is_shown_as_theirs_and_can_be_taken_back(enter: Enter) -> None:
    webinar = make_webinar()
    desk = connected(enter(moderator(webinar), "console"))
    room = connected(enter(make_person(webinar)))
    desk.keyboard.press("o")
    sheet = desk.locator("#behalf-sheet")
    sheet.get_by_label("by phone").check()
    sheet.get_by_label("Who asks, as they say it: name, place").fill("Dorj, herder, Khovd")
    sheet.get_by_label("The question, in their words").fill("Малчид хэзээ сурах вэ?")
    sheet.get_by_label("Language of the question").select_option("mn")
    sheet.get_by_role("button", name="Ask", exact=True).click()
    card = room.locator("#list .q")
    expect(card.locator(".q-text")).to_have_text("Малчид хэзээ сурах вэ?")
    expect(card.locator(".q-from")).to_contain_text("for Dorj, herder, Khovd")
    expect(card.locator(".q-from")).to_contain_text("by phone")
    assert "Mari" not in card.inner_text()
    expect(sheet).to_be_hidden()
    expect(desk.locator("#toasts")).to_contain_text("Asked: it is in the list.")
    desk.keyboard.press("u")
    expect(room.locator("#list .q:not(.left)")).to_have_count(0)
    assert Question.objects.get().visibility == "withdrawn"
    desk.keyboard.press("o")
    sheet.get_by_label("on paper").check()
    sheet.get_by_label("The question, in their words").fill("Another one?")
    sheet.get_by_role("button", name="Ask", exact=True).click()
    expect(desk.locator("#published .cr-text")).to_have_text(
        ["Another one?"]
    )  # not taken for the first sent twice


# --- crowded, small, and without a script -----------------------------------------------------------------


def test_three_hundred_wait_and_the_last_one_is_as_near_as_the_first(enter: Enter) -> None:
    webinar = make_webinar()
    asker = make_person(webinar)
    for n in range(300):
        make_question(webinar, f"Waiting {n}?", visibility="submitted", participant=asker)
    person = moderator(webinar)
    desk = connected(enter(person, "console"))
    expect(desk.locator("#review-count")).to_have_text("300")
    expect(desk.locator("#review .cr-text").last).to_have_text("Waiting 299?")
    last = desk.locator("#review .cr").last
    last.locator("> summary").click()
    last.get_by_role("button", name=re.compile("^Publish")).click()
    expect(desk.locator("#published .cr-text")).to_have_text(["Waiting 299?"])
    expect(desk.locator("#review-count")).to_have_text("299")
    plain = enter(person, "console", java_script_enabled=False)
    row = plain.locator("#review .cr", has_text="Waiting 250?")
    row.locator("> summary").click()
    row.get_by_role("link", name="Open").click()
    row.get_by_role("button", name="Publish").click()
    expect(plain.locator("#published .cr-text")).to_have_text(["Waiting 299?", "Waiting 250?"])


def test_on_a_phone_one_column_stands_at_a_time_and_deeds_fit_a_thumb(enter: Enter) -> None:
    webinar = make_webinar()
    waiting(webinar, "One?")
    make_question(webinar, "Published?")
    desk = connected(enter(moderator(webinar), "console", **PHONE))
    expect(desk.locator("#review-col")).to_be_visible()
    expect(desk.locator("#published-col")).to_be_hidden()
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390
    open_row(desk, "One?")
    for button in desk.locator("#review .cr[open] :is(button, summary.btn):visible").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, button.inner_text()
    desk.get_by_role("button", name=re.compile("^Publish")).click()
    expect(desk.locator("#review-empty")).to_be_visible()
    tabs = desk.get_by_role("navigation", name="Columns")
    tabs.get_by_role("link", name="Published").click()
    expect(desk.locator("#published .cr-text")).to_have_text(["Published?", "One?"])
    open_row(desk, "Published?", "published")
    desk.get_by_role("button", name="On the floor").click()
    tabs.get_by_role("link", name="On the floor").click()
    expect(desk.locator("#turn-texts p")).to_have_text(["Published?"])


def test_without_a_script_what_is_asked_twice_reports_and_undo_work_too(enter: Enter) -> None:
    webinar = make_webinar()
    questions = waiting(webinar, *TRAINERS)
    with deed(webinar.pk, by=make_person(webinar, "Oyun")) as done:
        report_trouble(done, client_id=questions[0].client_id, kind="sound", text="A hum")
    desk = enter(moderator(webinar), "console", java_script_enabled=False)
    open_row(desk, "Who paid the trainers?")
    desk.get_by_role("button", name="Decline the others as asked already").click()
    expect(desk.get_by_text("Declined as asked already.")).to_be_visible()
    assert standing(*questions) == ["published", "submitted", "declined", "declined"]
    desk.get_by_role("button", name="Undo").click()
    expect(desk.get_by_text("Taken back.")).to_be_visible()
    assert standing(*questions) == ["submitted"] * 4
    desk.locator("#troubles summary:visible").click()
    desk.get_by_role("button", name="All of these are solved").click()
    expect(desk.locator("#troubles")).to_be_hidden()
    desk.goto(f"{desk.url.split('?')[0]}?reads=mn")
    expect(desk.locator("#review .cr-text")).to_have_count(0)
    expect(desk.locator("#review-filtered")).to_contain_text("EN 4")
    desk.locator("#review-filtered").get_by_role("link", name="Show all").click()
    expect(desk.locator("#review .cr-text")).to_have_count(4)


def test_an_empty_console_says_in_every_column_that_nothing_is_there(enter: Enter) -> None:
    desk = connected(enter(moderator(make_webinar()), "console"))
    for column in ("review", "published", "floor", "answered"):
        expect(desk.locator(f"#{column}-empty")).to_be_visible()
    desk.locator(".aside-fold:has(#aside) > summary").click()
    expect(desk.locator("#aside-empty")).to_be_visible()
    for hidden in ("#troubles", "#desk-notices li", "#g-oldest-line", "#g-floor-line", "#review-filtered"):
        expect(desk.locator(hidden)).not_to_be_visible()
    expect(desk.locator("#g-pace")).to_have_text("0")
