"""S52: somebody is erased from webinars: by their own link, or from all of them with their account."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from websockets.exceptions import ConnectionClosed

from accounts.erasing import erase_user
from accounts.models import JournalLine, User
from accounts.names import Names
from config import jobs
from tests.accounts.everywhere import everywhere
from tests.factories import make_person, make_question, make_user, make_webinar
from tests.site import Site
from webinars.actions.deed import deed
from webinars.actions.erasing import forget_guest
from webinars.actions.people import change_person
from webinars.actions.questions import ask_question, rewrite_question
from webinars.actions.uniting import unite
from webinars.addresses import address, link_of
from webinars.models import Act, Attendance, Participant, Question, Role, State, Visibility, Vote, Webinar

pytestmark = pytest.mark.django_db
KEEP, BLANK = {"words": "keep", "sure": "on"}, {"words": "blank", "sure": "on"}


def guest_of(webinar: Webinar, **facts: Any) -> Participant:
    facts = {"email": "oyuna@example.org", "place": "Zavkhan-town", "organisation": "Sumber-office"} | facts
    return make_person(webinar, "Oyunbileg", title=Names.of("en", "Head-of-desk"), **facts)


def browser_of(person: Participant) -> Client:
    browser = Client()
    assert browser.get(link_of(person).removeprefix("http://localhost:8000")).status_code == 302
    return browser


def test_s52_a_guest_erases_themselves_by_their_link_and_their_words_stay_without_a_name() -> None:
    webinar = make_webinar()
    guest = guest_of(webinar)
    question = make_question(webinar, "Who pays the trainers?", participant=guest)
    link, browser, epoch = link_of(guest), browser_of(guest), webinar.epoch
    assert browser.get(address(webinar, "forget")).status_code == 200
    assert browser.post(address(webinar, "forget"), {"words": "keep"}).status_code == 422
    assert Participant.objects.get(pk=guest.pk).name == "Oyunbileg"
    done = browser.post(address(webinar, "forget"), KEEP)
    assert "You are erased from this webinar." in done.content.decode()
    for words in ("Oyunbileg", "oyuna@example.org", "Zavkhan-town", "Sumber-office", "Head-of-desk"):
        assert everywhere(words) == []
    question.refresh_from_db()
    assert (question.text, question.visibility) == ("Who pays the trainers?", Visibility.PUBLISHED)
    webinar.refresh_from_db()
    assert webinar.epoch == epoch + 1
    assert Client().get(link.removeprefix("http://localhost:8000")).status_code == 410
    assert browser.get(address(webinar, "room")).status_code == 302
    assert JournalLine.objects.newest()[0].what == "erased"


def test_s52_blanked_words_are_nowhere_and_the_act_is_kept() -> None:
    webinar = make_webinar()
    guest = guest_of(webinar)
    with deed(webinar.pk, by=guest) as done:
        question = ask_question(done, client_id=uuid4(), text="Whispering gallery one", language="en")
        done.touch(question, visibility=Visibility.RETURNED)
    with deed(webinar.pk, by=guest) as done:
        rewrite_question(done, question, text="Whispering gallery two")
    other = make_question(webinar, "Somebody else asks this")
    Vote.objects.create(question=other, participant=guest)
    assert everywhere("Whispering gallery one")
    assert browser_of(guest).post(address(webinar, "forget"), BLANK).status_code == 200
    jobs.work_due()
    assert everywhere("Whispering gallery") == []
    question.refresh_from_db()
    assert question.visibility == Visibility.WITHDRAWN
    assert {"ask", "rewrite", "erase"} <= set(Act.objects.values_list("verb", flat=True))
    assert Vote.objects.filter(question=other, is_on=True).count() == 1
    assert Question.objects.get(pk=other.pk).text == "Somebody else asks this"


def test_s52_what_was_asked_for_somebody_else_keeps_its_words() -> None:
    webinar = make_webinar()
    moderator = make_person(webinar, "Moderator", Role.MODERATOR)
    question = make_question(webinar, "Asked by telephone", participant=moderator, on_behalf_of="A caller")
    forget_guest(moderator, blank_words=True)
    question.refresh_from_db()
    assert (question.text, question.visibility) == ("Asked by telephone", Visibility.PUBLISHED)


def test_s52_an_account_is_erased_from_all_its_webinars_and_with_what_a_merge_left() -> None:
    user, boss = make_user("Oyunbileg", email="oyuna@example.org"), make_user("Boss")
    boss.groups.add(Group.objects.get(name="administrator"))
    webinars = [make_webinar(f"Number {n}") for n in range(3)]
    seats = [guest_of(webinar, user=user) for webinar in webinars[:2]]
    guest = guest_of(webinars[0], user=None)
    unite(guest, user)
    guest_of(webinars[2])  # registered by the same address, without signing in
    host = make_person(webinars[1], "Host", Role.HOST)
    with deed(webinars[1].pk, by=host) as done:
        change_person(done, seats[1].pk, place="Zavkhan-town")
    Attendance.objects.create(
        participant=seats[0], arrived_at=seats[0].created_at, left_at=seats[0].created_at
    )
    assert {"webinars_participant", "webinars_act"} <= set(everywhere("Oyunbileg"))
    erase_user(User.objects.get(pk=user.pk), by=User.objects.get(pk=boss.pk), blank_words=False)
    for words in ("Oyunbileg", "oyuna@example.org", "Zavkhan-town", "Sumber-office", "Head-of-desk"):
        assert everywhere(words) == []
    assert not Attendance.objects.exists()
    assert not Participant.objects.filter(user=user).exists()
    assert Participant.objects.present().get() == host


def test_s52_somebody_with_an_account_is_led_to_where_it_is_erased() -> None:
    webinar, user = make_webinar(), make_user("Oyunbileg")
    make_person(webinar, "Oyunbileg", user=user)
    browser = Client()
    browser.force_login(user)
    assert browser.post(address(webinar, "forget"), KEEP)["Location"] == "/en/accounts/erase/"
    assert Participant.objects.get().name == "Oyunbileg"


def test_s52_nobody_is_erased_by_a_stranger() -> None:
    webinar = make_webinar(state=State.ENDED)
    guest_of(webinar)
    assert Client().post(address(webinar, "forget"), BLANK)["Location"] == address(webinar)
    assert Participant.objects.get().name == "Oyunbileg"


@pytest.mark.django_db(transaction=True)
def test_s52_sockets_of_the_erased_end_and_others_forget_the_words(live_site: Site) -> None:
    webinar = make_webinar()
    guest, other = guest_of(webinar), make_person(webinar)
    question = make_question(webinar, "Whispering gallery", participant=guest)
    with live_site.socket(guest) as theirs, live_site.socket(other) as mine:
        theirs.until("hello")
        snapshot = mine.until("cursor")
        assert "Whispering gallery" in repr(snapshot)
        forget_guest(guest, blank_words=True)
        with pytest.raises(ConnectionClosed) as gone:
            theirs.hear_all()
        assert gone.value.rcvd is not None
        assert gone.value.rcvd.code in (4401, 4403)
        after = mine.until("cursor")
        while after["cursor"].split(".")[0] == snapshot["cursor"].split(".")[0]:
            after = mine.until("cursor")
        assert "Whispering gallery" not in repr(after)
        assert question.pk not in after.get("order", [])
