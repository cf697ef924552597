"""A speaker's prompter in a real browser: it follows the desk, nothing in it moves, and it goes with the role."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, Enter, connected
from tests.browser.pages import WIDE, shuts_out
from tests.factories import make_agenda, make_person, make_question, make_webinar
from webinars.actions import conduct, floor, people, questions, room
from webinars.actions.deed import deed
from webinars.models import AgendaItem

LONG = (
    "Цахим үйлчилгээний талаарх мэдээллийг хөдөө орон нутгийн иргэдэд хүргэхдээ ямар арга замыг ашигласан бэ? "
    "Сургагч багш нарыг хэрхэн сонгож, цалинжуулж, тэдний ажлыг хэн, яаж үнэлж байсан талаар дэлгэрэнгүй хэлнэ үү? "
)
SCROLLS = """() => {
  const { scrollHeight, scrollWidth } = document.scrollingElement;
  return [scrollHeight > innerHeight, scrollWidth > innerWidth];
}"""


def of(page: Page, name: str) -> Locator:
    return page.locator(f"#{name} .said .beside p")


def scrolls(page: Page) -> tuple[bool, bool]:
    down, side = page.evaluate(SCROLLS)
    return down, side


def test_a_speakers_prompter_follows_what_the_desk_does(enter: Enter) -> None:
    webinar = make_webinar()
    speaker, host = make_person(webinar, "Jaan", "speaker"), make_person(webinar, "Host", "host")
    first = make_question(webinar, "How did you begin?", addressed_to=speaker)
    make_question(webinar, "Who paid?", addressed_to=speaker)
    make_question(webinar, "A pending secret?", visibility="submitted", addressed_to=speaker)
    tablet = connected(enter(speaker, "prompter", viewport={"width": 1024, "height": 768}))
    expect(of(tablet, "mine")).to_have_text(["How did you begin?", "Who paid?"])
    with deed(webinar.pk, by=host) as done:
        floor.put_next(done, done.question(first.pk))
    expect(of(tablet, "next")).to_have_text(["How did you begin?"])
    with deed(webinar.pk, by=host) as done:
        floor.open_turn(done, done.question(first.pk))
        room.send_notice(done, text="Please speak slower.", language="en", to="speakers")
        room.send_notice(done, text="A staff secret", language="en", to="staff")
    expect(of(tablet, "floor")).to_have_text(["How did you begin?"])
    expect(tablet.locator("#floor [data-is=mine]")).to_be_visible()
    expect(tablet.locator("#notices .notice")).to_have_count(1)
    expect(tablet.locator("#notices")).to_contain_text("Please speak slower.")
    expect(tablet.locator("#next-empty")).to_be_visible()
    assert "secret" not in tablet.content()


def test_nothing_moves_under_the_eyes_of_who_reads_what_was_asked_of_them(enter: Enter) -> None:
    webinar = make_webinar()
    speaker, host = make_person(webinar, "Jaan", "speaker"), make_person(webinar, "Host", "host")
    asked = [make_question(webinar, f"Question {n}?", addressed_to=speaker) for n in range(3)]
    for window in ({"viewport": {"width": 1024, "height": 768}}, PHONE):
        page = connected(enter(speaker, "prompter", **window))
        lines = page.locator("#mine .said")
        second = lines.filter(has_text="Question 1?")
        before = second.bounding_box()
        with deed(webinar.pk, by=host) as done:
            floor.open_turn(done, done.question(asked[0].pk))
            room.send_notice(done, text="Please speak slower.", language="en", to="speakers")
        expect(page.locator("#notices .notice").first).to_be_visible()
        expect(lines.first).to_have_class(re.compile("left"))
        assert second.bounding_box() == before
        with deed(webinar.pk, by=host) as done:
            asker = make_person(webinar)
        with deed(webinar.pk, by=asker) as done:
            new = questions.ask_question(
                done, client_id=uuid4(), text="The newest?", language="en", addressed_to=speaker.pk
            )
        with deed(webinar.pk, by=host) as done:
            questions.publish_question(done, done.question(new.pk))
        expect(lines.last).to_contain_text("The newest?")
        assert second.bounding_box() == before
        with deed(webinar.pk, by=host) as done:
            questions.hide_question(done, done.question(new.pk), reason="personal_data")
            floor.interrupt_turn(done)
            floor.take_off_next(done, done.question(asked[0].pk))
        expect(page.get_by_text("The newest?")).to_have_count(0)
        expect(lines.last).to_contain_text("not in the list any more")
        expect(lines.first).not_to_have_class(re.compile("left"))
        assert second.bounding_box() == before


def test_the_time_left_runs_down_and_says_when_it_is_over(enter: Enter) -> None:
    webinar = make_webinar()
    speaker, host = make_person(webinar, "Jaan", "speaker"), make_person(webinar, "Host", "host")
    [item, _] = make_agenda(webinar, "The experience of Estonia", "Questions")
    AgendaItem.objects.update(minutes=20)
    with deed(webinar.pk, by=host) as done:
        room.next_agenda_item(done)
    page = connected(enter(speaker, "prompter", timezone_id="Asia/Ulaanbaatar"))
    time, left = page.locator("#time"), page.locator("#left")
    expect(time).to_contain_text("The experience of Estonia")
    expect(time.locator("[data-when='item end']")).to_be_visible()
    expect(time).to_have_attribute("data-left", "enough")
    expect(left).to_have_text(re.compile(r"^(20:00|19:\d\d|18:\d\d)$"))
    was = left.inner_text()
    expect(left).not_to_have_text(was)
    for minutes, how, words in ((19, "short", r"^[01]:\d\d$"), (23, "over", r"^[34]:\d\d$")):
        begun = timezone.now() - timedelta(minutes=minutes)
        AgendaItem.objects.filter(pk=item.pk).update(started_at=begun)
        page.reload()
        expect(time).to_have_attribute("data-left", how)
        expect(left).to_have_text(re.compile(words))
    expect(time.locator("[data-when='item-over end-over']")).to_be_visible()
    connected(page)
    with deed(webinar.pk, by=host) as done:
        room.next_agenda_item(done)
    expect(time.locator("[data-is=now]:visible")).to_have_text("Questions")
    expect(time).to_have_attribute("data-left", "enough")


def test_the_prompter_closes_when_the_role_is_taken_and_nothing_of_it_stays(enter: Enter) -> None:
    webinar = make_webinar(speakers_see_pending=True)
    speaker, host = make_person(webinar, "Jaan", "speaker"), make_person(webinar, "Host", "host")
    make_question(webinar, "For Jaan?", addressed_to=speaker)
    make_question(webinar, "A pending secret?", visibility="submitted")
    page = connected(enter(speaker, "prompter"))
    page.locator(".cue-review summary").click()
    expect(page.get_by_text("A pending secret?")).to_be_visible()
    with deed(webinar.pk, by=host) as done:
        room.change_settings(done, speakers_see_pending=False)
    expect(page.locator("#review")).to_have_count(0)
    connected(page)
    assert "secret" not in page.content()
    with deed(webinar.pk, by=host) as done:
        people.change_person(done, speaker.pk, roles=["attendee"])
    expect(page.locator("#closed")).to_contain_text("you are no longer one in this webinar")
    assert "For Jaan?" not in page.content()
    answer = page.reload()
    assert answer is not None
    assert answer.status == 403


def test_the_prompter_closes_when_somebody_is_sent_out(enter: Enter) -> None:
    webinar = make_webinar()
    speaker, host = make_person(webinar, "Jaan", "speaker"), make_person(webinar, "Host", "host")
    make_question(webinar, "For Jaan?", addressed_to=speaker)
    page = connected(enter(speaker, "prompter"))
    with deed(webinar.pk, by=host) as done:
        conduct.remove(done, speaker)
    expect(page.locator("#closed")).to_contain_text("You are no longer in this webinar.")
    assert "For Jaan?" not in page.content()


@pytest.mark.parametrize("language", ["en", "mn"])
@pytest.mark.parametrize("busy", [True, False], ids=["busy", "empty"])
def test_the_prompter_is_whole_on_a_phone_a_tablet_and_a_desk(
    enter: Enter, language: str, busy: bool
) -> None:
    webinar = make_webinar(speakers_see_pending=True)
    speaker, host = make_person(webinar, "Jaan", "speaker"), make_person(webinar, "Host", "host")
    [item, _] = make_agenda(webinar, LONG[:150], LONG[:150])
    item.minutes = 20
    item.save()
    if busy:
        on_floor = make_question(webinar, LONG, language="mn", addressed_to=speaker)
        for n in range(9):
            question = make_question(webinar, LONG, language="mn", votes=n, addressed_to=speaker)
            make_question(webinar, LONG, visibility="submitted")
            if n < 4:
                with deed(webinar.pk, by=host) as done:
                    floor.put_next(done, done.question(question.pk))
        with deed(webinar.pk, by=host) as done:
            floor.open_turn(done, done.question(on_floor.pk))
            room.next_agenda_item(done)
            for to in ("speakers", "everybody"):
                room.send_notice(done, text=LONG, language="mn", to=to)
    for window in (
        PHONE,
        {"viewport": {"width": 768, "height": 1024}},
        {"viewport": {"width": 1440, "height": 900}},
    ):
        page = connected(enter(speaker, "prompter", language=language, **window))
        assert page.evaluate(WIDE) == []
        assert shuts_out(page) == []
        if window is not PHONE:
            assert scrolls(page) == (False, False)
