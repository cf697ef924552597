"""Asking to speak: one order for everybody, one's own place, and what the desk does about it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories import make_person, make_user, make_webinar
from tests.site import Site
from webinars.actions import conduct, queue, room
from webinars.actions.deed import Refused, deed
from webinars.actions.erasing import forget_guest
from webinars.actions.uniting import unite
from webinars.live import parts, reading
from webinars.models import Act, Hand, Participant, Stands, Webinar
from webinars.views.queue_page import queue_of

pytestmark = pytest.mark.django_db


def ask(person: Participant, text: str = "", key: Any = None) -> Hand:
    with deed(person.webinar_id, by=person) as done:
        return queue.raise_hand(done, client_id=key or uuid4(), text=text, language="mn")


def move(desk: Participant, hand: Hand, to: str, reason: str = "") -> Act | None:
    with deed(desk.webinar_id, by=desk) as done:
        return queue.move_hand(done, hand.pk, to=to, reason=reason)


def stands(hand: Hand) -> str:
    return str(Hand.objects.get(pk=hand.pk).stands)


def order(webinar: Webinar, audience: str = "everyone") -> list[tuple[int, str]]:
    """(hand, how it stands) as this audience is told."""
    found = reading.page(webinar.pk, audience, None)
    assert found is not None
    part = found[0]["queue"]
    items = {item["id"]: item for item in part.get("items", ())}
    return [(pk, items[pk]["stands"]) for pk in part["order"]]


@pytest.fixture
def webinar() -> Webinar:
    return make_webinar(queue_open=True)


@pytest.fixture
def desk(webinar: Webinar) -> Participant:
    return make_person(webinar, "Moderator", "moderator")


def test_whoever_asked_first_stands_first_for_everybody(webinar: Webinar, desk: Participant) -> None:
    hands = [ask(make_person(webinar)) for _ in range(3)]
    expected = [(hand.pk, "waiting") for hand in hands]
    for audience in ("everyone", "speakers", "staff", "desk"):
        assert order(webinar, audience) == expected


def test_asking_twice_keeps_the_place_and_takes_the_newer_words(webinar: Webinar) -> None:
    first, second = make_person(webinar), make_person(webinar)
    mine, theirs = ask(first, "About costs"), ask(second)
    again = ask(first, "About teachers")
    assert again.pk == mine.pk
    assert [pk for pk, _ in order(webinar)] == [mine.pk, theirs.pk]
    assert Hand.objects.get(pk=mine.pk).text == "About teachers"


def test_a_retry_after_a_lost_line_asks_nothing_anew_whatever_became_of_it(
    webinar: Webinar, desk: Participant
) -> None:
    person, key = make_person(webinar), uuid4()
    hand = ask(person, key=key)
    move(desk, hand, "speaking")
    move(desk, hand, "done")
    assert ask(person, key=key).pk == hand.pk
    assert stands(hand) == "done"
    assert Hand.objects.count() == 1


def test_the_database_itself_holds_one_waiting_entry_a_person(webinar: Webinar) -> None:
    hand = ask(make_person(webinar))
    with pytest.raises(IntegrityError), transaction.atomic():
        Hand.objects.create(webinar=webinar, participant=hand.participant, client_id=uuid4())


def test_the_first_is_called_without_a_word_and_another_only_with_a_reason(
    webinar: Webinar, desk: Participant
) -> None:
    first, second = ask(make_person(webinar)), ask(make_person(webinar))
    with pytest.raises(Refused, match="out_of_turn"):
        move(desk, second, "called")
    assert stands(second) == "waiting"
    act = move(desk, second, "called", "Has to leave at three")
    assert act is not None
    assert act.note == Hand.objects.get(pk=second.pk).reason == "Has to leave at three"
    assert act.before["ahead_of"] == first.pk
    assert move(desk, first, "called") is not None


def test_letting_the_next_speak_ends_the_turn_of_who_spoke(webinar: Webinar, desk: Participant) -> None:
    first, second = ask(make_person(webinar)), ask(make_person(webinar))
    move(desk, first, "called")
    move(desk, first, "speaking")
    move(desk, second, "speaking")
    assert (stands(first), stands(second)) == ("done", "speaking")
    assert order(webinar) == [(second.pk, "speaking")]


def test_the_same_press_twice_changes_nothing(webinar: Webinar, desk: Participant) -> None:
    hand = ask(make_person(webinar))
    assert move(desk, hand, "called") is not None
    assert move(desk, hand, "called") is None
    assert Act.objects.filter(verb="hand_called").count() == 1


def test_put_back_one_stands_where_one_stood(webinar: Webinar, desk: Participant) -> None:
    first, second = ask(make_person(webinar)), ask(make_person(webinar))
    move(desk, first, "called")
    move(desk, first, "missed")
    assert order(webinar) == [(second.pk, "waiting"), (first.pk, "missed")]
    move(desk, first, "waiting")
    assert order(webinar) == [(first.pk, "waiting"), (second.pk, "waiting")]


def test_who_has_asked_anew_is_not_put_back_beside_themselves(webinar: Webinar, desk: Participant) -> None:
    person = make_person(webinar)
    missed = ask(person)
    move(desk, missed, "called")
    move(desk, missed, "missed")
    ask(person)
    with pytest.raises(Refused, match="hand_gone"):
        move(desk, missed, "waiting")


@pytest.mark.parametrize("to", ["done", "missed"])
def test_what_never_began_neither_ends_nor_is_missed(webinar: Webinar, desk: Participant, to: str) -> None:
    hand = ask(make_person(webinar))
    with pytest.raises(Refused, match="hand_gone"):
        move(desk, hand, to)
    assert stands(hand) == "waiting"


@pytest.mark.parametrize("to", ["withdrawn", "over", "", "king"])
def test_the_desk_cannot_make_up_where_somebody_stands(webinar: Webinar, desk: Participant, to: str) -> None:
    with pytest.raises(Refused, match="malformed"):
        move(desk, ask(make_person(webinar)), to)


def test_a_hand_of_another_room_is_not_found(webinar: Webinar, desk: Participant) -> None:
    elsewhere = ask(make_person(make_webinar(queue_open=True)))
    with pytest.raises(Refused, match="hand_gone"):
        move(desk, elsewhere, "called")
    assert stands(elsewhere) == "waiting"


def test_taking_it_back_moves_everybody_behind_up(webinar: Webinar) -> None:
    people_ = [make_person(webinar) for _ in range(3)]
    hands = [ask(person) for person in people_]
    with deed(webinar.pk, by=people_[0]) as done:
        queue.lower_hand(done)
    assert [pk for pk, _ in order(webinar)] == [hands[1].pk, hands[2].pk]
    with deed(webinar.pk, by=people_[0]) as done:
        queue.lower_hand(done)  # again: nothing
    assert stands(hands[0]) == "withdrawn"


def test_somebody_sees_their_place_and_how_long_they_wait(webinar: Webinar) -> None:
    ask(make_person(webinar))
    person = make_person(webinar)
    hand = ask(person, "About teachers")
    Hand.objects.filter(pk=hand.pk).update(asked_at=timezone.now() - timedelta(minutes=4, seconds=10))
    found = reading.page(webinar.pk, "everyone", person.pk)
    assert found is not None
    own = parts.own(webinar.pk, person.pk)["queue"]
    seen = queue_of(found[0], own, int(timezone.now().timestamp() * 1000))
    assert (seen["stands"], seen["place"], seen["waiting"], seen["waited"]) == ("waiting", 2, 2, 4)
    assert seen["own"]["text"] == "About teachers"


def test_nobody_but_the_desk_learns_who_waits_and_what_they_want_to_say(
    webinar: Webinar, desk: Participant
) -> None:
    shy = make_person(webinar, "Shy Person", organisation="Small Ministry", place="Far away")
    hand = ask(shy, "A delicate matter")
    for audience in ("everyone", "speakers", "staff"):
        said = str(reading.page(webinar.pk, audience, None))
        for secret in ("Shy Person", "Small Ministry", "Far away", "A delicate matter"):
            assert secret not in said
    assert "A delicate matter" in str(reading.page(webinar.pk, "desk", desk.pk))  # it could have leaked
    assert parts.own(webinar.pk, make_person(webinar).pk)["queue"] == {}
    move(desk, hand, "speaking")
    found = reading.page(webinar.pk, "everyone", None)
    assert found is not None
    assert found[0]["queue"]["items"][0]["name"] == "Shy Person"  # who speaks is heard by all
    assert "A delicate matter" not in str(found)


def test_when_the_room_closes_nobody_waits_or_speaks_any_more(webinar: Webinar, desk: Participant) -> None:
    speaks, waits = ask(make_person(webinar)), ask(make_person(webinar))
    move(desk, speaks, "speaking")
    with deed(webinar.pk, by=make_person(webinar, "Host", "host")) as done:
        room.change_state(done, "ended")
    assert (stands(speaks), stands(waits)) == ("done", "over")
    assert order(webinar) == []


def test_closed_by_the_host_it_takes_nobody_more_and_keeps_those_who_wait(
    webinar: Webinar, desk: Participant
) -> None:
    hand = ask(make_person(webinar))
    with deed(webinar.pk, by=make_person(webinar, "Host", "host")) as done:
        room.change_settings(done, queue_open=False)
    with pytest.raises(Refused, match="queue_closed"):
        ask(make_person(webinar))
    assert order(webinar) == [(hand.pk, "waiting")]
    assert move(desk, hand, "called") is not None


def test_who_is_sent_out_stands_in_no_queue(webinar: Webinar, desk: Participant) -> None:
    person = make_person(webinar)
    hand = ask(person)
    with deed(webinar.pk, by=make_person(webinar, "Host", "host")) as done:
        conduct.remove(done, person)
    assert order(webinar, "desk") == []
    with pytest.raises(Refused, match="hand_gone"):
        move(desk, hand, "called")


def test_of_somebody_erased_nothing_is_left_in_the_queue(webinar: Webinar, desk: Participant) -> None:
    person = make_person(webinar, "Jaan")
    ask(person, "About my mother")
    forget_guest(person, blank_words=True)
    assert "About my mother" not in str(list(Hand.objects.values()))
    assert order(webinar, "desk") == []


def test_a_guest_who_signs_in_keeps_the_place_they_had(webinar: Webinar) -> None:
    user = make_user()
    known, guest = make_person(webinar, user=user), make_person(webinar)
    first, other, second = ask(guest), ask(make_person(webinar)), ask(known)
    unite(guest, user)
    assert [pk for pk, _ in order(webinar)] == [first.pk, other.pk]
    assert Hand.objects.get(pk=first.pk).participant == known
    assert stands(second) == Stands.WITHDRAWN


def test_too_many_words_are_refused_whole(webinar: Webinar) -> None:
    with pytest.raises(Refused) as refused:
        ask(make_person(webinar), "x" * 201)
    assert (refused.value.code, refused.value.facts) == ("too_long", {"limit": 200, "length": 201})
    assert not Hand.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_those_in_the_room_hear_of_it_at_once(live_site: Site) -> None:
    webinar = make_webinar(queue_open=True)
    person, other = make_person(webinar), make_person(webinar)
    moderator = make_person(webinar, "Moderator", "moderator")
    with (
        live_site.socket(person) as phone,
        live_site.socket(other) as listener,
        live_site.socket(moderator) as desk,
    ):
        for line in (phone, listener, desk):
            line.until("mine")
        said = phone.ask_for("raise", client_id=str(uuid4()), text="About trust", language="mn")
        hand = said["ok"]["hand"]
        assert desk.until("queue")["queue"]["items"][0]["text"] == "About trust"
        heard = listener.until("queue")
        assert heard["queue"] == {
            "order": [hand],
            "items": [{"id": hand, "stands": "waiting", "lang": "mn"}],
        }
        assert desk.ask_for("hand", hand=hand, to="called")["ok"]
        while (news := phone.until("mine")["mine"]["queue"])["stands"] != "called":
            assert news["id"] == hand
        assert desk.ask_for("hand", hand=hand, to="called")["ok"] == {}
        assert listener.ask_for("hand", hand=hand, to="speaking")["error"] == "forbidden"
        assert not any("mine" in message and "queue" in message["mine"] for message in listener.quiet())
