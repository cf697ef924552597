"""Muting or removing somebody with all that is theirs, and taking it back: at once, or much later."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_person, make_question, make_user, make_webinar
from tests.site import Site, session_of
from webinars.actions import erasing
from webinars.actions.deed import Refused, deed
from webinars.actions.questions import publish_question
from webinars.actions.votes import Ballot, cast_votes
from webinars.live.protocol import checked
from webinars.models import Act, Opinion, Participant, Question, Role, Vote
from webinars.views import twin

pytestmark = pytest.mark.django_db


class Scene:
    """Somebody loud: questions in every place, a vote on another's."""

    def __init__(self) -> None:
        self.webinar = make_webinar()
        self.host = make_person(self.webinar, "Tamar", "host")
        self.mari = make_person(self.webinar, "Mari", "moderator")
        self.loud = make_person(self.webinar, "Loud one")
        self.other = make_question(self.webinar, "Somebody else's?")
        self.public = self.theirs("Public?")
        self.waiting = self.theirs("Waiting?", visibility="submitted")
        self.lined_up = self.theirs("Next?", floor="next", next_rank=1)
        self.returned = self.theirs("Returned?", visibility="returned", reason="tone", reason_note="Kindly")
        self.declined = self.theirs("Declined?", visibility="declined", reason="tone")
        with deed(self.webinar.pk, by=self.loud) as done:
            assert cast_votes(done, [Ballot(self.loud, self.other.pk, True)]) == [""]

    def theirs(self, text: str, **facts: Any) -> Question:
        return make_question(self.webinar, text, participant=self.loud, **facts)

    def do(self, by: Participant, do: str, **fields: Any) -> dict[str, Any]:
        return twin.run(self.webinar, by, checked({"do": do, **fields}))

    def standing(self) -> list[str]:
        mine = Question.objects.filter(participant=self.loud).order_by("pk")
        return [f"{one.visibility} {one.floor} {one.reason}".strip() for one in mine]

    def votes(self) -> int:
        return Question.objects.get(pk=self.other.pk).votes


@pytest.fixture
def scene() -> Scene:
    return Scene()


BEFORE = [
    "published waiting",
    "submitted waiting",
    "published next",
    "returned waiting tone",
    "declined waiting tone",
]
HIDDEN = "hidden waiting advertising"
AFTER = [HIDDEN, HIDDEN, HIDDEN, HIDDEN, "declined waiting tone"]


def test_removing_takes_all_that_is_theirs_out_of_sight_and_of_the_count(scene: Scene) -> None:
    assert (scene.standing(), scene.votes()) == (BEFORE, 1)
    reply = scene.do(scene.mari, "remove", question=scene.public.pk, reason="advertising")
    assert reply["undo"] is True
    assert (scene.standing(), scene.votes()) == (AFTER, 0)
    scene.loud.refresh_from_db()
    assert scene.loud.removed_at is not None
    assert Question.objects.get(pk=scene.public.pk).text == "Public?"  # blanked for readers, never deleted
    assert Vote.objects.filter(participant=scene.loud).count() == 1
    act = Act.objects.get(verb="remove")
    assert (act.by, act.reason) == (scene.mari, "advertising")


def test_one_undo_brings_all_of_it_back_as_it_stood(scene: Scene) -> None:
    act = scene.do(scene.mari, "remove", person=scene.loud.pk, reason="advertising")["act"]
    scene.do(scene.mari, "undo", act=act)
    assert (scene.standing(), scene.votes()) == (BEFORE, 1)
    scene.loud.refresh_from_db()
    assert scene.loud.removed_at is None
    assert Question.objects.get(pk=scene.returned.pk).reason_note == "Kindly"
    assert Question.objects.get(pk=scene.lined_up.pk).next_rank == 1


def test_a_host_lets_them_in_again_much_later_but_for_what_somebody_decided_since(scene: Scene) -> None:
    scene.do(scene.mari, "remove", person=scene.loud.pk, reason="advertising")
    Act.objects.update(at=timezone.now() - timedelta(days=3))
    with deed(scene.webinar.pk, by=scene.host) as done:
        publish_question(done, done.question(scene.waiting.pk))
    scene.do(scene.host, "remove", person=scene.loud.pk, on=False)
    assert scene.standing() == [BEFORE[0], "published waiting", *BEFORE[2:]]
    assert scene.votes() == 1
    scene.loud.refresh_from_db()
    assert scene.loud.removed_at is None
    assert scene.do(scene.host, "remove", person=scene.loud.pk, on=False) == {}  # it stands so already
    assert Act.objects.filter(verb="restore").exists()


