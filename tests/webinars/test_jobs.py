"""What the language desk is asked for: by rule, so that nobody translates what nobody waits for."""

from typing import Any

import pytest
from django.utils import timezone

from tests.factories import make_person, make_question, make_webinar
from webinars.actions import floor, renditions, room
from webinars.actions.deed import deed
from webinars.live import reading
from webinars.live.jobs import READERS, People, cover, jobs_in
from webinars.models import Participant, Question, Webinar

pytestmark = pytest.mark.django_db


def wanted(webinar: Webinar) -> list[str]:
    """why: what into which language, in the order of the desk's list."""
    found = reading.page(webinar.pk, "staff", None)
    assert found is not None
    return [f"{job.why}: {job.text} {job.to}" for job in jobs_in(found[0], People.of(webinar))]


def staffed(*moderator_reads: str, **facts: Any) -> tuple[Webinar, Participant]:
    webinar = make_webinar(**facts)
    return webinar, make_person(webinar, "Mari", "host", reads=list(moderator_reads or ("en", "et")))


def readers(webinar: Webinar, count: int, *reads: str) -> None:
    for _ in range(count):
        make_person(webinar, reads=list(reads), joined_at=timezone.now())


def translated(by: Participant, question: Question, language: str, text: str = "Translated?") -> None:
    with deed(by.webinar_id, by=by) as done:
        renditions.translate(done, question=question.pk, language=language, text=text)


def test_what_waits_for_review_is_wanted_only_where_no_moderator_reads_it() -> None:
    webinar, host = staffed()
    mongolian = make_question(webinar, "Яаж?", language="mn", visibility="submitted")
    make_question(webinar, "Kuidas?", language="et", visibility="submitted")
    make_question(webinar, "How?", language="en-GB", visibility="submitted")
    assert wanted(webinar) == ["review: Яаж? en"]
    translated(host, mongolian, "et")
    assert wanted(webinar) == []


def test_one_moderator_who_reads_it_is_enough_and_those_who_are_gone_do_not_count() -> None:
    webinar, _ = staffed()
    make_question(webinar, "Яаж?", language="mn", visibility="submitted")
    mongol = make_person(webinar, "", "moderator", reads=["mn"])
    assert wanted(webinar) == []
    Participant.objects.filter(pk=mongol.pk).update(removed_at=timezone.now())
    assert wanted(webinar) == ["review: Яаж? en"]


def test_with_many_languages_and_many_speakers_the_fewest_renditions_are_wanted() -> None:
    webinar, host = staffed()
    for reads in (["et", "en"], ["uk", "en"], ["mn", "en"]):
        make_person(webinar, "", "speaker", reads=reads)
    asked = make_question(webinar, "Яаж?", language="mn", floor="next", next_rank=1)
    assert wanted(webinar) == ["floor: Яаж? en"]  # one, not three
    translated(host, asked, "en")
    assert wanted(webinar) == []


def test_what_is_next_is_wanted_in_the_language_of_the_speaker_it_is_for() -> None:
    webinar, host = staffed("mn")
    mongol = make_person(webinar, "", "speaker", reads=["mn"])
    ukrainian = make_person(webinar, "", "speaker", reads=["uk"])
    make_question(webinar, "Для всіх?", language="uk", floor="next", next_rank=3)
    make_question(webinar, "Тобі?", language="mn", floor="next", next_rank=1, addressed_to=mongol)
    to = make_question(webinar, "Танд?", language="mn", floor="next", next_rank=2, addressed_to=ukrainian)
    assert wanted(webinar) == ["floor: Танд? uk", "floor: Для всіх? mn"]
    with deed(webinar.pk, by=host) as done:
        floor.open_turn(done, done.question(to.pk))
    assert wanted(webinar)[0] == "floor: Танд? uk"


