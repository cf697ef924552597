"""The report one can hand to a minister: what it says, in which language, to whom, and what it never says."""

import csv
import io
import json
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Organisation
from accounts.names import Names
from tests.factories import make_opinion, make_person, make_poll, make_question, make_webinar
from tests.webinars.test_seats import browser_of
from webinars.models import Attendance, Commitment, Rendition, State, Webinar
from webinars.summary import came_to, summary_of

pytestmark = pytest.mark.django_db
BEGAN = timezone.now().replace(microsecond=0) - timedelta(hours=2)


def ended() -> Webinar:
    return make_webinar(
        "Training abroad", state=State.ENDED, started_at=BEGAN, ended_at=BEGAN + timedelta(hours=1)
    )


def page_of(webinar: Webinar, name: str = "report/", language: str = "en", role: str = "host") -> str:
    browser = browser_of(make_person(webinar, "", role))
    answer = browser.get(f"/{language}/webinars/{webinar.pk}-x/{name}")
    assert answer.status_code == 200
    return answer.content.decode("utf-8-sig")


def be_there(person: object, start: int, end: int) -> None:
    Attendance.objects.create(
        participant=person,  # type: ignore[misc]
        arrived_at=BEGAN + timedelta(minutes=start),
        left_at=BEGAN + timedelta(minutes=end),
    )


def test_it_says_who_came_from_where_how_many_at_once_and_how_long() -> None:
    webinar = ended()
    facts = {"joined_at": BEGAN}
    narva = make_person(webinar, country="EE", organisation="Tax Board", people_here=3, **facts)
    khovd = make_person(webinar, country="MN", organisation="tax  board", **facts)
    make_person(webinar, country="UA", registered_at=BEGAN)  # registered and never came
    gone = make_person(webinar, country="LV", removed_at=BEGAN, **facts)
    be_there(narva, 0, 30)
    be_there(narva, 20, 40)  # a second device at the same time
    be_there(khovd, 35, 55)
    be_there(gone, 0, 60)
    came = came_to(webinar)
    assert (came.people, came.with_beside, came.registered) == (2, 4, 1)
    assert came.countries == [("EE", 3), ("MN", 1)]
    assert [number for _, number in came.organisations] == [2]
    assert (came.peak, came.peak_at) == (4, BEGAN + timedelta(minutes=35))
    assert (came.minutes, came.minutes_each) == (60, 30)
    page = page_of(webinar)
    for words in ("Who came", "Estonia", "Mongolia", "people, with those beside them"):
        assert words in page
    assert "Latvia" not in page
    assert "Ukraine" not in page


def test_it_says_what_was_asked_most_answered_promised_and_owed() -> None:
    webinar = ended()
    jaan = make_person(webinar, "Jaan", "speaker", country="EE")
    wanted = make_question(webinar, "What did it cost?", votes=44, floor="done", language="uk")
    wanted.answers.create(gist="About 25 euros.", language="en", speaker=jaan, confirmed_at=BEGAN)
    owed = make_question(webinar, "And since?", votes=9)
    owed.answers.create(kind="promised", owner="The ministry", due=date(2020, 1, 1))
    make_question(webinar, "No time?", votes=2, closed_reason="time")
    make_question(webinar, "Left open?", votes=1)
    make_question(webinar, "Pending secret?", visibility="submitted")
    make_question(webinar, "Hidden secret?", visibility="hidden")
    city = Organisation.objects.create(names=Names.of("en", "City of Tartu"), country="EE")
    Commitment.objects.create(
        webinar=webinar, text=Names.of("en", "All by June"), owner="Mayor", organisation=city
    )
    page = page_of(webinar)
    assert page.index("What did it cost?") < page.index("And since?")
    for words in (
        "About 25 euros.", "(Jaan; confirmed by the speaker)", "Promised by The ministry", "overdue",
        "There was no time for it", "Not answered", "All by June", "City of Tartu", "What is still owed",
    ):  # fmt: skip
        assert words in page, words
    assert "secret" not in page


