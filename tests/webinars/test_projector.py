"""The projector's page: what each state shows, in two languages, and what never comes onto a wall."""

import json
import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.names import Names, Text
from tests import qr
from tests.factories import make_agenda, make_person, make_question, make_webinar
from tests.site import session_of
from webinars import policies
from webinars.actions import floor, room
from webinars.actions.deed import deed
from webinars.models import Answer, Participant, Question, State, Webinar
from webinars.views.screens import BREAKS, STEPS, Said, size_of, where_of

pytestmark = pytest.mark.django_db

MONGOLIAN = "Хөдөөгийн ахмад настнуудад яаж хүрсэн бэ?"
OPEN_STATES = [state for state in State.values if state != State.DRAFT]


def client_of(person: Participant | None = None) -> Client:
    client = Client()
    if person:
        client.cookies[settings.SESSION_COOKIE_NAME] = session_of(person)
    return client


def wall_of(
    webinar: Webinar, person: Participant | None = None, *, language: str = "en", query: str = ""
) -> str:
    response = client_of(person).get(f"/{language}/webinars/{webinar.pk}-x/projector/{query}")
    assert response.status_code == 200
    return str(response.content.decode())


def changes_of(webinar: Webinar, person: Participant | None = None) -> Any:
    answer = client_of(person).get(f"/en/webinars/{webinar.pk}-x/projector/changes/")
    assert answer.status_code == 200
    return answer.json()


def words_of(page: str, name: str) -> str:
    """The words in the element of this id, without their tags."""
    part = re.search(rf'<(\w+)[^>]* id="{name}".*?</\1>', page, re.S)
    assert part is not None, name
    return " ".join(re.sub(r"<[^>]+>", " ", part[0]).split())


def put_on_floor(webinar: Webinar, question: Question) -> None:
    with deed(webinar.pk, by=make_person(webinar, "Host", "host")) as done:
        floor.open_turn(done, done.question(question.pk))


def shown(page: str) -> list[str]:
    """The parts of the wall that are not hidden, by their scenes."""
    parts = re.findall(r'<section[^>]*data-scenes="([^"]+)"([^>]*)>', page)
    return [scenes for scenes, rest in parts if not re.search(r"\bhidden\b", rest)]


# --- what it shows --------------------------------------------------------------------------------------


def test_the_wall_shows_what_is_on_the_floor_what_is_next_and_the_code() -> None:
    webinar = make_webinar(join_code="123456789")
    asker = make_person(webinar, "Бат", place="Ховд", country="MN")
    on_floor = make_question(webinar, MONGOLIAN, language="mn", participant=asker, votes=86)
    following = make_question(webinar, "Who paid for it?")
    put_on_floor(webinar, on_floor)
    with deed(webinar.pk, by=make_person(webinar, "Host", "host")) as done:
        floor.put_next(done, done.question(following.pk))
    page = wall_of(webinar)
    assert shown(page) == ["floor", "floor free hold poll"]
    assert f'<p lang="mn" dir="auto">{MONGOLIAN}</p>' in page
    assert words_of(page, "floor") == f"{MONGOLIAN} 86 want to know Бат, Ховд, Mongolia"
    assert words_of(page, "next").startswith("Who paid for it?")
    assert "123 456 789" in " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_free_floor_shows_what_most_want_to_know_and_not_what_was_answered() -> None:
    webinar = make_webinar()
    for n in range(7):
        make_question(webinar, f"Question {n}?", votes=n)
    answered = make_question(webinar, "Answered already?", votes=99, floor="done")
    Answer.objects.create(question=answered, gist="Yes.", language="en")
    page = wall_of(webinar)
    assert shown(page) == ["free before"]
    assert re.findall(r"Question \d\?", words_of(page, "wanted")) == [
        f"Question {n}?" for n in (6, 5, 4, 3, 2)
    ]
    assert "Answered already?" not in words_of(page, "wanted")


def test_an_empty_room_asks_for_the_first_question() -> None:
    page = wall_of(make_webinar())
    assert shown(page) == ["free"]
    assert "Yours can be the first." in words_of(page, "nothing")


