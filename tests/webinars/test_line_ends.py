"""What ends a line: signing out, a new password, a closed account, an expired session, too many windows."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from websockets.exceptions import ConnectionClosed, InvalidStatus

from accounts import actions
from accounts.models import User
from tests.demo_site import Visitor
from tests.factories import make_person, make_question, make_user, make_webinar
from tests.site import PATIENCE, Line, Site, session_of
from webinars.live.live_room import MOST_SOCKETS
from webinars.models import Participant, Vote

PASSWORD = "kolm karu ja mesi"
SIGNED_OUT, NO_RIGHT, RESTING = 4401, 4403, 4409


def closed_with(line: Line) -> int:
    """The code the server closes with."""
    with pytest.raises(ConnectionClosed) as closed:
        line.hear_all()
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


def is_refused(site: Site, person: Participant, session: str) -> bool:
    """Is the door shut to this session?"""
    try:
        with site.socket(person, session=session):
            return False
    except InvalidStatus as refused:
        return refused.response.status_code == 403


@pytest.fixture
def member(live_site: Site) -> tuple[User, Participant]:
    """Somebody with an account, in a live webinar."""
    user = actions.create_user("saule@example.org", PASSWORD, verified=True, name="Saule")
    return user, make_person(make_webinar(), "Saule", user=user)


def browser_of(site: Site, user: User) -> Visitor:
    browser = Visitor(site, user.name)
    browser.sign_in(user.email, PASSWORD)
    return browser


def test_s15_signing_out_closes_all_sockets_of_that_session_and_no_other(
    live_site: Site, member: tuple[User, Participant]
) -> None:
    user, person = member
    question = make_question(person.webinar)
    with (
        browser_of(live_site, user) as here,
        browser_of(live_site, user) as phone,
        live_site.socket(person, session=here.session) as one,
        live_site.socket(person, session=here.session) as two,
        live_site.socket(person, session=phone.session) as other,
    ):
        for line in (one, two, other):
            line.until("mine")
        assert here.post("/en/accounts/logout/").status == 302
        assert [closed_with(one), closed_with(two)] == [SIGNED_OUT, SIGNED_OUT]
        assert "ok" in other.ask_for("vote", question=question.pk, on=True)


def test_s15_somebody_else_on_the_same_machine_ends_the_line_of_who_sat_here(live_site: Site) -> None:
    person = make_person(make_webinar())
    shared = Visitor(live_site, "a shared computer", {"sessionid": session_of(person)})
    with shared as browser, live_site.socket(person, session=browser.session) as line:
        line.until("mine")
        assert browser.post(f"/en/webinars/{person.webinar_id}-x/leave/").status == 302
        assert closed_with(line) == SIGNED_OUT


def test_s16_a_new_password_closes_all_sockets_of_the_person(
    live_site: Site, member: tuple[User, Participant]
) -> None:
    user, person = member
    new = "сарнай цэцэг тав"
    with browser_of(live_site, user) as here, browser_of(live_site, user) as lost_phone:
        with (
            live_site.socket(person, session=here.session) as one,
            live_site.socket(person, session=lost_phone.session) as two,
        ):
            for line in (one, two):
                line.until("mine")
            form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
            assert here.post("/en/accounts/password/change/", form).status == 302
            assert [closed_with(one), closed_with(two)] == [SIGNED_OUT, SIGNED_OUT]
        with live_site.socket(person, session=here.session) as again:  # who changed it goes on
            again.until("mine")
        assert is_refused(live_site, person, lost_phone.session)


def test_s16_a_password_set_on_the_command_line_counts_alike(
    live_site: Site, member: tuple[User, Participant], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.management import call_command

    user, person = member
    monkeypatch.setattr("getpass.getpass", lambda prompt: "сарнай цэцэг тав")
    with browser_of(live_site, user) as here, live_site.socket(person, session=here.session) as line:
        line.until("mine")
        call_command("changepassword", user.email, stdout=None, verbosity=0)
        assert closed_with(line) == SIGNED_OUT


def closed_by_an_administrator(user: User) -> None:
    admin = actions.create_user("admin@example.org", None, roles=["administrator"])
    actions.make_administrator(admin)
    actions.deactivate(user, by=admin)


def closed_behind_our_back(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize("close", [closed_by_an_administrator, closed_behind_our_back])
def test_s16_a_closed_account_closes_all_sockets_of_the_person(
    live_site: Site, member: tuple[User, Participant], close: Callable[[User], None]
) -> None:
    user, person = member
    with (
        browser_of(live_site, user) as browser,
        live_site.socket(person, session=browser.session) as signed,
        live_site.socket(person) as by_link,  # a device that came in by the portable link
    ):
        for line in (signed, by_link):
            line.until("mine")
        close(user)
        assert closed_with(by_link) == NO_RIGHT
        assert closed_with(signed) in (SIGNED_OUT, NO_RIGHT)
    assert is_refused(live_site, person, session_of(person))


def test_s21_an_expired_session_ends_the_line_though_it_is_busy(live_site: Site) -> None:
    webinar = make_webinar()
    person, question = make_person(webinar), make_question(webinar)
    session = session_of(person)
    soon = timezone.now() + timedelta(seconds=1)
    Session.objects.filter(session_key=session).update(expire_date=soon)
    replies: list[dict[str, Any]] = []

    def keep_talking(line: Line) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            on = len(replies) % 2 == 0
            replies.append(line.ask_for("vote", question=question.pk, on=on))
            time.sleep(0.05)

    with live_site.socket(person, session=session) as line, pytest.raises(ConnectionClosed) as closed:
        keep_talking(line)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == SIGNED_OUT
    done = [n for n, reply in enumerate(replies) if "ok" in reply]
    assert done == list(range(len(done)))  # what came after the end was refused
    assert all(reply["error"] == "signed_out" for reply in replies[len(done) :])
    assert Vote.objects.get().at < soon + timedelta(seconds=1)
    assert is_refused(live_site, person, session)


def test_s20_one_person_has_ten_sockets_and_the_oldest_gives_way(live_site: Site) -> None:
    webinar = make_webinar()
    person, other, question = make_person(webinar), make_person(webinar), make_question(webinar)
    session = session_of(person)
    with ExitStack() as stack:

        def window() -> Line:
            line = stack.enter_context(live_site.socket(person, session=session))
            line.until("mine")
            return line

        neighbour = stack.enter_context(live_site.socket(other))
        windows = [window() for _ in range(MOST_SOCKETS + 2)]
        assert [closed_with(line) for line in windows[:2]] == [RESTING, RESTING]
        for line in (neighbour, *windows[2:]):  # nobody else's is touched
            assert "ok" in line.ask_for("vote", question=question.pk, on=True)
    assert Vote.objects.count() == 2


def test_s20_a_socket_that_was_closed_leaves_its_place(live_site: Site) -> None:
    person = make_person(make_webinar())
    session = session_of(person)
    with live_site.socket(person, session=session) as first:
        first.until("mine")
        for _ in range(MOST_SOCKETS * 2):
            with live_site.socket(person, session=session) as line:
                line.until("mine")
        assert first.ask_for("withdraw", question=0)["error"] == "not_found"  # it lives


def test_a_user_without_any_seat_can_be_deactivated(live_site: Site) -> None:
    closed_by_an_administrator(make_user())
