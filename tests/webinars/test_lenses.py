"""The list through a lens: every order and choice, page by page, for those who may read it and nobody else."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config import jobs
from knowledge.models import Term
from tests.factories import make_person, make_question, make_webinar
from tests.webinars.test_room_page import address, client_of, text_of
from webinars.actions import questions as deeds
from webinars.actions.deed import deed
from webinars.fair import fair_in
from webinars.lenses import Lens
from webinars.models import Entry, Floor, Participant, Question, Rendition, State, Visibility, Webinar

pytestmark = pytest.mark.django_db


def ids(response: Any) -> list[int]:
    assert response.status_code == 200, response.status_code
    return [one.card.row["id"] for one in response.context["shown"]]


def seen(person: Participant | None, webinar: Webinar, **lens: str) -> list[int]:
    return ids(client_of(person).get(address(webinar, "questions"), lens))


def many(webinar: Webinar, count: int) -> None:
    askers = [make_person(webinar, country=country) for country in ("MN", "EE", "UA")]
    now = timezone.now()
    Question.objects.bulk_create(
        Question(
            webinar=webinar, participant=askers[n % 3], client_id=uuid4(), text=f"Question number {n}?",
            language="en", visibility=Visibility.PUBLISHED, published_at=now + timedelta(seconds=n % 40),
            first_public_seq=1, seq=1, votes=n % 7,
        )
        for n in range(count)
    )  # fmt: skip


@pytest.mark.parametrize("sort", ["wanted", "newest", "fair"])
def test_every_question_is_reached_once_in_every_order(sort: str) -> None:
    webinar = make_webinar()
    many(webinar, 170)
    client = client_of(make_person(webinar))
    published = Question.objects.filter(webinar=webinar)
    wanted = {
        "wanted": list(published.listed().values_list("pk", flat=True)),
        "newest": list(published.order_by("-published_at", "-pk").values_list("pk", flat=True)),
        "fair": fair_in(webinar).order,
    }[sort]
    reached: list[int] = []
    address_of_page = f"?sort={sort}"
    while address_of_page:
        response = client.get(address(webinar, "questions") + address_of_page)
        reached += ids(response)
        address_of_page = response.context["next"]
    assert reached == wanted
    assert len(reached) == 170


def test_what_is_published_meanwhile_doubles_nothing_on_the_next_page() -> None:
    webinar = make_webinar()
    many(webinar, 60)
    client = client_of(make_person(webinar))
    first = client.get(address(webinar, "questions"), {"sort": "newest"})
    make_question(webinar, "Newer?", published_at=timezone.now() + timedelta(hours=1))
    second = client.get(address(webinar, "questions") + first.context["next"])
    assert len(ids(first)) == 50
    assert len(ids(second)) == 10
    assert not set(ids(first)) & set(ids(second))


@pytest.mark.parametrize("sort", ["wanted", "newest", "fair"])
def test_a_lens_costs_as_many_queries_in_a_large_room_as_in_a_small_one(sort: str) -> None:
    counts = []
    for count in (60, 600):
        webinar = make_webinar()
        many(webinar, count)
        client = client_of(make_person(webinar))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(webinar, "questions"), {"sort": sort, "country": "MN"})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_lens_shows_what_it_says_and_all_of_that() -> None:
    webinar = make_webinar()
    speaker = make_person(webinar, "Speaker", "attendee", "speaker", country="EE")
    mongol, me = make_person(webinar, country="MN"), make_person(webinar, country="UA")
    asked = make_question(webinar, "Хэзээ?", participant=mongol, language="mn", addressed_to=speaker)
    done = make_question(webinar, "Done?", participant=mongol, floor=Floor.DONE)
    lined = make_question(webinar, "Next?", participant=me, floor=Floor.NEXT, next_rank=1)
    assert set(seen(me, webinar, only="answered")) == {done.pk}
    assert set(seen(me, webinar, only="unanswered")) == {asked.pk, lined.pk}
    assert seen(me, webinar, only="mine") == [lined.pk]
    assert set(seen(me, webinar, country="MN")) == {asked.pk, done.pk}
    assert seen(me, webinar, language="mn") == [asked.pk]
    assert seen(me, webinar, to=str(speaker.pk)) == seen(me, webinar, to="EE") == [asked.pk]
    assert seen(me, webinar, country="MN", language="en") == [done.pk]
    assert seen(me, webinar, country="EE") == []
    assert set(seen(me, webinar, sort="newest")) == {asked.pk, done.pk, lined.pk}
    assert set(seen(me, webinar)) == {asked.pk, done.pk}  # what is next stands above the list everybody has


def test_a_language_is_one_it_was_asked_in_or_can_be_read_in() -> None:
    webinar = make_webinar()
    person = make_person(webinar)
    question = make_question(webinar, "Хэзээ?", language="mn")
    make_question(webinar, "Ja millal?", language="et")
    made = Rendition.objects.create(
        webinar=webinar, question=question, language="en", text="When?", waits=True
    )
    assert seen(person, webinar, language="en") == []  # nobody may read it before somebody approved it
    made.waits = False
    made.save()
    assert seen(person, webinar, language="en") == seen(person, webinar, language="mn") == [question.pk]
    page = text_of(client_of(person).get(address(webinar, "questions")))
    assert '<option value="en"' in page


def test_what_is_asked_of_a_country_is_to_that_country() -> None:
    webinar = make_webinar()
    person = make_person(webinar)
    question = make_question(webinar, addressed_country="EE")
    make_question(webinar, addressed_country="UA")
    assert seen(person, webinar, to="EE") == [question.pk]
    assert '<option value="UA">Ukraine' in text_of(client_of(person).get(address(webinar, "questions")))


def test_the_desk_sees_a_question_in_a_language_somebody_wrote_it_in() -> None:
    webinar = make_webinar()
    question = make_question(webinar, "Хэзээ?", language="mn")
    make_question(webinar, "Ja millal?", language="et")
    Rendition.objects.create(webinar=webinar, question=question, language="en", text="When?")
    client = client_of(make_person(webinar, "Moderator", "moderator"))
    column = client.get(address(webinar, "console"), {"reads": "en"}).context["published"]
    assert [line.card.row["id"] for line in column.lines] == [question.pk]
    assert column.hidden == [("et", 1)]


def test_who_asked_for_somebody_else_lends_their_country_to_nobody() -> None:
    webinar = make_webinar()
    moderator = make_person(webinar, "Moderator", "moderator", country="EE")
    make_question(webinar, participant=moderator, came_by="phone", on_behalf_of="A caller")
    assert seen(moderator, webinar, country="EE") == []


def test_a_term_is_found_in_the_words_whatever_form_they_have() -> None:
    Term.objects.create(
        name="Bank",
        slug="bank",
        kind="partner",
        names={"original": "en", "texts": {"en": "Bank", "mn": "Банк"}},
    )
    webinar = make_webinar()
    person = make_person(webinar, "Moderator", "attendee", "moderator")
    with deed(webinar.pk, by=person) as done:
        english = deeds.ask_question(done, client_id=uuid4(), text="What did the banks pay?", language="en")
        mongol = deeds.ask_question(done, client_id=uuid4(), text="Банкууд юу төлсөн бэ?", language="mn")
        deeds.ask_question(done, client_id=uuid4(), text="When does it begin?", language="en")
    jobs.work_due()
    assert set(seen(person, webinar, topic="bank")) == {english.pk, mongol.pk}
    assert seen(person, webinar, topic="%") == []
    page = text_of(client_of(person).get(address(webinar, "questions")))
    assert '<option value="bank"' in page


@pytest.mark.parametrize(
    "query",
    [
        "sort=votes", "sort=%00", "to=x", "to=99999999999999999999", "to=ÕÄ", "country=mn", "country=%25%25",
        "language=%27%22", "language=" + "a" * 400, "topic=%27--", "topic=%00", "only=deleted", "q=%00",
        "q=" + "%22" * 40, "q=lang:mn", "q=-", "page=99999999", "q=x&page=-1", "q=" + "слово " * 90,
    ],
)  # fmt: skip
def test_any_address_is_a_page(query: str) -> None:
    webinar = make_webinar()
    make_question(webinar)
    client = client_of(make_person(webinar))
    assert client.get(f"{address(webinar, 'questions')}?{query}").status_code == 200


@pytest.mark.parametrize("after", ["", "x", "99999", "٣", "-1"])
def test_a_page_after_nothing_is_not_there(after: str) -> None:
    webinar = make_webinar()
    client = client_of(make_person(webinar))
    assert client.get(address(webinar, "questions"), {"after": after}).status_code == 404


def test_no_lens_shows_what_one_may_not_see() -> None:
    webinar, other = make_webinar(), make_webinar("Another")
    person = make_person(webinar, country="MN")
    for visibility in ("submitted", "returned", "declined", "hidden", "withdrawn", "trouble"):
        make_question(webinar, f"Secret {visibility}?", participant=person, visibility=visibility)
    make_question(other, "Of another room?")
    lenses: list[dict[str, str]] = [
        {},
        {"sort": "newest"},
        {"sort": "fair"},
        {"only": "mine"},
        {"country": "MN"},
    ]
    for lens in lenses:
        assert seen(person, webinar, **lens) == []
        page = text_of(client_of(person).get(address(webinar, "questions"), lens))
        assert "Secret" not in page
        assert "Of another room" not in page


def test_a_hidden_name_stays_hidden_in_every_order() -> None:
    webinar = make_webinar()
    shy = make_person(webinar, "Shy Person", organisation="Small Office", place="Khovd", country="MN")
    make_question(webinar, participant=shy, name_shown="moderators")
    for person in (make_person(webinar), make_person(webinar, "Host", "host")):
        for sort in ("wanted", "newest", "fair"):
            page = text_of(client_of(person).get(address(webinar, "questions"), {"sort": sort}))
            assert "Shy Person" not in page
            assert "Small Office" not in page


def test_everybody_may_read_an_open_room_and_keep_the_page_but_not_vote() -> None:
    webinar = make_webinar()
    make_question(webinar, "Open to all?")
    response = Client().get(address(webinar, "questions"))
    page = text_of(response)
    assert "Open to all?" in page
    assert '<button class="vote"' not in page
    assert response["Cache-Control"].startswith("public")
    assert not response.cookies
    again = Client().get(address(webinar, "questions"), headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    make_question(webinar, "Another?")
    assert (
        Client().get(address(webinar, "questions"), headers={"if-none-match": response["ETag"]}).status_code
        == 200
    )


def test_the_page_of_somebody_in_the_room_is_kept_by_nobody() -> None:
    webinar = make_webinar()
    response = client_of(make_person(webinar)).get(address(webinar, "questions"))
    assert response["Cache-Control"] == "private, no-store"


def test_a_room_for_invited_people_is_closed_to_strangers_in_every_form() -> None:
    webinar = make_webinar(entry=Entry.INVITED)
    make_question(webinar, "Closed?")
    for headers in ({}, {"accept": "application/json"}):
        response = Client().get(address(webinar, "questions"), headers=headers)
        assert (response.status_code, response["Location"]) == (302, address(webinar, "join"))


@pytest.mark.parametrize("state", State.values)
def test_every_state_of_a_webinar_has_its_answer(state: str) -> None:
    webinar = make_webinar(state=state)
    response = client_of(make_person(webinar)).get(address(webinar, "questions"))
    assert response.status_code == (404 if state == "draft" else 200 if webinar.has_room else 302)


def test_the_console_has_the_published_in_fair_order_and_by_whom_they_ask() -> None:
    webinar = make_webinar()
    moderator = make_person(webinar, "Moderator", "moderator")
    speaker = make_person(webinar, "Speaker", "attendee", "speaker", country="EE")
    mongols = [
        make_question(webinar, participant=make_person(webinar, country="MN"), votes=v) for v in (9, 8)
    ]
    other = make_question(webinar, participant=make_person(webinar, country="UA"), addressed_to=speaker)
    client = client_of(moderator)

    def column(**lens: str) -> list[int]:
        found = client.get(address(webinar, "console"), lens).context["published"]
        return [line.card.row["id"] for line in found.lines]

    assert column() == [mongols[0].pk, mongols[1].pk, other.pk]
    assert column(sort="fair") == [mongols[0].pk, other.pk, mongols[1].pk]
    assert column(to=str(speaker.pk)) == [other.pk]
    sent = client.get(address(webinar, "questions"), {"sort": "fair"}, headers={"accept": "application/json"})
    assert json.loads(sent.content) == {"order": [mongols[0].pk, other.pk, mongols[1].pk]}


def test_the_room_in_words_has_its_own_page_of_questions() -> None:
    webinar = make_webinar()
    person = make_person(webinar, way="text")
    make_question(webinar, "How far?")
    response = client_of(person).get(address(webinar, "questions"), {"sort": "fair"})
    page = text_of(response)
    assert "text-room.css" in page
    assert "css/base.css" not in page
    assert "How far?" in page
    assert "Fair order: first one question of every" in page


def test_a_lens_says_itself_shortly_in_an_address() -> None:
    assert Lens().query == ""
    assert Lens(sort="newest", country="MN").query == "sort=newest&country=MN"
    assert Lens().is_plain
    assert not Lens(sort="fair").narrows
