"""What is like a question: while it is typed, and once it was sent without a script."""

import pytest
from django.core.cache import cache

from config import jobs
from knowledge.search import Entry, replace_entries
from tests.factories import make_person, make_question, make_webinar
from tests.webinars.test_room_page import address, client_of, text_of
from tests.webinars.test_room_search import ask, published
from webinars.actions.deed import deed
from webinars.actions.questions import publish_question
from webinars.live import budgets
from webinars.models import Entry as Door
from webinars.models import Participant, Rendition, Webinar
from webinars.search import index_question
from webinars.similar import similar_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _full_budgets() -> None:
    cache.clear()
    budgets._left.clear()


def like(webinar: Webinar, text: str, language: str = "en", person: Participant | None = None) -> list[str]:
    return [one.text for one in similar_to(webinar, text, language, reads=["en"], person=person).here]


def lesson(title: str, text: str, lang: str = "en", guide: int = 7) -> None:
    entry = Entry("guide", guide, lang, "lesson", title, text, f"/knowledge/{guide}-x/")
    replace_entries(f"guide:{guide}:{lang}", [entry])


@pytest.mark.parametrize(
    ("language", "asked", "typed"),
    [
        ("en", "Who paid the trainers in the villages?", "who was paying the village trainer"),
        ("et", "Kui palju maksis külade koolitajate palk?", "koolitajatele makstud palk külas"),
        ("uk", "Хто платив тренерам у селах?", "платити сільським тренерам у селі"),
        ("mn", "Хөдөөгийн сургагч багш нарын цалинг хэн төлсөн бэ?", "сургагч багшийн цалин хэн төлөх"),
    ],
)
def test_a_question_asked_already_is_shown_in_whatever_form_its_words_are(
    language: str, asked: str, typed: str
) -> None:
    webinar = make_webinar()
    published(webinar, asked, language=language)
    published(webinar, "What is the weather like?")
    assert like(webinar, typed, language) == [asked]


def test_names_are_the_same_in_another_language() -> None:
    webinar = make_webinar()
    published(webinar, "Kas Diia ja X-Road 2020 olid ühendatud?", language="et")
    assert like(webinar, "Diia X-Road 2020?", "en") == ["Kas Diia ja X-Road 2020 olid ühendatud?"]


def test_a_question_somebody_translated_is_found_by_the_words_of_its_translation() -> None:
    webinar = make_webinar()
    question = published(webinar, "Хөдөөгийн сургагч багш нарын цалинг хэн төлсөн бэ?", language="mn")
    asked = "Who paid the trainers in the villages?"
    Rendition.objects.create(
        webinar=webinar, question=question, language="en", text=asked, made_as="language_desk"
    )
    index_question({"question": question.pk})
    assert like(webinar, "who was paying the village trainers") == [question.text]
    client = client_of(make_person(webinar, reads=["en"]))
    page = text_of(
        client.post(
            address(webinar, "similar"), {"text": "who was paying the village trainers", "language": "en"}
        )
    )
    assert asked in page  # shown in the reader's own


def test_something_only_a_little_like_it_is_not_shown() -> None:
    webinar = make_webinar()
    published(webinar, "Who paid the trainers in the villages?")
    assert like(webinar, "Which colour has the logo of the trainers?") == []
    assert like(webinar, "trainers") == []  # too short to be a question
    assert like(webinar, "and who was it then, that") == []  # words that say nothing


def test_three_at_most_and_never_ones_own_or_what_is_not_public() -> None:
    webinar = make_webinar()
    for n in range(5):
        published(webinar, f"Who paid the trainers in village {n}?")
    assert len(like(webinar, "Who paid the village trainers?")) == 3
    room = make_webinar("Another")
    me = make_person(room)
    ask(room, "Who paid the village trainers?")
    mine = ask(room, "Who paid the village trainers, then?", by=me)
    jobs.work_due()
    assert like(room, "Who paid the village trainers?") == []
    with deed(room.pk, by=make_person(room, "Mari", "moderator")) as done:
        publish_question(done, done.question(mine.pk))
    jobs.work_due()
    assert like(room, "Who paid the village trainers?", person=make_person(room)) == [mine.text]
    assert like(room, "Who paid the village trainers?", person=me) == []