@pytest.mark.parametrize(
    ("language", "head"), [("en", "Who came"), ("et", "Kes tulid"), ("uk", "Хто був"), ("mn", "Хэн ирсэн")]
)
def test_its_address_says_in_which_language_it_is(language: str, head: str) -> None:
    page = page_of(ended(), language=language)
    assert f'<html lang="{language}"' in page
    assert head in page


def test_a_webinar_in_which_nothing_happened_has_a_report_that_says_so() -> None:
    page = page_of(ended())
    for words in ("Nobody has come into the room.", "Nothing was asked in writing", "No answer is owed."):
        assert words in page
    assert "this is how it stands now" not in page
    assert "this is how it stands now" in page_of(make_webinar())


@pytest.mark.parametrize("name", ["report/", "report.csv", "report.json"])
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("host", 200),
        ("moderator", 200),
        ("speaker", 403),
        ("language_desk", 403),
        ("captioner", 403),
        ("attendee", 403),
    ],
)
def test_it_is_for_hosts_and_moderators_and_no_link_opens_it_for_others(
    name: str, role: str, status: int
) -> None:
    webinar = ended()
    there = f"/en/webinars/{webinar.pk}-x/{name}"
    answer = browser_of(make_person(webinar, "", role)).get(there)
    assert answer.status_code == status
    assert "no-store" in answer.headers.get("Cache-Control", "") or status == 403
    assert Client().get(there).status_code == 403
    assert browser_of(make_person(make_webinar(), "", "host")).get(there).status_code == 403


def test_no_name_stands_in_it_that_its_owner_keeps_back() -> None:
    webinar = ended()
    for shown, keeps, name in (
        ("all", True, "Olena Moroz"), ("all", False, "Bat Bold"), ("moderators", False, "Mari Mets"),
        ("nobody", False, "Ivan Petrenko"),
    ):  # fmt: skip
        asker = make_person(webinar, name, place=f"Place of {name}", country="UA")
        make_question(webinar, f"By {shown}?", participant=asker, name_shown=shown, archive_keeps_name=keeps)
    make_question(webinar, "By phone?", participant=make_person(webinar, "Moderator M"), came_by="phone")
    for name in ("report/", "report.csv", "report.json"):
        told = page_of(webinar, name)
        assert "Olena Moroz" in told
        for kept in ("Bat Bold", "Mari Mets", "Ivan Petrenko", "Moderator M", "Place of"):
            assert kept not in told, (name, kept)


def test_what_askers_say_is_counted_and_names_nobody() -> None:
    webinar = ended()
    for n, says in enumerate(("answered", "partly", "partly", "")):
        question = make_question(
            webinar, f"Q{n}?", floor="done", participant=make_person(webinar, f"Asker {n}")
        )
        question.answers.create(gist="Yes.", language="en", asker_says=says)
    assert summary_of(webinar).judged == {"answered": 1, "partly": 2}
    data = json.loads(page_of(webinar, "report.json"))
    assert data["asker_says"] == {"answered": 1, "partly": 2}
    assert not any("says" in key for question in data["questions"] for key in question)


def test_opinions_stand_in_it_with_how_many_take_which_side_and_nobodys_name() -> None:
    webinar = ended()
    sayer = make_person(webinar, "Olena Moroz")
    make_opinion(webinar, "Libraries first.", participant=sayer, agree=12, disagree=3)
    make_opinion(webinar, "Waiting secret.", participant=sayer, visibility="submitted")
    page = page_of(webinar)
    assert "Libraries first." in page
    assert re.search(r"Agree: <b class=.num.>12</b>", page)
    assert "Olena Moroz" not in page
    data = json.loads(page_of(webinar, "report.json"))
    assert [(one["text"], one["agree"], one["disagree"]) for one in data["opinions"]] == [
        ("Libraries first.", 12, 3)
    ]
    assert "secret" not in page + str(data)


