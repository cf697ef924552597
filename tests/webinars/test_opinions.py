"""Opinions: moderated like questions, and read by nobody who may not; where people stand is counted once a person."""

import csv
import io
import json
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from tests.accounts.everywhere import everywhere
from tests.factories import make_opinion, make_person, make_question, make_user, make_webinar
from tests.site import Site, session_of
from webinars.actions import opinions, questions, troubles
from webinars.actions.conduct import meant, mute, remove
from webinars.actions.deed import Refused, deed
from webinars.actions.erasing import forget_guest
from webinars.actions.stands import Stance, take_stands
from webinars.actions.undo import undo_act
from webinars.actions.uniting import unite
from webinars.addresses import address
from webinars.live import budgets, reading
from webinars.live.changes import AUDIENCES, Window
from webinars.live.opinions import own
from webinars.models import (
    Act,
    Opinion,
    OpinionState,
    Participant,
    Question,
    Side,
    Stand,
    Visibility,
    Webinar,
)

pytestmark = pytest.mark.django_db


def say(person: Participant, text: str = "Known faces do more than letters.", **facts: Any) -> Opinion:
    facts = {"client_id": uuid4(), "language": "en", **facts}
    with deed(person.webinar_id, by=person) as done:
        return opinions.say_opinion(done, text=text, **facts)


def decide(person: Participant, action: Any, opinion: Opinion, **facts: Any) -> Any:
    with deed(person.webinar_id, by=person) as done:
        return action(done, opinions.opinion_of(done, opinion.pk), **facts)


def stand(person: Participant, opinion: Opinion, side: str) -> str:
    with deed(person.webinar_id, by=person) as done:
        assert done.by is not None
        [refused] = take_stands(done, [Stance(done.by, opinion.pk, side)])
        return refused


def tally(opinion: Opinion) -> tuple[int, int, int]:
    opinion.refresh_from_db()
    return opinion.agree, opinion.disagree, opinion.skip


def seen_by(audience: str, webinar: Webinar) -> dict[int, dict[str, Any]]:
    room = reading.load(webinar.pk)
    assert room is not None
    return {item["id"]: item for item in Window(audience).snapshot(room)["opinions"].get("items", [])}


# --- saying ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "registered", "role", "stands"),
    [
        ("nobody", True, "attendee", "submitted"),
        ("registered", False, "attendee", "submitted"),
        ("registered", True, "attendee", "published"),
        ("everybody", False, "attendee", "published"),
        ("nobody", False, "moderator", "published"),
    ],
)
def test_it_is_published_at_once_by_the_webinars_rule(
    rule: str, registered: bool, role: str, stands: str
) -> None:
    webinar = make_webinar(publishes_at_once=rule)
    person = make_person(webinar, "P", role, registered_at=timezone.now() if registered else None)
    assert say(person).visibility == stands


