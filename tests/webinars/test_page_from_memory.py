"""A room's page drawn from what its sockets hold in memory says what the database says, at every moment."""

import http.client
import json
import re
from contextlib import closing

from django.conf import settings

from tests.factories import make_person, make_question, make_webinar
from tests.site import Site, session_of
from webinars.live import reading
from webinars.models import Participant, Visibility


def page(site: Site, person: Participant, where: str = "room/") -> str:
    with closing(http.client.HTTPConnection("localhost", site.port, timeout=60)) as line:
        cookie = f"{settings.SESSION_COOKIE_NAME}={session_of(person)}"
        slug = "how-do-we-bring-citizens-to-new-services"
        for _ in range(2):  # the slug puts itself right
            line.request(
                "GET", f"/en/webinars/{person.webinar_id}-{slug}/{where}", headers={"Cookie": cookie}
            )
            answer = line.getresponse()
            words = answer.read().decode()
            if answer.status == 200:
                return words
            slug = re.findall(rf"/{person.webinar_id}-([^/]+)/", answer.getheader("Location", ""))[0]
    raise AssertionError(answer.status)


def held(words: str) -> object:
    """The snapshot the page's script begins with."""
    found = re.search(r'<script type="application/json" id="room-data">(.*?)</script>', words, re.S)
    assert found
    return json.loads(found[1])["snapshot"]


def test_what_was_acknowledged_is_on_the_next_page_and_what_was_hidden_is_not(live_site: Site) -> None:
    webinar = make_webinar()
    person, moderator = make_person(webinar), make_person(webinar, "M", "moderator")
    with live_site.socket(moderator) as desk, live_site.socket(person) as line:
        for n in range(8):
            webinar.refresh_from_db()
            question = make_question(webinar, f"Question number {n}?", visibility=Visibility.SUBMITTED)
            assert f"Question number {n}?" not in page(live_site, person)
            desk.ask_for("publish", question=question.pk)
            assert f"Question number {n}?" in page(live_site, person)
            assert f"Question number {n}?" in page(live_site, person, "room/text/")
            line.ask_for("vote", question=question.pk, on=True)
            assert re.search(rf'value="{question.pk}" aria-pressed="true"', page(live_site, person))
            desk.ask_for("hide", question=question.pk)
            assert f"Question number {n}?" not in page(live_site, person)


def test_the_page_holds_the_very_snapshot_the_database_gives(live_site: Site) -> None:
    webinar = make_webinar()
    questions = [make_question(webinar, f"Question number {n}?") for n in range(5)]
    person, host = make_person(webinar), make_person(webinar, "H", "host")
    with live_site.socket(host) as desk:
        desk.ask_for("next", question=questions[1].pk)
        desk.ask_for("floor", question=questions[2].pk)
        desk.ask_for("vote", question=questions[3].pk, on=True)
        found = reading.page(webinar.pk, "everyone", person.pk)
        assert found is not None
        assert held(page(live_site, person)) == json.loads(json.dumps(found[0]))


def test_a_row_drawn_for_one_reader_tells_nothing_of_them_to_the_next(live_site: Site) -> None:
    webinar = make_webinar()
    asker, voter, other = (make_person(webinar, f"Person {n}") for n in range(3))
    question = make_question(webinar, participant=asker)
    with live_site.socket(voter) as line:
        line.ask_for("vote", question=question.pk, on=True)
        assert f'value="{question.pk}" aria-pressed="true"' in page(live_site, voter)
        assert f'value="{question.pk}" aria-pressed="false"' in page(live_site, other)
        assert f'id="q-{question.pk}"' in page(live_site, asker)
        assert f'value="{question.pk}" aria-pressed' not in page(
            live_site, asker
        )  # nobody votes for their own
        drawn = re.sub(r"<template.*?</template>", "", page(live_site, other), flags=re.DOTALL)
        assert 'data-is="own"' not in drawn
