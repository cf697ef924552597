"""Something does not work: it reaches moderators and hosts, and nobody else, whichever way it came."""

import json
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import make_person, make_question, make_user, make_webinar
from tests.site import Site, session_of
from webinars import policies
from webinars.actions import questions, troubles
from webinars.actions.deed import Refused, deed
from webinars.actions.undo import undo_act
from webinars.actions.uniting import unite
from webinars.live import budgets, changes, reading
from webinars.models import Act, Participant, Question, Role, Trouble, Webinar

pytestmark = pytest.mark.django_db


def report(person: Participant, kind: str = "sound", text: str = "", **more: object) -> Trouble:
    with deed(person.webinar_id, by=person) as done:
        return troubles.report_trouble(done, client_id=uuid4(), kind=kind, text=text, language="en", **more)  # type: ignore[arg-type]


def seen_by(audience: str, webinar: Webinar) -> changes.Json:
    room = reading.load(webinar.pk)
    assert room is not None
    return changes.Window(audience).snapshot(room)


def test_only_the_desk_is_told_and_it_is_told_who_what_and_how_many() -> None:
    webinar = make_webinar(speakers_see_pending=True)  # so that speakers read along with staff
    person = make_person(webinar, "Oyun", country="MN", place="Khovd", way="sound")
    for text in ("", "", "Only a hum since ten"):
        report(person, "sound", text)
    report(person, "interpretation")
    for audience in ("everyone", "speakers", "staff"):
        frame = seen_by(audience, webinar)
        assert "troubles" not in frame
        assert "hum" not in json.dumps(frame)
    told = seen_by("desk", webinar)["troubles"]
    assert told["counts"] == {"sound": 3, "interpretation": 1}
    newest, hum = told["open"][:2]
    assert newest["kind"] == "interpretation"
    facts = ("text", "name", "place", "country", "way")
    assert [hum[name] for name in facts] == ["Only a hum since ten", "Oyun", "Khovd", "MN", "sound"]


def test_who_is_told_is_who_the_table_names() -> None:
    for role in Role:
        person = Participant(webinar_id=1, roles=[role])
        told = policies.audience_of(person, speakers_see_pending=True) == "desk"
        assert told is policies.can(person, "see_troubles")


def test_a_report_of_a_guest_who_signs_in_stays_theirs() -> None:
    webinar = make_webinar()
    known, guest = make_person(webinar, user=make_user()), make_person(webinar)
    trouble = report(guest)
    assert known.user is not None
    unite(guest, known.user)
    trouble.refresh_from_db()
    assert trouble.participant == known


def test_a_report_is_no_question_and_moves_no_list_and_no_count() -> None:
    webinar = make_webinar()
    report(make_person(webinar), "other", "The door is locked")
    desk = seen_by("desk", webinar)
    assert (desk["review"], desk["order"], desk["counts"]) == ([], [], {"published": 0, "answered": 0})
    assert not Question.objects.exists()


def test_the_same_report_sent_twice_is_one() -> None:
    webinar = make_webinar()
    person, key = make_person(webinar), uuid4()
    for _ in range(2):
        with deed(webinar.pk, by=person) as done:
            troubles.report_trouble(done, client_id=key, kind="picture")
    assert Trouble.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "text", "facts", "code"),
    [
        ("other", "", {}, "empty"),
        ("other", "?!", {}, "empty"),
        ("sound", "x" * 501, {}, "too_long"),
        ("sound", "", {"state": "ended"}, "closed"),
        ("sound", "", {"state": "draft"}, "closed"),
    ],
)
def test_what_nobody_could_act_on_is_refused_with_its_reason(
    kind: str, text: str, facts: dict[str, str], code: str
) -> None:
    person = make_person(make_webinar(**facts))
    with pytest.raises(Refused, match=code):
        report(person, kind, text)
    assert not Trouble.objects.exists()


def test_somebody_muted_or_removed_reports_nothing() -> None:
    webinar = make_webinar()
    for facts, code in (("muted_at", "muted"), ("removed_at", "forbidden")):
        person = make_person(webinar, **{facts: webinar.created_at})
        with pytest.raises(Refused, match=code):
            report(person)


