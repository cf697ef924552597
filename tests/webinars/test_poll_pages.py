"""Polls as pages: answered without a script, written so too, kept in tables and the archive, huge on the wall."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from accounts.names import Names
from tests.factories import make_person, make_poll, make_user, make_webinar
from tests.webinars.test_polls import answer, votes_of
from webinars.addresses import address, link_of
from webinars.models import Participant, Poll, PollBallot, Role, State, Webinar

pytestmark = pytest.mark.django_db


def browser_of(person: Participant) -> Client:
    browser = Client()
    assert browser.get(link_of(person).removeprefix("http://localhost:8000")).status_code == 302
    return browser


def desk_of(webinar: Webinar, role: str = Role.HOST) -> Client:
    user = make_user("Desk")
    make_person(webinar, "Desk", role, user=user)
    browser = Client()
    browser.force_login(user)
    return browser


def post(browser: Client, webinar: Webinar, **fields: Any) -> str:
    """Where one is sent and what stands there."""
    answered = browser.post(address(webinar, "do"), fields, follow=True)
    assert answered.redirect_chain
    return answered.content.decode()


@pytest.mark.parametrize("page", ["room", "text_room"])
def test_a_poll_is_answered_by_a_form_and_the_answer_is_there_after_a_reload(page: str) -> None:
    webinar = make_webinar()
    poll, person = make_poll(webinar, "What keeps people away?", "Price", "Skills"), make_person(webinar)
    browser, [price, skills] = browser_of(person), poll.options.all()
    shown = browser.get(address(webinar, page), {"show": "polls"}).content.decode()
    assert "What keeps people away?" in shown
    assert "Secret: nobody is shown who chose what" in shown
    assert "1 person answered" not in shown
    after = post(browser, webinar, do="ballot", poll=poll.pk, options=skills.pk, back=address(webinar, page))
    assert "Your answer is counted." in after
    assert votes_of(poll) == [0, 1]
    assert f'value="{skills.pk}" checked' in after
    assert f'value="{price.pk}" checked' not in after
    assert ">100%<" not in after
    Poll.objects.update(state="closed")
    Webinar.objects.update(seq=50, polls_seq=50)
    assert "Its results are not published yet." in browser.get(address(webinar, page)).content.decode()
    Poll.objects.update(state="published")
    Webinar.objects.update(seq=51, polls_seq=51)
    published = browser.get(address(webinar, page)).content.decode()
    assert ">100%<" in published
    assert "your choice" in published


def test_several_boxes_of_one_form_are_one_ballot_and_none_of_them_takes_it_back() -> None:
    webinar = make_webinar()
    poll = make_poll(webinar, "Which?", "A", "B", "C", kind="multiple")
    browser, options = browser_of(make_person(webinar)), [one.pk for one in poll.options.all()]
    post(browser, webinar, do="ballot", poll=poll.pk, options=options[1:])
    assert votes_of(poll) == [0, 1, 1]
    post(browser, webinar, do="ballot", poll=poll.pk)
    assert votes_of(poll) == [0, 0, 0]


def test_a_closed_poll_says_so_to_who_was_too_late() -> None:
    webinar = make_webinar()
    poll = make_poll(webinar, state="closed")
    option = poll.options.all()[0].pk
    said = post(browser_of(make_person(webinar)), webinar, do="ballot", poll=poll.pk, options=option)
    assert "This poll is closed. Your answer was not counted." in said


def test_the_tab_is_there_only_where_there_is_a_poll_to_see() -> None:
    webinar = make_webinar()
    browser = browser_of(make_person(webinar))
    make_poll(webinar, "Still a draft?", state="draft")
    page = browser.get(address(webinar, "room"), {"show": "polls"}).content.decode()
    assert 'data-shown="questions"' in page
    assert "Still a draft?" not in page
    make_poll(webinar)
    make_poll(webinar, state="closed")
    Webinar.objects.update(seq=50, polls_seq=50)
    page = browser.get(address(webinar, "room"), {"show": "polls"}).content.decode()
    assert 'data-shown="polls"' in page
    assert '<span class="num" id="polls-open">1</span>' in page


def test_a_poll_is_shown_in_the_readers_language() -> None:
    webinar = make_webinar()
    poll = make_poll(webinar)
    Poll.objects.update(text=Names.of("en", "Which?", mn="Аль нь?"))
    poll.options.filter(place=0).update(text=Names.of("en", "Price", mn="Үнэ"))
    page = browser_of(make_person(webinar, reads=["mn"])).get(address(webinar, "room")).content.decode()
    assert 'lang="mn" dir="auto">Аль нь?</h3>' in page
    assert '<span lang="mn" dir="auto">Үнэ</span>' in page
    assert '<span lang="en" dir="auto">Skills</span>' in page


def test_a_moderator_in_the_room_sees_what_everybody_sees() -> None:
    webinar = make_webinar()
    poll = make_poll(webinar)
    make_poll(webinar, "Still a draft?", state="draft")
    answer(make_person(webinar), poll, 0)
    page = desk_of(webinar).get(address(webinar, "room")).content.decode()
    drawn = page[
        : page.index('id="room-data"')
    ]  # the script's own data are the desk's; the screen is for all eyes
    assert "Still a draft?" not in drawn
    assert ">100%<" not in drawn


# --- the desk ---------------------------------------------------------------------------------------------


def test_the_desk_writes_opens_closes_and_publishes_without_a_script() -> None:
    webinar = make_webinar()
    desk, person = desk_of(webinar, Role.MODERATOR), make_person(webinar)
    back = address(webinar, "console")
    form = {
        "client_id": "6a1f0f0e-6f5b-4a3c-9d1e-2f8f6f1f0001", "kind": "single", "secret": "true", "poll": "",
        "languages": ["en", "mn"], "texts": ["Which one?", ""], "lines": ["Price\nSkills", ""], "back": back,
    }  # fmt: skip
    assert "The poll is written." in post(desk, webinar, do="poll", **form)
    poll = Poll.objects.get()
    assert "The poll is open." in post(desk, webinar, do="open_poll", poll=poll.pk, back=back)
    answer(person, poll, 1)
    assert ">100%<" in desk.get(back).content.decode()
    assert "The poll is closed." in post(desk, webinar, do="close_poll", poll=poll.pk, back=back)
    after = post(desk, webinar, do="publish_poll", poll=poll.pk, back=back)
    assert "Everybody sees the results." in after
    act = after[after.index('name="act" value="') + len('name="act" value="') :].split('"')[0]
    assert "Taken back." in post(desk, webinar, do="undo", act=act, back=back)
    poll.refresh_from_db()
    assert poll.state == "closed"


def test_nothing_that_was_typed_into_a_refused_poll_is_lost() -> None:
    webinar = make_webinar()
    desk, back = desk_of(webinar), address(webinar, "console")
    form = {
        "client_id": "6a1f0f0e-6f5b-4a3c-9d1e-2f8f6f1f0001", "kind": "multiple", "secret": "false", "poll": "",
        "languages": ["uk", "mn"], "texts": ["Що саме?", "Яг юу?"], "lines": ["Ціна", "Үнэ\nЦаг"], "back": back,
    }  # fmt: skip
    page = post(desk, webinar, do="poll", **form)
    assert "A poll needs 2 to 12 options" in page
    for typed in ('value="Що саме?"', 'value="Яг юу?"', ">Ціна</textarea>", ">Үнэ\nЦаг</textarea>"):
        assert typed in page
    assert 'value="multiple" required checked' in page
    assert not Poll.objects.exists()


def test_a_poll_nobody_has_answered_is_brought_back_into_the_form() -> None:
    webinar = make_webinar()
    desk, poll = (
        desk_of(webinar),
        make_poll(webinar, "What keeps people away?", "Price", "Skills", state="draft"),
    )
    page = desk.get(address(webinar, "console"), {"poll": poll.pk}).content.decode()
    assert "You are changing a poll that nobody has answered yet." in page
    assert ">Price\nSkills</textarea>" in page
    Poll.objects.update(ballots=1)
    Webinar.objects.update(seq=50, polls_seq=50)
    page = desk.get(address(webinar, "console"), {"poll": poll.pk}).content.decode()
    assert "You are changing" not in page


def test_somebody_who_is_not_of_the_desk_does_nothing_to_a_poll() -> None:
    webinar = make_webinar()
    poll, browser = make_poll(webinar), browser_of(make_person(webinar, "Speaker", Role.SPEAKER))
    for do in ("close_poll", "publish_poll", "drop_poll", "wall_poll"):
        assert "not open to you" in post(browser, webinar, do=do, poll=poll.pk, on="true")
    poll.refresh_from_db()
    assert (poll.state, poll.on_wall, poll.dropped_at) == ("open", False, None)


# --- what is kept -----------------------------------------------------------------------------------------


def table(browser: Client, webinar: Webinar) -> list[dict[str, str]]:
    content = browser.get(address(webinar, "polls_sheet")).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


def test_the_table_holds_results_and_names_only_where_the_form_said_so() -> None:
    webinar = make_webinar()
    desk = desk_of(webinar)
    person, other = make_person(webinar, "Oyunbileg"), make_person(webinar, "=SUM(A1)")
    make_poll(webinar, "Draft?", state="draft")
    secret = make_poll(webinar, "Secret?")
    named = make_poll(webinar, "Named?", is_secret=False)
    words = [make_poll(webinar, "Words?", kind="text", is_secret=is_secret) for is_secret in (True, False)]
    for poll in (secret, named):
        answer(person, poll, 1)
    answer(other, named, 1)
    for poll in words:
        answer(person, poll, text="Skills")
        answer(other, poll, text="Rude")
    PollBallot.objects.filter(text="Rude").update(is_hidden=True)
    rows = table(desk, webinar)
    assert [(row["Poll"], row["Answer"], row["Votes"], row["People who answered"], row["Who"]) for row in rows] == [
        ("Secret?", "Price", "0", "1", ""), ("Secret?", "Skills", "1", "1", ""),
        ("Named?", "Price", "0", "2", ""), ("Named?", "Skills", "2", "2", "Oyunbileg; =SUM(A1)"),
        ("Words?", "Skills", "1", "2", ""), ("Words?", "Skills", "1", "2", "Oyunbileg"),
    ]  # fmt: skip
    assert desk_of(webinar, Role.MODERATOR).get(address(webinar, "polls_sheet")).status_code == 403
    assert browser_of(person).get(address(webinar, "polls_sheet")).status_code == 403


def test_the_archive_shows_published_polls_and_no_other() -> None:
    webinar = make_webinar(state=State.PUBLISHED)
    for state in ("draft", "closed", "published"):
        poll = make_poll(webinar, f"Is it {state}?", state=state)
        Poll.objects.filter(pk=poll.pk).update(ballots=4)
        poll.options.filter(place=0).update(votes=3)
    page = Client().get(address(webinar)).content.decode()
    assert "Is it published?" in page
    assert ">75%<" in page
    assert "4 people answered" in page
    assert "Is it draft?" not in page
    assert "Is it closed?" not in page


def test_what_invited_people_answered_is_not_everybodys_before_the_archive_is_published() -> None:
    webinar = make_webinar(state=State.ENDED, entry="invited")
    make_poll(webinar, "Is it published?", state="published")
    assert "Is it published?" not in Client().get(address(webinar)).content.decode()


def test_the_wall_shows_the_poll_that_was_put_there_and_figures_once_they_are_published() -> None:
    webinar = make_webinar()
    poll = make_poll(webinar, "What keeps people away?", "Price", "Skills")
    make_poll(webinar, "Another one?")
    answer(make_person(webinar), poll, 0)

    def wall() -> str:
        return Client().get(address(webinar, "projector")).content.decode()

    assert 'data-scene="free"' in wall()
    Poll.objects.filter(pk=poll.pk).update(on_wall=True)
    Webinar.objects.update(seq=50, polls_seq=50)
    page = wall()
    assert 'data-scene="poll"' in page
    assert "What keeps people away?" in page
    assert ">100%<" not in page
    assert '"ballots"' not in page
    drawn = page[: page.index('id="room-data"')]
    assert "Another one?" not in drawn
    Poll.objects.filter(pk=poll.pk).update(state="published")
    Webinar.objects.update(seq=51, polls_seq=51)
    assert ">100%<" in wall()
