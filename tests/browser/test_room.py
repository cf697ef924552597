"""The live room in a real browser: two people, one server, and lines that break."""

import re

from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, Enter, connected
from tests.factories import make_person, make_question, make_user, make_webinar
from tests.site import Site
from webinars.actions.deed import deed
from webinars.actions.floor import interrupt_turn, open_turn, take_off_next
from webinars.actions.questions import hide_question, return_question
from webinars.actions.votes import Ballot, cast_votes
from webinars.models import Question, Vote

MONGOLIAN = "Хөдөөгийн ахмад настнуудад яаж хүрсэн бэ?"


def ask(page: Page, words: str) -> None:
    page.get_by_label("Your question", exact=True).fill(words)
    page.get_by_role("button", name="Ask").click()


def top_of(row: Locator) -> float:
    box = row.bounding_box()
    assert box is not None
    return box["y"]


def test_a_question_asked_on_a_phone_is_published_voted_on_taken_up_and_answered(enter: Enter) -> None:
    webinar = make_webinar()
    asker = make_person(webinar, "Бат", place="Ховд", country="MN", reads=["mn", "en"])
    reader, moderator = make_person(webinar, "Olena", reads=["uk"]), make_person(webinar, "Mari", "moderator")
    phone, desk = connected(enter(asker, **PHONE)), enter(moderator, "console")
    other = connected(enter(reader))
    phone.get_by_placeholder("Ask in your own language").fill(MONGOLIAN)
    phone.get_by_role("button", name="Ask").click()
    strip = phone.locator("#mines details.mine")
    expect(strip).to_contain_text("Waiting for a moderator")
    row = desk.locator("#review details.cr")
    expect(row.locator(".cr-text")).to_have_text(MONGOLIAN)
    expect(row.locator(".cr-text")).to_have_attribute("lang", "mn")
    desk.keyboard.press("j")
    desk.keyboard.press("p")
    for page in (phone, other):
        expect(page.locator("#list .q-text")).to_have_text(MONGOLIAN)
    expect(strip).to_contain_text("Published")
    expect(phone.locator("#list .q.own span.vote")).to_be_visible()
    vote = other.locator("#list button.vote")
    vote.click()
    expect(vote).to_have_attribute("aria-pressed", "true")
    expect(phone.locator("#list .vote .num")).to_have_text("1")
    desk.locator("#published summary").first.click()
    desk.keyboard.press("f")
    for page in (phone, other):
        expect(page.locator("#floor .floor-text")).to_have_text(MONGOLIAN)
    desk.keyboard.press("a")
    desk.keyboard.type("Through libraries, and by telephone.")
    desk.get_by_role("button", name="Answered").click()
    for page in (phone, other):
        expect(page.locator("#floor")).to_be_hidden()
    expect(strip).to_contain_text("Answered")
    expect(phone.locator("#list .q-gist")).to_have_text("Through libraries, and by telephone.")
    expect(desk.locator("#gist-text")).to_have_value("")
    assert Vote.objects.filter(is_on=True).count() == 1


def test_the_list_does_not_move_under_a_reader(enter: Enter) -> None:
    webinar = make_webinar()
    questions = [make_question(webinar, f"Question {n}?", votes=9 - n) for n in range(4)]
    page = connected(enter(make_person(webinar)))
    texts = page.locator("#list .q-text")
    page.locator("#list .q").nth(1).hover()
    before = page.locator("#list .q").nth(1).bounding_box()
    voters = [make_person(webinar) for _ in range(9)]
    with deed(webinar.pk) as done:
        cast_votes(done, [Ballot(voter, questions[3].pk, True) for voter in voters])
    make_question_live(webinar, "A new one?")
    expect(page.locator("#fresh")).to_contain_text("1 new, 1 moved")
    expect(page.locator(f"#q-{questions[3].pk} .num")).to_have_text("15")  # numbers move in place
    expect(texts).to_have_text([f"Question {n}?" for n in range(4)])
    assert page.locator("#list .q").nth(1).bounding_box() == before
    page.locator("#fresh").click()
    expect(texts).to_have_text(["Question 3?", "Question 0?", "Question 1?", "Question 2?", "A new one?"])
    expect(page.locator("#fresh")).to_be_hidden()