def test_their_opinions_and_stands_go_and_come_back_with_them(scene: Scene) -> None:
    theirs, others = (
        Opinion.objects.create(
            webinar=scene.webinar, participant=person, client_id=uuid4(), text="So it is.", language="en",
            visibility="published",
        )
        for person in (scene.loud, make_person(scene.webinar))
    )  # fmt: skip

    def stood() -> tuple[str, int]:
        return Opinion.objects.get(pk=theirs.pk).visibility, Opinion.objects.get(pk=others.pk).agree

    scene.do(scene.loud, "stand", opinion=others.pk, side="agree")
    assert stood() == ("published", 1)
    act = scene.do(scene.mari, "remove", person=scene.loud.pk)["act"]
    assert stood() == ("hidden", 0)
    scene.do(scene.mari, "undo", act=act)
    assert stood() == ("published", 1)
    scene.do(scene.mari, "remove", person=scene.loud.pk)
    scene.do(scene.host, "remove", person=scene.loud.pk, on=False)
    assert stood() == ("published", 1)


def test_a_question_that_stands_for_what_others_asked_stays_for_them(scene: Scene) -> None:
    make_question(scene.webinar, "The same?", visibility="merged", into=scene.public)
    scene.do(scene.mari, "remove", person=scene.loud.pk)
    assert scene.standing()[:2] == ["published waiting", "hidden waiting other"]


def test_what_is_being_answered_stays_until_its_turn_is_over(scene: Scene) -> None:
    with deed(scene.webinar.pk, by=scene.host) as done:
        from webinars.actions.floor import open_turn

        open_turn(done, done.question(scene.public.pk))
    scene.do(scene.mari, "remove", person=scene.loud.pk)
    assert scene.standing()[0] == "published in_turn"


def test_what_a_moderator_wrote_down_for_others_is_not_theirs_to_lose(scene: Scene) -> None:
    helper = make_person(scene.webinar, "Helper", "moderator")
    asked = make_question(
        scene.webinar, "By phone?", participant=helper, came_by="phone", on_behalf_of="Oyun"
    )
    scene.do(scene.host, "remove", person=helper.pk)
    assert Question.objects.get(pk=asked.pk).visibility == "published"


def test_muting_alone_hides_nothing_and_with_their_things_does(scene: Scene) -> None:
    scene.do(scene.mari, "mute", question=scene.public.pk, on=True)
    assert scene.standing() == BEFORE
    with pytest.raises(Refused, match="muted"):
        scene.do(scene.loud, "ask", client_id=str(uuid4()), text="More?", language="en")
    scene.do(scene.mari, "mute", question=scene.public.pk, on=True, things=True, reason="advertising")
    assert scene.standing() == AFTER
    assert scene.votes() == 1  # they are still here
    scene.do(scene.mari, "mute", person=scene.loud.pk, on=False)
    assert scene.standing() == BEFORE
    scene.loud.refresh_from_db()
    assert scene.loud.muted_at is None


def test_an_undo_of_muting_does_not_take_back_an_earlier_one(scene: Scene) -> None:
    scene.do(scene.mari, "mute", person=scene.loud.pk, on=True)
    act = scene.do(scene.mari, "mute", person=scene.loud.pk, on=True, things=True)["act"]
    scene.do(scene.mari, "undo", act=act)
    scene.loud.refresh_from_db()
    assert scene.loud.muted_at is not None
    assert scene.standing() == BEFORE


@pytest.mark.parametrize("do", ["mute", "remove"])
@pytest.mark.parametrize("by", ["host", "moderator"])
@pytest.mark.parametrize("to", [*map(str, Role), "oneself"])
def test_who_may_do_it_to_whom(scene: Scene, do: str, by: str, to: str) -> None:
    """A host to everybody but hosts, a moderator to nobody who works here, nobody to themselves."""
    me = scene.host if by == "host" else scene.mari
    person = me if to == "oneself" else make_person(scene.webinar, "X", to)
    staff = {"language_desk", "moderator"} if by == "moderator" else set()
    spared = to in {"host", "oneself"} | staff
    if spared:
        with pytest.raises(Refused, match="of_staff"):
            scene.do(me, do, person=person.pk)
    else:
        assert "act" in scene.do(me, do, person=person.pk)
    person.refresh_from_db()
    assert bool(person.muted_at or person.removed_at) is not spared


