"""`manage.py demo`: everything is there, and the second time nothing changes."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.actions import create_user
from accounts.models import User
from config.models import Job
from knowledge.models import Edition, Guide, SearchEntry
from knowledge.search import search
from webinars.addresses import address
from webinars.demo.accounts import SIGN_INS
from webinars.demo.content import load
from webinars.live import reading
from webinars.live.alike import groups_in
from webinars.live.changes import Window
from webinars.models import Commitment, Floor, Question, State, Visibility, Vote, Webinar


def everything() -> dict[str, list[Any]]:
    """Every row of every table of ours."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.app_label in ("accounts", "knowledge", "webinars", "account", "auth")
    }


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo once for all tests of this file, each of which leaves it as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(built: None, db: None) -> dict[str, Webinar]:
    return {webinar.state: webinar for webinar in Webinar.objects.all()}


def test_a_second_run_changes_nothing(demo: dict[str, Webinar]) -> None:
    before = everything()
    call_command("demo", verbosity=0)
    assert everything() == before


def test_once_it_is_there_people_of_ones_own_do_not_disturb_it(demo: dict[str, Webinar]) -> None:
    create_user("real@example.org", None, name="Real")
    call_command("demo", verbosity=0)


def test_every_role_may_sign_in_and_is_marked_as_demo(demo: dict[str, Webinar]) -> None:
    for one in SIGN_INS:
        user = User.objects.get(email=one.email)
        assert user.is_demo
        assert user.check_password(one.password)
        assert set(one.site_roles) <= user.roles
    assert User.objects.get(email="admin@example.org").is_superuser
    assert User.objects.filter(is_demo=False).count() == 0


def test_s57_demo_passwords_are_worth_nothing_elsewhere(demo: dict[str, Webinar], settings: Any) -> None:
    one = SIGN_INS[0]
    settings.QUICKSTART = False
    browser = Client()
    browser.post("/en/accounts/login/", {"login": one.email, "password": one.password})
    assert "_auth_user_id" not in browser.session


def test_the_practice_webinar_shows_a_question_in_every_state(demo: dict[str, Webinar]) -> None:
    live = demo[State.LIVE]
    assert live.is_example
    assert live.started_at is not None
    assert live.started_at < timezone.now()
    questions = Question.objects.filter(webinar=live)
    visible = Counter(questions.values_list("visibility", flat=True))
    assert {
        Visibility.SUBMITTED,
        Visibility.PUBLISHED,
        Visibility.RETURNED,
        Visibility.DECLINED,
        Visibility.HIDDEN,
    } == {*visible}
    floors = Counter(questions.filter(visibility=Visibility.PUBLISHED).values_list("floor", flat=True))
    assert floors[Floor.IN_TURN] == 1
    assert floors[Floor.NEXT] == 2
    assert floors[Floor.DONE] == 5
    assert questions.filter(answers__kind="promised").count() == 1
    assert {q.language for q in questions} == {"en", "et", "uk", "mn"}
    assert live.agenda_now is not None
    assert all(answer.gist for q in questions.filter(floor=Floor.DONE) for answer in q.answers.all())


def test_the_practice_desk_has_something_asked_twice_and_something_that_does_not_work(
    demo: dict[str, Webinar],
) -> None:
    room = reading.load(demo[State.LIVE].pk)
    assert room is not None
    snapshot = Window("desk").snapshot(room)
    [group] = groups_in(snapshot)
    assert len(group["questions"]) == 2
    assert set(group["questions"]) <= set(snapshot["review"])
    assert snapshot["troubles"]["counts"] == {"interpretation": 1}


def test_votes_are_as_many_as_are_shown_and_nobodys_on_their_own(demo: dict[str, Webinar]) -> None:
    for question in Question.objects.all():
        assert question.ballots.filter(is_on=True).count() == question.votes
        assert not question.ballots.filter(participant=question.participant_id).exists()
    assert Vote.objects.count() > 200


def test_what_happened_happened_in_order(demo: dict[str, Webinar]) -> None:
    live = demo[State.LIVE]
    acts = list(live.acts.order_by("seq"))
    assert [act.at for act in acts] == sorted(act.at for act in acts)
    assert live.seq >= acts[-1].seq
    for question in live.questions.exclude(published_at=None):
        assert question.asked_at < question.published_at  # type: ignore[operator]
        for turn in question.turns.all():
            assert question.published_at < turn.started_at  # type: ignore[operator]


def test_the_webinar_of_2020_holds_the_articles_facts(demo: dict[str, Webinar]) -> None:
    archive = demo[State.PUBLISHED]
    assert archive.starts_at is None
    assert str(archive.day) == "2020-08-27"
    assert not archive.is_example
    assert archive.questions.count() == 0
    promise = Commitment.objects.get()
    assert (promise.figure_then, promise.figure_goal, promise.webinar) == (106, 181, archive)
    assert (promise.figure_now, promise.standing) == (181, "kept")
    (told,) = load().events["2020-08-27"].commitments
    assert promise.steps.count() == len(told.history)
    assert all(step.sources.exists() for step in promise.steps.all())
    assert str(promise.organisation) == "Government of Mongolia"
    page = Client().get(address(archive)).content.decode()
    for words in (
        "N.Uchral",
        "Deputy Minister of Digital transformation of Ukraine",
        "27 August 2020",
        "106",
    ):
        assert words in page
    assert "Lessons on the same subjects" in page


