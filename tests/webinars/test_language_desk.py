"""The language desk's page: who may sit there, what it shows, and that all of it works by forms alone."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import make_person, make_question, make_webinar
from tests.site import session_of
from webinars.actions import renditions
from webinars.actions.deed import deed
from webinars.actions.floor import write_gist
from webinars.models import Participant, Question, Rendition, Webinar

pytestmark = pytest.mark.django_db

ASKED = "Ахмад настнуудад яаж хүрсэн бэ?"


def client_of(person: Participant | None) -> Client:
    client = Client()
    if person:
        client.cookies[settings.SESSION_COOKIE_NAME] = session_of(person)
    return client


def page_of(client: Client, webinar: Webinar, query: str = "", language: str = "en") -> str:
    answer = client.get(f"/{language}/webinars/{webinar.pk}-x/desk/{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def press(client: Client, webinar: Webinar, **fields: Any) -> str:
    """A form of the page, and the page that comes back."""
    back = f"/en/webinars/{webinar.pk}-x/desk/"
    answer = client.post(f"/en/webinars/{webinar.pk}-x/do/", {"back": back, **fields}, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def room_with_a_question(**facts: Any) -> tuple[Webinar, Question, Participant]:
    webinar = make_webinar(**facts)
    make_person(webinar, "Mari", "moderator", reads=["en"])
    asker = make_person(webinar, "Bat", place="Khovd", country="MN")
    asked = make_question(webinar, ASKED, language="mn", visibility="submitted", participant=asker)
    return webinar, asked, make_person(webinar, "Olena", "language_desk", reads=["mn", "en"])


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("attendee", 403),
        ("captioner", 403),
        ("speaker", 403),
        ("language_desk", 200),
        ("moderator", 200),
        ("host", 200),
    ],
)
def test_it_is_for_the_desk_moderators_and_hosts(role: str, status: int) -> None:
    webinar, _, _ = room_with_a_question(speakers_see_pending=True)
    answer = client_of(make_person(webinar, "", role)).get(f"/en/webinars/{webinar.pk}-x/desk/")
    assert answer.status_code == status


def test_a_stranger_goes_through_the_join_page() -> None:
    webinar, _, _ = room_with_a_question()
    answer = Client().get(f"/en/webinars/{webinar.pk}-x/desk/")
    assert answer["Location"] == f"/en/webinars/{webinar.pk}-x/join/"


def test_jobs_stand_under_why_they_are_wanted_and_others_pairs_apart() -> None:
    webinar, _, desk = room_with_a_question()
    make_question(webinar, "Kuidas?", language="et", visibility="submitted")
    page = page_of(client_of(desk), webinar)
    assert page.index("Needed now: no moderator can read it") < page.index(ASKED)
    assert page.index("In languages you do not read") < page.index("Kuidas?")
    assert len(re.findall(r"data-job=\"[^\"]+\"", page)) == 1


def test_nothing_to_do_and_nothing_read_both_say_so() -> None:
    webinar = make_webinar()
    assert "Nothing waits for a translation" in page_of(
        client_of(make_person(webinar, "", "language_desk", reads=["mn", "en"])), webinar
    )
    assert "Say which languages you read" in page_of(
        client_of(make_person(webinar, "", "language_desk", reads=["mn"])), webinar
    )


def test_without_a_script_one_takes_a_text_translates_it_and_it_is_in_the_room() -> None:
    webinar, asked, desk = room_with_a_question()
    client = client_of(desk)
    page = press(client, webinar, do="claim", question=asked.pk, language="en")
    assert "It is yours for three minutes." in page
    assert 'id="own-text"' in page
    assert ASKED in page
    page = press(client, webinar, do="translate", question=asked.pk, language="en", text="How?", version=0)
    assert "Translated. Thank you." in page
    assert 'data-job="' not in page  # nothing is left to do
    assert Rendition.objects.get().text == "How?"
    assert Rendition.objects.get().holder is None


def test_what_was_refused_stands_in_the_box_again() -> None:
    webinar, asked, desk = room_with_a_question()
    client, other = client_of(desk), make_person(webinar, "Oyun", "language_desk", reads=["mn", "en"])
    with deed(webinar.pk, by=other) as done:
        renditions.claim(done, question=asked.pk, language="en")
    back = f"/en/webinars/{webinar.pk}-x/desk/?job=question.{asked.pk}.en"
    page = press(
        client, webinar, do="translate", question=asked.pk, language="en", text="My words", back=back
    )
    assert "Somebody else is translating this now" in page
    assert re.search(r"<textarea[^>]*>My words</textarea>", page)
    assert "Oyun is translating this." in page


def test_several_at_one_desk_see_who_has_what_until_it_runs_out() -> None:
    webinar, asked, desk = room_with_a_question()
    other = make_person(webinar, "Oyun", "language_desk", reads=["mn", "en"])
    with deed(webinar.pk, by=other) as done:
        renditions.claim(done, question=asked.pk, language="en")
    assert "data-held" in page_of(client_of(desk), webinar)
    assert "data-held" not in page_of(client_of(other), webinar)
    Rendition.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert "data-held" not in page_of(client_of(desk), webinar)


def test_the_open_text_shows_its_sources_terms_and_what_was_translated_with_the_same_words() -> None:
    webinar, asked, desk = room_with_a_question()
    before = make_question(webinar, "Ахмад настнууд өөрсдөө ашигласан уу?", language="mn")
    with deed(webinar.pk, by=desk) as done:
        renditions.translate(
            done, question=before.pk, language="en", text="Did older people use it themselves?"
        )
        renditions.translate(done, question=asked.pk, language="en", text="How did you reach them?")
    host = make_person(webinar, "", "host", reads=["uk", "en"])
    page = page_of(client_of(desk), webinar, f"?job=question.{asked.pk}.en")
    assert "older people" in page[page.index("Terms here") :]
    assert "Did older people use it themselves?" in page[page.index("Same words") :]
    page = page_of(client_of(host), webinar, f"?job=question.{asked.pk}.uk")
    source = re.search(r'<p class="work-text" lang="(\w+)"', page)
    assert source is not None
    assert source[1] == "en"  # what the host reads of it, with a way to the original
    assert f"?job=question.{asked.pk}.uk&amp;from=mn" in page


@pytest.mark.parametrize(
    "job", ["question.1.xx-yy-", "question.99999.en", "answer.1", "notice..en", "<b>", "question.²³.en"]
)
def test_a_job_that_is_none_opens_nothing(job: str) -> None:
    webinar, _, desk = room_with_a_question()
    assert "Take a text from the list" in page_of(client_of(desk), webinar, f"?job={job}")


def test_a_text_between_languages_somebody_does_not_read_is_not_opened() -> None:
    webinar, asked, _ = room_with_a_question()
    stranger = make_person(webinar, "", "language_desk", reads=["et", "uk"])
    assert "Take a text from the list" in page_of(
        client_of(stranger), webinar, f"?job=question.{asked.pk}.uk"
    )


def test_the_page_asks_as_much_for_thirty_jobs_as_for_one() -> None:
    webinar, _, desk = room_with_a_question()
    client = client_of(desk)
    page_of(client, webinar)
    with CaptureQueriesContext(
        connection,
    ) as one:
        page_of(client, webinar)
    for n in range(30):
        make_question(webinar, f"Асуулт {n}?", language="mn", visibility="submitted")
    with CaptureQueriesContext(connection) as many:
        page_of(client, webinar)
    assert len(many) == len(one)


def test_a_reader_gets_the_first_language_they_read_and_the_original_at_a_press() -> None:
    webinar, _, desk = room_with_a_question()
    asked = make_question(webinar, ASKED, language="mn")
    with deed(webinar.pk, by=desk) as done:
        renditions.translate(done, question=asked.pk, language="en", text="How did you reach them?")
    rooms = [("room/", "q-text"), ("room/text/", "")]
    for path, mark in rooms:
        reader = client_of(make_person(webinar, reads=["et", "en"]))
        page = reader.get(f"/en/webinars/{webinar.pk}-x/{path}").content.decode()
        at = page.index(f'data-question="{asked.pk}"')
        row = page[at : at + 3000]
        assert mark in row
        assert (
            row.index("How did you reach them?")
            < row.index("translated by the language desk")
            < row.index(ASKED)
        )
        assert re.search(rf'<p class="q-original" lang="mn"[^>]*>{re.escape(ASKED)}', row)
    mongol = client_of(make_person(webinar, reads=["mn", "en"]))
    page = mongol.get(f"/mn/webinars/{webinar.pk}-x/room/").content.decode()
    at = page.index(f'data-question="{asked.pk}"')
    assert "How did you reach them?" not in page[at : page.index("</li>", at)]


def test_the_prompter_and_the_wall_speak_the_rendition_and_the_wall_no_stale_one() -> None:
    webinar, _, desk = room_with_a_question()
    asked = make_question(webinar, ASKED, language="mn", floor="next", next_rank=1)
    with deed(webinar.pk, by=desk) as done:
        renditions.translate(done, question=asked.pk, language="en", text="How did you reach them?")
    speaker = client_of(make_person(webinar, "Jaan", "speaker", reads=["et", "en"]))
    page = speaker.get(f"/en/webinars/{webinar.pk}-x/prompter/").content.decode()
    assert page.index("How did you reach them?") < page.index(ASKED)
    wall = f"/en/webinars/{webinar.pk}-x/projector/?and=mn"
    page = Client().get(wall).content.decode()
    assert re.search(r'<p lang="en"[^>]*>How did you reach them\?</p><p lang="mn"', page)
    Question.objects.filter(pk=asked.pk).update(text="Хотод яаж хүрсэн бэ?")
    assert '<p lang="en" dir="auto">How did you reach them?</p>' not in Client().get(wall).content.decode()


def test_the_archive_shows_questions_and_gists_in_the_readers_language() -> None:
    webinar, _, desk = room_with_a_question()
    asked = make_question(webinar, ASKED, language="mn")
    host = make_person(webinar, "", "host")
    with deed(webinar.pk, by=host) as done:
        write_gist(done, done.question(asked.pk), gist="Номын сангийн автобусаар.", language="mn")
    answer = asked.answers.get()
    with deed(webinar.pk, by=desk) as done:
        renditions.translate(done, question=asked.pk, language="en", text="How did you reach them?")
        renditions.translate(done, answer=answer.pk, language="en", text="With the library bus.")
    Webinar.objects.filter(pk=webinar.pk).update(state="published", ended_at=timezone.now())
    page = Client().get(f"/en/webinars/{webinar.pk}-x/", follow=True).content.decode()
    assert "How did you reach them?" in page
    assert "With the library bus." in page
    assert ASKED in page  # a press away
