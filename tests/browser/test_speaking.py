"""Asking to speak and reacting, with people who each have a window of their own."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Enter, connected
from tests.factories import make_person, make_webinar
from webinars.models import Hand, ReactionSum


def ask(page: Page, words: str) -> None:
    page.locator("#queue-tab").click()
    page.get_by_label("What you would like to say").fill(words)
    page.locator("#raise").get_by_role("button", name="Ask to speak").click()


def test_two_who_ask_to_speak_see_their_places_and_the_desk_calls_them(enter: Enter) -> None:
    webinar = make_webinar(queue_open=True)
    first, second = make_person(webinar, "Anu", reads=["et"]), make_person(webinar, "Bat", reads=["mn"])
    moderator = make_person(webinar, "Mari", "moderator")
    anu, bat = connected(enter(first)), connected(enter(second, **PHONE))
    desk = connected(enter(moderator, "console"))
    ask(anu, "About libraries")
    expect(anu.locator("#queue-place")).to_have_text("Your place: 1")
    ask(bat, "About trust")
    expect(bat.locator("#queue-place")).to_have_text("Your place: 2")
    expect(bat.locator("#queue-count")).to_have_text("2 people wait to speak")
    expect(anu.locator("#raise")).to_be_hidden()  # nobody asks twice
    expect(desk.locator(".hand [data-is=name]")).to_have_text(["Anu", "Bat"])
    expect(desk.locator(".hand [data-is=text]")).to_have_text(["About libraries", "About trust"])
    assert "About libraries" not in bat.content()  # it is the desk's
    assert "Anu" not in bat.locator("#queue").inner_text()

    later = desk.locator(".hand", has_text="Bat")
    later.get_by_text("Call before others…").click()
    later.locator("details button").click()
    expect(desk.get_by_text("Others wait longer. Write why")).to_be_visible()
    expect(bat.locator("#called")).to_be_hidden()
    later.get_by_label("Why this one now?").fill("Has to leave")
    later.locator("details button").click()
    expect(bat.locator("#called")).to_contain_text("You are called to speak")
    expect(bat).to_have_title("● Your turn to speak · " + str(webinar.title) + " · Sild")
    expect(anu.locator("#called")).to_be_hidden()
    expect(later.locator("[data-is=reason]")).to_have_text("Has to leave")

    later.get_by_role("button", name="Speaks now").click()
    expect(bat.locator("#called")).to_contain_text("speak now")
    expect(anu.locator("#queue-now")).to_contain_text("Bat")
    expect(anu.locator("#queue-count")).to_have_text("1 person waits to speak")
    later.get_by_role("button", name="Has finished").click()
    expect(bat.locator("#called")).to_be_hidden()
    expect(anu.locator("#queue-now")).to_be_hidden()
    expect(bat).not_to_have_title("● Your turn to speak · " + str(webinar.title) + " · Sild")

    anu.locator("#queue-lower button").click()
    expect(anu.locator("#queue-own")).to_be_hidden()
    expect(desk.locator(".hand", has_text="Anu")).to_have_count(0)
    assert sorted(Hand.objects.values_list("stands", flat=True)) == ["done", "withdrawn"]


def test_without_scripts_one_asks_waits_and_leaves(enter: Enter) -> None:
    webinar = make_webinar(queue_open=True)
    person = make_person(webinar, "Anu")
    page = enter(person, "room/text", java_script_enabled=False)
    page.get_by_label("What you would like to say").fill("About libraries")
    page.locator("#raise button").click()
    expect(page.get_by_text("You are in the queue to speak.")).to_be_visible()
    expect(page.locator("#queue-place")).to_have_text("Your place: 1")
    page.locator("#reactions").get_by_role("button", name="Applause").click()
    expect(page.get_by_text("Your reaction went out.")).to_be_visible()
    page.get_by_role("button", name="Leave the queue").click()
    expect(page.locator("#queue-own")).to_be_hidden()
    assert Hand.objects.get().stands == "withdrawn"


def test_a_reaction_rises_for_everybody_and_fades(enter: Enter) -> None:
    webinar = make_webinar()
    one, other = connected(enter(make_person(webinar))), connected(enter(make_person(webinar), "room/text"))
    one.locator("#reactions").get_by_role("button", name="Applause").click()
    for page in (one, other):
        expect(page.locator("#reactions button[value=clap] b[data-on]")).to_have_text("1")
    for page in (one, other):
        expect(page.locator("#reactions b[data-on]")).to_have_count(0)


def test_while_offline_nothing_goes_and_nothing_is_kept_for_later(enter: Enter) -> None:
    webinar = make_webinar()
    page = connected(enter(make_person(webinar)))
    page.context.set_offline(True)
    expect(page.locator("#pill")).not_to_have_attribute("data-state", "on")
    page.locator("#reactions").get_by_role("button", name="Applause").click()
    expect(page.locator("#toasts")).to_contain_text("nothing was sent")
    page.context.set_offline(False)
    connected(page)
    page.wait_for_timeout(1500)  # longer than a sum takes to be told
    assert page.locator("#reactions b[data-on]").count() == 0
    assert not ReactionSum.objects.exists()


def test_switched_on_and_off_by_the_host_it_comes_and_goes(enter: Enter) -> None:
    webinar = make_webinar()
    page = connected(enter(make_person(webinar)))
    desk = connected(enter(make_person(webinar, "Host", "host"), "console"))
    expect(page.locator("#queue-tab")).to_be_hidden()
    desk.get_by_role("button", name="Webinar").click()
    desk.locator("#set-queue").select_option("true")
    desk.locator("#set-reactions").select_option("false")
    desk.locator("#webinar-sheet").get_by_role("button", name="Save").click()
    expect(page.locator("#queue-tab")).to_be_visible()
    expect(page.locator("#reactions")).to_be_hidden()