def test_a_question_that_goes_on_the_floor_does_not_push_the_rows_under_a_finger(enter: Enter) -> None:
    webinar = make_webinar()
    host = make_person(webinar, "Host", "host")
    questions = [make_question(webinar, f"Question {n}?", votes=9 - n) for n in range(3)]
    for window in ({}, PHONE):
        page = connected(enter(make_person(webinar), **window))
        row = page.locator(f"#q-{questions[1].pk}")
        row.hover()
        row.locator("button.vote").focus()
        before = top_of(row)
        with deed(webinar.pk, by=host) as done:
            open_turn(done, done.question(questions[2].pk))
        expect(page.locator("#floor .floor-text")).to_have_text("Question 2?")
        assert abs(top_of(row) - before) < 2  # scrolling snaps to whole pixels
        with deed(webinar.pk, by=host) as done:
            interrupt_turn(done)
        expect(page.locator("#floor")).to_be_hidden()
        assert abs(top_of(row) - before) < 2  # scrolling snaps to whole pixels
        with deed(webinar.pk, by=host) as done:
            take_off_next(done, done.question(questions[2].pk))
        expect(page.locator("#next")).to_be_hidden()
        assert abs(top_of(row) - before) < 2  # scrolling snaps to whole pixels


def test_a_hidden_question_loses_its_words_at_once_and_its_place_later(enter: Enter) -> None:
    webinar = make_webinar()
    host = make_person(webinar, "Host", "host")
    question = make_question(webinar, "Something private?")
    make_question(webinar, "Another?")
    page = connected(enter(make_person(webinar)))
    page.locator("#list .q").nth(1).hover()
    before = page.locator("#list .q").nth(1).bounding_box()
    with deed(webinar.pk, by=host) as done:
        hide_question(done, done.question(question.pk), reason="personal_data")
    expect(page.get_by_text("Something private?")).to_have_count(0)
    expect(page.locator("#list .q.left")).to_contain_text("taken off")
    assert page.locator("#list .q").nth(1).bounding_box() == before


def test_the_rows_behind_the_window_are_fetched_when_asked_for_and_can_be_voted_on(enter: Enter) -> None:
    webinar = make_webinar()
    questions = [make_question(webinar, f"Question {n}?", votes=99 - n) for n in range(60)]
    page = connected(enter(make_person(webinar)))
    expect(page.locator("#list .q")).to_have_count(50)
    page.get_by_role("link", name="More questions").click()
    expect(page.locator("#list .q-text")).to_have_text([f"Question {n}?" for n in range(60)])
    expect(page.get_by_role("link", name="More questions")).to_be_hidden()
    last = page.locator(f"#q-{questions[59].pk}")
    last.locator("button.vote").click()
    expect(last.locator("button.vote")).to_have_attribute("aria-pressed", "true")
    expect(last.locator(".num")).to_have_text("41")
    page.wait_for_timeout(2000)  # past the moment when the page's own count gives way to the server's
    expect(last.locator(".num")).to_have_text("41")
    voters = [make_person(webinar) for _ in range(80)]
    with deed(webinar.pk) as done:
        cast_votes(done, [Ballot(voter, questions[59].pk, True) for voter in voters])
    expect(last.locator(".num")).to_have_text("121")
    expect(page.locator("#list .q")).to_have_count(60)  # it waits where the reader found it
    page.locator("#fresh").click()
    expect(page.locator("#list .q-text").first).to_have_text("Question 59?")
    expect(page.locator("#list .q")).to_have_count(50)
    expect(page.get_by_role("link", name="More questions")).to_be_visible()
    assert Vote.objects.filter(question=questions[59], is_on=True).count() == 81


def test_a_press_beside_the_composer_finds_what_it_aimed_at(enter: Enter) -> None:
    page = connected(enter(make_person(make_webinar())))
    ask(page, "Who paid?")
    strip = page.locator("#mines details.mine").first
    expect(strip).to_contain_text("Waiting for a moderator")
    page.get_by_label("Your question", exact=True).focus()
    expect(page.locator("#composer .composer-more")).to_be_visible()
    strip.locator("> summary").click()  # the composer folds under it
    expect(strip).to_have_attribute("open", "")
    expect(page.locator("#composer .composer-more")).to_be_hidden()