def test_before_the_start_it_says_when_that_is_where_its_speakers_are() -> None:
    start = datetime(2030, 12, 10, 22, 30, tzinfo=ZoneInfo("Europe/Tallinn"))
    webinar = make_webinar(state="scheduled", starts_at=start, day=start.date(), zone="Europe/Tallinn")
    make_person(webinar, "Oyun", "speaker", zone="Asia/Ulaanbaatar")
    page = wall_of(webinar, query="?and=mn")
    assert shown(page) == ["before"]
    zones = re.search(r'<dl class="wall-zones">(.*?)</dl>', page, re.S)
    assert zones is not None
    said = " ".join(re.sub(r"<[^>]+>", " ", zones[1]).split())
    assert said == "Tallinn 22:30 Ulaanbaatar 04:30 +1 day"
    assert "Tuesday 10 December 2030" in page
    assert "2030 оны 12-р сарын 10, мягмар" in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("hold", "Short break"),
        ("ended", "The webinar has ended. Thank you for being here."),
        ("postponed", "This webinar has been postponed. The new day is not set yet."),
        ("cancelled", "This webinar has been cancelled."),
    ],
)
def test_a_wall_that_waits_says_why_in_both_languages(state: str, words: str) -> None:
    webinar = make_webinar(state=state)
    page = wall_of(webinar, query="?and=et")
    assert shown(page) == [state]
    said = re.search(rf'id="h-{state}">(.*?)</h2>', page, re.S)
    assert said is not None
    spans = re.findall(r'<span lang="(\w+)">(.*?)\s*</span>', said[1], re.S)
    assert [code for code, _ in spans] == ["en", "et"]
    assert spans[0][1] == words
    assert spans[1][1] not in ("", words)


def test_titles_agenda_and_notices_stand_in_two_languages_side_by_side() -> None:
    webinar = make_webinar(title="")
    webinar.title = Names.of("mn", "Иргэдийг сургах нь", en="Training citizens", uk="Навчання громадян")
    webinar.save()
    [item, _] = make_agenda(webinar, "Opening", "Closing")
    item.title = Names.of("en", "Opening", mn="Нээлт")
    item.save()
    host = make_person(webinar, "Host", "host")
    with deed(webinar.pk, by=host) as done:
        room.next_agenda_item(done)
        room.send_notice(done, text="Pererva", language="uk")
    page = wall_of(webinar, query="?and=mn")
    titles = re.search(r"<h1.*?</h1>", page, re.S)
    assert titles is not None
    assert re.findall(r'lang="(\w+)">([^<]+)<', titles[0]) == [
        ("en", "Training citizens"),
        ("mn", "Иргэдийг сургах нь"),
    ]
    running = re.search(rf'data-item="{item.pk}" data-is="now">(.*?)</p>', page, re.S)
    assert running is not None
    assert re.findall(r'lang="(\w+)">([^<]+)<', running[1]) == [("en", "Opening"), ("mn", "Нээлт")]
    # A text that exists in neither stands as it was written.
    assert re.findall(r'lang="(\w+)"[^>]*>([^<]+)<', words_html(page, "notices")) == [("uk", "Pererva")]


def words_html(page: str, name: str) -> str:
    part = re.search(rf'<(\w+)[^>]* id="{name}".*?</\1>', page, re.S)
    assert part is not None
    return part[0]


def test_the_second_language_is_the_chosen_one_else_another_of_the_webinar_else_none() -> None:
    webinar = make_webinar(languages=["en", "uk"])

    def sides(query: str = "", language: str = "en") -> list[str]:
        page = wall_of(webinar, language=language, query=query)
        return re.findall(r'<span lang="(\w+)">', words_html(page, "state"))

    assert sides() == ["en", "uk"]
    assert sides(language="uk") == ["uk", "en"]
    assert sides("?and=mn") == ["en", "mn"]
    assert sides("?and=") == ["en"]
    assert sides("?and=xx") == sides("?and=en") == ["en"]


def test_texts_beside_each_other_are_those_asked_for_and_then_the_original() -> None:
    names = Names.of("et", "Eesti", en="English", mn_Mong="Монгол")
    assert [text.lang for text in names.beside(["en", "mn"])] == ["en", "mn-Mong"]
    assert [text.lang for text in names.beside(["mn", "uk"])] == ["mn-Mong", "et"]
    assert [text.lang for text in names.beside(["uk", "fr"])] == ["et"]
    assert [text.lang for text in names.beside(["et", "et"])] == ["et"]
    assert [text.lang for text in names.beside(["uk"])] == ["et"]