def test_a_retry_says_nothing_twice() -> None:
    person, key = make_person(make_webinar()), uuid4()
    first = say(person, client_id=key)
    assert say(person, "Other words", client_id=key).pk == first.pk
    assert Opinion.objects.get().text == "Known faces do more than letters."


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), (" \n ", "empty"), ("…", "empty"), ("a" * 201, "too_long")]
)
def test_no_words_and_too_many_are_refused(text: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        say(make_person(make_webinar()), text)
    assert not Opinion.objects.exists()


def test_two_hundred_letters_that_people_count_fit_in_any_writing() -> None:
    assert say(make_person(make_webinar()), "й" * 200).text == "й" * 200
    assert say(make_person(make_webinar()), "a" + "🇲🇳" * 199).visibility == "submitted"


def test_what_came_back_is_written_anew_by_its_writer_alone() -> None:
    webinar = make_webinar()
    writer, other = make_person(webinar), make_person(webinar)
    desk = make_person(webinar, "M", "moderator")
    opinion = say(writer)
    with pytest.raises(Refused, match="changed"):
        decide(writer, opinions.rewrite_opinion, opinion, text="Other words")
    with pytest.raises(Refused, match="reason_needed"):
        decide(desk, opinions.return_opinion, opinion, reason="")
    decide(desk, opinions.return_opinion, opinion, reason="several", note="One at a time")
    assert [(one["reason"], one["note"]) for one in own(webinar.pk, writer.pk)["said"]] == [
        ("several", "One at a time")
    ]
    with pytest.raises(Refused, match="opinion_gone"):
        decide(other, opinions.rewrite_opinion, opinion, text="Not mine")
    decide(writer, opinions.rewrite_opinion, opinion, text="One thing")
    opinion.refresh_from_db()
    assert (opinion.text, opinion.visibility, opinion.reason) == ("One thing", "submitted", "")


def test_a_moderator_does_not_decide_on_their_own_and_a_second_press_is_no_news() -> None:
    webinar = make_webinar()
    desk, other = (make_person(webinar, name, "moderator") for name in "MN")
    opinion = make_opinion(webinar, participant=desk, visibility=OpinionState.SUBMITTED)
    with pytest.raises(Refused, match="own_opinion"):
        decide(desk, opinions.publish_opinion, opinion)
    assert decide(other, opinions.publish_opinion, opinion) is not None
    assert decide(other, opinions.publish_opinion, opinion) is None
    with pytest.raises(Refused, match="changed"):
        decide(other, opinions.hide_opinion, opinion, was="submitted")


def test_hidden_and_published_again_it_keeps_its_place_and_its_stands() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    first, second = make_opinion(webinar), make_opinion(webinar)
    assert stand(make_person(webinar), first, Side.AGREE) == ""
    decide(desk, opinions.hide_opinion, first)
    assert list(seen_by("everyone", webinar)) == [second.pk]
    decide(desk, opinions.publish_opinion, first)
    assert list(seen_by("everyone", webinar)) == [first.pk, second.pk]
    assert tally(first) == (1, 0, 0)


def test_a_decision_can_be_taken_back_and_not_after_somebody_went_on() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    opinion = say(make_person(webinar))
    act = decide(desk, opinions.decline_opinion, opinion, reason="tone")
    with deed(webinar.pk, by=desk) as done:
        undo_act(done, act.pk)
    opinion.refresh_from_db()
    assert (opinion.visibility, opinion.reason) == ("submitted", "")
    act = decide(desk, opinions.publish_opinion, opinion)
    decide(desk, opinions.hide_opinion, opinion)
    with pytest.raises(Refused, match="too_late"), deed(webinar.pk, by=desk) as done:
        undo_act(done, act.pk)


# --- who reads what -------------------------------------------------------------------------------------


@pytest.mark.parametrize("stands", [one for one in OpinionState if one != OpinionState.PUBLISHED])
def test_what_is_not_published_is_in_nobodys_frames_but_the_staffs(stands: str) -> None:
    webinar = make_webinar()
    opinion = make_opinion(webinar, "Whispering gallery", visibility=stands)
    gone = stands in (OpinionState.WITHDRAWN, OpinionState.MOVED)
    for audience in AUDIENCES:
        sees = audience in ("staff", "desk") and not gone
        assert (opinion.pk in seen_by(audience, webinar)) == sees
    everyone = reading.page(webinar.pk, "everyone", make_person(webinar).pk)
    assert "Whispering gallery" not in repr(everyone)
    # The leak could have happened: published, everybody reads it.
    Opinion.objects.update(visibility=OpinionState.PUBLISHED, published_at=timezone.now())
    assert all(opinion.pk in seen_by(audience, webinar) for audience in AUDIENCES)


@pytest.mark.parametrize(
    ("shown", "readers"), [("all", set(AUDIENCES)), ("moderators", {"desk"}), ("nobody", set())]
)
def test_the_name_is_shown_as_its_writer_chose(shown: str, readers: set[str]) -> None:
    webinar = make_webinar()
    writer = make_person(webinar, "Oyunbileg", organisation="Some office", place="Khovd", country="MN")
    opinion = make_opinion(webinar, participant=writer, name_shown=shown)
    for audience in AUDIENCES:
        row = seen_by(audience, webinar)[opinion.pk]
        told = (row["name"], row["organisation"], row["place"])
        assert told == (("Oyunbileg", "Some office", "Khovd") if audience in readers else ("", "", ""))
        assert row["country"] == "MN"
        assert row.get("by") == (writer.pk if audience in readers & {"staff", "desk"} else None)


def test_where_others_stand_is_in_nobodys_own_facts() -> None:
    webinar = make_webinar()
    one, two, opinion = make_person(webinar), make_person(webinar), make_opinion(webinar)
    stand(one, opinion, Side.AGREE)
    stand(two, opinion, Side.DISAGREE)
    assert own(webinar.pk, one.pk)["stands"] == {str(opinion.pk): "agree"}
    for audience in AUDIENCES:
        row = seen_by(audience, webinar)[opinion.pk]
        assert (row["agree"], row["disagree"]) == (1, 1)
        assert not {"stands", "participants", "people"} & set(row)


# --- stands ---------------------------------------------------------------------------------------------


def test_a_stand_is_absolute_one_a_person_and_can_be_taken_back() -> None:
    webinar = make_webinar()
    person, opinion = make_person(webinar), make_opinion(webinar)
    for side, counts in (
        ("agree", (1, 0, 0)), ("agree", (1, 0, 0)), ("disagree", (0, 1, 0)), ("skip", (0, 0, 1)),
        ("", (0, 0, 0)), ("", (0, 0, 0)), ("agree", (1, 0, 0)),
    ):  # fmt: skip
        assert stand(person, opinion, side) == ""
        assert tally(opinion) == counts
    assert Stand.objects.get().side == "agree"
    with pytest.raises(IntegrityError), transaction.atomic():
        Stand.objects.create(opinion=opinion, participant=person, side="agree")


def test_many_stands_of_one_batch_count_as_the_same_one_by_one() -> None:
    webinar = make_webinar()
    people = [make_person(webinar) for _ in range(7)]
    one, two = make_opinion(webinar), make_opinion(webinar)
    hidden = make_opinion(webinar, visibility=OpinionState.HIDDEN)
    with deed(webinar.pk) as done:
        stances = [Stance(person, one.pk, "agree") for person in people]
        stances += [Stance(people[0], one.pk, "disagree"), Stance(people[1], two.pk, "skip")]
        stances += [Stance(people[2], hidden.pk, "agree"), Stance(people[3], one.pk, "")]
        assert take_stands(done, stances) == [""] * 9 + ["opinion_gone", ""]
    assert (tally(one), tally(two), tally(hidden)) == ((5, 1, 0), (0, 0, 1), (0, 0, 0))
    assert {side: Stand.objects.filter(opinion=one, side=side).count() for side in Side} == {
        "agree": 5, "disagree": 1, "skip": 0,
    }  # fmt: skip


def test_a_stand_through_another_room_changes_nothing() -> None:
    here, there = make_webinar(), make_webinar()
    opinion = make_opinion(here)
    assert stand(make_person(there), opinion, Side.AGREE) == "opinion_gone"
    assert tally(opinion) == (0, 0, 0)
    assert not Stand.objects.exists()


@pytest.mark.parametrize("stands", [one for one in OpinionState if one != OpinionState.PUBLISHED])
def test_nobody_stands_to_what_is_not_published(stands: str) -> None:
    webinar = make_webinar()
    opinion = make_opinion(webinar, visibility=stands)
    assert stand(make_person(webinar), opinion, Side.AGREE) == "opinion_gone"
    assert not Stand.objects.exists()


def test_muted_people_neither_say_nor_stand_and_closed_is_closed() -> None:
    webinar = make_webinar()
    opinion, muted = make_opinion(webinar), make_person(webinar, muted_at=timezone.now())
    assert stand(muted, opinion, Side.AGREE) == "muted"
    with pytest.raises(Refused, match="muted"):
        say(muted)
    person = make_person(webinar)
    Webinar.objects.update(voting_open=False, questions_open=False)
    assert stand(person, opinion, Side.AGREE) == "voting_closed"
    with pytest.raises(Refused, match="opinions_closed"):
        say(person)
    assert tally(opinion) == (0, 0, 0)


def test_saying_and_standing_have_budgets_of_their_own() -> None:
    factor = settings.BUDGET_FACTOR
    for verb, burst in (("opine", 3), ("stand", 30)):
        waits = [budgets.spend(987_655, verb, now=10.0) for _ in range(int(burst * factor) + 1)]
        assert waits[-1] > 0
        assert not any(waits[:-1])


# --- moved ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stands", ["submitted", "published"])
def test_a_question_moved_to_the_opinions_stands_there_as_it_stood_without_its_votes(stands: str) -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    question = make_question(webinar, "Letters do nothing.", visibility=stands, votes=7)
    with deed(webinar.pk, by=desk) as done:
        act = troubles.move_question(done, done.question(question.pk), to="opinions", was=stands)
    question.refresh_from_db()
    opinion = Opinion.objects.get()
    assert question.visibility == Visibility.OPINION
    assert (opinion.text, opinion.visibility, opinion.participant) == (
        "Letters do nothing.", stands, question.participant,
    )  # fmt: skip
    assert tally(opinion) == (0, 0, 0)
    room = reading.load(webinar.pk)
    assert room is not None
    assert [one["visibility"] for one in room.mine(question.participant_id)] == [
        "opinion"
    ]  # its asker is told
    with pytest.raises(Refused, match="changed"), deed(webinar.pk, by=question.participant) as done:
        questions.withdraw_question(done, done.question(question.pk))
    assert act is not None
    with deed(webinar.pk, by=desk) as done:
        undo_act(done, act.pk)
    question.refresh_from_db()
    opinion.refresh_from_db()
    assert (question.visibility, opinion.visibility) == (stands, "moved")
    assert seen_by("desk", webinar) == {}


def test_and_back_it_waits_for_review_among_the_questions_and_again_it_is_the_same_opinion() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    question = make_question(webinar, "Letters do nothing.")

    def there() -> Opinion:
        with deed(webinar.pk, by=desk) as done:
            troubles.move_question(done, done.question(question.pk), to="opinions")
        return Opinion.objects.get()

    opinion = there()
    stand(make_person(webinar), opinion, Side.AGREE)
    decide(desk, opinions.move_to_questions, opinion)
    question.refresh_from_db()
    assert (question.visibility, Question.objects.count()) == ("submitted", 1)
    again = there()
    assert (again.pk, again.visibility) == (opinion.pk, "submitted")
    assert tally(again) == (1, 0, 0)


def test_an_opinion_that_is_a_question_becomes_one_and_an_undo_brings_it_back() -> None:
    webinar = make_webinar()
    desk, writer = make_person(webinar, "M", "moderator"), make_person(webinar)
    opinion = say(writer, "Who pays the trainers?", name_shown="nobody")
    act = decide(desk, opinions.move_to_questions, opinion)
    question = Question.objects.get()
    assert (question.text, question.visibility, question.name_shown, question.participant) == (
        "Who pays the trainers?", "submitted", "nobody", writer,
    )  # fmt: skip
    assert own(webinar.pk, writer.pk)["said"] == []
    with deed(webinar.pk, by=desk) as done:
        undo_act(done, act.pk)
    question.refresh_from_db()
    opinion.refresh_from_db()
    assert (question.visibility, opinion.visibility) == ("opinion", "submitted")


def test_a_long_question_is_no_opinion_and_nobody_else_moves_one() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    question = make_question(webinar, "a" * 201)
    with pytest.raises(Refused, match="too_long"), deed(webinar.pk, by=desk) as done:
        troubles.move_question(done, done.question(question.pk), to="opinions")
    with pytest.raises(Refused, match="forbidden"), deed(webinar.pk, by=make_person(webinar)) as done:
        troubles.move_question(done, done.question(question.pk), to="opinions")
    assert not Opinion.objects.exists()


# --- without a script, and on the wire ------------------------------------------------------------------


def browser_of(person: Participant) -> Client:
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = session_of(person)
    return browser


@pytest.mark.parametrize("way", ["room/?show=opinions", "room/text/"])
def test_without_a_script_one_says_stands_and_takes_back(way: str) -> None:
    webinar = make_webinar(publishes_at_once="everybody")
    person = make_person(webinar)
    browser, here = browser_of(person), f"/en/webinars/{webinar.pk}-x/"
    fields = {"do": "opine", "client_id": str(uuid4()), "text": "Faces, not letters.", "language": "en"}
    page = browser.post(f"{here}do/", fields | {"back": here + way}, follow=True).content.decode()
    assert "Faces, not letters." in page
    opinion = Opinion.objects.get()
    press = {"do": "stand", "opinion": str(opinion.pk), "side": "agree", "back": here + way}
    answer = browser.post(f"{here}do/", press)
    assert answer["Location"] == f"{here}{way}#o-{opinion.pk}"
    page = browser.get(here + way).content.decode()
    assert (
        f'form="stand-none" name="opinion" value="{opinion.pk}" data-side="agree" aria-pressed="true"' in page
    )
    browser.post(f"{here}do/", press | {"side": "none"})
    assert tally(opinion) == (0, 0, 0)


def test_words_that_were_refused_stand_in_their_box_again() -> None:
    webinar = make_webinar()
    person = make_person(webinar)
    browser, here = browser_of(person), f"/en/webinars/{webinar.pk}-x/"
    fields = {"do": "opine", "client_id": str(uuid4()), "text": "b" * 201, "language": "en"}
    back = f"{here}room/?show=opinions"
    page = browser.post(f"{here}do/", fields | {"back": back}, follow=True).content.decode()
    assert "201 characters, and 200 fit" in page
    assert page.count("b" * 201) == 1


def test_a_moderator_in_the_room_shows_nobody_over_their_shoulder_what_waits() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    make_opinion(webinar, "Whispering gallery", visibility=OpinionState.SUBMITTED)
    writer = make_person(webinar, "Oyunbileg")
    make_opinion(webinar, "Faces, not letters.", participant=writer, name_shown="moderators")
    page = browser_of(desk).get(f"/en/webinars/{webinar.pk}-x/room/?show=opinions").content.decode()
    drawn = page.split('id="room-data"')[0]
    assert "Faces, not letters." in drawn
    assert "Oyunbileg" not in drawn
    assert "Whispering gallery" not in drawn
    console = browser_of(desk).get(f"/en/webinars/{webinar.pk}-x/console/").content.decode()
    assert "Whispering gallery" in console.split('id="room-data"')[0]


@pytest.mark.django_db(transaction=True)
def test_on_the_wire_it_waits_with_the_staff_and_then_everybody_counts(live_site: Site) -> None:
    webinar = make_webinar()
    writer, other = make_person(webinar, "W"), make_person(webinar, "O")
    speaker, desk = make_person(webinar, "S", "speaker"), make_person(webinar, "M", "moderator")
    with (
        live_site.socket(writer) as a,
        live_site.socket(other) as b,
        live_site.socket(speaker) as c,
        live_site.socket(desk) as d,
    ):
        for line in (a, b, c, d):
            line.until("mine")
        said = a.ask_for("opine", client_id=str(uuid4()), text="Whispering gallery", language="en")
        assert said["ok"]["visibility"] == "submitted"
        pk = said["ok"]["opinion"]
        assert d.until("opinions")["opinions"]["items"][0]["text"] == "Whispering gallery"
        mine = next((m for m in a.heard if "opinions" in m.get("mine", {})), None) or a.until("mine")
        assert [one["visibility"] for one in mine["mine"]["opinions"]["said"]] == ["submitted"]
        assert b.ask_for("stand", opinion=pk, side="agree")["error"] == "opinion_gone"
        assert b.ask_for("opinion_publish", opinion=pk)["error"] == "forbidden"
        for line in (b, c):
            line.quiet()
            assert "Whispering gallery" not in json.dumps(line.heard)
        assert d.ask_for("opinion_publish", opinion=pk, was="submitted")["ok"]["undo"]
        assert b.until("opinions")["opinions"]["order"] == [pk]
        assert b.ask_for("stand", opinion=pk, side="disagree") == {"ref": b.heard[-1]["ref"], "ok": {}}
        while not any(
            item["disagree"] == 1 for m in c.heard for item in m.get("opinions", {}).get("items", [])
        ):
            c.until("opinions")
        b.say("stand", opinion=pk, side="perhaps")
        b.until(error="malformed")


@pytest.mark.django_db(transaction=True)
def test_where_one_stands_is_known_in_ones_other_tabs_and_in_nobody_elses(live_site: Site) -> None:
    webinar = make_webinar()
    person, other = make_person(webinar, "P"), make_person(webinar, "O")
    opinion = make_opinion(webinar)
    with (
        live_site.socket(person) as phone,
        live_site.socket(person) as laptop,
        live_site.socket(other) as else_,
    ):
        for line in (phone, laptop, else_):
            line.until("mine")
        assert "ok" in phone.ask_for("stand", opinion=opinion.pk, side="agree")
        while True:
            mine = laptop.until("mine")["mine"]
            if mine.get("opinions", {}).get("stands"):
                break
        assert mine["opinions"]["stands"] == {str(opinion.pk): "agree"}
        else_.quiet()
        assert not any(
            m["mine"]["opinions"]["stands"] for m in else_.heard if "opinions" in m.get("mine", {})
        )
    with live_site.socket(person) as again:  # after a reload, too
        while "opinions" not in (mine := again.until("mine")["mine"]):
            pass
        assert mine["opinions"]["stands"] == {str(opinion.pk): "agree"}


def test_what_was_done_is_written_down_and_a_stand_is_not() -> None:
    webinar = make_webinar()
    desk, person = make_person(webinar, "M", "moderator"), make_person(webinar)
    opinion = say(person)
    decide(desk, opinions.publish_opinion, opinion)
    stand(person, opinion, Side.AGREE)
    decide(person, opinions.withdraw_opinion, opinion)
    acts = Act.objects.filter(opinion=opinion).order_by("pk")
    assert list(acts.values_list("verb", flat=True)) == ["opine", "opinion_publish", "opinion_withdraw"]
    assert Act.objects.count() == 3


# --- people come and go ---------------------------------------------------------------------------------


def test_s52_who_is_erased_leaves_a_number_and_words_only_where_they_wish() -> None:
    for blank in (False, True):
        webinar = make_webinar()
        person = make_person(webinar, "Oyunbileg", country="MN")
        mine, other = make_opinion(webinar, "Whispering gallery", participant=person), make_opinion(webinar)
        stand(person, other, Side.AGREE)
        forget_guest(person, blank_words=blank)
        mine.refresh_from_db()
        assert (mine.text, mine.visibility) == (
            ("", "withdrawn") if blank else ("Whispering gallery", "published")
        )
        assert "Oyunbileg" not in repr(seen_by("desk", webinar))
        assert tally(other) == (1, 0, 0)
        [row] = Stand.objects.sides_by_country_and_roles(webinar.pk)
        assert row[2] == ""  # the number is of no country any more


def test_s52_blanked_words_are_in_no_act_either() -> None:
    webinar = make_webinar()
    person, desk = make_person(webinar), make_person(webinar, "M", "moderator")
    opinion = say(person, "Whispering gallery one")
    decide(desk, opinions.return_opinion, opinion, reason="tone", note="Whispering is not nice")
    decide(person, opinions.rewrite_opinion, opinion, text="Whispering gallery two")
    assert everywhere("Whispering gallery one")
    forget_guest(person, blank_words=True)
    assert everywhere("Whispering") == []


def test_a_guest_who_signs_in_counts_once_and_what_they_said_comes_along() -> None:
    webinar, user = make_webinar(), make_user()
    guest, known = make_person(webinar), make_person(webinar, user=user)
    both, alone, none = (make_opinion(webinar) for _ in range(3))
    said = make_opinion(webinar, participant=guest)
    stand(guest, both, Side.AGREE)
    stand(known, both, Side.DISAGREE)
    stand(guest, alone, Side.SKIP)
    stand(guest, none, Side.AGREE)
    stand(guest, none, "")
    unite(guest, user)
    said.refresh_from_db()
    assert said.participant == known
    assert (tally(both), tally(alone), tally(none)) == ((0, 1, 0), (0, 0, 1), (0, 0, 0))
    assert own(webinar.pk, known.pk)["stands"] == {str(both.pk): "disagree", str(alone.pk): "skip"}


def test_the_hosts_table_says_how_many_stand_where_and_not_who() -> None:
    webinar, user = make_webinar(), make_user("Host")
    make_person(webinar, "Host", "host", user=user)
    writer = make_person(webinar, "Oyunbileg")
    shown = make_opinion(webinar, "=Signed", participant=writer)
    make_opinion(webinar, "Unsigned", participant=writer, name_shown="moderators")
    make_opinion(webinar, "Taken back", visibility=OpinionState.WITHDRAWN)
    stand(make_person(webinar, "Somebody who agrees"), shown, Side.AGREE)
    browser = Client()
    browser.force_login(user)
    answer = browser.get(address(webinar, "opinions_sheet")).content.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(answer, newline=""))
    found = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(row["Opinion"], row["Agree"], row["Said by"]) for row in found] == [
        ("'=Signed", "1", "Oyunbileg"), ("Unsigned", "0", ""),
    ]  # fmt: skip
    assert "Somebody who agrees" not in answer
    assert address(webinar, "opinions_sheet") in browser.get(address(webinar, "people")).content.decode()


