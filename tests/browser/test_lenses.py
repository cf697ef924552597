"""Lenses, search, what is similar and what was missed, in a real browser; and rooms where sockets are blocked."""

import re
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from accounts.names import Names
from config import jobs
from tests.browser.conftest import PHONE, Enter, connected
from tests.browser.test_room import ask, top_of
from tests.factories import make_person, make_question, make_webinar
from webinars.actions import floor, questions
from webinars.actions.deed import deed
from webinars.models import Notice, Participant, Question, Visibility, Vote, Webinar

SLOW = timedelta(hours=1)


def publish(webinar: Webinar, text: str, *, by: Participant | None = None) -> Question:
    """By the deeds, so that the room is told and the search knows."""
    moderator = Participant.objects.filter(webinar=webinar, name="Mari").first() or make_person(
        webinar, "Mari", "moderator"
    )
    with deed(webinar.pk, by=by or make_person(webinar, country="UA")) as done:
        question = questions.ask_question(done, client_id=uuid4(), text=text, language="en")
    with deed(webinar.pk, by=moderator) as done:
        questions.publish_question(done, done.question(question.pk))
    jobs.work_due()
    return question


def texts(page: Page) -> list[str]:
    return page.locator("#lens-list .q-text").all_inner_texts()


def test_a_lens_is_chosen_in_the_room_stands_in_the_address_and_its_votes_are_live(enter: Enter) -> None:
    webinar = make_webinar()
    mongol = make_person(webinar, country="MN")
    for n in range(3):
        make_question(webinar, f"From Mongolia {n}?", participant=mongol, votes=9 - n)
    make_question(webinar, "From Estonia?", participant=make_person(webinar, country="EE"))
    page, other = connected(enter(make_person(webinar))), connected(enter(make_person(webinar)))
    page.get_by_role("link", name="Sort, search").click()
    page.get_by_label("Order").select_option("fair")
    expect(page.locator("#lens-list .q-text")).to_have_count(4)
    assert texts(page)[:3] == ["From Mongolia 0?", "From Estonia?", "From Mongolia 1?"]
    expect(page.locator("#lens-rule")).to_contain_text("first one question of every country")
    expect(page.locator("#list")).to_be_hidden()
    page.get_by_label("Country of who asks").select_option("MN")
    expect(page.locator("#lens-list .q-text")).to_have_count(3)
    assert "sort=fair" in page.url
    assert "country=MN" in page.url
    other.locator("#list .q", has_text="From Mongolia 1?").locator("button.vote").click()
    expect(page.locator("#lens-list .q", has_text="From Mongolia 1?").locator(".num")).to_have_text("9")
    vote = page.locator("#lens-list .q", has_text="From Mongolia 1?").locator("button.vote")
    vote.click()
    expect(vote).to_have_attribute("aria-pressed", "true")
    expect(vote.locator(".num")).to_have_text("10")
    page.reload()
    connected(page)
    expect(page.locator("#lens-list .q-text")).to_have_count(3)
    expect(
        page.locator("#lens-list .q", has_text="From Mongolia 1?").locator("button.vote")
    ).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="Sort, search").click()
    page.get_by_role("link", name="Most wanted, all of them").click()
    expect(page.locator("#list .q-text")).to_have_count(4)
    expect(page.locator("#lens-list")).to_be_hidden()
    assert "sort=" not in page.url