def test_long_questions_are_written_smaller_by_steps_and_long_words_are_not_broken() -> None:
    webinar = make_webinar()

    def step(*texts: str) -> int:
        return size_of([Said(n, [Text("en", text)], 0, "") for n, text in enumerate(texts)])

    sizes = [step("word " * n) for n in (1, 10, 20, 40, 60, 100)]
    assert sizes == sorted(sizes)
    assert sizes[0] == 1
    assert len(set(sizes)) == len(sizes)
    assert step("үйлчилгээнүүдээсээ") > step("үйлчилгээ")
    assert step("x" * 400) >= BREAKS
    assert step("word " * 100, "word " * 100) > step("word " * 100)
    assert step(*["word " * 100] * 9) == len(STEPS)
    put_on_floor(webinar, make_question(webinar, "word " * 60))
    assert f'id="fit" data-size="{step("word " * 60)}"' in wall_of(webinar)


def test_a_question_on_behalf_of_somebody_names_them_and_not_who_typed_it() -> None:
    row = {
        "for": "A library in Narva",
        "name": "Mari",
        "organisation": "Tax",
        "place": "Tallinn",
        "country": "EE",
    }
    assert where_of(row, {"EE": "Estonia"}) == "A library in Narva"
    assert where_of(row | {"for": ""}, {"EE": "Estonia"}) == "Mari, Tax, Tallinn, Estonia"


def test_the_qr_code_leads_a_phone_to_the_join_page() -> None:
    webinar = make_webinar(join_code="123456789")
    page = wall_of(webinar)
    url = qr.read(qr.squares(page))
    assert url == f"{settings.SITE_URL}/j/123456789/"
    assert url in page  # said in words to whoever cannot see it
    answer = Client().get(url.removeprefix(settings.SITE_URL), follow=True, headers={"accept-language": "mn"})
    assert re.fullmatch(rf"/mn/webinars/{webinar.pk}-[\w-]+/join/", answer.redirect_chain[-1][0])
    assert answer.status_code == 200


def test_the_short_address_on_the_wall_leads_to_where_the_digits_are_typed() -> None:
    for path in ("/j", "/j/"):
        answer = Client().get(path, headers={"accept-language": "et"})
        assert (answer.status_code, answer["Location"]) == (302, "/et/join/")


@pytest.mark.parametrize("state", ["live", "ended"])
def test_a_webinar_of_invited_people_shows_no_code_that_opens_nothing(state: str) -> None:
    webinar = make_webinar(state=state, join_code="123456789", entry="invited")
    page = wall_of(webinar, make_person(webinar))
    assert "qr-code" not in page
    assert "123456789" not in page


@pytest.mark.parametrize("state", ["published", "postponed", "cancelled"])
def test_without_a_room_there_is_no_code(state: str) -> None:
    assert "qr-code" not in wall_of(make_webinar(state=state, join_code="123456789"))


# --- what it never shows --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["", "attendee", "speaker", "language_desk", "moderator", "host"])
@pytest.mark.parametrize("visibility", ["submitted", "returned", "declined", "hidden", "merged", "withdrawn"])
def test_no_text_that_is_not_public_comes_onto_the_wall_whoever_opens_it(role: str, visibility: str) -> None:
    webinar = make_webinar(speakers_see_pending=True)
    person = make_person(webinar, "Opener", role) if role else None
    secret = "A secret thought?"
    make_question(webinar, secret, visibility=visibility, participant=person, first_public_seq=1)
    make_question(webinar, "A public one?")
    page, changes = wall_of(webinar, person), json.dumps(changes_of(webinar, person))
    assert secret not in page
    assert secret not in changes
    assert "A public one?" in page
    assert "A public one?" in changes


@pytest.mark.parametrize("name_shown", ["moderators", "nobody"])
@pytest.mark.parametrize("role", ["", "moderator", "host"])
def test_a_hidden_name_stays_hidden_on_the_wall(name_shown: str, role: str) -> None:
    webinar = make_webinar()
    asker = make_person(
        webinar, "Olena Moroz", place="Tax office, Narva", organisation="Customs", country="EE"
    )
    question = make_question(webinar, participant=asker, name_shown=name_shown)
    put_on_floor(webinar, question)
    person = make_person(webinar, "Opener", role) if role else None
    for told in (wall_of(webinar, person), json.dumps(changes_of(webinar, person))):
        assert not any(secret in told for secret in ("Olena", "Narva", "Customs"))
    assert "Estonia" in words_of(wall_of(webinar, person), "floor")


