"""An answer from the floor to the asker's own word on it: asker, speaker and host, each in a window of their own."""

import re

from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Enter, connected
from tests.browser.pages import WIDE, shuts_out
from tests.factories import make_person, make_question, make_webinar
from webinars.actions import floor, turns
from webinars.actions.deed import deed
from webinars.models import Answer, Question, State, Turn


def test_an_answer_is_confirmed_by_its_speaker_and_judged_by_its_asker(enter: Enter) -> None:
    webinar = make_webinar()
    asker, host = make_person(webinar, "Olena"), make_person(webinar, "Host", "host")
    jaan = make_person(webinar, "Jaan Tamm", "speaker")
    make_person(webinar, "Oyun Bat", "speaker")
    question = make_question(webinar, "What did it cost?", participant=asker)
    room, prompter = connected(enter(asker, **PHONE)), connected(enter(jaan, "prompter"))
    console = connected(enter(host, "console"))
    expect(room.locator("#floor-who")).to_be_hidden()

    console.locator("#published summary", has_text="What did it cost?").click()
    console.locator("#published [name=speaker]").select_option(label="Jaan Tamm")
    console.get_by_role("button", name="Say who answers").click()
    expect(prompter.locator("#mine .said")).to_contain_text("What did it cost?")
    expect(console.locator("#published [data-is=is-assigned]")).to_contain_text("Jaan Tamm")
    console.locator("#published .staff summary").click()
    console.locator("#published .staff [name=text]").fill("Ask him for the year, too.")
    console.get_by_role("button", name="Keep the note").click()
    expect(console.locator("#published .desk-said")).to_contain_text("Ask him for the year, too.")
    assert "for the year" not in room.content() + prompter.content()

    console.locator("#published button[value=floor]").click()
    for screen in (room, prompter):
        expect(screen.locator("#floor-who")).to_contain_text("Jaan Tamm")
    console.locator("#turn-speakers > summary").click()
    console.locator("#turn-speakers label", has_text="Oyun Bat").click()
    console.locator("#turn-speakers button").click()
    expect(room.locator("#floor-who")).to_contain_text("Jaan Tamm, Oyun Bat")

    console.locator("#gist [name=do][value=interrupt]").click()
    expect(room.locator("#floor")).to_be_hidden()
    console.locator("#paused").get_by_role("button", name="Go on with it").click()
    expect(room.locator("#floor-who")).to_contain_text("Jaan Tamm, Oyun Bat")
    assert Turn.objects.get(webinar=webinar, ended_at=None).resumes is not None

    console.locator("#gist-text").fill("About 25 euros.")
    console.locator("#gist [name=do][value=done]").click()
    expect(prompter.locator("#confirm textarea")).to_have_value("About 25 euros.")
    prompter.locator("#confirm textarea").fill("About 27 euros.")
    prompter.get_by_role("button", name="This is what I said").click()
    expect(prompter.locator("#confirm")).to_be_hidden()
    card = room.locator(f"#q-{question.pk}")
    expect(card.locator(".q-gist")).to_have_text("About 27 euros.")
    expect(card.locator(".q-sure")).to_have_text("confirmed by the speaker")

    strip = room.locator(f"[data-own='{question.pk}']")
    strip.locator("summary").first.click()
    expect(strip.locator(".mine-gist")).to_contain_text("About 27 euros.")
    strip.get_by_role("button", name="In part").click()
    expect(strip.get_by_role("button", name="In part")).to_have_attribute("aria-pressed", "true")
    expect(console.locator("#judged")).to_have_text("1 asker not content")
    expect(console.locator("#answered [data-is=says]")).to_contain_text("asker: in part")
    assert Answer.objects.get().asker_says == "partly"
    assert "in part" not in prompter.content()
    for screen in (room, prompter, console):
        assert shuts_out(screen) == []
        assert screen.evaluate(WIDE) == []


def test_on_the_text_only_page_the_asker_judges_too(enter: Enter) -> None:
    webinar = make_webinar()
    asker, host = make_person(webinar, "Olena"), make_person(webinar, "Host", "host")
    jaan = make_person(webinar, "Jaan Tamm", "speaker")
    question = make_question(webinar, "What did it cost?", participant=asker)
    page = connected(enter(asker, "room/text", **PHONE))
    with deed(webinar.pk, by=host) as done:
        floor.open_turn(done, done.question(question.pk))
        turns.set_speakers(done, speakers=[jaan.pk])
    expect(page.locator("#floor-who")).to_contain_text("Jaan Tamm")
    with deed(webinar.pk, by=host) as done:
        floor.close_turn(done, gist="About 25 euros.", language="en")
    page.get_by_role("button", name="It does not").click()
    expect(page.get_by_role("button", name="It does not")).to_have_attribute("aria-pressed", "true")
    assert Answer.objects.get().asker_says == "not"


def test_at_the_end_the_host_settles_all_in_a_few_presses_and_the_speaker_answers_by_link(
    enter: Enter,
) -> None:
    webinar = make_webinar()
    host, jaan = make_person(webinar, "Host", "host"), make_person(webinar, "Jaan Tamm", "speaker")
    for n in range(3):
        make_question(webinar, f"Open {n}?", votes=n)
    console = connected(enter(host, "console"))
    expect(console.locator("#settle")).to_be_hidden()
    console.locator("[popovertarget=webinar-sheet]").first.click()
    console.locator("[data-step=ended] summary").click()
    console.get_by_role("button", name="End the webinar").click()
    expect(console.locator("#settle")).to_contain_text("3")
    console.keyboard.press("Escape")
    console.locator("#settle a").click()
    expect(console.locator("[name=questions]:checked")).to_have_count(3)
    console.locator("[name=questions]").last.uncheck()
    console.locator("#owner").fill("Jaan Tamm")
    console.locator("#due").fill((timezone.localdate()).isoformat())
    console.get_by_role("button", name="All to this owner by this day").click()
    expect(console.locator("[name=questions]")).to_have_count(1)
    console.locator("#reason").select_option("time")
    console.get_by_role("button", name="Close with this reason").click()
    expect(console.get_by_text("Nothing is left open")).to_be_visible()
    assert shuts_out(console) == []

    answers = enter(jaan, "answers", **PHONE)
    form = answers.locator(f"#q-{Question.objects.get(text='Open 2?').pk} form")
    form.locator("[name=text]").fill("Half of them.")
    form.get_by_role("button", name="Answer and send").click()
    expect(answers.get_by_text("The answer is saved.")).to_be_visible()
    expect(
        answers.locator(".card", has_text="Open 2?").get_by_text("confirmed by the speaker")
    ).to_be_visible()
    assert shuts_out(answers) == []
    assert answers.evaluate(WIDE) == []
    assert Answer.objects.filter(kind="written").count() == 1
    assert Question.objects.filter(closed_reason="time").count() == 1


def test_the_report_fits_on_a_few_sheets_of_paper(enter: Enter) -> None:
    webinar = make_webinar(state=State.ENDED, ended_at=timezone.now())
    host, jaan = (
        make_person(webinar, "Host", "host"),
        make_person(webinar, "Jaan Tamm", "speaker", country="EE"),
    )
    for n in range(60):
        make_person(webinar, country="MN", organisation=f"Office {n}", joined_at=timezone.now())
        question = make_question(
            webinar, f"How did number {n} reach the people who have no line? " * 2, votes=n
        )
        question.answers.create(gist="By buses that came with a teacher. " * 3, language="en", speaker=jaan)
    page = enter(host, "report")
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True)))
    assert 1 <= sheets <= 3
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    assert shuts_out(page) == []