def test_readers_alone_are_a_reason_when_they_are_enough_and_somebody_voted() -> None:
    webinar, _ = staffed("mn")
    make_question(webinar, "Wanted?", votes=4)
    make_question(webinar, "Nobody voted?")
    readers(webinar, READERS - 1, "mn")
    readers(webinar, 5, "mn", "en")  # they read the original
    make_person(webinar, reads=["mn"])  # was invited and is not here
    assert wanted(webinar) == []
    readers(webinar, 1, "mn")
    assert wanted(webinar) == ["readers: Wanted? mn"]


def test_a_reader_counts_once_under_the_first_of_their_languages() -> None:
    webinar, _ = staffed()
    make_question(webinar, "Kuidas?", language="et", votes=1)
    readers(webinar, READERS, "mn", "uk")
    assert wanted(webinar) == ["readers: Kuidas? mn"]


def test_a_gist_and_a_notice_are_wanted_likewise() -> None:
    webinar, host = staffed("mn", "en")
    readers(webinar, READERS, "mn")
    asked = make_question(webinar, "Асуулт?", language="mn")
    with deed(webinar.pk, by=host) as done:
        floor.write_gist(done, done.question(asked.pk), gist="With a bus.", language="en")
        room.send_notice(done, text="Back at ten.", language="en")
    assert wanted(webinar) == ["notice: Back at ten. mn", "readers: With a bus. mn"]


def test_a_notice_to_speakers_is_wanted_for_speakers_alone() -> None:
    webinar, host = staffed()
    readers(webinar, 9, "mn")
    with deed(webinar.pk, by=host) as done:
        room.send_notice(done, text="Two minutes.", language="en", to="speakers")
    assert wanted(webinar) == []
    make_person(webinar, "", "speaker", reads=["uk"])
    assert wanted(webinar) == ["notice: Two minutes. uk"]


def test_a_stale_rendition_serves_nobody_and_one_that_waits_is_looked_at_by_another() -> None:
    webinar, host = staffed(second_eye=True)
    asker = make_person(webinar)
    asked = make_question(webinar, "Яаж?", language="mn", visibility="submitted", participant=asker)
    translated(host, asked, "en")
    assert wanted(webinar) == ["check: Яаж? en"]
    Question.objects.filter(pk=asked.pk).update(text="Хаана?")
    assert wanted(webinar) == ["review: Хаана? en"]


def test_the_most_urgent_comes_first() -> None:
    webinar, host = staffed()
    make_person(webinar, "", "speaker", reads=["uk"])
    readers(webinar, READERS, "mn")
    make_question(webinar, "Few votes?", votes=1)
    make_question(webinar, "Many votes?", votes=9)
    make_question(webinar, "Наступне?", language="mn", floor="next", next_rank=1)
    make_question(webinar, "Хүлээж буй?", language="mn", visibility="submitted")
    with deed(webinar.pk, by=host) as done:
        room.send_notice(done, text="Back at ten.", language="en")
    assert [line.partition(":")[0] for line in wanted(webinar)] == [
        "review",
        "floor",
        "notice",
        "readers",
        "readers",
    ]
    assert wanted(webinar)[-2:] == ["readers: Many votes? mn", "readers: Few votes? mn"]


def test_who_never_said_what_they_read_asks_for_nothing() -> None:
    webinar = make_webinar()
    make_person(webinar, "", "host")
    make_person(webinar, "", "speaker")
    readers(webinar, 9)
    make_question(webinar, "Яаж?", language="mn", visibility="submitted")
    make_question(webinar, "Дараагийнх?", language="mn", floor="next", next_rank=1, votes=3)
    assert wanted(webinar) == []


def test_as_few_languages_as_serve_everybody() -> None:
    everybody = [("et", "en"), ("uk", "en"), ("mn",), ("uk",)]
    assert cover(everybody, frozenset({"de"})) == ["uk", "mn", "et"]
    assert cover([("et", "en"), ("uk", "en")], frozenset({"de"})) == ["en"]
    assert cover([("et", "en"), ("uk", "en")], frozenset({"en"})) == []