@pytest.mark.parametrize("role", ["attendee", "speaker", "language_desk", "captioner"])
@pytest.mark.parametrize("do", ["mute", "remove"])
def test_nobody_else_may(scene: Scene, role: str, do: str) -> None:
    with pytest.raises(Refused, match="forbidden"):
        scene.do(make_person(scene.webinar, "X", role), do, person=scene.loud.pk)


def test_somebody_of_another_webinar_is_not_found(scene: Scene) -> None:
    other = make_person(make_webinar(), "Stranger")
    for fields in ({"person": other.pk}, {"question": make_question(other.webinar).pk}, {}):
        with pytest.raises(Refused, match="not_found"):
            scene.do(scene.host, "remove", **fields)
    other.refresh_from_db()
    assert other.removed_at is None


def test_whoever_was_erased_is_not_brought_back(scene: Scene) -> None:
    scene.do(scene.host, "remove", person=scene.loud.pk)
    erasing.forget_guest(scene.loud, blank_words=True)
    with pytest.raises(Refused, match="not_found"):
        scene.do(scene.host, "remove", person=scene.loud.pk, on=False)
    act = Act.objects.get(verb="remove")
    with pytest.raises(Refused, match=r"not_found|too_late"):
        scene.do(scene.host, "undo", act=act.pk)
    assert "Public?" not in {*Question.objects.values_list("text", flat=True)}


def test_the_page_of_people_mutes_removes_and_lets_in_again(scene: Scene) -> None:
    user = make_user("Tamar")
    Participant.objects.filter(pk=scene.host.pk).update(user=user)
    browser = Client()
    browser.force_login(user)
    there = f"/en/webinars/{scene.webinar.pk}-x/people/"
    for do, standing in (("mute_all", 4), ("unmute", 0), ("remove", 4)):
        assert browser.post(there, {"do": do, "person": scene.loud.pk}).status_code == 302
        assert Question.objects.filter(participant=scene.loud, visibility="hidden").count() == standing, do
    assert "Let in again, with all that is theirs" in browser.get(there).content.decode()
    browser.post(there, {"do": "restore", "person": scene.loud.pk})
    assert (scene.standing(), scene.votes()) == (BEFORE, 1)
    said = browser.post(there, {"do": "remove", "person": scene.host.pk}, follow=True).content.decode()
    assert "Not somebody who works here" in said


def test_a_removed_guest_who_comes_again_with_the_same_browser_is_told_so(scene: Scene) -> None:
    browser = Client()
    browser.cookies["sessionid"] = session_of(scene.loud)
    scene.do(scene.mari, "remove", person=scene.loud.pk)
    answer = browser.get(f"/en/webinars/{scene.webinar.pk}-x/room/")
    assert answer.status_code == 302
    join = browser.post(answer["Location"], {"name": "Loud one", "way": "text"}, follow=True)
    assert "You are no longer in this webinar" in join.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_person_is_told_in_their_own_window_and_everybody_loses_sight_of_it(live_site: Site) -> None:
    scene = Scene()
    with live_site.socket(scene.loud) as theirs, live_site.socket(scene.mari) as desk:
        assert theirs.until("mine")["mine"]["muted"] is False
        with live_site.socket(make_person(scene.webinar)) as reader:
            reader.until("mine")
            act = desk.ask_for("mute", question=scene.public.pk, on=True, things=True)["ok"]["act"]
            while "muted" not in (news := theirs.until("mine")["mine"]):
                pass
            assert news["muted"] is True
            assert {scene.public.pk, scene.lined_up.pk} == set(reader.until("gone")["gone"])
            assert desk.ask_for("undo", act=act) == {"ref": "2", "ok": {}}
            while "muted" not in (news := theirs.until("mine")["mine"]):
                pass
            assert news["muted"] is False
            assert "Public?" in {row["text"] for row in reader.until("questions")["questions"]}
            assert not any("Waiting?" in str(one) for one in reader.heard)
            desk.ask_for("remove", question=scene.public.pk)
            with pytest.raises(Exception, match="4403"):
                theirs.hear_all()
            assert reader.until("votes")["votes"].get(str(scene.other.pk)) in (0, None)