def test_a_kind_is_solved_up_to_what_was_seen_and_can_be_taken_back() -> None:
    webinar = make_webinar()
    person, desk = make_person(webinar), make_person(webinar, "M", "moderator")
    seen = [report(person), report(person)]
    other, later = report(person, "picture"), report(person)
    with deed(webinar.pk, by=desk) as done:
        act = troubles.solve_troubles(done, kind="sound", upto=seen[-1].pk)
    assert list(Trouble.objects.open().order_by("pk")) == [other, later]
    assert seen_by("desk", webinar)["troubles"]["counts"] == {"picture": 1, "sound": 1}
    with deed(webinar.pk, by=desk) as done:
        assert troubles.solve_troubles(done, kind="sound", upto=seen[-1].pk) is None  # it stands so already
    assert act is not None
    with deed(webinar.pk, by=desk) as done:
        undo_act(done, act.pk)
    assert Trouble.objects.open().count() == 4
    with pytest.raises(Refused, match="too_late"), deed(webinar.pk, by=desk) as done:
        undo_act(done, act.pk)


def test_one_is_solved_alone_and_only_by_the_desk_of_that_webinar() -> None:
    webinar, elsewhere = make_webinar(), make_webinar()
    person, desk = make_person(webinar), make_person(webinar, "M", "moderator")
    one, other = report(person), report(person)
    for somebody in (
        person,
        make_person(webinar, "S", "speaker"),
        make_person(webinar, "L", "language_desk"),
    ):
        with pytest.raises(Refused, match="forbidden"), deed(webinar.pk, by=somebody) as done:
            troubles.solve_troubles(done, trouble=one.pk)
    stranger = make_person(elsewhere, "H", "host")
    with pytest.raises(Refused, match="not_found"), deed(elsewhere.pk, by=stranger) as done:
        troubles.solve_troubles(done, trouble=one.pk)
    with deed(webinar.pk, by=desk) as done:
        troubles.solve_troubles(done, trouble=one.pk)
    assert list(Trouble.objects.open()) == [other]
    assert Act.objects.filter(verb="solve", by=desk).count() == 1


def test_a_question_that_is_such_a_report_goes_there_and_everybody_forgets_it() -> None:
    webinar = make_webinar()
    asker, desk = make_person(webinar, "Oyun"), make_person(webinar, "M", "moderator")
    question = make_question(webinar, "I hear nothing, is it me?", participant=asker, votes=3)
    room = reading.load(webinar.pk)
    assert room is not None
    everyone = changes.Window("everyone")
    everyone.frame(room, (), ())
    with deed(webinar.pk, by=desk) as done:
        act = troubles.move_question(
            done, done.question(question.pk), to="troubles", kind="sound", was="published"
        )
    pull = reading.pull(webinar.pk, room.seq)
    assert pull is not None
    room.apply(pull)
    frame = everyone.frame(room, [question.pk], ())
    assert frame["gone"] == [question.pk]
    assert "hear nothing" not in json.dumps(frame)
    assert room.mine(asker.pk)[0]["visibility"] == "trouble"
    [told] = seen_by("desk", webinar)["troubles"]["open"]
    assert (told["text"], told["name"], told["question"]) == (question.text, "Oyun", question.pk)
    assert act is not None
    with deed(webinar.pk, by=desk) as done:
        undo_act(done, act.pk)
    question.refresh_from_db()
    assert (question.visibility, question.votes) == ("published", 3)
    assert not Trouble.objects.exists()


def test_a_moved_question_can_be_brought_back_to_review_later() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    question = make_question(webinar, visibility="submitted")
    with deed(webinar.pk, by=desk) as done:
        troubles.move_question(done, done.question(question.pk), to="troubles", kind="text")
    with pytest.raises(Refused, match="changed"), deed(webinar.pk, by=question.participant) as done:
        questions.withdraw_question(done, done.question(question.pk))
    with deed(webinar.pk, by=desk) as done:
        act = troubles.move_question(done, done.question(question.pk), to="review")
    assert not Trouble.objects.open().exists()
    assert seen_by("desk", webinar)["review"] == [question.pk]
    assert act is not None
    with deed(webinar.pk, by=desk) as done:
        undo_act(done, act.pk)
    question.refresh_from_db()
    assert question.visibility == "trouble"
    assert Trouble.objects.open().count() == 1