def test_notices_to_staff_and_to_speakers_are_not_for_the_hall() -> None:
    webinar = make_webinar()
    host = make_person(webinar, "Host", "host")
    with deed(webinar.pk, by=host) as done:
        for to in ("everybody", "staff", "speakers"):
            room.send_notice(done, text=f"Notice to {to}", language="en", to=to)
    for person in (None, host):
        page = wall_of(webinar, person)
        assert re.findall(r"Notice to \w+", page) == ["Notice to everybody"] * 2  # in words and in the data
        assert [one["to"] for one in changes_of(webinar, person)["notices"]] == ["everybody"]


@pytest.mark.parametrize("state", ["ended", "published"])
def test_after_the_end_nobodys_name_is_in_the_page_that_everybody_may_open(state: str) -> None:
    webinar = make_webinar()
    asker = make_person(webinar, "Olena Moroz")
    make_question(webinar, "What did it cost?", participant=asker, archive_keeps_name=False)
    assert "Olena Moroz" in wall_of(webinar)  # while it runs she is named, as in the room
    Webinar.objects.update(state=state)
    for told in (wall_of(webinar), json.dumps(changes_of(webinar))):
        assert "Olena Moroz" not in told
        assert "What did it cost?" not in told


# --- who may open it ------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", ["anyone", "registered", "invited"])
@pytest.mark.parametrize("state", OPEN_STATES)
def test_a_stranger_opens_it_where_everybody_may_read_and_takes_no_cookie(entry: str, state: str) -> None:
    webinar = make_webinar(state=state, entry=entry)
    answer = client_of().get(f"/en/webinars/{webinar.pk}-x/projector/")
    changes = client_of().get(f"/en/webinars/{webinar.pk}-x/projector/changes/")
    may = entry != "invited" or state == State.PUBLISHED
    assert may == policies.may_project(None, webinar)
    assert (answer.status_code, changes.status_code) == ((200, 200) if may else (302, 403))
    if not may:
        assert answer["Location"] == f"/en/webinars/{webinar.pk}-x/join/"
    assert not answer.cookies
    assert "no-store" not in answer["Cache-Control"]


@pytest.mark.parametrize("role", ["attendee", "speaker", "language_desk", "captioner", "moderator", "host"])
def test_anybody_in_the_room_opens_it_until_they_are_sent_out(role: str) -> None:
    webinar = make_webinar(entry="invited")
    person = make_person(webinar, "", role)
    assert "data-scene" in wall_of(webinar, person)
    Participant.objects.update(removed_at=webinar.created_at)
    answer = client_of(person).get(f"/en/webinars/{webinar.pk}-x/projector/")
    assert answer["Location"] == f"/en/webinars/{webinar.pk}-x/join/"


def test_a_draft_is_nobodys_but_its_hosts() -> None:
    webinar = make_webinar(state="draft")
    assert client_of().get(f"/en/webinars/{webinar.pk}-x/projector/").status_code == 404
    assert client_of().get(f"/en/webinars/{webinar.pk}-x/projector/changes/").status_code == 404


def test_a_wall_that_is_up_to_date_is_told_so_in_no_words() -> None:
    webinar = make_webinar()
    cursor = changes_of(webinar)["cursor"]
    there = f"/en/webinars/{webinar.pk}-x/projector/changes/"
    assert client_of().get(there, {"since": cursor}).status_code == 304
    make_question(webinar)
    assert client_of().get(there, {"since": cursor}).status_code == 200


def test_it_costs_as_many_queries_with_many_questions_as_with_one() -> None:
    webinar = make_webinar()
    counts = []
    for more in (1, 5):
        for _ in range(more):
            question = make_question(webinar, addressed_to=make_person(webinar, "", "speaker"))
            Answer.objects.create(question=question, gist="So.", language="en")
        with CaptureQueriesContext(connection) as queries:
            wall_of(webinar)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_hosts_find_it_on_the_webinars_page_and_in_the_console() -> None:
    webinar = make_webinar()
    there = f"/en/webinars/{webinar.pk}-how-do-we-bring-citizens-to-new-services/projector/"
    host = client_of(make_person(webinar, "Host", "host"))
    for page in (f"/en/webinars/{webinar.pk}-x/", f"/en/webinars/{webinar.pk}-x/console/"):
        text = host.get(page, follow=True).content.decode()
        assert there in text or there.replace("how-do-we-bring-citizens-to-new-services", "x") in text
    plain = client_of(make_person(webinar)).get(f"/en/webinars/{webinar.pk}-x/", follow=True)
    assert "projector/" not in plain.content.decode()