def test_the_one_to_come_keeps_the_day_it_was_given(demo: dict[str, Webinar]) -> None:
    coming = demo[State.SCHEDULED]
    assert coming.starts_at is not None
    assert coming.starts_at > timezone.now() + timedelta(days=20)
    assert coming.questions.get().votes == 6


def test_the_lessons_are_published_in_their_languages_and_found(demo: dict[str, Webinar]) -> None:
    wanted = load().guides.values()
    told = Edition.objects.published().filter(guide__owner__is_demo=True)
    assert Counter(told.values_list("guide__kind", flat=True)) == Counter(
        guide.kind for guide in wanted for _ in guide.editions
    )
    published = {(e.guide.source_language, e.language) for e in Edition.objects.select_related("guide")}
    assert published == {("en", "en"), ("en", "mn"), ("en", "uk"), ("en", "et")}
    for edition in Edition.objects.select_related("live"):
        assert edition.live is not None
        assert "lesson:" not in edition.live.body
        assert edition.live.citations
    assert not Job.objects.exists()
    assert {"lesson", "howto", "answer"} <= {
        kind for kind, _ in search("", {"public"}, countries=["EE"]).facets["kind"]
    }


def test_the_search_is_complete_when_the_demo_is_there(demo: dict[str, Webinar]) -> None:
    before = list(SearchEntry.objects.order_by("pk").values())
    assert {entry["parent"].partition(":")[0] for entry in before} >= {"guide", "question", "promise"}
    call_command("reindex", stdout=StringIO())
    assert list(SearchEntry.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("asked", "kind", "title"),
    [
        ("internet voting", "howto", "Plan in decades: internet voting in Estonia"),
        ("Prozorro", "howto", "Give the watchdog a tool of its own: Prozorro in Ukraine"),
        (
            "soum centres telecommunication",
            "page",
            "Mongolia from 2005 to 2025: context for adapting a lesson",
        ),
        (
            "bus ticket",
            "lesson",
            "A card in the pocket is not yet use: tie it to something people do every week",
        ),
        ("librarians", "lesson", "Train the librarian, and the librarian trains the village"),
    ],
)
def test_a_guide_of_every_kind_is_found_and_listed(
    demo: dict[str, Webinar], asked: str, kind: str, title: str
) -> None:
    assert title in [hit.title for hit in search(asked, {"public"}, reads=["en"], kinds=[kind]).hits]
    listed = Client().get("/en/knowledge/", {"kind": kind}).content.decode()
    assert title in listed
    assert listed.count("<article") == min(
        24, len([one for one in load().guides.values() if one.kind == kind])
    )


def test_what_a_guide_leads_to_is_there_under_that_very_address(demo: dict[str, Webinar]) -> None:
    texts = (
        Edition.objects.published().filter(guide__owner__is_demo=True).values_list("live__html", flat=True)
    )
    led = {where for html in texts for where in re.findall(r'href="(/[^"]+)"', html)}
    assert len(led) > 10
    for where in sorted(led):
        assert Client().get(where).status_code == 200, where


def test_the_shelf_tells_its_kinds_and_how_many_there_are_of_each(demo: dict[str, Webinar]) -> None:
    shelf = Client().get("/en/knowledge/").content.decode()
    for kind, name in (("lesson", "Lesson"), ("howto", "How-to"), ("page", "Page")):
        number = len([one for one in load().guides.values() if one.kind == kind])
        assert re.search(rf'href="\?kind={kind}"><span>{name}</span><span class="num">{number}</span>', shelf)
    assert "kind=playbook" not in shelf


def test_the_front_page_shows_lessons_and_those_in_most_languages_first(demo: dict[str, Webinar]) -> None:
    page = Client().get("/mn/").content.decode()
    assert load().guides["L03"].editions["mn"].title in page
    for guide in Guide.objects.exclude(kind=Guide.Kind.LESSON):
        assert f"/mn/knowledge/{guide.pk}-" not in page


@pytest.mark.parametrize("language", ["en", "et", "uk", "mn"])
def test_every_page_of_the_demo_opens(demo: dict[str, Webinar], language: str) -> None:
    paths = [f"/{language}/", f"/{language}/webinars/", f"/{language}/knowledge/", f"/{language}/join/"]
    for webinar in demo.values():
        for page in ("", "join/", "attend/"):
            paths.append(f"/{language}/webinars/{webinar.pk}-x/{page}")
    for guide in Guide.objects.all():
        paths.append(f"/{language}/knowledge/{guide.pk}-x/")
    for path in paths:
        assert Client().get(path, follow=True).status_code == 200, path


def test_staff_of_the_demo_reach_their_rooms(demo: dict[str, Webinar]) -> None:
    live = demo[State.LIVE]
    for email, page in (("moderator@example.org", "console"), ("participant@example.org", "room")):
        browser = Client()
        browser.force_login(User.objects.get(email=email))
        assert browser.get(address(live, page)).status_code == 200, email