def test_who_is_removed_takes_along_what_they_said_and_where_they_stood_and_brings_it_back() -> None:
    webinar = make_webinar()
    desk, loud = make_person(webinar, "M", "moderator"), make_person(webinar)
    said, waits = make_opinion(webinar, participant=loud), say(loud)
    other = make_opinion(webinar)
    stand(loud, other, Side.DISAGREE)
    with deed(webinar.pk, by=desk) as done:
        act = remove(done, meant(done, "remove", person=loud.pk))
    assert list(seen_by("everyone", webinar)) == [other.pk]
    assert tally(other) == (0, 0, 0)
    assert act is not None
    with deed(webinar.pk, by=desk) as done:
        undo_act(done, act.pk)
    waits.refresh_from_db()
    assert list(seen_by("everyone", webinar)) == [said.pk, other.pk]
    assert (tally(other), waits.visibility) == ((0, 1, 0), "submitted")


def test_muting_with_their_things_hides_them_and_what_somebody_decided_since_stays() -> None:
    webinar = make_webinar()
    desk, loud = make_person(webinar, "M", "moderator"), make_person(webinar)
    first, second = (make_opinion(webinar, participant=loud) for _ in range(2))
    with deed(webinar.pk, by=desk) as done:
        mute(done, meant(done, "mute", person=loud.pk), on=True, things=True)
    assert seen_by("everyone", webinar) == {}
    decide(desk, opinions.publish_opinion, first)
    decide(desk, opinions.decline_opinion, first, reason="tone")
    with deed(webinar.pk, by=desk) as done:
        mute(done, meant(done, "mute", person=loud.pk), on=False)
    assert list(seen_by("everyone", webinar)) == [second.pk]