def test_lessons_and_answers_elsewhere_that_fit_are_named_two_at_most() -> None:
    webinar = make_webinar()
    lesson("Trainers in villages", "How trainers in the villages were paid by banks and companies.")
    lesson("Küla koolitajad", "Kuidas külade koolitajatele maksti.", lang="et")
    lesson("Roads", "Gravel and asphalt.", guide=8)
    found = similar_to(webinar, "Who paid the trainers in villages?", "en", reads=["en"]).elsewhere
    assert [hit.title for hit in found] == ["Trainers in villages"]


def test_answers_of_a_room_for_invited_people_stay_there() -> None:
    closed = make_webinar(entry=Door.INVITED)
    published(closed, "Who paid the trainers in the villages?")
    webinar = make_webinar("Another")
    found = similar_to(webinar, "Who paid the trainers in the villages?", "en", reads=["en"])
    assert not found


def test_what_is_shown_can_be_voted_for_and_comes_by_post_alone() -> None:
    webinar = make_webinar()
    question = published(webinar, "Who paid the trainers in the villages?")
    client = client_of(make_person(webinar))
    there = address(webinar, "similar")
    page = text_of(client.post(there, {"text": "Who paid the village trainers?", "language": "en"}))
    assert f'form="vote" name="question" value="{question.pk}"' in page
    assert "Who paid the trainers in the villages?" in page
    assert client.get(there).status_code == 405


@pytest.mark.parametrize(
    "text", ["", "\x00", "а" * 5000, '"' * 300, "lang:mn tag:x -y kind:z", "🙂" * 40, "' OR 1=1 --  "]
)
def test_whatever_is_typed_the_answer_is_a_part_of_a_page(text: str) -> None:
    webinar = make_webinar()
    published(webinar, "Who paid?")
    client = client_of(make_person(webinar))
    for language in ("en", "mn", "", "no language", "xx-" * 30):
        assert (
            client.post(address(webinar, "similar"), {"text": text, "language": language}).status_code == 200
        )


def test_a_stranger_is_told_nothing() -> None:
    webinar = make_webinar()
    published(webinar, "Who paid the trainers in the villages?")
    for client in (client_of(None), client_of(make_person(make_webinar("Another")))):
        response = client.post(address(webinar, "similar"), {"text": "Who paid the village trainers?"})
        assert (response.status_code, response.content) == (403, b"")


def test_it_has_a_budget_for_each_person() -> None:
    webinar = make_webinar()
    busy, other = client_of(make_person(webinar)), client_of(make_person(webinar))
    words = {"text": "Who paid the village trainers?", "language": "en"}
    answers = [busy.post(address(webinar, "similar"), words).status_code for _ in range(30)]
    assert 429 in answers
    assert busy.post(address(webinar, "similar"), words).headers["Retry-After"]
    assert other.post(address(webinar, "similar"), words).status_code == 200


@pytest.mark.parametrize("page", ["room", "room/text"])
def test_without_a_script_the_confirmation_shows_what_is_similar_once(page: str) -> None:
    webinar = make_webinar()
    published(webinar, "Who paid the trainers in the villages?")
    client = client_of(make_person(webinar))
    sent = {
        "do": "ask", "client_id": "8c1c1a0e-9a0e-4b53-8f5e-5f2a5d8a1b12", "text": "Who paid the village trainers?",
        "language": "en", "back": address(webinar, page),
    }  # fmt: skip
    assert client.post(address(webinar, "do"), sent).status_code == 302
    assert "Asked here already?" in text_of(client.get(address(webinar, page)))
    assert "Asked here already?" not in text_of(client.get(address(webinar, page)))


def test_asking_is_never_held_up_by_what_is_similar() -> None:
    webinar = make_webinar()
    make_question(webinar)
    client = client_of(make_person(webinar))
    sent = {
        "do": "ask",
        "client_id": "8c1c1a0e-9a0e-4b53-8f5e-5f2a5d8a1b13",
        "text": "?? why",
        "language": "en",
    }
    assert client.post(address(webinar, "do"), sent).status_code == 302
    assert "your question" in text_of(client.get(address(webinar))).lower()
