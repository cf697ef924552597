"""A poll with two people and a wall: written at the desk, answered in the room, published for everybody."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Enter, connected
from tests.browser.pages import shuts_out
from tests.factories import make_person, make_poll, make_webinar
from webinars.models import Poll, PollBallot, Role


def write_poll(desk: Page, question: str, *options: str) -> None:
    """By the key, as a moderator in a hurry does."""
    desk.keyboard.press("b")
    sheet = desk.locator("#polls-sheet")
    form = sheet.locator("#poll-form")
    if not form.is_visible():
        sheet.get_by_text("Write a poll").click()
    form.get_by_label("Your question to everybody").first.fill(question)
    form.get_by_label("Options, one a line").first.fill("\n".join(options))
    form.get_by_role("button", name="Save as a draft").click()
    expect(sheet.locator(".desk-poll").first).to_contain_text(question)


def test_a_poll_is_written_answered_and_published_and_nobody_sees_results_before(enter: Enter) -> None:
    webinar = make_webinar()
    desk = connected(enter(make_person(webinar, "Moderator", Role.MODERATOR), "console"))
    room = connected(enter(make_person(webinar, "Participant"), **PHONE))
    wall = connected_wall(enter(make_person(webinar), "projector"))
    expect(room.locator("#polls-tab")).to_be_hidden()
    write_poll(desk, "What keeps people away?", "Price", "Skills", "Fear")
    row = desk.locator(".desk-poll")
    expect(room.locator("#polls-tab")).to_be_hidden()  # a draft is the desk's alone
    row.get_by_role("button", name="Open the poll").click()
    expect(room.locator("#polls-open")).to_have_text("1")
    room.locator("#polls-tab").click()
    poll = room.locator(".poll")
    expect(poll.get_by_role("group", name="What keeps people away?")).to_be_visible()
    expect(poll).to_contain_text("Secret: nobody is shown who chose what")
    poll.get_by_label("Skills").check()
    poll.get_by_role("button", name="Send my answer").click()
    expect(poll).to_contain_text("Your answer is counted.")
    expect(row.locator(".poll-bar").nth(1)).to_contain_text("100%")
    expect(row).to_contain_text("1 person answered")
    expect(poll.locator(".poll-bar")).to_have_count(0)
    row.get_by_role("button", name="Put on the projector").click()
    expect(wall.locator("#wall-poll")).to_contain_text("What keeps people away?")
    expect(wall.locator(".wall-figures").first).to_be_hidden()
    row.get_by_role("button", name="Close the poll").click()
    expect(poll).to_contain_text("Its results are not published yet.")
    expect(room.locator("#polls-open")).to_be_hidden()
    row.get_by_role("button", name="Publish the results").click()
    expect(poll.locator(".poll-bar").nth(1)).to_contain_text("100%")
    expect(poll.locator(".poll-bar.chosen")).to_contain_text("your choice")
    expect(wall.locator(".wall-figures").nth(1)).to_contain_text("100%")
    assert shuts_out(room) == []
    assert shuts_out(desk) == []
    assert PollBallot.objects.count() == 1


def connected_wall(wall: Page) -> Page:
    expect(wall.locator("#wall")).to_have_attribute("data-scene", "free")
    return wall


def test_an_answer_without_a_line_is_kept_shown_so_and_counted_once(enter: Enter) -> None:
    webinar = make_webinar()
    poll, person = make_poll(webinar, "Which?", "Price", "Skills"), make_person(webinar)
    room = connected(enter(person))
    room.locator("#polls-tab").click()
    expect(room.locator(".poll")).to_be_visible()
    other = connected(enter(person))
    other.locator("#polls-tab").click()
    room.context.set_offline(True)
    room.get_by_label("Price").check()
    room.get_by_role("button", name="Send my answer").click()
    expect(room.locator(".poll")).to_contain_text("Kept here.")
    room.get_by_label("Skills").check()  # another mind, before the line is back
    room.get_by_role("button", name="Send my answer").click()
    assert not PollBallot.objects.exists()
    room.context.set_offline(False)
    expect(room.locator(".poll")).to_contain_text("Your answer is counted.")
    expect(other.get_by_label("Skills")).to_be_checked()
    expect(other.locator(".poll")).to_contain_text("Your answer is counted.")
    assert [one.votes for one in poll.options.all()] == [0, 1]
    room.reload()
    room.locator("#polls-tab").click()
    expect(room.get_by_label("Skills")).to_be_checked()


def test_words_are_written_in_the_text_room_and_hidden_at_the_desk(enter: Enter) -> None:
    webinar = make_webinar()
    make_poll(webinar, "In a word?", kind="text")
    text = connected(enter(make_person(webinar), "room/text", **PHONE))
    desk = connected(enter(make_person(webinar, "Moderator", Role.MODERATOR), "console"))
    box = text.get_by_label("Your answer, in a few words")
    box.fill("x" * 141)
    text.get_by_role("button", name="Send my answer").click()
    expect(text.locator("#trouble")).to_contain_text("This is too long")
    expect(box).to_have_value("x" * 141)
    box.fill("Rude words")
    text.get_by_role("button", name="Send my answer").click()
    expect(text.locator(".poll")).to_contain_text("Your answer is counted.")
    desk.get_by_role("button", name="Poll…").click()
    answer = desk.locator(".desk-answers > li")
    expect(answer).to_contain_text("Rude words")
    answer.get_by_role("button", name="Hide").click()
    expect(answer.get_by_role("button", name="Show again")).to_be_visible()
    desk.get_by_role("button", name="Close the poll").click()
    desk.get_by_role("button", name="Publish the results").click()
    expect(text.locator(".poll")).to_contain_text("1 person answered")
    expect(text.locator(".poll-answers > li")).to_have_count(0)


def test_a_poll_is_changed_and_opening_it_taken_back_before_anybody_answers(enter: Enter) -> None:
    webinar = make_webinar()
    desk = connected(enter(make_person(webinar, "Moderator", Role.MODERATOR), "console"))
    write_poll(desk, "Which one is it?", "Price", "Skills")
    desk.get_by_role("link", name="Change…").click()
    form = desk.locator("#poll-form")
    expect(form).to_contain_text("You are changing a poll")
    form.get_by_label("Your question to everybody").first.fill("Which one?")
    form.get_by_role("button", name="Save as a draft").click()
    expect(desk.locator(".desk-poll h3")).to_have_text("Which one?")
    desk.get_by_role("button", name="Open the poll").click()
    desk.locator("#toasts").get_by_role("button", name="Undo").click()
    desk.keyboard.press("b")  # a press beside the sheet closed it
    expect(desk.get_by_role("button", name="Open the poll")).to_be_visible()
    assert Poll.objects.get().state == "draft"
