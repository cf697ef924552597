"""What was written down of an answer: its speaker confirms or corrects it, its asker says whether it answers."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.factories import make_person, make_question, make_webinar
from tests.webinars.test_seats import browser_of
from webinars.actions import answers, floor
from webinars.actions.deed import Refused, deed
from webinars.addresses import address, link_of
from webinars.live import changes, reading
from webinars.models import Act, Answer, Participant, Question, Webinar

pytestmark = pytest.mark.django_db


class Said:
    """A question that a speaker answered, with what a moderator wrote down of it."""

    def __init__(self, **facts: object) -> None:
        self.webinar = make_webinar(**facts)
        self.desk = make_person(self.webinar, "Desk", "moderator")
        self.jaan = make_person(self.webinar, "Jaan", "speaker", joined_at=timezone.now())
        self.asker = make_person(self.webinar, "Olena")
        self.question = make_question(self.webinar, "What did it cost?", participant=self.asker, floor="done")
        self.answer = self.question.answers.create(gist="About 25 euros.", language="en", speaker=self.jaan)

    def do(self, by: Participant, **fields: object) -> dict[str, object]:
        said = browser_of(by).post(address(self.webinar, "do"), fields)
        return said.json()  # type: ignore[no-any-return]

    def row(self, audience: str = "everyone") -> dict[str, object]:
        found = reading.page(self.webinar.pk, audience, None)
        assert found is not None
        return next(row for row in found[0]["questions"] if row["id"] == self.question.pk)  # type: ignore[no-any-return]


def opened(person: Participant, to: str = "") -> Client:
    browser = Client()
    browser.get(link_of(person).removeprefix(settings.SITE_URL) + to)
    return browser


def test_a_speaker_confirms_by_the_personal_link_days_later_and_everybody_reads_so() -> None:
    said = Said(state="published", started_at=timezone.now() - timedelta(days=5))
    browser = Client()
    came = browser.get(link_of(said.jaan).removeprefix(settings.SITE_URL), follow=True)
    assert came.redirect_chain[-1][0] == address(said.webinar, "my_answers")
    page = came.content.decode()
    assert "About 25 euros." in page
    assert "1 to confirm" in page
    form = {"do": "confirm", "answer": said.answer.pk, "gist": "About 25 euros.", "language": "en"}
    back = browser.post(address(said.webinar, "do"), form | {"back": address(said.webinar, "my_answers")})
    assert back.status_code == 302
    said.answer.refresh_from_db()
    assert said.answer.confirmed_by == said.jaan
    assert said.answer.confirmed_at is not None
    assert "confirmed by the speaker" in Client().get(address(said.webinar)).content.decode()
    assert "Confirmed. Thank you." in browser.get(address(said.webinar, "my_answers")).content.decode()


def test_a_correction_keeps_the_former_words_in_the_record() -> None:
    said = Said()
    said.do(said.jaan, do="confirm", answer=said.answer.pk, gist="About 27 euros.", language="en")
    said.answer.refresh_from_db()
    assert (said.answer.gist, said.answer.confirmed_by) == ("About 27 euros.", said.jaan)
    act = Act.objects.get(verb="correct")
    assert act.before == {"gist": "About 25 euros.", "language": "en"}
    assert (act.by, act.question) == (said.jaan, said.question)
    [told] = said.row()["answers"]  # type: ignore[misc]
    assert told["gist"] == "About 27 euros."  # type: ignore[index]
    assert told["confirmed"] is True  # type: ignore[index]
    page = browser_of(said.asker).get(address(said.webinar, "room")).content.decode()
    assert "confirmed by the speaker" in page.split("<template")[0]


def test_what_the_desk_changes_after_that_is_seen_to_be_changed_and_not_confirmed() -> None:
    said = Said()
    said.do(said.jaan, do="confirm", answer=said.answer.pk)
    same = {"do": "gist", "question": said.question.pk, "gist": "About 25 euros.", "language": "en"}
    said.do(said.desk, **same)  # pressed again without a change
    [told] = said.row()["answers"]  # type: ignore[misc]
    assert told["confirmed"] is True  # type: ignore[index]
    said.do(said.desk, **same | {"gist": "A lot."})
    [told] = said.row()["answers"]  # type: ignore[misc]
    assert (told["confirmed"], told["changed"]) == (False, True)  # type: ignore[index]
    page = browser_of(said.asker).get(address(said.webinar, "room")).content.decode().split("<template")[0]
    assert "changed since the speaker confirmed it" in page
    assert "confirmed by the speaker" not in page
    said.do(said.jaan, do="confirm", answer=said.answer.pk)
    [told] = said.row()["answers"]  # type: ignore[misc]
    assert told["confirmed"] is True  # type: ignore[index]
    assert "changed" not in told  # type: ignore[operator]


def test_nobody_confirms_what_somebody_else_said() -> None:
    said = Said()
    other = make_person(said.webinar, "Oyun", "speaker")
    elsewhere = make_person(make_webinar(), "Jaan", "speaker")
    for person in (other, said.asker, said.desk):
        reply = said.do(person, do="confirm", answer=said.answer.pk, gist="Nothing at all.", language="en")
        assert reply["error"] == ("not_found" if person == other else "forbidden")
    assert said.do(elsewhere, do="confirm", answer=said.answer.pk)["error"] == "signed_out"
    said.answer.refresh_from_db()
    assert (said.answer.gist, said.answer.confirmed_at) == ("About 25 euros.", None)


def test_each_speaker_of_the_turn_may_confirm_and_hidden_or_empty_ones_nobody() -> None:
    said = Said()
    oyun = make_person(said.webinar, "Oyun", "speaker")
    turn = said.webinar.turns.create(ended_at=timezone.now())
    turn.speakers.set([said.jaan, oyun])
    said.answer.turn = turn
    said.answer.save()
    assert "ok" in said.do(oyun, do="confirm", answer=said.answer.pk)
    Answer.objects.update(gist="", confirmed_at=None)
    assert said.do(oyun, do="confirm", answer=said.answer.pk)["error"] == "empty"
    Question.objects.update(visibility="hidden")
    assert said.do(oyun, do="confirm", answer=said.answer.pk)["error"] == "not_found"


def test_the_prompter_offers_it_until_it_is_confirmed() -> None:
    said = Said()
    browser = browser_of(said.jaan)
    page = browser.get(address(said.webinar, "prompter")).content.decode().split("<template")[0]
    assert "About 25 euros." in page
    assert "Is this what you said?" in page
    said.do(said.jaan, do="confirm", answer=said.answer.pk)
    page = browser.get(address(said.webinar, "prompter")).content.decode().split("<template")[0]
    assert "About 25 euros." not in page
    other = browser_of(make_person(said.webinar, "Oyun", "speaker"))
    Answer.objects.update(confirmed_at=None)
    assert f'value="{said.answer.pk}"' not in other.get(address(said.webinar, "prompter")).content.decode()


def test_a_refused_correction_loses_no_word() -> None:
    said = Said(state="ended", ended_at=timezone.now())
    browser = opened(said.jaan, "?to=answers")
    there = address(said.webinar, "my_answers")
    words = "About 27 euros, " + "and so on " * 120
    form = {"do": "confirm", "answer": said.answer.pk, "gist": words, "language": "en", "back": there}
    page = browser.post(address(said.webinar, "do"), form, follow=True).content.decode()
    assert "too long" in page
    assert "About 27 euros, and so on" in page
    said.answer.refresh_from_db()
    assert said.answer.gist == "About 25 euros."


@pytest.mark.parametrize("role", ["attendee", "moderator", "host", "language_desk"])
def test_the_page_of_ones_answers_is_for_speakers(role: str) -> None:
    said = Said()
    there = address(said.webinar, "my_answers")
    assert browser_of(make_person(said.webinar, "", role)).get(there).status_code == 403
    assert Client().get(there)["Location"] == address(said.webinar, "join")
    assert browser_of(said.jaan).get(there).status_code == 200


def test_a_speaker_who_has_answered_nothing_reads_what_will_stand_there() -> None:
    webinar = make_webinar()
    page = (
        browser_of(make_person(webinar, "", "speaker")).get(address(webinar, "my_answers")).content.decode()
    )
    assert "You have not answered anything here yet" in page


# --- the asker ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("says", ["answered", "partly", "not"])
def test_the_asker_says_whether_it_answers_and_only_the_desk_reads_it(says: str) -> None:
    said = Said()
    assert "ok" in said.do(said.asker, do="judge", question=said.question.pk, says=says)
    assert said.row("desk")["says"] == says
    for audience in ("everyone", "speakers", "staff"):
        assert "says" not in said.row(audience)
        assert "judged" not in reading.page(said.webinar.pk, audience, None)[0]  # type: ignore[index]
    found = reading.page(said.webinar.pk, "desk", None)
    assert found is not None
    assert found[0]["judged"] == {says: 1}
    for reader in (make_person(said.webinar), said.jaan, make_person(said.webinar, "", "language_desk")):
        told = browser_of(reader).get(address(said.webinar, "changes")).json()
        assert says not in [row.get("says") for row in told["questions"]]
    mine = browser_of(said.asker).get(address(said.webinar, "changes")).json()["mine"]["questions"]
    assert mine[0]["says"] == says


def test_nobody_judges_for_the_asker_and_nothing_is_judged_before_it_is_answered() -> None:
    said = Said()
    for person in (said.jaan, said.desk, make_person(said.webinar)):
        assert said.do(person, do="judge", question=said.question.pk, says="not")["error"] == "not_found"
    open_one = make_question(said.webinar, participant=said.asker)
    assert said.do(said.asker, do="judge", question=open_one.pk, says="not")["error"] == "changed"
    assert said.do(said.asker, do="judge", question=said.question.pk, says="maybe")["error"] == "malformed"
    behalf = make_question(said.webinar, participant=said.desk, came_by="phone", floor="done")
    behalf.answers.create(gist="Yes.", language="en")
    assert said.do(said.desk, do="judge", question=behalf.pk, says="not")["error"] == "not_found"
    assert not Answer.objects.exclude(asker_says="").exists()


def test_what_is_not_answered_comes_back_to_the_desk_before_what_was_answered_last() -> None:
    said = Said()
    for n in range(changes.ANSWERED + 3):
        later = make_question(said.webinar, f"Later {n}?", floor="done")
        later.answers.create(gist="Yes.", language="en", given_at=timezone.now() + timedelta(minutes=n))
    assert said.question.pk not in _answered(said.webinar)
    said.do(said.asker, do="judge", question=said.question.pk, says="partly")
    assert _answered(said.webinar)[0] == said.question.pk
    page = browser_of(said.desk).get(address(said.webinar, "console")).content.decode()
    assert "1 asker not content" in page
    said.do(said.desk, do="gist", question=said.question.pk, gist="25 euros a person.", language="en")
    assert said.question.pk not in _answered(said.webinar)  # the asker is asked anew
    said.answer.refresh_from_db()
    assert said.answer.asker_says == ""
    assert Act.objects.get(verb="gist").before["says"] == "partly"


def _answered(webinar: Webinar) -> list[int]:
    found = reading.page(webinar.pk, "desk", None)
    assert found is not None
    whole = reading.load(webinar.pk)
    assert whole is not None
    assert whole.lists().answered == found[0]["answered"]
    return found[0]["answered"]  # type: ignore[no-any-return]


def test_by_link_the_asker_judges_later_and_can_change_their_mind() -> None:
    said = Said(state="published", started_at=timezone.now() - timedelta(days=5))
    browser = Client()
    came = browser.get(link_of(said.asker).removeprefix(settings.SITE_URL), follow=True)
    page = came.content.decode()
    assert "Does the answer answer your question?" in page
    for says in ("not", "answered"):
        form = {"do": "judge", "question": said.question.pk, "says": says, "back": came.request["PATH_INFO"]}
        browser.post(address(said.webinar, "do"), form)
        said.answer.refresh_from_db()
        assert said.answer.asker_says == says
    again = browser.get(came.request["PATH_INFO"]).content.decode()
    assert 'value="answered" aria-pressed="true"' in again


def test_a_muted_asker_may_still_say_so_and_a_removed_one_not() -> None:
    said = Said()
    said.asker.muted_at = timezone.now()
    said.asker.save()
    assert "ok" in said.do(said.asker, do="judge", question=said.question.pk, says="not")
    said.asker.removed_at = timezone.now()
    said.asker.save()
    assert (
        said.do(said.asker, do="judge", question=said.question.pk, says="answered")["error"] == "signed_out"
    )


def test_a_deed_of_nobody_confirms_and_judges_nothing() -> None:
    said = Said()
    with pytest.raises(Refused, match="forbidden"), deed(said.webinar.pk) as done:
        answers.confirm_gist(done, answer=said.answer.pk)
    with pytest.raises(Refused, match="forbidden"), deed(said.webinar.pk) as done:
        answers.judge_answer(done, said.question, says="not")
    with pytest.raises(Refused, match="forbidden"), deed(said.webinar.pk) as done:
        floor.write_gist(done, said.question, gist="No.", language="en")