def test_a_lens_does_not_move_under_its_reader_and_what_is_hidden_loses_its_words_at_once(
    enter: Enter,
) -> None:
    webinar = make_webinar()
    for n in range(4):
        publish(webinar, f"Question number {n}?")
    page = connected(enter(make_person(webinar)))
    page.get_by_role("link", name="Sort, search").click()
    page.get_by_label("Order").select_option("newest")
    expect(page.locator("#lens-list .q-text").first).to_have_text("Question number 3?")
    page.get_by_role("link", name="Sort, search").click()
    before = top_of(page.locator("#lens-list .q").first)
    publish(webinar, "The newest of all?")
    expect(page.locator("#lens-fresh")).to_have_text("1 new · show")
    assert top_of(page.locator("#lens-list .q").first) == before
    expect(page.locator("#lens-list .q-text").first).to_have_text("Question number 3?")
    page.locator("#lens-fresh").click()
    expect(page.locator("#lens-list .q-text").first).to_have_text("The newest of all?")
    with deed(webinar.pk, by=Participant.objects.get(webinar=webinar, name="Mari")) as done:
        questions.hide_question(
            done, done.question(Question.objects.get(text="Question number 2?").pk), reason="tone"
        )
    expect(page.locator("#lens-list", has_text="Question number 2?")).to_have_count(0)
    expect(page.locator("#lens-list .q.left")).to_contain_text("This question was taken off the list.")


def test_searching_in_the_room_marks_what_it_finds(enter: Enter) -> None:
    webinar = make_webinar()
    publish(webinar, "Who paid the trainers?")
    publish(webinar, "When does it begin?")
    page = connected(enter(make_person(webinar), **PHONE))
    page.get_by_role("link", name="Sort, search").click()
    page.get_by_label("Search the questions here").fill("trainer")
    page.get_by_label("Search the questions here").press("Enter")
    expect(page.locator("#lens-list mark")).to_have_text("trainers")
    expect(page.locator("#lens-list .q")).to_have_count(1)
    page.get_by_label("Search the questions here").fill("zyzzyva")
    page.get_by_label("Search the questions here").press("Enter")
    expect(page.get_by_text("Nothing is found here for these words")).to_be_visible()


def test_lenses_and_search_work_without_a_script(enter: Enter) -> None:
    webinar = make_webinar()
    question = publish(webinar, "Who paid the trainers?")
    page = enter(make_person(webinar), java_script_enabled=False)
    page.get_by_role("link", name="Sort, search").click()
    page.get_by_label("Search the questions here").fill("trainer")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("mark")).to_have_text("trainers")
    page.locator("button.vote").click()
    expect(page.locator(f"#q-{question.pk} button.vote")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Search the questions here").fill("")
    page.get_by_label("Order").select_option("fair")
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_text("Fair order: first one question")).to_be_visible()
    expect(page.get_by_label("Order")).to_have_value("fair")


def test_while_one_types_what_is_similar_is_shown_quietly_and_can_be_voted_for_or_put_away(
    enter: Enter,
) -> None:
    webinar = make_webinar()
    question = publish(webinar, "Who paid the trainers in the villages?")
    page = connected(enter(make_person(webinar)))
    box = page.get_by_label("Your question", exact=True)
    box.press_sequentially("who was paying the village trainers")
    expect(page.locator("#similar")).to_contain_text("Who paid the trainers in the villages?")
    expect(box).to_be_focused()
    expect(page.locator("#status")).to_contain_text("Below the box stands what others asked")
    vote = page.locator("#similar button.vote")
    vote.click()
    expect(vote).to_have_attribute("aria-pressed", "true")
    expect(page.locator(f"#q-{question.pk} button.vote")).to_have_attribute("aria-pressed", "true")
    expect(box).to_have_value("who was paying the village trainers")
    page.get_by_role("button", name="Do not show this for this question").click()
    expect(page.locator("#similar")).to_be_hidden()
    box.press_sequentially(" and when")
    page.wait_for_timeout(2_000)
    expect(page.locator("#similar")).to_be_hidden()
    page.get_by_role("button", name="Ask").click()  # whatever was shown, it is sent like any
    expect(page.locator("#mines details.mine")).to_contain_text("Waiting for a moderator")
    box.press_sequentially("the trainers in villages, who paid")
    expect(page.locator("#similar")).to_contain_text("Who paid the trainers in the villages?")