def test_words_typed_without_a_connection_are_kept_and_sent_once(enter: Enter) -> None:
    webinar = make_webinar()
    page = connected(enter(make_person(webinar)))
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('offline'))")
    expect(page.locator("#pill")).to_have_attribute("data-state", "off")
    ask(page, "Typed in a tunnel?")
    strip = page.locator("#mines details.mine")
    if "Waiting to be sent" not in (strip.text_content() or ""):  # the dead line may still look alive
        expect(strip).to_contain_text("Waiting to be sent")
    expect(page.get_by_label("Your question", exact=True)).to_have_value("")
    assert not Question.objects.exists()
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#mines details.mine")).to_contain_text("Waiting for a moderator")
    expect(page.locator("#mines details.mine")).to_have_count(1)
    page.reload()
    connected(page)
    assert Question.objects.filter(text="Typed in a tunnel?").count() == 1


def test_a_server_that_dies_and_comes_back_loses_nothing_and_doubles_nothing(
    enter: Enter, live_site: Site
) -> None:
    webinar = make_webinar()
    question = make_question(webinar, "Does it last?")
    page = connected(enter(make_person(webinar)))
    live_site.kill()
    page.locator(f"#q-{question.pk} button.vote").click()
    ask(page, "Asked while nobody listened?")
    expect(page.locator("#mines details.mine")).to_contain_text("Waiting to be sent")
    expect(page.locator("#pill")).to_have_attribute("data-state", re.compile("wait|off"))
    live_site.ensure()
    expect(page.locator("#mines details.mine")).to_contain_text("Waiting for a moderator")
    expect(page.locator(f"#q-{question.pk} .num")).to_have_text("1")
    connected(page)
    assert Question.objects.filter(text="Asked while nobody listened?").count() == 1
    assert Vote.objects.filter(is_on=True).count() == 1


def test_a_draft_survives_a_closed_tab(enter: Enter) -> None:
    page = connected(enter(make_person(make_webinar())))
    page.get_by_label("Your question", exact=True).fill("Half a thou")
    page.reload()
    expect(page.get_by_label("Your question", exact=True)).to_have_value("Half a thou")


def test_where_sockets_are_blocked_the_room_works_over_plain_requests(enter: Enter) -> None:
    webinar = make_webinar()
    question = make_question(webinar, "Does it work?")
    page = enter(make_person(webinar))
    page.route_web_socket(re.compile("/ws/"), lambda socket: socket.close(code=3000))
    page.reload()
    expect(page.locator("#pill")).to_have_attribute("data-state", "on")
    page.locator(f"#q-{question.pk} button.vote").click()
    expect(page.locator(f"#q-{question.pk} .num")).to_have_text("1")
    ask(page, "And asking?")
    expect(page.locator("#mines details.mine")).to_contain_text("Waiting for a moderator")
    make_question_live(webinar, "Asked elsewhere?")
    expect(page.get_by_text("Asked elsewhere?")).to_be_visible()


def test_a_returned_question_keeps_its_words_to_be_written_anew(enter: Enter) -> None:
    webinar = make_webinar()
    asker, host = make_person(webinar), make_person(webinar, "Host", "host")
    question = make_question(webinar, "Two things?", participant=asker, visibility="submitted")
    page = connected(enter(asker))
    with deed(webinar.pk, by=host) as done:
        return_question(done, done.question(question.pk), reason="several", note="One at a time, please.")
    strip = page.locator("#mines details.mine")
    expect(strip).to_contain_text("Several questions in one")
    expect(strip).to_contain_text("One at a time, please.")
    box = strip.get_by_label("Your question in new words")
    expect(box).to_have_value("Two things?")
    box.fill("One thing?")
    strip.get_by_role("button", name="Send again").click()
    expect(strip).to_contain_text("Waiting for a moderator")
    question.refresh_from_db()
    assert (question.text, question.visibility) == ("One thing?", "submitted")


