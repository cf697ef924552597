"""What was promised: everybody reads it where they may, hosts write how it stands, and each line says its source."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.actions import create_user
from accounts.models import Organisation, User
from accounts.names import Names
from config import jobs
from knowledge.models import Source
from knowledge.search import search
from tests.factories import make_person, make_question, make_user, make_webinar
from webinars.addresses import address, promise_address
from webinars.models import (
    Answer,
    AnswerKind,
    Commitment,
    CommitmentStep,
    Entry,
    Question,
    Standing,
    State,
    Webinar,
)

pytestmark = pytest.mark.django_db
LIST = "/en/promises/"


def make_promise(
    webinar: Webinar | None = None, text: str = "All schools online", **facts: Any
) -> Commitment:
    facts.setdefault("owner", "A. Minister")
    return Commitment.objects.create(webinar=webinar or make_webinar(), text=Names.of("en", text), **facts)


def make_step(promise: Commitment, at: str, **facts: Any) -> CommitmentStep:
    facts.setdefault("standing", promise.standing)
    return CommitmentStep.objects.create(commitment=promise, at=date.fromisoformat(at), **facts)


def make_organisation(name: str, country: str = "") -> Organisation:
    return Organisation.objects.create(names=Names.of("en", name), country=country)


def at(promise: Commitment, page: str = "promise", language: str = "en") -> str:
    with translation.override(language):
        return promise_address(promise, page)


def page_of(path: str, browser: Client | None = None) -> str:
    answer = (browser or Client()).get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return " ".join(str(answer.content.decode()).split())


def host_of(webinar: Webinar) -> Client:
    user = make_user()
    make_person(webinar, "Host", "attendee", "host", user=user)
    return signed_in(user)


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def standing(**said: Any) -> dict[str, Any]:
    """What the form sends."""
    return {"at": "2021-05-09", "exact": "day", "standing": "partly", "figure": "", "note-text-en": "",
            "source_url": "", "source_title": "", "source_publisher": "", "source_year": ""} | said  # fmt: skip


def promised(**said: Any) -> dict[str, Any]:
    return {"text-text-en": "A library in every soum", "text-original": "en", "owner": "B. Minister",
            "institution": "", "country": "", "due": "", "figure_then": "", "figure_goal": "",
            "source_url": "", "source_title": "", "source_publisher": "", "source_year": ""} | said  # fmt: skip


# --- reading ---------------------------------------------------------------------------------------------


def test_before_the_first_promise_the_page_says_what_will_stand_there() -> None:
    assert "No promises yet" in page_of(LIST)


def test_the_list_says_who_promised_what_until_when_and_how_it_stands() -> None:
    ministry = make_organisation("Ministry of Examples", "MN")
    promise = make_promise(
        organisation=ministry, due=date(2099, 10, 15), figure_then=106, figure_now=120, figure_goal=181,
        standing=Standing.PARTLY, note=Names.of("en", "Slowly [@XX-1]."),
    )  # fmt: skip
    make_step(promise, "2099-01-02", exact="month")
    page = page_of(LIST)
    for words in ("All schools online", "A. Minister", "Ministry of Examples", "Mongolia", "15 October 2099",
                  "kept in part", "<b>120 of 181</b>", "106 when it was promised", 'max="181" value="120"',
                  "January 2099", "Slowly."):  # fmt: skip
        assert words in page, words
    assert f'href="{at(promise)}"' in page
    assert f'href="{address(promise.webinar)}"' in page
    assert "overdue" not in page


LATE = [("open", True), ("partly", True), ("kept", False), ("lapsed", False)]


@pytest.mark.parametrize(("standing", "late"), LATE)
def test_what_was_due_yesterday_is_overdue_in_words_unless_it_is_settled(standing: str, late: bool) -> None:
    promise = make_promise(due=timezone.localdate() - timedelta(days=1), standing=standing)
    assert ("overdue" in page_of(LIST)) is late
    assert ("It was due on" in page_of(at(promise))) is late
    Commitment.objects.update(due=timezone.localdate())
    assert "overdue" not in page_of(LIST)


def test_what_is_to_come_stands_first_by_when_it_is_due_and_then_what_is_settled() -> None:
    for text, facts in {
        "Kept long ago": {"standing": "kept", "due": date(2001, 1, 1)},
        "Kept lately": {"standing": "kept", "due": date(2020, 1, 1)},
        "Whenever": {},
        "In spring": {"due": date(2098, 4, 1), "standing": "partly"},
        "In winter": {"due": date(2098, 1, 1)},
    }.items():
        make_promise(text=text, **facts)
    page = page_of(LIST)
    order = ["In winter", "In spring", "Whenever", "Kept lately", "Kept long ago"]
    assert sorted(order, key=page.index) == order


def test_the_list_is_narrowed_by_standing_country_organisation_and_webinar() -> None:
    past, mongolian = date(2001, 1, 1), make_organisation("Government M", "MN")
    webinars = make_webinar("Webinar A"), make_webinar("Webinar B")
    make_promise(webinars[0], "Mongolian promise", organisation=mongolian, due=past)
    make_promise(webinars[1], "Estonian promise", organisation=make_organisation("Government E", "EE"),
                 standing="kept", due=past)  # fmt: skip
    for query, found in {
        "standing=open": "Mongolian", "standing=overdue": "Mongolian", "standing=kept": "Estonian",
        "country=EE": "Estonian", f"by={mongolian.pk}": "Mongolian", f"webinar={webinars[1].pk}": "Estonian",
        "country=MN&standing=open": "Mongolian",
    }.items():  # fmt: skip
        page = page_of(f"{LIST}?{query}")
        other = {"Mongolian": "Estonian", "Estonian": "Mongolian"}[found]
        assert f"{found} promise" in page, query
        assert f"{other} promise" not in page, query
        assert 'aria-current="true"' in page.split('id="main"')[1], query
    assert "No promise fits that" in page_of(f"{LIST}?country=EE&standing=open")
    for nonsense in (
        "standing=x",
        "standing=%00",
        "country=%00",
        "by=x",
        "webinar=99999999999999999999",
        "page=x",
        "by=²",
    ):
        page_of(f"{LIST}?{nonsense}")


def test_what_is_seldom_is_folded_away_unless_it_was_asked_for() -> None:
    for n in range(9):
        office = make_organisation(f"Office {n}", "EE" if n else "MN")
        for _ in range(1 if n == 4 else 2):
            make_promise(make_webinar(f"Webinar {n}"), organisation=office)
    shelf = page_of(LIST).split("Organisation</span>")[1].split("Webinar</span>")[0]
    assert "3 more" in shelf
    folded = shelf.split("<details>")[1]
    assert "Office 4" in folded
    assert "Office 0" not in folded
    asked = Organisation.objects.get(names__texts__en="Office 4")
    shelf = page_of(f"{LIST}?by={asked.pk}").split("Organisation</span>")[1].split("Webinar</span>")[0]
    assert "Office 4" not in shelf.split("<details>")[1]


def test_a_promise_tells_what_became_of_it_in_order_each_line_with_its_source() -> None:
    said = Source.objects.create(key="XX-1", title="The record", publisher="An office", year="2020")
    later = Source.objects.create(key="XX-2", title="Later news", url="https://example.org/news")
    promise = make_promise(figure_then=106, figure_now=181, figure_goal=181, standing="kept",
                           quote=Names.of("en", "We will do it."))  # fmt: skip
    promise.sources.add(said)
    make_step(promise, "2021-01-01", exact="year", standing="kept", figure_now=181,
              note=Names.of("en", "All there [@XX-2], it says [@ZZ-9].")).sources.add(later)  # fmt: skip
    make_step(promise, "2020-10-01", exact="month", standing="partly")
    page = page_of(at(promise))
    order = ["We will do it.", "October 2020", 'datetime="2021-01-01', "All there"]
    assert sorted(order, key=page.index) == order
    for words in ("106 of 181", '[1] An office, 2020', '<a class="cite" href="#source-XX-2">[2]</a>, it says .',
                  '<li id="source-XX-1">', "The record", 'href="https://example.org/news"'):  # fmt: skip
        assert words in page, words
    assert "ZZ-9" not in page
    assert "1 January 2021" not in page


def test_a_promise_that_grew_from_a_question_leads_to_it_while_that_is_public() -> None:
    question = make_question(make_webinar(), "When will it be ready?")
    promise = make_promise(question.webinar, question=question)
    assert f"?question={question.pk}#q-{question.pk}" in page_of(at(promise))
    question.visibility = "hidden"
    question.save()
    assert "When will it be ready?" not in page_of(at(promise))


def test_s40_markup_in_a_promise_is_only_text() -> None:
    evil = "<script>alert(1)</script>"
    promise = make_promise(text=evil, owner=evil, quote=Names.of("en", evil), due_words=Names.of("en", evil),
                           organisation=make_organisation(evil))  # fmt: skip
    make_step(promise, "2021-01-01", note=Names.of("en", f"{evil} [@XX-1] {evil}"))
    for path in (LIST, at(promise), address(promise.webinar), "/en/"):
        assert evil not in page_of(path)


def test_a_wrong_slug_is_put_right_and_each_language_has_its_own() -> None:
    promise = make_promise()
    Commitment.objects.update(text=Names.of("en", "All schools", mn="Бүх сургууль"))
    promise.refresh_from_db()
    assert Client().get(f"/en/promises/{promise.pk}/")["Location"] == at(promise)
    assert Client().get(at(promise).replace("/en/", "/mn/"))["Location"] == at(promise, language="mn")
    assert at(promise, language="mn").endswith("-bukh-surguuli/")
    assert '<span lang="mn">Бүх сургууль</span>' in page_of(at(promise, language="mn"))
    assert Client().get("/en/promises/999999/").status_code == 404


def test_promises_of_drafts_and_of_webinars_for_invited_people_are_on_no_public_page() -> None:
    draft = make_promise(make_webinar("Draft", state=State.DRAFT), "Secret of a draft", figure_goal=9)
    closed = make_webinar("Closed", entry=Entry.INVITED, state=State.ENDED)
    inside = make_promise(closed, "Secret of the invited", figure_goal=9, due=timezone.localdate())
    member = make_user()
    make_person(closed, "Member", user=member)
    for path in (LIST, "/en/", address(closed)):
        assert "Secret of" not in page_of(path), path
    for promise in (draft, inside):
        assert Client().get(at(promise)).status_code == 404
        assert Client().get(f"/en/promises/{promise.pk}/").status_code == 404
    assert "Secret of the invited" in page_of(at(inside), signed_in(member))
    assert "Secret of the invited" in page_of(address(closed), signed_in(member))
    assert "Secret" not in page_of(LIST, signed_in(member))
    Webinar.objects.filter(pk=closed.pk).update(state=State.PUBLISHED)
    for path in (LIST, "/en/", address(closed), at(inside)):
        assert "Secret of the invited" in page_of(path), path
        assert "Secret of a draft" not in page_of(path), path


def test_strangers_get_no_cookie_and_no_form_and_may_keep_the_pages() -> None:
    promise = make_promise()
    for path in (LIST, at(promise)):
        answer = Client().get(path)
        assert not answer.cookies
        assert "no-store" not in answer["Cache-Control"]
        assert b"csrfmiddlewaretoken" not in answer.content
        assert b"Write how it stands" not in answer.content


def test_lists_ask_the_database_as_often_for_thirty_as_for_three() -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            page_of(path)
        return len(seen)

    def more(number: int) -> None:
        for n in range(number):
            made = make_promise(promise.webinar, organisation=make_organisation(f"Office {n}", "EE"),
                                due=timezone.localdate(), figure_goal=7)  # fmt: skip
            make_promise(make_webinar(f"Another {n}"), organisation=made.organisation)
            owe(f"Number {n}?", made.webinar)
            step = make_step(promise, "2021-01-01")
            step.sources.add(Source.objects.create(key=f"S-{Source.objects.count()}", title="Source"))

    promise = make_promise()
    paths = (LIST, at(promise), address(promise.webinar), "/en/")
    more(3)
    at_three = {path: queries(path) for path in paths}
    more(27)
    assert {path: queries(path) for path in paths} == at_three


def owe(text: str, webinar: Webinar | None = None, *, given: bool = False, **facts: Any) -> Question:
    due = facts.pop("due", None)
    question = make_question(webinar or make_webinar(), text, **facts)
    Answer.objects.create(question=question, kind=AnswerKind.PROMISED, owner="A. Minister", due=due)
    if given:
        Answer.objects.create(question=question, kind=AnswerKind.WRITTEN, gist="So it was.", language="en")
    return question


def test_answers_that_were_promised_stand_below_until_they_are_given() -> None:
    today = timezone.localdate()
    owe("Whenever?")
    late = owe("Too late?", due=today - timedelta(days=2))
    owe("Soon?", due=today + timedelta(days=2))
    owe("Answered since?", given=True, due=today - timedelta(days=3))
    owe("Hidden since?", visibility="hidden")
    owe("Of a draft?", make_webinar("Draft", state=State.DRAFT))
    owe("Of the invited?", make_webinar("Closed", entry=Entry.INVITED))
    make_question(make_webinar(), "Only asked?")
    page = page_of(LIST)
    order = ["Answers still owed", "Too late?", "Soon?", "Whenever?"]
    assert sorted(order, key=page.index) == order
    assert page.count("overdue") == 1
    assert "No promises yet" not in page
    assert f'href="{address(late.webinar)}?question={late.pk}#q-{late.pk}"' in page
    for absent in ("Answered since?", "Hidden since?", "Of a draft?", "Of the invited?", "Only asked?"):
        assert absent not in page
    assert "Too late?" not in page_of(f"{LIST}?standing=open")


# --- on the front page -----------------------------------------------------------------------------------


def test_the_front_page_shows_what_is_due_soon_before_what_is_great() -> None:
    today = timezone.localdate()
    make_promise(text="Great", figure_goal=1000, standing="kept")
    assert "Great" in page_of("/en/")
    make_promise(text="Due soon", due=today + timedelta(days=20))
    make_promise(text="Late", due=today - timedelta(days=2))
    make_promise(text="Far away", due=today + timedelta(days=400))
    make_promise(text="Done in time", due=today + timedelta(days=3), standing="kept")
    page = page_of("/en/")
    assert page.index("Late") < page.index("Due soon")
    for absent in ("Great", "Far away", "Done in time"):
        assert absent not in page


# --- writing ---------------------------------------------------------------------------------------------


def test_a_host_writes_how_it_stands_and_the_present_follows() -> None:
    promise = make_promise(figure_then=106, figure_now=106, figure_goal=181)
    browser = host_of(promise.webinar)
    assert "Write how it stands" in page_of(at(promise), browser)
    answer = browser.post(at(promise, "promise_stand"), standing(
        figure="150", **{"note-text-en": "On the way.", "note-text-mn": "Замдаа.", "note-original": "en"},
        source_url="https://example.org/report", source_title="A report", source_year="2021",
    ))  # fmt: skip
    assert answer["Location"] == f"{at(promise)}#history"
    promise.refresh_from_db()
    assert (promise.standing, promise.figure_now, promise.figure_then) == ("partly", 150, 106)
    assert promise.note.best(["mn"]).text == "Замдаа."
    (step,) = promise.steps.all()
    source = step.sources.get()
    assert (source.key, source.title, source.year) == ("WEB-01", "A report", "2021")
    page = page_of(at(promise))
    for words in ("9 May 2021", "150 of 181", "On the way.", "A report", "kept in part"):
        assert words in page, words
    assert promise.webinar.acts.filter(verb="standing").exists()


def test_an_older_line_takes_its_place_and_leaves_the_present_as_it_is() -> None:
    promise = make_promise(figure_goal=181)
    browser = host_of(promise.webinar)
    browser.post(at(promise, "promise_stand"), standing(at="2022-03-05", standing="kept", figure="181"))
    browser.post(at(promise, "promise_stand"), standing(at="2021-03-05", exact="month"))
    promise.refresh_from_db()
    assert (promise.standing, promise.figure_now) == ("kept", 181)
    assert [(step.at.isoformat(), step.exact) for step in promise.steps.all()] == [
        ("2021-03-01", "month"),
        ("2022-03-05", "day"),
    ]


def test_a_line_taken_out_gives_the_present_back_to_the_one_before() -> None:
    promise = make_promise(figure_then=3, figure_now=3, figure_goal=9)
    browser = host_of(promise.webinar)
    for said in (standing(figure="5"), standing(at="2022-01-01", standing="kept", figure="9")):
        browser.post(at(promise, "promise_stand"), said)
    for stands in (("partly", 5), ("open", 3)):
        browser.post(at(promise, "promise_stand"), {"remove": str(promise.steps.last().pk)})  # type: ignore[union-attr]
        promise.refresh_from_db()
        assert (promise.standing, promise.figure_now) == stands
    assert promise.webinar.acts.filter(verb="standing_off", before__figure_now=9).exists()
    other = make_step(make_promise(text="Another"), "2021-01-01")
    browser.post(at(promise, "promise_stand"), {"remove": str(other.pk)})
    assert CommitmentStep.objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"at": "2999-01-01"}, "That day is still to come."),
        ({"at": ""}, "This field is required."),
        ({"standing": "broken"}, "Select a valid choice"),
        ({"figure": "-3"}, "greater than or equal to 0"),
        ({"source_url": "https://example.org/new"}, "Say what is to be read there."),
        ({"source_url": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"source_title": "A title alone"}, "Say where it is to be read."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(said: dict[str, str], told: str) -> None:
    promise = make_promise(figure_goal=9)
    browser = host_of(promise.webinar)
    words = {"note-text-en": "Long to write."}
    answer = browser.post(at(promise, "promise_stand"), standing(**words | said))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert told in page
    assert "Long to write." in page
    assert not promise.steps.exists()
    assert not Source.objects.exists()


def test_an_address_that_is_a_source_already_is_that_source() -> None:
    known = Source.objects.create(key="XX-1", title="Known", url="https://example.org/known")
    promise = make_promise()
    host_of(promise.webinar).post(
        at(promise, "promise_stand"), standing(source_url="https://example.org/known")
    )
    assert promise.steps.get().sources.get() == known
    assert Source.objects.count() == 1


WHO = {"nobody": False, "attendee": False, "moderator": False, "host": True, "host elsewhere": False,
       "expert": False, "editor": True, "administrator": True}  # fmt: skip


@pytest.mark.parametrize("who", WHO)
def test_hosts_of_the_webinar_and_editors_follow_promises_and_nobody_else(who: str) -> None:
    promise = make_promise()
    browser = Client()
    if who in ("attendee", "moderator", "host"):
        user = make_user()
        make_person(promise.webinar, who, "attendee", who, user=user)
        browser = signed_in(user)
    elif who == "host elsewhere":
        browser = host_of(make_webinar("Elsewhere"))
    elif who != "nobody":
        browser = signed_in(create_user("one@example.org", None, name="One", roles=(who,)))
    status = {
        "stand": browser.post(at(promise, "promise_stand"), standing()).status_code,
        "edit": browser.post(at(promise, "promise_edit"), promised()).status_code,
        "new": browser.post(address(promise.webinar, "promise_new"), promised()).status_code,
        "remove": browser.post(at(promise, "promise_edit"), {"remove": "1"}).status_code,
    }
    assert set(status.values()) == ({302} if WHO[who] else {403}), status
    assert CommitmentStep.objects.exists() is False
    assert Commitment.objects.count() == 1
    promise = Commitment.objects.get()
    assert (str(promise.text) == "A library in every soum") is WHO[who]


def test_a_promise_is_written_down_put_right_and_removed() -> None:
    webinar = make_webinar()
    browser = host_of(webinar)
    assert address(webinar, "promise_new") in page_of(address(webinar), browser)
    answer = browser.post(address(webinar, "promise_new"), promised(
        institution="Ministry of Libraries", country="MN", due="2027-01-31", figure_then="10", figure_goal="330",
    ))  # fmt: skip
    promise = Commitment.objects.get()
    assert answer["Location"] == at(promise)
    assert (promise.figure_now, promise.standing, promise.owner) == (10, "open", "B. Minister")
    assert promise.organisation is not None
    assert (str(promise.organisation), promise.organisation.country) == ("Ministry of Libraries", "MN")
    browser.post(
        at(promise, "promise_edit"), promised(owner="C. Minister", institution="ministry of libraries")
    )
    changed = Commitment.objects.get()
    assert (changed.owner, changed.organisation, changed.figure_goal) == (
        "C. Minister",
        promise.organisation,
        None,
    )
    assert browser.post(at(changed, "promise_edit"), {"remove": "1"})["Location"] == address(webinar)
    assert not Commitment.objects.exists()
    assert list(webinar.acts.values_list("verb", flat=True).order_by("pk")) == [
        "commitment", "commitment", "commitment_off",
    ]  # fmt: skip


def test_a_promise_without_words_or_a_name_is_not_written_down() -> None:
    webinar = make_webinar()
    browser = host_of(webinar)
    for said in ({"text-text-en": ""}, {"owner": " \u202e "}, {"figure_then": "4"}):
        answer = browser.post(address(webinar, "promise_new"), promised(**said))
        assert answer.status_code == 422
    assert not Commitment.objects.exists()


# --- search ----------------------------------------------------------------------------------------------


def found(query: str, scopes: set[str], **more: Any) -> list[str]:
    return [hit.url for hit in search(query, scopes, kinds=["promise"], **more).hits]


def test_a_promise_is_found_in_each_of_its_languages_and_by_what_became_of_it() -> None:
    webinar = make_webinar()
    browser = host_of(webinar)
    browser.post(address(webinar, "promise_new"), promised(
        **{"text-text-mn": "Сум бүрд номын сан"}, institution="Ministry of Libraries", country="MN",
    ))  # fmt: skip
    promise = Commitment.objects.get()
    browser.post(at(promise, "promise_stand"), standing(**{"note-text-en": "Books arrived by camel."}))
    jobs.work_due()
    path = at(promise).removeprefix("/en")
    for query in ("libraries", "номын сангууд", "camels", "Minister"):
        assert found(query, {"public"}) == [path], query
    assert found("libraries", {"public"}, countries=["MN"]) == [path]
    assert found("libraries", {"public"}, countries=["EE"]) == []
    page = page_of("/en/search/?q=libraries")
    assert "Promise" in page
    assert at(promise) in page
    browser.post(at(promise, "promise_edit"), {"remove": "1"})
    jobs.work_due()
    assert found("libraries", {"public"}) == []


def test_what_was_promised_among_invited_people_is_found_by_them_alone_until_it_is_public() -> None:
    webinar = make_webinar(entry=Entry.INVITED)
    host_of(webinar).post(address(webinar, "promise_new"), promised())
    jobs.work_due()
    assert found("library", {"public"}) == []
    assert len(found("library", {"public", f"webinar:{webinar.pk}"})) == 1
    assert found("library", {"public", f"webinar:{webinar.pk + 1}"}) == []
