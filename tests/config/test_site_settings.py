"""The settings of the site: who may change them, what is refused, and everywhere they show."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.actions import create_user
from accounts.models import User
from accounts.names import Names
from config import jobs, logo, site_settings
from config.actions import change_site
from config.models import AT_ONCE, Job, SiteSettings
from config.site_settings import Logo, current
from tests.config.pictures import HTML, POLYGLOT, SVG, claimed, picture
from tests.demo_site import Visitor
from tests.factories import make_person, make_webinar
from tests.site import PATIENCE, Site
from webinars import ics
from webinars.addresses import language_of, link_of
from webinars.letters import send_letter
from webinars.models import AtOnce

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "kolm karu ja mesi"
GIVEN = {
    "name-text-en": "Bridge", "name-text-mn": "Гүүр", "name-original": "en", "languages": ["mn", "en"],
    "language": "mn", "zone": "Asia/Hovd", "institution-text-en": "Ministry of Examples",
    "contact_email": "questions@example.org", "publishes_at_once": "registered",
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def administrator(client: Client) -> User:
    user = create_user("a@example.org", PASSWORD, verified=True, name="A", roles=["administrator"])
    client.force_login(user)
    return user


def given(**more: Any) -> dict[str, Any]:
    return {**GIVEN, **more}


def upload(content: bytes, name: str = "logo.png", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


# --- who may -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["", "expert", "host", "editor", "reviewer", "translator"])
def test_nobody_but_an_administrator_changes_the_site(client: Client, role: str) -> None:
    user = create_user("b@example.org", PASSWORD, verified=True, name="B", roles=[role] if role else [])
    client.force_login(user)
    assert client.get("/en/settings/").status_code == 403
    assert client.post("/en/settings/", given()).status_code == 403
    assert not SiteSettings.objects.exists()


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    assert client.get("/en/settings/").headers["Location"].startswith("/en/accounts/login/?next=")
    assert client.post("/en/settings/", given()).status_code == 302
    assert not SiteSettings.objects.exists()


# --- what it changes ---------------------------------------------------------------------------------------


def test_what_is_settled_shows_on_pages_in_letters_and_in_calendars(
    client: Client, administrator: User
) -> None:
    assert client.post("/en/settings/", given()).headers["Location"] == "/en/settings/"
    stranger = Client()
    page = stranger.get("/en/").content.decode()
    assert "Bridge</title>" in page
    assert "Ministry of Examples" in page
    assert "mailto:questions@example.org" in page
    assert "Гүүр</title>" in stranger.get("/mn/").content.decode()

    webinar = make_webinar(state="scheduled")
    person = make_person(webinar, "Bat", email="bat@example.org", reads=["mn"])
    send_letter({"kind": "registered", "person": person.pk})
    assert mail.outbox[0].body.rstrip().endswith("Гүүр")
    calendar = ics.entry(webinar, language="mn", url=link_of(person))
    assert calendar is not None
    assert "PRODID:-//Гүүр//Webinars//EN" in calendar.decode()
    assert "Гүүр:" in stranger.get("/mn/knowledge/feed/").content.decode()


def test_a_letter_about_the_own_account_says_whom_to_ask(client: Client, administrator: User) -> None:
    client.post("/en/settings/", given())
    Client().post("/en/accounts/password/reset/", {"email": "a@example.org"})
    assert "Bridge wrote this letter by itself" in mail.outbox[0].body
    assert "Questions about the site: questions@example.org" in mail.outbox[0].body


def test_a_new_webinar_begins_as_the_site_has_it(client: Client, administrator: User) -> None:
    client.post("/en/settings/", given())
    page = client.get("/en/webinars/new/").content.decode()
    assert re.search(r'<option value="Asia/Hovd" selected>', page)
    assert re.search(r'value="registered"[^>]*checked', page)


def test_the_ways_of_publishing_are_those_of_webinars() -> None:
    assert set(AT_ONCE) == set(AtOnce.values)


def test_without_a_row_the_site_is_as_the_environment_says(client: Client, settings: Any) -> None:
    settings.SITE_NAME = "Silla"
    site = site_settings.look_again()
    assert (site.called("mn"), site.languages, site.zone) == ("Silla", ("en", "et", "uk", "mn"), "UTC")
    assert "Silla</title>" in client.get("/en/").content.decode()


# --- languages ---------------------------------------------------------------------------------------------


def test_only_languages_that_are_offered_are_offered(client: Client, administrator: User) -> None:
    client.post("/en/settings/", given())
    stranger = Client()
    page = stranger.get("/en/").content.decode()
    assert re.findall(r'hreflang="(\w+)"', page)[:2] == ["mn", "en"]
    assert 'hreflang="et"' not in page
    assert stranger.get("/et/webinars/?page=1").headers["Location"] == "/mn/webinars/?page=1"
    for asked, led in {"et": "/mn/", "et;q=0.9, en;q=0.4": "/en/", "": "/mn/", "de": "/mn/"}.items():
        assert stranger.get("/", headers={"accept-language": asked}).headers["Location"] == led
    assert language_of(make_person(make_webinar(), reads=["uk", "en"])) == "en"
    assert language_of(make_person(make_webinar(), reads=["uk"])) == "mn"


def test_a_form_in_a_language_that_was_just_taken_away_is_not_lost(
    client: Client, administrator: User
) -> None:
    change_site(by=administrator, languages=["en"])
    assert client.post("/mn/settings/", given()).status_code == 302
    assert SiteSettings.objects.get().zone == "Asia/Hovd"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("languages", []), ("languages", ["xx"]), ("language", "et"), ("zone", "Mars/Base"), ("contact_email", "me"),
     ("publishes_at_once", "always"), ("name-text-en", "x" * 61)],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(
    client: Client, administrator: User, field: str, wrong: Any
) -> None:
    answer = client.post("/en/settings/", given(**{field: wrong, "institution-text-mn": "Жишээ яам"}))
    page = answer.content.decode()
    assert (answer.status_code, 'role="alert"' in page) == (200, True)
    assert "Жишээ яам" in page
    assert "Ministry of Examples" in page
    assert not SiteSettings.objects.exists()


# --- the logo ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_of_any_size_becomes_a_small_webp(client: Client, administrator: User, kind: str) -> None:
    client.post("/en/settings/", given(logo=upload(picture(kind, (2000, 800)))))
    shown = current().logo
    assert shown is not None
    assert (shown.width, shown.height) == (240, 96)
    stored = [path.read_bytes() for path in site_settings.settings.MEDIA_ROOT.iterdir()]
    assert [one[:4] + one[8:12] for one in stored] == [b"RIFFWEBP"]
    assert f'src="{shown.url}" width="240" height="96"' in Client().get("/en/").content.decode()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (SVG, "logo.svg", "This is no PNG, JPEG or WebP picture"),
        (SVG, "logo.png", "This is no PNG, JPEG or WebP picture"),
        (HTML, "logo.webp", "This is no PNG, JPEG or WebP picture"),
        (POLYGLOT, "logo.jpg", "This is no PNG, JPEG or WebP picture"),
        (picture()[:90], "logo.png", "damaged or cut off"),
        (claimed(60000, 60000), "logo.png", "no PNG, JPEG|too large"),
        (claimed(9000, 9000), "logo.png", "too large"),
        (picture(size=(8, 8)), "logo.png", "too small"),
        (picture() + b"\0" * 5_000_000, "logo.png", "larger than 5 MB"),
    ],
)
def test_what_is_no_fit_picture_is_refused_and_never_stored(
    client: Client, administrator: User, content: bytes, name: str, said: str
) -> None:
    answer = client.post("/en/settings/", given(logo=upload(content, name)))
    assert re.search(said, answer.content.decode())
    folder = site_settings.settings.MEDIA_ROOT
    assert not folder.exists() or not list(folder.iterdir())
    assert not SiteSettings.objects.exists()


def test_what_hides_behind_a_picture_is_not_kept(client: Client, administrator: User) -> None:
    client.post("/en/settings/", given(logo=upload(picture() + HTML, "logo.html", "text/html")))
    shown = current().logo
    assert shown is not None
    assert b"script" not in (site_settings.settings.MEDIA_ROOT / shown.file).read_bytes()


def test_a_picture_that_was_sent_is_kept_while_the_rest_is_put_right(
    client: Client, administrator: User
) -> None:
    page = client.post("/en/settings/", given(logo=upload(picture()), zone="")).content.decode()
    kept = re.search(r'name="logo_kept" value="(logo-\w+\.webp)"', page)
    assert kept is not None
    client.post("/en/settings/", given(logo_kept=kept[1], logo_says_name="on"))
    assert current().logo == Logo(kept[1], 240, 96, says_name=True)
    client.post("/en/settings/", given(logo_kept=kept[1], logo_gone="on"))
    assert current().logo is None


@pytest.mark.parametrize(
    "name", ["../secret_key", "logo-0123456789abcdef.webp", "/etc/passwd", "logo-../../x.webp"]
)
def test_a_picture_is_kept_by_its_own_name_only(administrator: User, client: Client, name: str) -> None:
    assert logo.kept(name) is None
    client.post("/en/settings/", given(logo_kept=name))
    assert current().logo is None


# --- one question a process --------------------------------------------------------------------------------


def test_a_page_asks_nothing_about_the_settings(
    client: Client, administrator: User, django_assert_num_queries: Callable[..., Any]
) -> None:
    change_site(by=administrator, name=Names.of("en", "Bridge"))
    with django_assert_num_queries(0):
        assert "Bridge</title>" in Client().get("/en/accounts/inactive/").content.decode()


def test_each_round_of_the_worker_looks_again(administrator: User) -> None:
    SiteSettings.objects.create(pk=SiteSettings.THE_ONE, name=Names.of("en", "Elsewhere"))
    assert current().called("en") == "Sild"
    worker = jobs.Worker(every=0.05, each_round=[site_settings.look_again])
    worker.start()
    try:
        end = time.monotonic() + PATIENCE
        while current().called("en") != "Elsewhere":
            assert time.monotonic() < end
            time.sleep(0.02)
    finally:
        worker.stop()
        worker.join(PATIENCE)
    assert Job.objects.count() == 0


def test_another_process_learns_of_it_and_serves_the_picture_for_ever(live_site: Site, settings: Any) -> None:
    settings.MEDIA_ROOT = live_site.data / "media"
    user = create_user("c@example.org", PASSWORD, verified=True, name="C", roles=["administrator"])
    change_site(by=user, name=Names.of("en", "Across"), logo=logo.keep(picture()))
    try:
        with Visitor(live_site, "anonymous") as visitor:
            end = time.monotonic() + PATIENCE
            while "Across</title>" not in (page := visitor.get("/en/").text):
                assert time.monotonic() < end
                time.sleep(0.1)
            address = re.search(r'<img class="logo" src="(/media/[^"]+)"', page)
            assert address is not None
            answer = visitor.get(address[1])
            assert (answer.status, answer.headers["content-type"]) == (200, "image/webp")
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "immutable" in answer.headers["cache-control"]
            assert "sandbox" in answer.headers["content-security-policy"]
            assert answer.body[:4] == b"RIFF"
            for path in (
                "/media/",
                "/media/../secret_key",
                "/media/logo-0123456789abcdef.webp",
                "/media/db.sqlite3",
            ):
                assert visitor.get(path).status == 404
            assert visitor.send("POST", address[1]).status == 405
    finally:
        SiteSettings.objects.all().delete()
        with Visitor(live_site, "anonymous") as visitor:  # the server forgets, too
            end = time.monotonic() + PATIENCE
            while "Across</title>" in visitor.get("/en/").text:
                assert time.monotonic() < end
                time.sleep(0.1)
