"""Reactions: of the moment, counted and never whose, kept as sums by minute."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import make_person, make_webinar
from tests.site import Line, Site, session_of
from webinars.actions import conduct, room
from webinars.actions.deed import Refused, deed
from webinars.actions.reactions import keep_sums
from webinars.live.protocol import checked
from webinars.live.reactions import Tally
from webinars.models import ReactionSum, Webinar
from webinars.views import twin
from webinars.views.queue_page import reaction_line, reaction_sums

NOON = datetime(2026, 8, 27, 12, 0, tzinfo=UTC)


def heard(line: Line, **wanted: int) -> dict[str, int]:
    """What was told until it comes to these sums; some of it may have come while one waited for something else."""
    sums: dict[str, int] = {}

    def count(message: dict[str, Any]) -> None:
        for kind, more in message.get("reactions", {}).items():
            sums[kind] = sums.get(kind, 0) + more

    for message in line.heard:
        count(message)
    while sums != wanted:
        assert all(sums.get(kind, 0) <= number for kind, number in wanted.items()), sums
        count(line.until("reactions"))
    return sums


def test_everybody_is_told_the_sums_and_nobody_whose_they_are(live_site: Site) -> None:
    webinar = make_webinar()
    one, two, looker = (make_person(webinar) for _ in range(3))
    with live_site.socket(one) as a, live_site.socket(two) as b, live_site.socket(looker) as c:
        for line in (a, b, c):
            line.until("mine")
        for line, kind in ((a, "clap"), (b, "clap"), (b, "heart")):
            assert line.ask_for("react", kind=kind)["ok"] == {}
        for line in (a, b, c):
            heard(line, clap=2, heart=1)
        told = [message for message in c.heard if "reactions" in message]
        assert all(set(message) == {"reactions"} for message in told)


def test_a_reaction_moves_no_seq_and_is_not_told_to_who_comes_later(live_site: Site) -> None:
    webinar = make_webinar()
    with live_site.socket(make_person(webinar)) as early:
        early.until("mine")
        before = Webinar.objects.get(pk=webinar.pk).seq
        assert early.ask_for("react", kind="clap")["ok"] == {}
        heard(early, clap=1)
        assert Webinar.objects.get(pk=webinar.pk).seq == before
        with live_site.socket(make_person(webinar)) as late:
            late.until("mine")
            assert not any("reactions" in message for message in late.quiet(1.5))
        assert not ReactionSum.objects.exists()  # nothing is written for a press


def test_who_is_muted_or_sent_out_reacts_no_more(live_site: Site) -> None:
    webinar = make_webinar()
    host, loud = make_person(webinar, "Host", "host"), make_person(webinar)
    with live_site.socket(loud) as line, live_site.socket(host) as desk:
        line.until("mine")
        desk.until("mine")
        assert line.ask_for("react", kind="clap")["ok"] == {}
        with deed(webinar.pk, by=host) as done:
            conduct.mute(done, loud, on=True)
        while "ok" in (said := line.ask_for("react", kind="heart")):
            pass  # the word of it is on its way
        assert said["error"] == "muted"
        with deed(webinar.pk, by=host) as done:
            conduct.mute(done, loud, on=False)
        while "error" in (said := line.ask_for("react", kind="agree")):
            pass
        with deed(webinar.pk, by=host) as done:
            conduct.remove(done, loud)
        with pytest.raises(Exception, match="4403"):
            line.hear_all()


@pytest.mark.parametrize("change", ["reactions_open", "state"])
def test_switched_off_or_ended_they_are_refused(live_site: Site, change: str) -> None:
    webinar = make_webinar()
    host = make_person(webinar, "Host", "host")
    with live_site.socket(make_person(webinar)) as line:
        line.until("mine")
        with deed(webinar.pk, by=host) as done:
            if change == "state":
                room.change_state(done, "ended")
            else:
                room.change_settings(done, reactions_open=False)
        assert line.until("webinar")["webinar"]["reactions_open"] is False
        assert line.ask_for("react", kind="clap")["error"] == "reactions_closed"


def test_a_kind_that_is_none_is_malformed(live_site: Site) -> None:
    with live_site.socket(make_person(make_webinar())) as line:
        line.until("mine")
        line.say("react", kind="boo")
        assert line.until("error")["error"] == "malformed"


def test_when_the_webinar_ends_the_sums_are_kept_at_once(live_site: Site) -> None:
    webinar = make_webinar()
    host = make_person(webinar, "Host", "host")
    with live_site.socket(make_person(webinar)) as line, live_site.socket(host) as desk:
        line.until("mine")
        desk.until("mine")
        for _ in range(3):
            line.ask_for("react", kind="clap")
        desk.ask_for("react", kind="idea")
        desk.ask_for("state", to="ended")
        while not ReactionSum.objects.filter(webinar=webinar).exists():
            desk.say("state", to="ended")
            desk.hear()
        assert ReactionSum.objects.filter(webinar=webinar).by_kind() == {"clap": 3, "idea": 1}


def test_when_the_process_ends_what_it_counted_is_kept(live_site: Site) -> None:
    webinar = make_webinar()
    with live_site.socket(make_person(webinar)) as line:
        line.until("mine")
        line.ask_for("react", kind="heart")
        live_site.terminate()
    assert ReactionSum.objects.filter(webinar=webinar).by_kind() == {"heart": 1}


@pytest.mark.django_db(transaction=True)
def test_a_form_without_scripts_does_it_too(live_site: Site) -> None:
    webinar = make_webinar()
    person = make_person(webinar)
    form = Client(headers={"accept": "application/json"})
    form.cookies[site.SESSION_COOKIE_NAME] = session_of(person)
    there = reverse("webinars:do", kwargs={"pk": webinar.pk, "slug": "-"})
    assert form.post(there, {"do": "react", "kind": "clap"}).json() == {"ref": "", "ok": {}}
    # No socket has ever been open in this process: then the sum is kept at once.
    assert ReactionSum.objects.filter(webinar=webinar).by_kind() == {"clap": 1}
    Webinar.objects.filter(pk=webinar.pk).update(reactions_open=False)
    assert form.post(there, {"do": "react", "kind": "clap"}).json()["error"] == "reactions_closed"
    assert form.post(there, {"do": "react", "kind": "boo"}).json()["error"] == "malformed"
    assert ReactionSum.objects.filter(webinar=webinar).by_kind() == {"clap": 1}


@pytest.mark.django_db
def test_a_script_that_claps_is_held_back_and_others_are_not(settings: Any) -> None:
    settings.BUDGET_FACTOR = 1
    webinar = make_webinar()
    script, person = make_person(webinar), make_person(webinar)
    press = checked({"do": "react", "kind": "clap"})
    for _ in range(10):
        twin.run(webinar, script, press)
    with pytest.raises(Refused) as refused:
        twin.run(webinar, script, press)
    assert refused.value.code == "too_fast"
    assert refused.value.facts["retry_after"] > 0
    twin.run(webinar, person, press)
    assert reaction_sums(webinar) == [("clap", 11)]


@pytest.mark.django_db
def test_sums_of_the_same_minute_add_up_in_one_statement() -> None:
    webinar, other = make_webinar(), make_webinar()
    keep_sums({(webinar.pk, NOON, "clap"): 2, (webinar.pk, NOON, "heart"): 1, (other.pk, NOON, "clap"): 5})
    with CaptureQueriesContext(connection) as queries:
        keep_sums({(webinar.pk, NOON, "clap"): 3, (webinar.pk, NOON.replace(minute=1), "clap"): 1})
    written = [one for one in queries if one["sql"].startswith("INSERT")]
    assert len(written) == 1
    assert reaction_sums(webinar) == [("clap", 6), ("heart", 1)]
    assert reaction_sums(other) == [("clap", 5)]
    assert not any("participant" in field.name for field in ReactionSum._meta.get_fields())


@pytest.mark.django_db
def test_a_webinar_that_is_gone_takes_no_other_sums_with_it() -> None:
    webinar = make_webinar()
    keep_sums({(webinar.pk + 1000, NOON, "clap"): 2, (webinar.pk, NOON, "clap"): 1})
    assert reaction_sums(webinar) == [("clap", 1)]


@pytest.mark.django_db
def test_the_desks_line_holds_a_number_for_each_of_the_last_minutes() -> None:
    webinar = make_webinar()
    keep_sums({(webinar.pk, NOON, "clap"): 4, (webinar.pk, NOON, "heart"): 1})
    keep_sums({(webinar.pk, NOON.replace(hour=10), "clap"): 9})  # long ago
    line = reaction_line(webinar, NOON.replace(minute=2, second=31))
    assert line["minutes"] == [0] * 27 + [5, 0, 0]
    assert len(line["points"].split()) == 30


def test_what_could_not_be_written_is_with_the_next_minutes() -> None:
    tally = Tally()
    tally.add(1, "clap")
    sums = tally.take()
    assert tally.take() == {}
    tally.put_back(sums)
    tally.put_back(sums)
    assert list(tally.take().values()) == [2]
