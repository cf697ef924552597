"""A webinar afterwards: what was answered and when, what is owed, what nobody answered, and nothing else."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.actions import create_user
from accounts.names import Names
from knowledge.actions import Details, Text, create_guide, publish_revision
from knowledge.models import Guide
from tests.factories import make_agenda, make_person, make_question, make_user, make_webinar
from webinars.addresses import address
from webinars.models import (
    AgendaItem,
    Answer,
    AnswerKind,
    Citation,
    Commitment,
    Entry,
    NameShown,
    Participant,
    Question,
    State,
    Turn,
    TurnQuestion,
    Visibility,
    Webinar,
)

pytestmark = pytest.mark.django_db
PAST = [State.ENDED, State.PUBLISHED]


def make_archive(title: str = "Who helps at the counter?", **facts: Any) -> Webinar:
    """Two hours long, nine days ago, with an agenda of three points of forty minutes."""
    began = (timezone.now() - timedelta(days=9)).replace(microsecond=0)
    facts = {"state": State.PUBLISHED, "starts_at": began, "started_at": began,
             "ended_at": began + timedelta(hours=2)} | facts  # fmt: skip
    webinar = make_webinar(title, **facts)
    for n, item in enumerate(make_agenda(webinar, "Opening", "The van", "Questions")):
        item.started_at = began + timedelta(minutes=40 * n)
        item.ended_at = item.started_at + timedelta(minutes=40)
        item.save()
    return webinar


def answer(question: Question, minute: float, gist: str = "So it was.", **facts: Any) -> Answer:
    """Spoken in a turn of three minutes that began in that minute; after the end it was written."""
    assert question.webinar.started_at is not None
    began = question.webinar.started_at + timedelta(minutes=minute)
    if minute > 120:
        return Answer.objects.create(question=question, gist=gist, language="en", kind=AnswerKind.WRITTEN,
                                     given_at=began, **facts)  # fmt: skip
    turn = Turn.objects.create(
        webinar=question.webinar, started_at=began, ended_at=began + timedelta(minutes=3)
    )
    TurnQuestion.objects.create(turn=turn, question=question)
    return Answer.objects.create(question=question, turn=turn, gist=gist, language="en" if gist else "",
                                 given_at=turn.ended_at, **facts)  # fmt: skip


def promise(question: Question, owner: str = "A. Minister", **facts: Any) -> Answer:
    return Answer.objects.create(question=question, kind=AnswerKind.PROMISED, owner=owner, **facts)


def cite(webinar: Webinar, number: int, **facts: Any) -> Guide:
    author = create_user(f"author{number}@example.org", None, name="Author", roles=("expert",))
    text = Text(f"Lesson {number}", "In short.", "## One {#one}\n\nText.")
    draft = create_guide(author, language="en", text=text)
    publish_revision(draft.edition, author, text, base=None, details=Details(countries=("EE",)))
    Citation.objects.create(guide=draft.edition.guide, webinar=webinar, language="en", **facts)
    return draft.edition.guide


def at(webinar: Webinar, language: str = "en") -> str:
    with translation.override(language):
        return address(webinar)


def page_of(path: str, browser: Client | None = None) -> str:
    answer = (browser or Client()).get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return " ".join(str(answer.content.decode()).split())


def in_order(page: str, *words: str) -> None:
    places = [page.find(word) for word in words]
    assert -1 not in places, dict(zip(words, places, strict=True))
    assert places == sorted(places), dict(zip(words, places, strict=True))


# --- what stands where -----------------------------------------------------------------------------------


def test_answers_stand_under_the_point_of_the_agenda_in_which_they_were_given() -> None:
    webinar = make_archive()
    speaker = make_person(webinar, "Speaker, Ukraine", "attendee", "speaker", country="UA")
    for text, minute in (("Last?", 100), ("Second?", 45), ("First?", 5), ("Written?", 5000)):
        answer(make_question(webinar, text), minute, f"Gist of {text}", speaker=speaker)
    page = page_of(at(webinar)).split('id="asked"')[1]
    in_order(
        page,
        "Opening", "0:05:00", "First?", "Gist of First?",
        "The van", "0:45:00", "Second?", "Gist of Second?",
        "Questions", "1:40:00", "Last?", "Gist of Last?",
        "Answered afterwards", "Written?", "Gist of Written?", "written afterwards",
    )  # fmt: skip
    assert page.count("Speaker, Ukraine") == 5  # with each answer, and among those who took part
    assert "answered 4 questions" in page


def test_the_agenda_counts_what_was_answered_and_leads_there() -> None:
    webinar = make_archive()
    for n in range(60):
        answer(make_question(webinar, f"Number {n}?"), 1 + n / 10)
    last = make_question(webinar, "In the van?")
    answer(last, 50)
    van = AgendaItem.objects.get(webinar=webinar, position=1)
    page = page_of(at(webinar))
    agenda = page.split('id="agenda"')[1].split("</section>")[0]
    assert re.findall(r"(\d+) answered", agenda) == ["60", "1"]
    assert f'href="?question={last.pk}#item-{van.pk}"' in agenda
    assert "In the van?" not in page
    assert f'id="item-{van.pk}"' in page_of(f"{at(webinar)}?question={last.pk}")


def test_what_is_owed_and_what_nobody_answered_stand_apart_most_wanted_first() -> None:
    webinar = make_archive()
    make_question(webinar, "Few want this?", votes=1)
    make_question(webinar, "Many want this?", votes=9)
    promise(make_question(webinar, "Owed?"), due=timezone.localdate() + timedelta(days=5))
    promise(
        make_question(webinar, "Owed too long?"), "B. Minister", due=timezone.localdate() - timedelta(days=1)
    )
    kept = make_question(webinar, "Owed and then answered?")
    promise(kept)
    answer(kept, 5000)
    page = page_of(at(webinar)).split('id="asked"')[1]
    in_order(page, "Answered afterwards", "Owed and then answered?", 'id="owed"', 'id="open"', "Many want this?",
             "Few want this?")  # fmt: skip
    owed = page.split('id="owed"')[1].split('id="open"')[0]
    for words in ("Owed?", "Promised by A. Minister", "Owed too long?", "Promised by B. Minister"):
        assert words in owed
    assert owed.count("overdue") == 1
    assert "overdue" in owed.split("Owed too long?")[1]
    for part, number in (("Answered", 1), ("Still owed", 2), ("Not answered", 2)):
        assert f'{part} <span class="num">{number}</span>' in page


def test_an_answer_nobody_summed_up_is_still_an_answer_and_a_long_one_is_whole() -> None:
    webinar = make_archive()
    answer(make_question(webinar, "Said only?"), 5, "")
    answer(
        make_question(webinar, "Told at length?"), 5000, "Yes.", text="One paragraph.\n\nAnother <b>one</b>."
    )
    page = page_of(at(webinar))
    assert "nobody has written down in short" in page
    assert "<p>One paragraph.</p>" in page
    assert "Another &lt;b&gt;one&lt;/b&gt;." in page
    assert "Not answered" not in page


@pytest.mark.parametrize("state", PAST)
def test_a_webinar_without_questions_says_so_and_one_of_long_ago_says_nothing(state: State) -> None:
    assert "Nothing was asked in writing" in page_of(at(make_archive(state=state)))
    old = make_webinar(
        state=state, starts_at=None, started_at=None, day=timezone.localdate().replace(year=2020)
    )
    page = page_of(at(old))
    assert "Nothing was asked" not in page
    assert "2020" in page


def test_what_came_of_it_is_told_apart_from_what_is_only_about_the_same() -> None:
    webinar = make_archive()
    question = make_question(webinar)
    answer(question, 5)
    cite(webinar, 1, question=question, quote="So it was.")
    cite(webinar, 2, quote="")
    Commitment.objects.create(webinar=webinar, text=Names.of("en", "A helper in each library"), owner="N. N.")
    page = page_of(at(webinar))
    came, same = page.split('id="came"')[1].split('id="lessons"')
    assert "Lesson 1" in came
    assert "A helper in each library" in came
    assert "Lesson 2" in same
    assert "Lesson 2" not in came
    assert "in a lesson" in page


# --- links -----------------------------------------------------------------------------------------------


def test_every_question_has_an_address_that_lasts() -> None:
    webinar = make_archive()
    questions = [make_question(webinar, f"Number {n}?", votes=100 - n) for n in range(70)]
    last = questions[-1]
    assert "Number 69?" not in page_of(at(webinar))
    path = f"/en/webinars/{webinar.pk}/?question={last.pk}"
    page = Client().get(path, follow=True).content.decode()
    assert f'id="q-{last.pk}"' in page
    assert f'href="?question={last.pk}#q-{last.pk}"' in page
    answer(last, 5)  # it moves to the first page, and the address leads there
    assert f'id="q-{last.pk}"' in page_of(f"{at(webinar)}?question={last.pk}")


def test_a_link_to_what_is_not_here_says_so_whatever_became_of_it() -> None:
    webinar = make_archive()
    make_question(webinar, "Here I am?")
    gone = make_question(webinar, "Nobody may read this", visibility=Visibility.HIDDEN)
    told = "The question this link led to is not here."
    pages = {
        page_of(f"{at(webinar)}?question={pk}").split("<main")[1]
        for pk in (gone.pk, 987_654, "x", "99999999999999999999")
    }
    assert len(pages) == 1
    assert told in pages.pop()
    assert told not in page_of(at(webinar))


def test_all_of_it_can_be_had_on_one_page() -> None:
    webinar = make_archive()
    for n in range(60):
        make_question(webinar, f"Number {n}?", votes=100 - n)
    assert 'href="?all=1"' in page_of(at(webinar))
    page = page_of(f"{at(webinar)}?all=1")
    assert "Number 59?" in page
    assert "Page 1 of" not in page


# --- what must not happen --------------------------------------------------------------------------------


@pytest.mark.parametrize("state", PAST)
@pytest.mark.parametrize("visibility", [v for v in Visibility if v != Visibility.PUBLISHED], ids=str)
def test_what_was_not_published_is_nowhere_in_the_archive(visibility: Visibility, state: State) -> None:
    webinar = make_archive(state=state)
    secret = make_question(webinar, "Nobody may read this", visibility=visibility, reason_note="and not this")
    answer(secret, 5, "An answer to nobody", speaker=make_person(webinar, "Speaker", "attendee", "speaker"))
    promise(secret, "An owner of nothing")
    answer(make_question(webinar, "May everybody read me?"), 6)
    for path in (at(webinar), f"{at(webinar)}?all=1", f"{at(webinar)}?question={secret.pk}"):
        page = page_of(path)
        assert "May everybody read me?" in page
        for words in ("Nobody may read this", "and not this", "An answer to nobody", "An owner of nothing",
                      f"q-{secret.pk}"):  # fmt: skip
            assert words not in page, (words, path)
    assert "answered 1 question" not in page_of(at(webinar))  # the speaker answered nothing that is public


@pytest.mark.parametrize("state", PAST)
def test_names_are_kept_only_as_their_owners_allowed(state: State) -> None:
    webinar = make_archive(state=state)
    asked = {
        "Open Person": {},
        "Shy Person": {"name_shown": NameShown.MODERATORS},
        "Nobody's Person": {"name_shown": NameShown.NOBODY},
        "Only Then": {"archive_keeps_name": False},
    }
    for name, facts in asked.items():
        asker = make_person(webinar, name, organisation=f"Office of {name}", place=f"Town of {name}")
        answer(make_question(webinar, participant=asker, **facts), 5)
    page = page_of(at(webinar))
    for name in asked:
        assert (name in page) is (name == "Open Person"), name


def test_what_invited_people_talked_about_is_theirs_until_the_archive_is_published() -> None:
    webinar = make_archive(entry=Entry.INVITED, state=State.ENDED)
    question = make_question(webinar, "Between us?")
    answer(question, 5, "Between us, yes.", speaker=make_person(webinar, "Speaker", "attendee", "speaker"))
    member = make_user()
    make_person(webinar, "Member", user=member)
    browser = Client()
    browser.force_login(member)
    stranger = page_of(f"{at(webinar)}?question={question.pk}")
    assert "Not open to everybody yet" in stranger
    for words in ("Between us", "answered 1", "The question this link led to"):
        assert words not in stranger
    assert "Between us, yes." in page_of(at(webinar), browser)
    Webinar.objects.update(state=State.PUBLISHED)
    assert "Between us, yes." in page_of(at(webinar))


def test_nobody_enters_what_is_over_and_strangers_get_nothing_but_the_page() -> None:
    webinar = make_archive()
    answer(make_question(webinar), 5)
    reply = Client().get(at(webinar))
    assert not reply.cookies
    assert "no-store" not in reply["Cache-Control"]
    for words in (b"csrfmiddlewaretoken", b"/join/", b"/attend/", b"/console/", b"Write down a promise"):
        assert words not in reply.content, words


def test_an_archive_asks_the_database_as_often_for_thirty_as_for_three() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            page_of(at(webinar))
        return len(seen)

    def more(number: int) -> None:
        for n in range(number):
            speaker = make_person(webinar, f"Speaker {n}", "attendee", "speaker")
            question = make_question(webinar, f"Answered {n}?", addressed_to=speaker)
            answer(question, n, speaker=speaker)
            promise(make_question(webinar, f"Owed {n}?"))
            make_question(webinar, f"Open {n}?")
            Commitment.objects.create(webinar=webinar, text=Names.of("en", f"Promise {n}"), owner="Somebody")
            item = AgendaItem.objects.create(
                webinar=webinar, position=AgendaItem.objects.count(), title=Names.of("en", f"Item {n}")
            )
            item.speakers.add(speaker)
            cite(webinar, Participant.objects.count(), question=question, quote="So it was.")

    webinar = make_archive()
    more(3)
    at_three = queries()
    more(27)
    assert queries() == at_three
    assert at_three <= 22


@pytest.mark.parametrize("language", ["mn", "uk"])
def test_the_archive_speaks_the_language_of_the_page_and_marks_what_does_not(language: str) -> None:
    webinar = make_archive()
    Webinar.objects.update(title=Names.of("en", "In English only"))
    webinar.refresh_from_db()
    answer(make_question(webinar, "Сургагч нар цалин авсан уу?", language="mn"), 5)
    page = page_of(at(webinar, language))
    assert '<span lang="en">In English only</span>' in page
    assert '<span class="chip line" lang="en">' in page
    assert '<p class="q-text" lang="mn">' in page
    assert 'class="q-gist" lang="en"' in page
    for english in ("Asked and answered", "What came of it", "Who took part", "answered "):
        assert english not in page, english