def test_polls_stand_in_it_once_their_results_are_published() -> None:
    webinar = ended()
    poll = make_poll(webinar, "What keeps people away?", "Price", "Skills", state="published", ballots=9)
    poll.options.filter(place=1).update(votes=7)
    make_poll(webinar, "A closed secret?", state="closed")
    page = page_of(webinar)
    assert "What keeps people away?" in page
    assert "9 people answered" in page
    assert re.search(r"Skills</span> <b class=.num.>7</b>", page)
    data = json.loads(page_of(webinar, "report.json"))
    assert [option["votes"] for option in data["polls"][0]["options"]] == [0, 7]
    assert "secret" not in page + str(data)


def test_it_speaks_the_readers_language_where_somebody_has_put_words_into_it() -> None:
    webinar = ended()
    question = make_question(webinar, "Скільки це коштувало?", language="uk", floor="done")
    answer = question.answers.create(gist="About 25 euros.", language="en")
    made = {"webinar": webinar, "question": question, "made_as": "language_desk"}
    Rendition.objects.create(language="mn", text="Хэдээр?", source=question.text, **made)
    Rendition.objects.create(language="mn", text="25 евро.", source=answer.gist, answer=answer, **made)
    Rendition.objects.create(language="et", text="Ootab", source=question.text, waits=True, **made)
    mongolian, estonian = page_of(webinar, language="mn"), page_of(webinar, language="et")
    assert '<span lang="mn" dir="auto">Хэдээр?</span>' in mongolian
    assert "25 евро." in mongolian
    assert "Ootab" not in estonian  # a second eye has not seen it
    assert "Скільки це коштувало?" in estonian


def test_s46_no_cell_of_the_table_is_a_formula() -> None:
    webinar = ended()
    asker = make_person(webinar, "@SUM(1)")
    question = make_question(webinar, "=HYPERLINK(1)?", participant=asker, floor="done")
    question.answers.create(gist="+25 euros", language="en", owner="-2")
    rows = list(csv.reader(io.StringIO(page_of(webinar, "report.csv"))))
    assert len(rows) == 2
    assert not [cell for cell in rows[1] if cell.startswith(("=", "+", "-", "@"))]
    assert "'=HYPERLINK(1)?" in rows[1]
    assert "'+25 euros" in rows[1]


def test_the_data_hold_what_the_page_says() -> None:
    webinar = ended()
    make_person(webinar, country="EE", joined_at=BEGAN, people_here=2)
    question = make_question(webinar, "What did it cost?", floor="done", votes=3)
    question.answers.create(gist="About 25 euros.", language="en")
    make_question(webinar, "Why?", closed_reason="unknown")
    data = json.loads(page_of(webinar, "report.json"))
    assert data["webinar"]["title"]["texts"] == {"en": "Training abroad"}
    assert data["came"]["countries"] == {"EE": 2}
    assert {one["question"]: one["state"] for one in data["questions"]} == {
        "What did it cost?": "answered", "Why?": "closed",
    }  # fmt: skip
    assert data["closed"] == {"unknown": 1}


def test_many_questions_take_as_many_queries_as_one_and_paper_stays_short() -> None:
    webinar = ended()
    browser, there = browser_of(make_person(webinar, "", "host")), f"/en/webinars/{webinar.pk}-x/report/"
    jaan = make_person(webinar, "Jaan", "speaker")

    def ask(number: int) -> None:
        for n in range(number):
            question = make_question(webinar, f"Question {n}?", floor="done")
            turn = webinar.turns.create(ended_at=timezone.now())
            turn.speakers.add(jaan)
            question.answers.create(gist="Yes.", language="en", turn=turn)

    counts = []
    for more in (1, 60):
        ask(more)
        browser.get(there)
        with CaptureQueriesContext(connection) as captured:
            page = browser.get(there).content.decode()
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert page.count('class="sum-q"') <= 24
    assert "37 more answers are in the table." in page
