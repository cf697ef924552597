"""What everybody may read of webinars: nothing pending, no cookie, and as many queries for three as for one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.actions import create_user
from accounts.models import Organisation
from accounts.names import Names
from knowledge.actions import Details, Text, create_guide, publish_revision
from tests.factories import make_agenda, make_person, make_question, make_user, make_webinar
from webinars.actions import floor
from webinars.actions.deed import deed
from webinars.actions.room import change_state
from webinars.addresses import address
from webinars.models import Answer, Commitment, Entry, NameShown, State, Visibility, Webinar

pytestmark = pytest.mark.django_db
HOME = "/en/"
PROGRAMME = "/en/webinars/"


def at(webinar: Webinar, page: str = "webinar", language: str = "en") -> str:
    with translation.override(language):
        return address(webinar, page)


def text_of(path: str, browser: Client | None = None) -> str:
    answer = (browser or Client()).get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.content.decode())


def furnish(webinar: Webinar, number: int) -> None:
    """A webinar with `number` of everything."""
    for n in range(number):
        webinar.organisations.add(
            Organisation.objects.create(names=Names.of("en", f"Office {n} of {webinar.pk}"))
        )
        speaker = make_person(webinar, f"Speaker {n}", "attendee", "speaker", zone="Europe/Tallinn")
        question = make_question(webinar, f"Question {n}?", addressed_to=speaker)
        Answer.objects.create(question=question, gist="So it was.", language="en", speaker=speaker)
        Commitment.objects.create(webinar=webinar, text=Names.of("en", f"Promise {n}"), owner="Somebody")
    if not webinar.agenda.exists():
        make_agenda(webinar, *(f"Item {n}" for n in range(number)))


def guide(number: int = 1) -> None:
    author = create_user(f"author{number}@example.org", None, name="Author", roles=("expert",))
    draft = create_guide(
        author, language="en", text=Text(f"Lesson {number}", "In short.", "## One {#one}\n\nText.")
    )
    publish_revision(draft.edition, author, Text(f"Lesson {number}", "In short.", "## One {#one}\n\nText."),
                     base=None, details=Details(countries=("EE",)))  # fmt: skip


# --- the front door and the front page -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asks", "cookie", "leads"),
    [
        ("mn,en;q=0.8", "", "/mn/"),
        ("de,fr", "", "/en/"),
        ("en", "uk.en", "/uk/"),
        ("en", "kk.et", "/et/"),
        ("uk-UA", "zz.<script>", "/uk/"),
    ],
)
def test_the_front_door_leads_to_the_readers_language(asks: str, cookie: str, leads: str) -> None:
    browser = Client(headers={"Accept-Language": asks})
    if cookie:
        browser.cookies["reads"] = cookie
    answer = browser.get("/")
    assert (answer.status_code, answer["Location"]) == (302, leads)
    assert "Accept-Language" in answer["Vary"]
    assert not answer.cookies


def test_somebody_signed_in_comes_to_the_language_of_their_profile() -> None:
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(make_user(reads=["mn", "en"]))
    assert browser.get("/")["Location"] == "/mn/"


def test_the_first_day_has_words_of_its_own() -> None:
    page = text_of(HOME)
    assert "This site is new" in page
    assert reverse("knowledge:search") in page
    assert "No webinars yet" in text_of(PROGRAMME)


def test_a_host_on_the_first_day_is_shown_how_to_begin() -> None:
    host = create_user("host@example.org", None, name="Host", roles=("host",))
    browser = Client()
    browser.force_login(host)
    assert reverse("webinars:new") in text_of(HOME, browser)
    make_webinar("Next one", state=State.SCHEDULED, starts_at=timezone.now() + timedelta(days=3))
    assert reverse("webinars:new") in text_of(HOME, browser)  # nor later does it go away
    assert reverse("webinars:new") not in text_of(HOME)


def test_the_front_page_shows_what_is_on_what_comes_what_was_and_what_was_promised() -> None:
    soon = timezone.now() + timedelta(days=3)
    live = make_webinar("Live one")
    coming = make_webinar("Next one", state=State.SCHEDULED, starts_at=soon, zone="Asia/Ulaanbaatar")
    past = make_webinar("Past one", state=State.PUBLISHED, day=soon.date() - timedelta(days=900))
    Commitment.objects.create(
        webinar=past, text=Names.of("en", "Services online"), owner="N. N.", figure_now=106, figure_goal=181
    )
    guide()
    page = text_of(HOME)
    for path in (
        at(live),
        at(live, "join"),
        at(coming),
        at(coming, "attend"),
        at(coming, "calendar"),
        at(past),
    ):
        assert f'href="{path}"' in page
    assert "Lesson 1" in page
    assert 'max="181" value="106"' in page
    assert "Next webinar" in page


def test_what_nobody_began_on_its_day_is_no_longer_next() -> None:
    missed = make_webinar("Missed", state=State.SCHEDULED, starts_at=timezone.now() - timedelta(days=4))
    Webinar.objects.filter(pk=missed.pk).update(day=timezone.now().date() - timedelta(days=4))
    assert "Next webinar" not in text_of(HOME)


def test_drafts_are_on_no_page() -> None:
    draft = make_webinar("Secret plan", state=State.DRAFT)
    for path in (HOME, PROGRAMME):
        assert "Secret plan" not in text_of(path)
    assert Client().get(at(draft)).status_code == 404
    host = make_user()
    make_person(draft, "Host", "attendee", "host", user=host)
    browser = Client()
    browser.force_login(host)
    assert "only its hosts see it" in text_of(at(draft), browser)


def test_a_moderator_finds_the_console_on_the_webinars_page_and_a_participant_does_not() -> None:
    running = make_webinar()
    for role, finds in (("moderator", True), ("attendee", False)):
        person = make_user()
        make_person(running, role, "attendee", role, user=person)
        browser = Client()
        browser.force_login(person)
        assert (at(running, "console") in text_of(at(running), browser)) is finds


# --- public pages are public -----------------------------------------------------------------------------


def test_public_pages_set_no_cookie_and_may_be_kept() -> None:
    webinar = make_webinar(state=State.SCHEDULED)
    furnish(webinar, 1)
    for path in (HOME, PROGRAMME, at(webinar), at(webinar, "calendar"), reverse("webinars:code")):
        answer = Client().get(path)
        assert not answer.cookies, path
        assert "no-store" not in answer["Cache-Control"], path
        assert b"csrfmiddlewaretoken" not in answer.content, path


def test_pages_of_somebody_with_a_session_are_not_kept() -> None:
    browser = Client()
    browser.force_login(make_user())
    assert "no-store" in browser.get(HOME)["Cache-Control"]


@pytest.mark.parametrize("state", [State.LIVE, State.SCHEDULED, State.PUBLISHED])
def test_a_page_asks_the_database_as_often_for_three_as_for_one(state: State) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            text_of(path)
        return len(seen)

    first = make_webinar("First", state=state, starts_at=timezone.now() + timedelta(days=1))
    furnish(first, 1)
    guide(1)
    at_one = {path: queries(path) for path in (HOME, PROGRAMME, at(first))}
    furnish(first, 2)
    for n in range(2):
        furnish(make_webinar(f"Another {n}", state=state, starts_at=timezone.now() + timedelta(days=2)), 3)
        guide(n + 2)
    at_three = {path: queries(path) for path in (HOME, PROGRAMME, at(first))}
    assert at_three == at_one
    assert max(at_three.values()) <= 20


def test_a_wrong_slug_is_put_right_and_the_question_kept() -> None:
    webinar = make_webinar()
    answer = Client().get(at(webinar).replace("how-do", "what") + "?question=3")
    assert (answer.status_code, answer["Location"]) == (302, at(webinar) + "?question=3")
    assert Client().get(f"/en/webinars/{webinar.pk}/")["Location"] == at(webinar)
    assert Client().get(f"/en/webinars/{webinar.pk}/?question=3")["Location"] == at(webinar) + "?question=3"


def test_the_slug_is_in_the_language_of_the_page() -> None:
    webinar = make_webinar()
    Webinar.objects.update(title=Names.of("en", "Who pays?", mn="Хэн төлөх вэ?", uk="Хто платить?"))
    webinar.refresh_from_db()
    assert at(webinar, language="mn").endswith("-khen-tolokh-ve/")
    assert Client().get(at(webinar).replace("/en/", "/uk/"))["Location"] == at(webinar, language="uk")
    page = text_of(at(webinar))
    for code in ("en", "et", "uk", "mn"):
        assert f'hreflang="{code}" href="http' in page
    assert at(webinar, language="mn") in page


def test_a_text_says_its_language() -> None:
    webinar = make_webinar()
    Webinar.objects.update(title=Names.of("mn", "Хэн төлөх вэ?"))
    make_question(webinar, "Хэн төлсөн бэ?", language="mn")
    webinar.refresh_from_db()
    page = text_of(at(webinar))
    assert '<span lang="mn">Хэн төлөх вэ?</span>' in page
    assert '<p class="q-text" lang="mn">' in page


# --- nothing pending -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "visibility", [v for v in Visibility if v != Visibility.PUBLISHED], ids=lambda v: str(v)
)
@pytest.mark.parametrize("state", [State.LIVE, State.SCHEDULED, State.ENDED, State.PUBLISHED])
def test_only_published_questions_are_on_the_page(visibility: Visibility, state: State) -> None:
    webinar = make_webinar(state=state)
    make_question(webinar, "May everybody read me?")
    make_question(webinar, "Nobody may read this", visibility=visibility, reason_note="and not this")
    page = text_of(at(webinar))
    assert "May everybody read me?" in page
    assert "Nobody may read this" not in page
    assert "and not this" not in page


def test_a_hidden_name_is_not_on_the_page_and_the_archive_keeps_only_what_was_allowed() -> None:
    webinar = make_webinar()
    shy = make_person(webinar, "Shy Person", place="Khovd")
    open_one = make_person(webinar, "Open Person")
    make_question(webinar, participant=shy, name_shown=NameShown.MODERATORS)
    make_question(webinar, participant=open_one)
    once = make_question(webinar, participant=make_person(webinar, "Only Then"), archive_keeps_name=False)
    assert once.name_shown == NameShown.ALL
    page = text_of(at(webinar))
    assert "Shy Person" not in page
    assert "Open Person" in page
    assert "Only Then" in page
    Webinar.objects.update(state=State.PUBLISHED)
    archive = text_of(at(webinar))
    assert "Only Then" not in archive
    assert "Open Person" in archive


def test_for_whom_and_from_which_town_it_was_asked_goes_with_the_name() -> None:
    webinar = make_webinar()
    from_khovd = {"place": "Khovd town", "country": "MN"}
    make_question(webinar, participant=make_person(webinar, **from_khovd), on_behalf_of="Grandmother D.",
                  name_shown=NameShown.MODERATORS)  # fmt: skip
    make_question(webinar, participant=make_person(webinar, **from_khovd), name_shown=NameShown.MODERATORS)
    page = text_of(at(webinar))
    assert "Mongolia" in page
    assert "Khovd town" not in page
    assert "Grandmother D." not in page
    once = make_webinar("Another")
    make_question(once, participant=make_person(once, **from_khovd), archive_keeps_name=False)
    make_question(once, on_behalf_of="Grandmother D.", archive_keeps_name=False)
    assert "Grandmother D." in text_of(at(once))
    Webinar.objects.update(state=State.PUBLISHED)
    assert "Mongolia" in text_of(at(once))
    assert "Khovd town" not in text_of(at(once))
    assert "Grandmother D." not in text_of(at(once))


def test_what_invited_people_talk_about_is_theirs_until_it_is_published() -> None:
    webinar = make_webinar(entry=Entry.INVITED)
    make_question(webinar, "Between us?")
    member = make_user()
    make_person(webinar, "Member", user=member)
    browser = Client()
    browser.force_login(member)
    assert "Between us?" not in text_of(at(webinar))
    assert "Between us?" in text_of(at(webinar), browser)
    Webinar.objects.update(state=State.PUBLISHED)
    assert "Between us?" in text_of(at(webinar))


def test_s40_markup_in_names_and_titles_is_only_text() -> None:
    evil = "<script>alert(1)</script>"
    webinar = make_webinar(evil, description=Names.of("en", evil))
    make_person(webinar, evil, "attendee", "speaker", organisation=evil)
    make_question(webinar, evil)
    make_agenda(webinar, evil)
    page = text_of(at(webinar))
    assert evil not in page
    assert page.count("&lt;script&gt;") >= 4


def test_while_it_runs_what_is_being_answered_and_what_is_next_stand_first_and_say_so() -> None:
    webinar = make_webinar()
    host = make_person(webinar, "Host", "host")
    asked = {
        text: make_question(webinar, text, votes=n)
        for n, text in enumerate(("Floor?", "Soon?", "Then?", "Most?"))
    }
    with deed(webinar.pk, by=host) as done:
        for text in ("Then?", "Soon?"):
            floor.put_next(done, done.question(asked[text].pk))
        floor.open_turn(done, done.question(asked["Floor?"].pk))
    page = text_of(at(webinar)).split('id="questions"')[1]
    order = ["Being answered now", "Floor?", "Then?", "Soon?", "Most?"]
    assert sorted(order, key=page.index) == order
    assert page.count(">Next</span>") == 2
    with deed(webinar.pk, by=host) as done:
        change_state(done, "ended")
    ended = text_of(at(webinar))
    assert "Being answered now" not in ended
    assert ">Next</span>" not in ended


# --- a webinar's page through its life -------------------------------------------------------------------


def test_before_it_begins_one_can_attend_ask_and_note_it_down() -> None:
    webinar = make_webinar(state=State.SCHEDULED, starts_at=timezone.now() + timedelta(days=2))
    page = text_of(at(webinar))
    for where in ("attend", "join", "calendar"):
        assert f'href="{at(webinar, where)}"' in page
    Webinar.objects.update(questions_open=False)
    assert f'href="{at(webinar, "join")}"' not in text_of(at(webinar))


@pytest.mark.parametrize(
    ("state", "words"), [(State.CANCELLED, "has been cancelled"), (State.POSTPONED, "has been postponed")]
)
def test_what_does_not_take_place_says_so_and_takes_nobody(state: State, words: str) -> None:
    webinar = make_webinar(state=state)
    page = text_of(at(webinar))
    assert words in page
    assert f'href="{at(webinar, "attend")}"' not in page
    assert f'href="{at(webinar, "join")}"' not in page


def test_the_archive_tells_who_was_there_as_they_were() -> None:
    webinar = make_webinar(
        state=State.PUBLISHED, starts_at=None, day=timezone.now().date().replace(year=2020)
    )
    make_person(webinar, "N. N.", invited_at=timezone.now(), title=Names.of("en", "Head of then"), country="MN",
                about=Names.of("en", "Explained it."))  # fmt: skip
    make_person(webinar, "Just a guest")
    page = text_of(at(webinar))
    for words in ("Head of then", "Mongolia", "Explained it."):
        assert words in page
    assert "Just a guest" not in page
    assert at(webinar, "join") not in page


def test_a_link_to_a_question_opens_the_page_it_is_on() -> None:
    webinar = make_webinar()
    questions = [make_question(webinar, f"Number {n}?", votes=100 - n) for n in range(40)]
    last = questions[-1]
    assert "Number 39?" not in text_of(at(webinar))
    assert f'id="q-{last.pk}"' in text_of(f"{at(webinar)}?question={last.pk}")
    for nonsense in ("?question=0", "?question=x", "?page=99", "?page=x", "?question=99999999999999999999"):
        assert "Number" in text_of(at(webinar) + nonsense)


def test_the_page_of_a_series_holds_its_webinars() -> None:
    from webinars.models import Series

    series = Series.objects.create(name=Names.of("en", "Citizens"))
    make_webinar("First", series=series, state=State.ENDED)
    make_webinar("Second", series=series, state=State.SCHEDULED)
    make_webinar("Third", series=series, state=State.DRAFT)
    path = reverse("webinars:series", kwargs={"pk": series.pk, "slug": "x"})
    page = Client().get(path, follow=True).content.decode()
    assert "First" in page
    assert "Second" in page
    assert "Third" not in page
