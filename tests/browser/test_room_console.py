"""The moderators' console in a real browser: by keys, by mouse, without a script, and when the right to it goes."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Enter, connected
from tests.factories import make_agenda, make_person, make_question, make_webinar
from webinars.actions.deed import deed
from webinars.actions.people import change_person
from webinars.models import Notice, Participant, Question, Webinar


def desk_of(webinar: Webinar, *roles: str) -> Participant:
    return make_person(webinar, "Mari", *(roles or ("moderator",)), country="EE")


def waiting(webinar: Webinar, count: int = 3) -> list[Question]:
    return [make_question(webinar, f"Waiting {n}?", visibility="submitted") for n in range(count)]


def visibility(question: Question) -> str:
    question.refresh_from_db()
    return question.visibility


def rows(desk: Page, column: str) -> list[str]:
    return desk.locator(f"#{column} .cr-text").all_text_contents()


def open_first(desk: Page, column: str) -> None:
    """The first row of a column; the one after a decided row is open already."""
    row = desk.locator(f"#{column} .cr").first
    if row.get_attribute("open") is None:
        row.locator("> summary").click()


def test_keys_go_from_row_to_row_publish_return_and_take_back(enter: Enter) -> None:
    webinar = make_webinar()
    questions = waiting(webinar)
    desk = connected(enter(desk_of(webinar), "console"))
    assert rows(desk, "review") == ["Waiting 0?", "Waiting 1?", "Waiting 2?"]
    desk.keyboard.press("j")
    desk.keyboard.press("p")
    expect(desk.locator("#review .cr-text")).to_have_text(["Waiting 1?", "Waiting 2?"])
    expect(desk.locator("#published .cr-text")).to_have_text(["Waiting 0?"])
    desk.keyboard.press("r")  # the next row came under the hands
    why = desk.locator("#review details.why[open]")
    why.get_by_label("Why").select_option("several")
    why.get_by_label("A word to the asker").fill("One each, please")
    why.get_by_role("button", name="Return").click()
    expect(desk.locator("#review .cr-text")).to_have_text(["Waiting 2?"])
    assert [visibility(question) for question in questions] == ["published", "returned", "submitted"]
    desk.locator("h1").click()
    desk.keyboard.press("u")
    expect(desk.locator("#review .cr-text")).to_have_text(["Waiting 1?", "Waiting 2?"])
    assert visibility(questions[1]) == "submitted"


def test_keys_keep_out_of_writing_and_can_be_switched_off(enter: Enter) -> None:
    webinar = make_webinar()
    waiting(webinar, 1)
    desk = connected(enter(desk_of(webinar), "console"))
    desk.keyboard.press("g")
    desk.get_by_label("One line, in your words").press_sequentially("Happy people")
    assert not Question.objects.published().exists()
    desk.keyboard.press("Escape")
    expect(desk.locator("#notice-sheet")).to_be_hidden()
    desk.keyboard.press("?")
    desk.get_by_label("Use these keys on this device").uncheck()
    desk.keyboard.press("Escape")
    desk.reload()
    connected(desk)
    open_first(desk, "review")
    desk.keyboard.press("p")
    desk.locator("#review .cr > summary").press("p")
    expect(desk.locator("#review details.cr")).to_have_attribute("open", "")
    assert not Question.objects.published().exists()


def test_escape_leaves_a_reason_and_the_keys_work_again(enter: Enter) -> None:
    webinar = make_webinar()
    waiting(webinar, 1)
    desk = connected(enter(desk_of(webinar), "console"))
    open_first(desk, "review")
    desk.keyboard.press("r")
    why = desk.locator("#review details.why[open]")
    expect(why.locator("select")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(why).to_have_count(0)
    expect(desk.locator("#review .cr[open] > summary")).to_be_focused()
    desk.keyboard.press("g")
    expect(desk.locator("#notice-sheet")).to_be_visible()


def test_several_questions_share_a_turn_and_one_gist(enter: Enter) -> None:
    webinar = make_webinar()
    one, two = make_question(webinar, "Who taught?", votes=2), make_question(webinar, "Who paid?", votes=1)
    desk = connected(enter(desk_of(webinar), "console"))
    open_first(desk, "published")
    desk.keyboard.press("n")
    expect(desk.locator("#published .chip.sky:visible")).to_have_text("next 1")
    desk.keyboard.press("f")
    expect(desk.locator("#turn-texts p")).to_have_text(["Who taught?"])
    open_first(desk, "published")
    expect(desk.get_by_role("button", name="Add to what is on the floor")).to_be_visible()
    desk.keyboard.press("f")
    expect(desk.locator("#turn-texts p")).to_have_text(["Who taught?", "Who paid?"])
    desk.keyboard.press("a")
    desk.keyboard.type("Librarians; the ministry.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#answered .cr-text")).to_have_count(2)
    assert [q.answers.get().gist for q in (one, two)] == ["Librarians; the ministry."] * 2
    open_first(desk, "answered")
    box = desk.locator("#answered details[open] textarea[name=gist]")
    expect(box).to_have_value("Librarians; the ministry.")
    box.fill("Librarians.")
    desk.locator("#answered details[open]").get_by_role("button", name="Save").click()
    expect(desk.locator("#toasts")).to_contain_text("The gist is saved.")


def test_a_refusal_says_what_to_do_and_loses_no_words(enter: Enter) -> None:
    webinar = make_webinar()
    [question] = waiting(webinar, 1)
    desk = connected(enter(desk_of(webinar), "console"))
    open_first(desk, "review")
    desk.evaluate(
        "document.querySelectorAll('#review input[name=question]').forEach((one) => (one.value = 999))"
    )
    desk.locator("#review").get_by_role("button", name="Publish").click()
    expect(desk.locator("#toasts")).to_contain_text("no longer here")
    desk.context.set_offline(True)
    desk.get_by_role("button", name="Notice…").click()
    desk.get_by_label("One line, in your words").fill("We begin again at five.")
    desk.get_by_role("button", name="Send", exact=True).click()
    expect(desk.locator("#toasts")).to_contain_text("There is no connection")
    expect(desk.get_by_label("One line, in your words")).to_have_value("We begin again at five.")
    assert visibility(question) == "submitted"


def test_a_notice_a_state_and_the_agenda_reach_the_room(enter: Enter) -> None:
    webinar = make_webinar(state="lobby")
    make_agenda(webinar, "Opening", "Ukraine")
    desk = connected(enter(desk_of(webinar, "host"), "console"))
    room = connected(enter(make_person(webinar)))
    expect(room.locator("#state")).to_have_text("Begins soon")
    desk.get_by_role("button", name="Webinar", exact=True).click()
    desk.get_by_role("button", name="Go live").click()
    expect(room.locator("#state")).to_have_text("Live")
    desk.get_by_role("button", name="Agenda", exact=True).click()
    desk.get_by_role("button", name="Next item").click()
    expect(room.locator("#agenda li.now")).to_contain_text("Opening")
    desk.keyboard.press("Escape")
    desk.get_by_role("button", name="Notice…").click()
    desk.get_by_label("One line, in your words").fill("The recording comes tomorrow.")
    desk.get_by_role("button", name="Send", exact=True).click()
    expect(room.locator("#notices")).to_contain_text("The recording comes tomorrow.")
    desk.get_by_role("button", name="Notice…").click()
    desk.get_by_role("button", name="Take off").click()
    expect(room.locator("#notices .notice")).to_have_count(0)
    assert Notice.objects.get().withdrawn_at
    desk.keyboard.press("Escape")
    desk.get_by_role("button", name="Webinar", exact=True).click()
    desk.get_by_label("Questions", exact=True).select_option("false")
    desk.get_by_role("button", name="Save").click()
    expect(room.locator("#closed")).to_be_visible()
    expect(room.locator("#composer")).to_be_hidden()


def test_a_lost_role_takes_the_rows_off_the_screen(enter: Enter) -> None:
    webinar = make_webinar()
    waiting(webinar, 1)
    person, host = desk_of(webinar), make_person(webinar, "Host", "host")
    desk = connected(enter(person, "console"))
    expect(desk.get_by_text("Waiting 0?").first).to_be_visible()
    with deed(webinar.pk, by=host) as done:
        change_person(done, person.pk, roles=["attendee"])
    expect(desk.get_by_text("Waiting 0?")).to_have_count(0)


def test_the_console_works_on_a_phone_without_a_script(enter: Enter) -> None:
    webinar = make_webinar()
    questions = waiting(webinar, 2)
    desk = enter(desk_of(webinar), "console", java_script_enabled=False, **PHONE)
    open_first(desk, "review")
    desk.locator("#review").get_by_role("button", name="Publish").click()
    expect(desk.locator("#published .cr-text")).to_have_text(["Waiting 0?"])
    open_first(desk, "review")
    desk.locator("#review").get_by_text("Decline…").click()
    desk.locator("#review .why[open]").get_by_label("Why").select_option("off_topic")
    desk.locator("#review").get_by_role("button", name="Decline", exact=True).click()
    expect(desk.locator("#review .cr-text")).to_have_count(0)
    assert [visibility(question) for question in questions] == ["published", "declined"]
    open_first(desk, "published")
    desk.get_by_role("button", name="On the floor").click()
    expect(desk.locator("#turn-texts p")).to_have_text(["Waiting 0?"])
    desk.get_by_label("What was answered").fill("Yes.")
    desk.get_by_role("button", name="Answered").click()
    expect(desk.locator("#answered .cr-text")).to_have_text(["Waiting 0?"])
    assert questions[0].answers.get().gist == "Yes."


def test_two_moderators_who_end_a_turn_at_once_end_one_turn_and_lose_no_words(enter: Enter) -> None:
    webinar = make_webinar()
    one, two = make_question(webinar, "Who taught?", votes=2), make_question(webinar, "Who paid?", votes=1)
    first = connected(enter(desk_of(webinar), "console"))
    second = connected(enter(make_person(webinar, "Olena", "moderator"), "console"))
    open_first(first, "published")
    first.keyboard.press("f")
    expect(second.locator("#turn-texts p")).to_have_text(["Who taught?"])
    second.get_by_label("What was answered, in one or two sentences").first.fill("Librarians did.")
    second.context.set_offline(True)  # what this screen shows is now a moment old
    first.get_by_role("button", name="Answered").click()
    expect(first.locator("#answered .cr-text")).to_have_text(["Who taught?"])
    open_first(first, "published")
    first.keyboard.press("f")
    expect(first.locator("#turn-texts p")).to_have_text(["Who paid?"])
    second.context.set_offline(False)
    left = second.locator("#gist-left")
    expect(left).to_be_visible()
    expect(left.locator("textarea")).to_have_value("Librarians did.")
    assert [two.answers.count(), visibility(two)] == [0, "published"]
    left.get_by_role("button", name="Save as the gist").click()
    expect(left).to_be_hidden()
    expect(second.locator("#turn-texts p")).to_have_text(["Who paid?"])
    assert one.answers.get().gist == "Librarians did."