def test_a_published_question_is_never_sent_back_to_review_by_that_way() -> None:
    webinar = make_webinar()
    desk, question = make_person(webinar, "M", "moderator"), make_question(webinar)
    with pytest.raises(Refused, match="changed"), deed(webinar.pk, by=desk) as done:
        troubles.move_question(done, done.question(question.pk), to="review")
    with pytest.raises(Refused, match="malformed"), deed(webinar.pk, by=desk) as done:
        troubles.move_question(done, done.question(question.pk), to="nowhere")


def test_a_name_hidden_from_moderators_stays_hidden_when_the_question_moves() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    asker = make_person(webinar, "Olena", place="Chernihiv", organisation="Some office")
    question = make_question(webinar, participant=asker, visibility="submitted", name_shown="nobody")
    with deed(webinar.pk, by=desk) as done:
        troubles.move_question(done, done.question(question.pk), to="troubles")
    told = json.dumps(seen_by("desk", webinar)["troubles"])
    assert not any(word in told for word in ("Olena", "Chernihiv", "Some office"))


def test_a_report_has_a_budget_of_its_own() -> None:
    person = 987_654
    factor = settings.BUDGET_FACTOR
    waits = [budgets.spend(person, "report", now=10.0) for _ in range(int(3 * factor) + 1)]
    assert waits[-1] > 0
    assert not any(waits[:-1])
    assert budgets.spend(person, "ask", now=10.0) == 0


def test_without_a_script_it_is_sent_thanked_for_and_not_shown() -> None:
    webinar = make_webinar()
    person = make_person(webinar)
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = session_of(person)
    room = f"/en/webinars/{webinar.pk}-x/room/"
    fields = {"do": "report", "kind": "sound", "text": "A hum", "language": "en", "back": room}
    answer = browser.post(
        f"/en/webinars/{webinar.pk}-x/do/", {**fields, "client_id": str(uuid4())}, follow=True
    )
    page = answer.content.decode()
    assert "have it now" in page
    assert "A hum" not in page
    assert Trouble.objects.get().text == "A hum"


@pytest.mark.django_db(transaction=True)
def test_on_the_wire_it_comes_to_the_desk_and_to_nobody_else(live_site: Site) -> None:
    webinar = make_webinar(speakers_see_pending=True)
    reporter, other = make_person(webinar, "R"), make_person(webinar, "O")
    speaker, translator = make_person(webinar, "S", "speaker"), make_person(webinar, "L", "language_desk")
    desk = make_person(webinar, "M", "moderator")
    with (
        live_site.socket(reporter) as a,
        live_site.socket(other) as b,
        live_site.socket(speaker) as c,
        live_site.socket(translator) as d,
        live_site.socket(desk) as e,
    ):
        for line in (a, b, c, d, e):
            line.until("mine")
        assert "ok" in a.ask_for(
            "report", client_id=str(uuid4()), kind="picture", text="Black", language="en"
        )
        assert e.until("troubles")["troubles"]["counts"] == {"picture": 1}
        a.say("report", client_id=str(uuid4()), kind="stage")
        a.until(error="malformed")
        assert b.ask_for("solve", kind="picture", upto=10**9)["error"] == "forbidden"
        for line in (a, b, c, d):
            line.quiet()
            assert "Black" not in json.dumps(line.heard)
            assert "troubles" not in json.dumps(line.heard)
        reply = e.ask_for("solve", kind="picture", upto=10**9)
        assert reply["ok"]["act"]
        # The frame may come before its reply or after it.
        told = [m["troubles"] for m in e.heard if "troubles" in m]
        assert (told[-1] if told[-1] == {} else e.until("troubles")["troubles"]) == {}