def test_after_a_gap_one_line_tells_what_was_missed(enter: Enter) -> None:
    webinar = make_webinar()
    question = publish(webinar, "Who paid the trainers?")
    for way in ("room", "room/text"):
        page = enter(make_person(webinar), "room")
        page.clock.install(time=timezone.now() - SLOW)  # a device whose clock is wrong is told the same
        page.goto(f"/en/webinars/{webinar.pk}-x/{way}/")
        connected(page)
        expect(page.locator("#missed")).to_have_count(0)
        page.clock.pause_at(timezone.now() - SLOW + timedelta(seconds=3))
        page.wait_for_timeout(4_000)
        moderator = Participant.objects.get(webinar=webinar, name="Mari")
        if way == "room":
            with deed(webinar.pk, by=moderator) as done:
                floor.open_turn(done, done.question(question.pk))
            with deed(webinar.pk, by=moderator) as done:
                floor.close_turn(done, gist="The banks did.", language="en")
        Notice.objects.create(
            webinar=webinar, text=Names.of("en", "We go on."), to="everybody", at=timezone.now()
        )
        page.clock.fast_forward(10 * 60 * 1000)  # as a laptop that slept
        page.clock.resume()
        expect(page.locator("#missed summary")).to_contain_text("While you were away:")
        page.locator("#missed summary").click()
        expect(page.locator("#missed")).to_contain_text("We go on.")
        if way == "room":
            expect(page.locator("#missed")).to_contain_text("The banks did.")


def test_what_was_typed_goes_along_from_picture_to_text_and_back(enter: Enter) -> None:
    webinar = make_webinar(picture_provider="youtube", picture_id="abc")
    page = connected(enter(make_person(webinar)))
    page.get_by_role("textbox", name="Your question").fill("Half a ques")
    page.get_by_role("button", name="Text", exact=True).click()
    page.wait_for_url("**/room/text/")
    box = page.get_by_role("textbox", name="Your question")
    expect(box).to_have_value("Half a ques")
    box.fill("Half a question")
    page.get_by_role("button", name="Sound").click()
    page.wait_for_url("**/room/")
    expect(page.get_by_role("textbox", name="Your question")).to_have_value("Half a question")
    assert not Question.objects.filter(webinar=webinar).exists()


def test_every_command_works_by_post_where_sockets_are_blocked(enter: Enter) -> None:
    webinar = make_webinar()
    person, moderator = make_person(webinar, "Bat"), make_person(webinar, "Mari", "moderator")
    other = publish(webinar, "Somebody else’s question?")
    sent: list[str] = []

    def noted(route: Route) -> None:
        sent.append((route.request.post_data or "").partition("do=")[2].partition("&")[0])
        route.continue_()

    pages = []
    for who, where in ((person, "room"), (moderator, "console")):
        page = enter(who, where)
        page.route_web_socket(re.compile("/ws/"), lambda socket: socket.close(code=3000))
        page.route("**/do/", noted)
        page.reload()
        pages.append(connected(page))
    room, desk = pages
    ask(room, "Will this arrive?")
    expect(room.locator("#mines details.mine")).to_contain_text("Waiting for a moderator")
    row = desk.locator("#review details.cr", has_text="Will this arrive?")
    row.locator("summary").first.click()
    row.get_by_role("button", name="Publish").click()
    expect(room.locator("#list .q-text", has_text="Will this arrive?")).to_be_visible()
    room.locator(f"#q-{other.pk} button.vote").click()
    expect(room.locator(f"#q-{other.pk} button.vote")).to_have_attribute("aria-pressed", "true")
    line = desk.locator("#published details.cr", has_text="Will this arrive?")
    line.locator("summary").first.click()
    line.get_by_role("button", name="On the floor").click()
    expect(room.locator("#floor")).to_contain_text("Will this arrive?")
    desk.locator("#gist-text").fill("It did.")
    desk.get_by_role("button", name="Answered").click()
    expect(room.locator("#list .q-gist")).to_have_text("It did.")
    assert Vote.objects.filter(participant=person, question=other, is_on=True).exists()
    assert Question.objects.get(text="Will this arrive?").visibility == Visibility.PUBLISHED
    assert {"ask", "publish", "vote", "floor", "done"} <= set(sent)
