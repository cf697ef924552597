"""What is left at the end: promised or closed in a few presses, written later, and sent to whoever asked, once."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from config import jobs
from config.models import Job
from tests.factories import make_person, make_question, make_user, make_webinar
from tests.webinars.test_seats import browser_of
from webinars.actions import answers, room, settling
from webinars.actions.deed import Refused, deed
from webinars.actions.erasing import forget_guest
from webinars.addresses import address, link_of
from webinars.models import Answer, Delivery, Participant, Question, State, Webinar

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 1)


class Ended:
    """A webinar that has ended with three questions nobody answered, and one that was."""

    def __init__(self, **facts: Any) -> None:
        ended = {
            "state": State.ENDED,
            "ended_at": timezone.now(),
            "started_at": timezone.now() - timedelta(hours=1),
        }
        self.webinar = make_webinar(**(ended | facts))
        self.host = make_person(self.webinar, "Host", "host")
        self.asker = make_person(self.webinar, "Olena", email="olena@example.org", reads=["uk"])
        self.open = [
            make_question(self.webinar, f"Open {n}?", participant=self.asker, votes=n) for n in range(3)
        ]
        done = make_question(self.webinar, "Answered?", floor="done")
        done.answers.create(gist="Yes.", language="en")
        make_question(self.webinar, "Pending?", visibility="submitted")
        self.there = address(self.webinar, "owed")
        self.browser = Client()
        self.browser.cookies[settings.SESSION_COOKIE_NAME] = (
            browser_of(self.host).cookies[settings.SESSION_COOKIE_NAME].value
        )

    @property
    def page(self) -> str:
        answer = self.browser.get(self.there)
        assert answer.status_code == 200
        return answer.content.decode()

    def post(self, **fields: Any) -> Any:
        return self.browser.post(self.there, fields)

    def write(self, question: Question, text: str = "Half of them.", by: Participant | None = None) -> None:
        with deed(self.webinar.pk, by=by or self.host) as done:
            answers.write_answer(done, done.question(question.pk), text=text, language="en")


def boxes(page: str) -> list[str]:
    return re.findall(r'name="questions" value="(\d+)" checked', page)


def test_all_of_them_are_promised_to_one_owner_by_one_day_in_one_press() -> None:
    ended = Ended()
    page = ended.page
    assert boxes(page) == [str(question.pk) for question in reversed(ended.open)]  # most wanted first
    assert "Answered?" not in page
    assert "Pending?" not in page
    said = ended.post(do="promise_all", questions=boxes(page), owner="The ministry", due=DAY.isoformat())
    assert said.status_code == 302
    promised = Answer.objects.filter(kind="promised")
    assert {one.question for one in promised} == set(ended.open)
    assert {(one.owner, one.due) for one in promised} == {("The ministry", DAY)}
    page = ended.page
    assert "Nothing is left open" in page
    assert page.count("Promised by The ministry") == 3
    assert "The promises are noted." in page


def test_some_are_closed_with_a_reason_that_everybody_reads_and_the_list_keeps_the_rest() -> None:
    ended = Ended()
    first, second, third = ended.open
    ended.post(do="close", questions=[first.pk, second.pk], reason="time", note="We ran over.")
    assert boxes(ended.page) == [str(third.pk)]
    ended.webinar.state = State.PUBLISHED
    ended.webinar.save()
    archive = Client().get(address(ended.webinar)).content.decode()
    assert archive.count("There was no time for it") == 2
    assert "We ran over." in archive
    mine = browser_of(ended.asker).get(f"/en/webinars/mine/questions/?webinar={ended.webinar.pk}")
    assert "It stays without an answer" in mine.content.decode()
    first.refresh_from_db()
    assert (first.closed_reason, first.visibility) == ("time", "published")


def test_it_can_be_skipped_and_the_list_stays_until_it_is_done() -> None:
    ended = Ended(state=State.LIVE, ended_at=None)
    ended.browser.get(ended.there)  # looked at before the end, and left alone
    with deed(ended.webinar.pk, by=ended.host) as done:
        room.change_state(done, State.ENDED)
    assert len(boxes(ended.page)) == 3
    console = ended.browser.get(address(ended.webinar, "console")).content.decode()
    assert "Questions without an answer wait for a promise or a reason." in console
    assert re.search(r'<p class="notice" id="settle">', console)
    with deed(ended.webinar.pk, by=ended.host) as done:
        room.change_state(done, State.PUBLISHED)
    bar = ended.browser.get(address(ended.webinar)).content.decode()
    assert 'What is owed <span class="num">3</span>' in bar
    assert len(boxes(ended.page)) == 3


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"do": "promise_all", "owner": "  ", "due": "2027-03-01"}, "There are no words in it yet"),
        ({"do": "promise_all", "owner": "The city", "due": "soon"}, "did not arrive whole"),
        ({"do": "close", "reason": "", "note": "Kept words"}, "Choose a reason"),
        ({"do": "close", "reason": "tired", "note": "Kept words"}, "Choose a reason"),
        ({"do": "hide"}, "did not arrive whole"),
    ],
)
def test_a_wrong_press_is_told_and_loses_nothing(fields: dict[str, str], words: str) -> None:
    ended = Ended()
    chosen = ended.open[1]
    said = ended.post(questions=[chosen.pk], **fields)
    assert said.status_code == 422
    page = said.content.decode()
    assert words in page
    assert boxes(page) == [str(chosen.pk)]
    for value in (fields.get("owner", "").strip(), fields.get("note", "")):
        assert value in page
    assert not Answer.objects.filter(kind="promised").exists()
    assert not Question.objects.exclude(closed_reason="").exists()


def test_without_a_tick_nothing_is_done_and_that_is_said() -> None:
    ended = Ended()
    said = ended.post(do="promise_all", owner="The city")
    assert said.status_code == 422
    assert "No question is chosen" in said.content.decode()


def test_what_is_answered_or_promised_meanwhile_is_left_alone() -> None:
    ended = Ended()
    ids = [question.pk for question in ended.open]
    ended.open[0].answers.create(kind="promised", owner="The city")
    ended.post(do="close", questions=ids, reason="time")
    ended.open[0].refresh_from_db()
    assert ended.open[0].closed_reason == ""
    assert Question.objects.filter(closed_reason="time").count() == 2
    ended.post(do="promise_all", questions=ids, owner="The ministry")  # second thoughts about what was closed
    assert not Question.objects.exclude(closed_reason="").exists()
    assert Answer.objects.filter(kind="promised").count() == 3


def test_a_press_can_be_taken_back_on_the_page() -> None:
    ended = Ended()
    ids = [question.pk for question in ended.open]
    for fields in ({"do": "promise_all", "owner": "The city"}, {"do": "close", "reason": "time"}):
        ended.post(questions=ids, **fields)
        page = ended.page
        act = re.search(r'name="act" value="(\d+)"', page)
        assert act is not None
        assert boxes(page) == []
        ended.browser.post(address(ended.webinar, "do"), {"do": "undo", "act": act[1], "back": ended.there})
        assert len(boxes(ended.page)) == 3


def test_ids_of_another_room_or_of_what_is_not_public_settle_nothing() -> None:
    ended, elsewhere = Ended(), make_question(make_webinar())
    hidden = make_question(ended.webinar, visibility="hidden")
    for wrong, why in ((elsewhere, "not_found"), (hidden, "changed")):
        with pytest.raises(Refused, match=why), deed(ended.webinar.pk, by=ended.host) as done:
            settling.close_questions(done, questions=[ended.open[0].pk, wrong.pk], reason="time")
    assert not Question.objects.exclude(closed_reason="").exists()


@pytest.mark.parametrize(
    ("role", "status"), [("host", 200), ("moderator", 200), ("speaker", 403), ("attendee", 403)]
)
def test_the_page_is_for_the_desk(role: str, status: int) -> None:
    ended = Ended()
    assert browser_of(make_person(ended.webinar, "", role)).get(ended.there).status_code == status
    assert Client().get(ended.there).status_code == 403


def test_an_owner_who_is_called_as_a_speaker_is_that_speaker() -> None:
    ended = Ended()
    jaan = make_person(ended.webinar, "Jaan Tamm", "speaker")
    ended.post(do="promise_all", questions=[ended.open[0].pk], owner="jaan tamm", due=DAY.isoformat())
    ended.open[0].refresh_from_db()
    assert ended.open[0].assigned_to == jaan
    page = browser_of(jaan).get(address(ended.webinar, "my_answers")).content.decode()
    assert "Waiting for your answer" in page
    assert "Open 0?" in page
    assert "Open 1?" not in page
    said = {"do": "answer", "question": ended.open[0].pk, "text": "Half of them.", "language": "et"}
    assert "ok" in browser_of(jaan).post(address(ended.webinar, "do"), said).json()
    given = Answer.objects.get(question=ended.open[0], kind="written")
    assert (given.speaker, given.confirmed_by, given.owner) == (jaan, jaan, "jaan tamm")
    other = said | {"question": ended.open[1].pk}
    assert browser_of(jaan).post(address(ended.webinar, "do"), other).json()["error"] == "forbidden"


# --- on their way ---------------------------------------------------------------------------------------


def test_a_promised_answer_goes_by_letter_in_the_askers_language_with_a_link_that_shows_it() -> None:
    ended = Ended()
    question = ended.open[2]
    ended.post(do="promise_all", questions=[question.pk], owner="The ministry", due=DAY.isoformat())
    said = ended.post(
        do="answer", question=question.pk, text="Half of them.\nThe rest by June.", language="en"
    )
    assert said.status_code == 302
    jobs.work_due()
    [letter] = mail.outbox
    assert letter.to == ["olena@example.org"]
    assert letter.subject.startswith("На ваше запитання відповіли")
    assert "Open 2?" in letter.body
    assert "Half of them.\nThe rest by June." in letter.body
    assert "The ministry" in letter.body
    assert "ви поставили це запитання" in letter.body  # why they get it
    link = re.search(r"http\S+", letter.body)
    assert link is not None
    assert link[0].startswith(link_of(ended.asker))
    shown = Client().get(link[0].removeprefix(settings.SITE_URL), follow=True)
    assert shown.redirect_chain[-1][0].endswith(f"?webinar={ended.webinar.pk}#q-{question.pk}")
    page = shown.content.decode()
    assert "The rest by June." in page
    assert "Чи це відповідь на ваше запитання?" in page
    delivery = Delivery.objects.get()
    assert delivery.sent_at is not None
    assert "1 letter has left" in ended.page


def test_it_leaves_once_however_often_it_is_wanted_written_or_worked_on() -> None:
    ended = Ended()
    ended.write(ended.open[0])
    ended.write(ended.open[0], "Half of them, to be exact.")  # put right before it left
    jobs.work_due()
    ended.write(ended.open[0], "Half of them, to be precise.")  # and after
    jobs.work_due()
    jobs.enqueue("webinars.answer", {"delivery": Delivery.objects.get().pk}, key="again")
    jobs.work_due()
    [letter] = mail.outbox
    assert "to be exact" in letter.body
    assert Answer.objects.filter(kind="written", question=ended.open[0]).count() == 1
    assert ended.webinar.acts.filter(verb="answer").count() == 3
    assert ended.webinar.acts.filter(verb="answer").last().before["text"] == "Half of them, to be exact."  # type: ignore[union-attr]


def test_a_letter_the_mail_server_refused_is_tried_again_and_then_leaves_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended = Ended()
    ended.write(ended.open[0])
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", _refuse)
        jobs.work_due()
    assert Delivery.objects.get().begun_at is None
    Job.objects.update(due_at=timezone.now())
    jobs.work_due()
    jobs.work_due()
    assert len(mail.outbox) == 1
    assert not Job.objects.filter(kind="webinars.answer").exists()


def _refuse(*_: object, **__: object) -> None:
    raise OSError("the mail server is away")


def test_a_letter_that_was_begun_when_the_site_stopped_is_not_sent_a_second_time() -> None:
    ended = Ended()
    ended.write(ended.open[0])
    Delivery.objects.update(begun_at=timezone.now())
    jobs.work_due()
    assert mail.outbox == []


def test_a_guest_without_an_address_reads_it_by_the_link_alone() -> None:
    ended = Ended()
    Participant.objects.filter(pk=ended.asker.pk).update(email="")
    ended.write(ended.open[0], "By the link.")
    jobs.work_due()
    assert mail.outbox == []
    link = link_of(ended.asker).removeprefix(settings.SITE_URL)
    assert "By the link." in Client().get(f"{link}?to=questions", follow=True).content.decode()
    assert "1 person reads it by their link" in ended.page


def test_whoever_asked_the_same_gets_it_too_and_nobody_else() -> None:
    ended = Ended()
    same = make_person(ended.webinar, "Bat", email="bat@example.org")
    make_question(ended.webinar, "The same?", participant=same, visibility="declined", into=ended.open[0])
    taken_back = make_person(ended.webinar, "Gone", email="gone@example.org")
    make_question(ended.webinar, "", participant=taken_back, visibility="withdrawn", into=ended.open[0])
    make_person(ended.webinar, "Bystander", email="bystander@example.org")
    make_question(
        ended.webinar, "For a citizen?", participant=ended.host, came_by="phone", into=ended.open[0]
    )
    ended.write(ended.open[0])
    jobs.work_due()
    assert sorted(letter.to[0] for letter in mail.outbox) == ["bat@example.org", "olena@example.org"]
    [theirs] = [letter for letter in mail.outbox if letter.to == ["bat@example.org"]]
    assert "The same?" in theirs.body
    assert "Open 0?" in theirs.body


def test_nobody_gets_a_letter_after_they_were_erased_sent_out_or_the_question_hidden() -> None:
    for what in ("erased", "removed", "closed", "hidden"):
        ended = Ended()
        user = make_user(email=f"{what}@example.org")
        if what == "closed":
            Participant.objects.filter(pk=ended.asker.pk).update(user=user, email="")
        ended.write(ended.open[0])
        if what == "erased":
            forget_guest(ended.asker, blank_words=False)
        elif what == "removed":
            Participant.objects.filter(pk=ended.asker.pk).update(removed_at=timezone.now())
        elif what == "closed":
            user.is_active = False
            user.save()
        else:
            Question.objects.filter(pk=ended.open[0].pk).update(visibility="hidden")
        jobs.work_due()
        assert mail.outbox == [], what


def test_while_it_runs_a_written_answer_sends_no_letter_unless_it_was_promised() -> None:
    ended = Ended(state=State.LIVE, ended_at=None)
    ended.write(ended.open[0])
    assert not Delivery.objects.exists()
    ended.open[1].answers.create(kind="promised", owner="The city")
    ended.write(ended.open[1])
    assert Delivery.objects.get().answer.question == ended.open[1]


def test_a_written_answer_needs_words_and_a_language_and_keeps_what_was_typed() -> None:
    ended = Ended()
    ended.open[0].answers.create(kind="promised", owner="The city")
    said = ended.post(do="answer", question=ended.open[0].pk, text="Half.", gist="x" * 1500, language="en")
    assert said.status_code == 422
    assert "too long" in said.content.decode()
    assert "x" * 1500 in said.content.decode()
    for text, language, why in (
        ("  ", "en", "empty"),
        ("Yes.", "!", "language_unknown"),
        ("x" * 6001, "en", "too_long"),
    ):
        with pytest.raises(Refused, match=why), deed(ended.webinar.pk, by=ended.host) as done:
            answers.write_answer(done, done.question(ended.open[0].pk), text=text, language=language)
    assert not Delivery.objects.exists()


def test_what_stands_for_a_long_answer_in_lists_is_short() -> None:
    assert answers.in_short("Half.\n\nOf them.") == "Half. Of them."
    assert len(answers.in_short("word " * 200)) <= answers.SHORT


def test_the_links_of_letters_lead_where_they_say_and_nowhere_else() -> None:
    ended = Ended()
    speaker = make_person(ended.webinar, "Jaan", "speaker")

    def leads(person: Participant, to: str) -> str:
        link = link_of(person).removeprefix(settings.SITE_URL)
        return Client().get(f"{link}?to={to}")["Location"]

    asked = f"/questions/?webinar={ended.webinar.pk}"
    assert leads(ended.asker, "questions").endswith(asked)
    assert leads(ended.asker, "q-12").endswith(f"{asked}#q-12")
    assert leads(speaker, "answers").endswith("/answers/")
    for other in ("answers", "//evil.example", "q-x", "q-" + "1" * 30):
        assert "evil" not in leads(ended.asker, other)
        assert "/answers/" not in leads(ended.asker, other)


def test_the_page_takes_as_many_queries_for_many_questions_as_for_few(
    django_assert_max_num_queries: Any,
) -> None:
    ended = Ended()
    for n in range(30):
        question = make_question(ended.webinar, f"More {n}?")
        question.answers.create(kind="promised", owner="The city")
    Webinar.objects.get(pk=ended.webinar.pk)
    with django_assert_max_num_queries(25):
        ended.browser.get(ended.there)