def test_everything_works_without_a_script(enter: Enter) -> None:
    webinar = make_webinar()
    question = make_question(webinar, "Does it work?")
    page = enter(make_person(webinar), java_script_enabled=False)
    page.locator(f"#q-{question.pk} button.vote").click()
    expect(page.locator(f"#q-{question.pk} button.vote")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(f"#q-{question.pk} .num")).to_have_text("1")
    page.locator(f"#q-{question.pk} button.vote").click()
    expect(page.locator(f"#q-{question.pk} .num")).to_have_text("0")
    page.get_by_label("Your question", exact=True).fill(MONGOLIAN)
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("#mines details.mine")).to_contain_text("Waiting for a moderator")
    page.locator("#mines details.mine > summary").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("#mines details.mine")).to_have_count(0)
    page.get_by_label("Your question", exact=True).fill("…")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".notice[role=alert]")).to_contain_text("There are no words in it yet")
    expect(page.get_by_label("Your question", exact=True)).to_have_value("…")


def test_the_text_only_room_follows_along_and_votes(enter: Enter) -> None:
    webinar = make_webinar()
    question = make_question(webinar, "Does it work?")
    page = enter(make_person(webinar), "room/text", **PHONE)
    expect(page.locator("#pill")).to_have_attribute("data-state", "on")
    button = page.locator("#list button")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    host = make_person(webinar, "Host", "host")
    with deed(webinar.pk, by=host) as done:
        open_turn(done, done.question(question.pk))
    expect(page.locator("#floor .now")).to_have_text("Does it work?")
    page.get_by_role("textbox", name="Your question").fill(MONGOLIAN)
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("form.mine")).to_contain_text("Waiting for a moderator")


def test_s58_nothing_of_the_pictures_provider_is_loaded_before_a_press(enter: Enter) -> None:
    webinar = make_webinar(picture_provider="youtube", picture_id="abc_DEF-123")
    page = enter(make_person(webinar))
    foreign: list[str] = []
    page.on("request", lambda request: "localhost" in request.url or foreign.append(request.url))
    page.route(
        re.compile("youtube"), lambda route: route.fulfill(body="<p>player</p>", content_type="text/html")
    )
    page.reload()
    connected(page)
    assert foreign == []
    page.get_by_role("link", name="Show the picture (YouTube)").click()
    expect(page.locator("#stage iframe")).to_have_attribute(
        "src", re.compile(r"^https://www\.youtube-nocookie\.com/embed/abc_DEF-123\?")
    )
    expect(page.frame_locator("#stage iframe").get_by_text("player")).to_be_visible()


def test_signing_out_empties_what_the_device_kept(enter: Enter, live_site: Site) -> None:
    user = make_user("Olena")
    page = connected(enter(make_person(make_webinar(), user=user)))
    client = Client()
    client.force_login(user)
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
    }
    page.context.add_cookies([cookie | {"url": live_site.url}])
    page.get_by_label("Your question", exact=True).fill("Half a thou")
    page.context.set_offline(True)
    ask(page, "Never sent?")
    expect(page.locator("#mines details.mine")).to_contain_text("Waiting to be sent")
    page.get_by_label("Your question", exact=True).fill("Half a thou")
    page.context.set_offline(False)
    page.goto("/en/accounts/logout/")
    kept = "async () => [Object.keys(localStorage), (await indexedDB.databases()).map(({name}) => name)]"
    page.get_by_role("button", name="Sign out").last.click()
    expect(page).not_to_have_url(re.compile("logout"))
    page.wait_for_function("async () => !(await indexedDB.databases()).length")
    assert page.evaluate(kept) == [[], []]


def make_question_live(webinar, text: str) -> Question:  # type: ignore[no-untyped-def]
    """Published by a host's own asking, so that the room hears of it."""
    from uuid import uuid4

    from webinars.actions.questions import ask_question

    host = make_person(webinar, "Host", "host")
    with deed(webinar.pk, by=host) as done:
        return ask_question(done, client_id=uuid4(), text=text, language="en")
