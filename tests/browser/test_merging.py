"""A moderator and participants in their own windows: merged, split, appealed, and taken apart again."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Enter, connected
from tests.factories import make_person, make_question, make_webinar
from webinars.models import Appeal, Participant, Question, Webinar


def moderator(webinar: Webinar, name: str = "Mari") -> Participant:
    return make_person(webinar, name, "moderator", country="EE")


def standing(*questions: Question) -> list[str]:
    for question in questions:
        question.refresh_from_db()
    return [question.visibility for question in questions]


def open_row(desk: Page, text: str, column: str = "review") -> None:
    row = desk.locator(f"#{column} .cr", has=desk.locator(".cr-text", has_text=text)).first
    if row.get_attribute("open") is None:
        row.locator("> summary").click()


def test_two_languages_become_one_question_and_the_asker_follows_it(enter: Enter) -> None:
    webinar = make_webinar()
    head = make_question(webinar, "Who paid the trainers?")
    other = make_question(webinar, "Сургагч нарт хэн төлсөн бэ?", language="mn", visibility="submitted")
    desk = connected(enter(moderator(webinar), "console"))
    asker = connected(enter(other.participant))
    anybody = connected(enter(make_person(webinar)))
    anybody.locator(f"#q-{head.pk} button.vote").click()
    open_row(desk, "Сургагч")
    desk.keyboard.press("m")
    desk.keyboard.type("TRAIN paid")
    expect(desk.locator("#merge-list label")).to_have_count(1)
    desk.keyboard.press("Enter")
    expect(desk.locator("#toasts")).to_contain_text("Merged: they are one question now.")
    expect(desk.locator("#merge-sheet")).to_be_hidden()
    expect(asker.locator("#mines .mine-fate")).to_have_text("Published: everybody can see it")
    asker.locator("#mines summary").first.click()
    expect(asker.locator("#mines .mine-joined")).to_contain_text("Who paid the trainers?")
    expect(asker.locator(f"#q-{head.pk} .vote.still")).to_be_visible()  # nobody votes on what they ask
    same = anybody.locator(f"#q-{head.pk} .q-same")
    expect(same.locator("summary")).to_have_text("with 1 more who asked the same")
    same.locator("summary").click()
    expect(same.locator("li [lang=mn]")).to_have_text("Сургагч нарт хэн төлсөн бэ?")
    open_row(desk, "Who paid the trainers?", "published")
    expect(desk.locator("#published [data-is=set] [data-is=text]")).to_have_text(
        ["Сургагч нарт хэн төлсөн бэ?"]
    )
    desk.keyboard.press("x")
    expect(desk.locator("#review .cr-text")).to_have_text(["Сургагч нарт хэн төлсөн бэ?"])
    expect(asker.locator("#mines .mine-fate")).to_have_text("Waiting for a moderator")
    expect(asker.locator(f"#q-{head.pk} button.vote")).to_be_visible()
    expect(anybody.locator(".q-same")).to_have_count(0)
    assert standing(head, other) == ["published", "submitted"]


def test_what_is_asked_three_times_is_published_as_one_at_one_press_on_a_phone_too(enter: Enter) -> None:
    webinar = make_webinar()
    texts = ("Who paid the trainers?", "Trainers: who paid?", "Who pays these trainers?")
    questions = [make_question(webinar, text, visibility="submitted") for text in texts]
    desk = connected(enter(moderator(webinar), "console", **PHONE))
    expect(desk.locator("#review [data-is=alike]:visible")).to_have_count(3)
    open_row(desk, texts[0])
    group = desk.locator("#review .cr[open] [data-is=group]")
    expect(group.locator("mark")).to_have_text(["paid", "trainers"])
    group.locator(f"[data-same='{questions[1].pk}']").get_by_label("this one stays").check()
    group.get_by_role("button", name="Publish all as one").click()
    expect(desk.locator("#review-empty")).to_be_visible()
    assert standing(*questions) == ["merged", "published", "merged"]
    desk.get_by_role("navigation", name="Columns").get_by_role("link", name="Published").click()
    expect(desk.locator("#published [data-is=with-more] .num")).to_have_text("+2")
    desk.locator("#toasts button").first.click()
    expect(desk.locator("#published-empty")).to_be_visible()
    assert standing(*questions) == ["submitted"] * 3


def test_without_a_script_one_is_merged_by_searching_and_split_and_the_text_room_says_so(
    enter: Enter,
) -> None:
    webinar = make_webinar()
    head = make_question(webinar, "Who paid the trainers?")
    make_question(webinar, "Which bank?")
    other = make_question(webinar, "Who gave the money, and how long did it take?", visibility="submitted")
    desk = enter(moderator(webinar), "console", java_script_enabled=False)
    open_row(desk, "Who gave")
    desk.locator("#review .cr[open]").get_by_role("link", name="Merge…").click()
    desk.locator("#merge-into").get_by_label("Words of the other question").fill("trainers")
    desk.locator("#merge-into").get_by_role("button", name="Search").click()
    expect(desk.locator("#merge-into input[type=radio]")).to_have_count(1)
    desk.locator("#merge-into").get_by_label("Who paid the trainers?").check()
    desk.locator("#merge-into").get_by_role("button", name="Merge", exact=True).click()
    expect(desk.get_by_text("Merged: they are one question now.")).to_be_visible()
    assert standing(head, other) == ["published", "merged"]
    asker = enter(other.participant, "room/text", java_script_enabled=False)
    expect(asker.locator("#mines")).to_contain_text("It asks the same as another question")
    desk.get_by_role("button", name="Undo").click()
    open_row(desk, "Who gave")
    row = desk.locator("#review .cr[open]")
    row.locator("[data-verb=split] > summary").click()
    row.get_by_label("The first question").fill("Who gave the money?")
    row.get_by_label("The second question").fill("How long did it take?")
    row.get_by_role("button", name="Split in two").click()
    expect(desk.locator("#review .cr-text")).to_have_text(["Who gave the money?", "How long did it take?"])
    asker.reload()
    expect(asker.locator("#mines .mine-split").first).to_contain_text("how long did it take?")


def test_an_appeal_goes_to_another_moderator_who_reads_what_was_decided(enter: Enter) -> None:
    webinar = make_webinar()
    asked = make_question(webinar, "And in villages?", visibility="submitted")
    first, second = (connected(enter(moderator(webinar, name), "console")) for name in ("Mari", "Olena"))
    asker = connected(enter(asked.participant))
    open_row(first, "And in villages?")
    first.keyboard.press("d")
    first.locator("#review details.why[open]").get_by_label("Why").select_option("off_topic")
    first.locator("#review details.why[open]").get_by_role("button", name="Decline").click()
    strip = asker.locator("#mines details.mine")
    expect(strip.locator(".mine-fate")).to_have_text("It was not published")
    strip.locator("> summary").click()
    strip.get_by_text("Ask another moderator…").click()
    strip.get_by_label("Why should it be asked?").fill("Nobody asked about the villages.")
    strip.get_by_role("button", name="Send", exact=True).click()
    expect(strip.locator(".mine-fate")).to_have_text("Another moderator reads it now")
    for desk in (first, second):
        open_row(desk, "And in villages?")
        notice = desk.locator("#review .cr[open] [data-is=appeal]")
        expect(notice).to_contain_text("Nobody asked about the villages.")
        expect(notice).to_contain_text("A moderator declined it:")
        expect(notice).to_contain_text("It is about something else than this webinar")
    first.keyboard.press("p")
    expect(first.locator("#toasts")).to_contain_text("Another moderator, or the host, decides on the appeal.")
    second.keyboard.press("p")
    expect(strip.locator(".mine-fate")).to_have_text("Published: everybody can see it")
    strip.locator("> summary").click()
    expect(strip.locator("[data-outcome=granted]")).to_be_visible()
    assert (Appeal.objects.get().outcome, standing(asked)) == ("granted", ["published"])
