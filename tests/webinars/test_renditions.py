"""Renditions: who may write one, what nobody may overwrite, what is stale, and who never receives them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.factories import make_person, make_question, make_webinar
from webinars.actions import erasing, renditions
from webinars.actions.deed import Refused, deed
from webinars.live import reading
from webinars.live.changes import AUDIENCES, Window
from webinars.live.protocol import checked
from webinars.live.verbs import do
from webinars.models import Act, Answer, Participant, Question, Rendition, Webinar
from webinars.search import everything

pytestmark = pytest.mark.django_db

ASKED = "Хөдөөгийн ахмад настнуудад яаж хүрсэн бэ?"


def mongolian(webinar: Webinar, **facts: Any) -> Question:
    return make_question(webinar, ASKED, language="mn", **facts)


def desk_person(webinar: Webinar, name: str = "Olena", *reads: str) -> Participant:
    return make_person(webinar, name, "language_desk", reads=list(reads or ("mn", "en", "uk")))


def say(by: Participant, command: str, **fields: Any) -> dict[str, Any]:
    """A command as the wire carries it. Raises Refused."""
    with deed(by.webinar_id, by=by) as done:
        return do(done, checked({"do": command, **fields}))


def refusal_of(by: Participant, command: str, **fields: Any) -> str:
    with pytest.raises(Refused) as refused:
        say(by, command, **fields)
    return refused.value.code


def row_for(audience: str, question: Question) -> dict[str, Any]:
    found = reading.page(question.webinar_id, audience, None)
    assert found is not None
    return next((row for row in found[0].get("questions", ()) if row["id"] == question.pk), {})


def text_in(question: Question, language: str, audience: str = "everyone") -> str:
    return str(row_for(audience, question).get("texts", {}).get(language, {}).get("text", ""))


def test_a_rendition_travels_inside_its_question_and_says_as_what_it_was_made() -> None:
    webinar = make_webinar()
    asked = mongolian(webinar)
    say(desk_person(webinar), "translate", question=asked.pk, language="en", text="How did you reach them?")
    row = row_for("everyone", asked)
    assert (row["text"], row["lang"]) == (ASKED, "mn")
    assert row["texts"] == {"en": {"text": "How did you reach them?", "by": "language_desk"}}
    assert "Olena" not in str(row)


def test_what_is_written_to_a_question_that_waits_is_for_those_behind_the_scenes_alone() -> None:
    webinar = make_webinar(speakers_see_pending=False)
    waiting = mongolian(webinar, visibility="submitted")
    say(desk_person(webinar), "translate", question=waiting.pk, language="en", text="A pending secret?")
    say(desk_person(webinar), "claim", question=waiting.pk, language="uk")
    whole = reading.load(webinar.pk)
    assert whole is not None
    seen = {name: Window(name).snapshot(whole) for name in AUDIENCES}
    assert {name for name, frame in seen.items() if "A pending secret" in str(frame)} == {"staff", "desk"}
    assert {name for name, frame in seen.items() if frame["jobs"].get("items")} == {"staff", "desk"}


@pytest.mark.parametrize("role", ["attendee", "speaker", "captioner"])
def test_nobody_without_the_right_takes_or_writes_one(role: str) -> None:
    webinar = make_webinar()
    asked = mongolian(webinar)
    person = make_person(webinar, "", role, reads=["mn", "en"])
    for command in ("claim", "translate", "approve", "give_back"):
        fields = {"question": asked.pk, "language": "en", "text": "How?"}
        assert refusal_of(person, command, **fields) == "forbidden"
    assert not Rendition.objects.exists()


def test_the_desk_writes_between_languages_it_reads_and_a_moderator_any() -> None:
    webinar = make_webinar()
    asked = mongolian(webinar)
    estonian = desk_person(webinar, "Mari", "et", "en")
    fields = {"question": asked.pk, "language": "en", "text": "How?"}
    assert refusal_of(estonian, "translate", **fields) == "not_your_pair"
    assert refusal_of(estonian, "claim", question=asked.pk, language="et") == "not_your_pair"
    say(make_person(webinar, "", "moderator", reads=["et"]), "translate", **fields)
    # From the English rendition she can, and only from that.
    assert (
        refusal_of(estonian, "translate", question=asked.pk, language="et", text="Kuidas?") == "not_your_pair"
    )
    say(estonian, "claim", question=asked.pk, language="et")
    say(estonian, "translate", question=asked.pk, language="et", text="Kuidas?", made_from="en")
    assert row_for("everyone", asked)["texts"]["et"]["from"] == "en"


def test_a_text_is_never_translated_into_its_own_language_nor_in_a_circle() -> None:
    webinar = make_webinar()
    asked, desk = mongolian(webinar), make_person(webinar, "", "host")
    assert (
        refusal_of(desk, "translate", question=asked.pk, language="mn-Mong", text="?!a") == "language_unknown"
    )
    say(desk, "translate", question=asked.pk, language="en", text="How?")
    say(desk, "translate", question=asked.pk, language="uk", text="Як?", made_from="en")
    again = {"question": asked.pk, "language": "en", "text": "How, then?", "version": 1}
    assert refusal_of(desk, "translate", **again, made_from="uk") == "changed"
    assert refusal_of(desk, "translate", **again, made_from="et") == "changed"


def test_whoever_takes_a_text_has_it_until_it_runs_out_or_is_given_back() -> None:
    webinar = make_webinar()
    asked, one, two = mongolian(webinar), desk_person(webinar, "One"), desk_person(webinar, "Two")
    target = {"question": asked.pk, "language": "en"}
    first = say(one, "claim", **target)["until"]
    assert refusal_of(two, "claim", **target) == "held"
    assert refusal_of(two, "translate", **target, text="Mine?") == "held"
    say(two, "give_back", **target)  # not theirs to give
    assert refusal_of(two, "claim", **target) == "held"
    assert say(one, "claim", **target)["until"] >= first  # typing renews
    say(one, "give_back", **target)
    say(two, "claim", **target)
    Rendition.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    say(one, "claim", **target)
    assert Rendition.objects.get().holder == one


def test_a_person_has_one_text_at_a_time() -> None:
    webinar = make_webinar()
    desk, first, second = desk_person(webinar), mongolian(webinar), mongolian(webinar)
    say(desk, "claim", question=first.pk, language="en")
    say(desk, "claim", question=second.pk, language="en")
    assert [one.question for one in Rendition.objects.filter(holder=desk)] == [second]
    assert Rendition.objects.count() == 1  # what was only taken leaves nothing behind


def test_a_lease_that_ran_out_overwrites_nothing_that_was_written_since() -> None:
    webinar = make_webinar()
    asked, slow, quick = mongolian(webinar), desk_person(webinar, "Slow"), desk_person(webinar, "Quick")
    target = {"question": asked.pk, "language": "en"}
    say(slow, "claim", **target)
    Rendition.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    say(quick, "claim", **target)
    assert refusal_of(slow, "translate", **target, text="Too late", version=0) == "held"
    say(quick, "translate", **target, text="In time", version=0)
    assert refusal_of(slow, "translate", **target, text="Too late", version=0) == "changed"
    assert text_in(asked, "en") == "In time"


def test_of_two_who_are_done_at_once_the_first_stands_and_the_second_is_told() -> None:
    webinar = make_webinar()
    asked, one, two = mongolian(webinar), desk_person(webinar, "One"), desk_person(webinar, "Two")
    target = {"question": asked.pk, "language": "en", "version": 0}
    say(one, "translate", **target, text="First")
    assert refusal_of(two, "translate", **target, text="Second") == "changed"
    say(one, "translate", **target, text="First")  # a retry after a lost line
    assert Rendition.objects.get().version == 1
    say(two, "translate", **target | {"version": 1}, text="Second, having seen the first")
    assert text_in(asked, "en") == "Second, having seen the first"


def test_whoever_ran_out_and_was_followed_by_nobody_may_still_finish() -> None:
    webinar = make_webinar()
    asked, desk = mongolian(webinar), desk_person(webinar)
    say(desk, "claim", question=asked.pk, language="en")
    Rendition.objects.update(lease_until=timezone.now() - timedelta(minutes=9))
    say(desk, "translate", question=asked.pk, language="en", text="How?", version=0)
    assert text_in(asked, "en") == "How?"


def test_words_made_from_others_than_those_that_stand_are_refused() -> None:
    webinar = make_webinar()
    asker = make_person(webinar)
    asked, desk = mongolian(webinar, participant=asker, visibility="returned"), desk_person(webinar)
    mark = renditions.mark_of(asked.text)
    say(asker, "rewrite", question=asked.pk, text="Хотод яаж хүрсэн бэ?")
    fields = {"question": asked.pk, "language": "en", "text": "In the country?"}
    assert refusal_of(desk, "translate", **fields, mark=mark) == "changed"
    say(
        desk,
        "translate",
        **fields | {"text": "In the city?"},
        mark=renditions.mark_of("Хотод яаж хүрсэн бэ?"),
    )


def test_a_new_original_makes_its_renditions_stale_and_those_made_from_them_too() -> None:
    webinar = make_webinar()
    asker, host = make_person(webinar), make_person(webinar, "", "host")
    asked = mongolian(webinar, participant=asker, visibility="submitted")
    say(host, "translate", question=asked.pk, language="en", text="How?")
    say(host, "translate", question=asked.pk, language="uk", text="Як?", made_from="en")
    say(host, "return", question=asked.pk, reason="unclear")
    say(asker, "rewrite", question=asked.pk, text="Хотод яаж хүрсэн бэ?")
    texts = row_for("desk", asked)["texts"]
    assert {code: bool(one.get("stale")) for code, one in texts.items()} == {"en": True, "uk": True}
    assert texts["en"]["text"] == "How?"  # never silently another
    say(host, "translate", question=asked.pk, language="en", text="How in town?", version=1)
    texts = row_for("desk", asked)["texts"]
    assert {code: bool(one.get("stale")) for code, one in texts.items()} == {"en": False, "uk": True}


def test_with_a_second_eye_readers_wait_for_it_and_nobody_approves_their_own() -> None:
    webinar = make_webinar(second_eye=True)
    asked, one, two = mongolian(webinar), desk_person(webinar, "One"), desk_person(webinar, "Two")
    target = {"question": asked.pk, "language": "en"}
    say(one, "translate", **target, text="How?")
    assert text_in(asked, "en") == ""
    assert row_for("staff", asked)["texts"]["en"]["waits"] is True
    assert refusal_of(one, "approve", **target, version=1) == "own_words"
    assert refusal_of(two, "approve", **target, version=7) == "changed"
    say(two, "approve", **target, version=1)
    assert text_in(asked, "en") == "How?"
    assert Act.objects.get(verb="approve").by == two


def test_without_a_second_eye_it_is_shown_at_once_and_a_later_wish_hides_nothing() -> None:
    webinar = make_webinar()
    asked, host = mongolian(webinar), make_person(webinar, "", "host")
    say(desk_person(webinar), "translate", question=asked.pk, language="en", text="How?")
    say(host, "settings", second_eye=True)
    assert text_in(asked, "en") == "How?"
    say(host, "translate", question=asked.pk, language="uk", text="Як?")
    assert text_in(asked, "uk") == ""


def test_an_asker_brings_their_own_translation_once() -> None:
    webinar = make_webinar()
    asker = make_person(webinar, "Bat", reads=["mn"])
    ask = {"client_id": str(uuid4()), "text": ASKED, "language": "mn", "name_shown": "nobody"}
    own = {"rendition": "How did you reach older people?", "rendition_language": "en"}
    first = say(asker, "ask", **ask, **own)
    assert say(asker, "ask", **ask, **own) == first
    question = Question.objects.get()
    made = row_for("desk", question)["texts"]["en"]
    assert (made["text"], made["by"]) == (own["rendition"], "asker")
    assert "who" not in made  # the name is hidden from moderators, too
    assert refusal_of(
        asker, "ask", **ask | {"client_id": str(uuid4())}, rendition="Юу?", rendition_language="mn"
    )
    assert Question.objects.count() == 1


def test_gists_and_notices_are_translated_likewise() -> None:
    webinar = make_webinar()
    asked, host = mongolian(webinar), make_person(webinar, "", "host")
    say(host, "gist", question=asked.pk, gist="With the library bus.", language="en")
    answer = Answer.objects.get()
    say(host, "translate", answer=answer.pk, language="mn", text="Номын сангийн автобусаар.")
    given = row_for("everyone", asked)["answers"][-1]
    assert given["texts"] == {"mn": {"text": "Номын сангийн автобусаар.", "by": "host"}}
    assert "texts" not in row_for("everyone", asked)
    say(host, "gist", question=asked.pk, gist="With two library buses.", language="en")
    assert row_for("everyone", asked)["answers"][-1]["texts"]["mn"]["stale"] is True
    notice = say(host, "notice", text="Back at ten.", language="en")["notice"]
    say(host, "translate", notice=notice, language="mn", text="Арван цагт үргэлжилнэ.")
    found = reading.page(webinar.pk, "everyone", None)
    assert found is not None
    assert found[0]["notices"][0]["text"] == {"en": "Back at ten.", "mn": "Арван цагт үргэлжилнэ."}


def test_a_rendition_is_of_one_thing_of_this_webinar_that_is_still_there() -> None:
    webinar = make_webinar()
    host = make_person(webinar, "", "host")
    gone = mongolian(webinar, visibility="withdrawn")
    elsewhere = mongolian(make_webinar())
    fields = {"language": "en", "text": "How?"}
    assert refusal_of(host, "translate", **fields) == "malformed"
    assert refusal_of(host, "translate", question=gone.pk, notice=1, **fields) == "malformed"
    assert refusal_of(host, "translate", question=gone.pk, **fields) == "not_found"
    assert refusal_of(host, "translate", question=elsewhere.pk, **fields) == "not_found"
    assert refusal_of(host, "translate", answer=9**9, **fields) == "not_found"
    assert refusal_of(host, "translate", question=elsewhere.pk, language="x" * 30, text="How?")


def test_a_decision_taken_on_a_rendition_says_so() -> None:
    webinar = make_webinar()
    english = make_person(webinar, "", "moderator", reads=["en", "et"])
    mongol = make_person(webinar, "", "moderator", reads=["mn", "en"])
    for moderator, translated, said in ((english, True, "en"), (mongol, True, ""), (english, False, "")):
        waiting = mongolian(webinar, visibility="submitted")
        if translated:
            say(desk_person(webinar), "translate", question=waiting.pk, language="en", text="How?")
        say(moderator, "publish", question=waiting.pk)
        assert Act.objects.get(question=waiting, verb="publish").read_in == said


def test_the_desk_asks_the_asker_who_answers_or_writes_it_anew() -> None:
    webinar = make_webinar()
    asker, desk = make_person(webinar, reads=["mn"]), desk_person(webinar)
    asked = mongolian(webinar, participant=asker, visibility="submitted")
    say(desk, "unclear", question=asked.pk, text="Аль жил вэ?", language="mn")
    own = reading.page(webinar.pk, "everyone", asker.pk)
    assert own is not None
    assert own[1][0]["unclear"] == {"text": "Аль жил вэ?", "lang": "mn"}  # and not who asked
    assert "Аль жил" not in str(own[0])
    say(asker, "clarify", question=asked.pk, text="2019 он.")
    assert row_for("staff", asked)["unclear"]["answer"] == "2019 он."
    say(asker, "rewrite", question=asked.pk, text="2019 онд яаж хүрсэн бэ?")
    asked.refresh_from_db()
    assert (asked.visibility, asked.unclear) == ("submitted", {})
    assert refusal_of(asker, "clarify", question=asked.pk, text="2020 он.") == "changed"
    assert refusal_of(asker, "rewrite", question=asked.pk, text="Once more?") == "changed"
    assert refusal_of(make_person(webinar), "clarify", question=asked.pk, text="I know") == "not_found"


def test_whose_words_are_blanked_has_them_blanked_in_every_language() -> None:
    webinar = make_webinar()
    asker, host = make_person(webinar), make_person(webinar, "", "host")
    asked = mongolian(webinar, participant=asker)
    say(host, "translate", question=asked.pk, language="en", text="How?")
    say(host, "unclear", question=asked.pk, text="Which year?", language="en")
    erasing.forget_guest(asker, blank_words=True)
    assert not Rendition.objects.exists()
    assert Question.objects.get().unclear == {}
    assert "How?" not in str(list(Act.objects.values_list("note", "before")))


def test_a_withdrawn_question_takes_its_renditions_out_of_every_frame() -> None:
    webinar = make_webinar()
    asker, host = make_person(webinar), make_person(webinar, "", "host")
    asked = mongolian(webinar, participant=asker)
    say(host, "translate", question=asked.pk, language="en", text="How on earth?")
    say(asker, "withdraw", question=asked.pk)
    whole = reading.load(webinar.pk)
    assert whole is not None
    for row in whole.rows.values():
        assert "How on earth" not in str((row.everyone, row.staff, row.desk))


def test_the_search_finds_an_answered_question_in_its_renditions() -> None:
    webinar = make_webinar()
    asked, host = mongolian(webinar), make_person(webinar, "", "host")
    say(host, "gist", question=asked.pk, gist="With the library bus.", language="en")
    say(host, "translate", question=asked.pk, language="uk", text="Як ви дісталися до старших людей?")
    say(host, "translate", answer=Answer.objects.get().pk, language="uk", text="Бібліотечним автобусом.")
    [(_, entries)] = everything()
    found = {entry.lang: (entry.title, entry.text) for entry in entries}
    assert found["uk"] == ("Як ви дісталися до старших людей?", "Бібліотечним автобусом.")
    assert found["mn"][0] == ASKED
    assert set(found) == {"mn", "en", "uk"}


def test_what_is_empty_or_too_long_is_refused_with_what_to_do() -> None:
    webinar = make_webinar()
    asked, host = mongolian(webinar), make_person(webinar, "", "host")
    target = {"question": asked.pk, "language": "en"}
    assert refusal_of(host, "translate", **target, text="  \n ") == "empty"
    assert refusal_of(host, "translate", **target, text="a" * 1001) == "too_long"
    say(host, "translate", **target, text="a" * 1000)
