"""The first day of a site: who holds the code makes it theirs, once; nobody else does, ever."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.actions import create_user
from accounts.models import User
from config import first_run, site_settings
from config.actions import TooLate, open_site
from config.models import SiteSettings
from tests.config.pictures import SVG, picture

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "kolm karu ja mesi"
GIVEN = {
    "name-text-en": "Bridge", "languages": ["mn", "en"], "language": "mn", "zone": "Asia/Hovd",
    "institution-text-mn": "Жишээ яам", "contact_email": "questions@example.org", "do": "open",
    "person": "Bold", "email": "Bold@Example.org", "password": PASSWORD, "password_again": PASSWORD,
}  # fmt: skip
FORM = "/en/setup/"


@pytest.fixture(autouse=True)
def fresh(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    site_settings.look_again()
    yield
    cache.clear()


@pytest.fixture
def code() -> str:
    return first_run.prepare()


@pytest.fixture
def holder(code: str) -> Client:
    """Somebody who has shown the code."""
    client = Client()
    assert client.post(FORM, {"code": code}).headers["Location"] == FORM
    return client


def given(**more: Any) -> dict[str, Any]:
    return {**GIVEN, **more}


# --- the way in --------------------------------------------------------------------------------------------


def test_the_front_page_of_a_fresh_site_leads_to_where_it_is_opened(code: str) -> None:
    stranger = Client(headers={"accept-language": "mn"})
    assert stranger.get("/").headers["Location"] == "/mn/"
    assert stranger.get("/mn/").headers["Location"] == "/mn/setup/"
    page = stranger.get("/mn/setup/").content.decode()
    assert 'name="code"' in page
    assert 'name="password"' not in page
    assert code not in page
    assert stranger.get("/mn/webinars/").status_code == 200


def test_the_address_from_the_terminal_brings_the_code_along(code: str) -> None:
    said = first_run.invitation(code, "http://localhost:8000")
    path = re.search(r"http://localhost:8000(/setup/\S+)", said)
    assert path is not None
    there = Client(headers={"accept-language": "uk"}).get(path[1]).headers["Location"]
    assert there == f"/uk/setup/?code={first_run.shown(code)}"
    assert f'value="{first_run.shown(code)}"' in Client().get(there).content.decode()


@pytest.mark.parametrize("write", [str.lower, first_run.shown, lambda code: f" {' '.join(code)} "])
def test_the_code_fits_however_it_is_written(code: str, write: Any) -> None:
    client = Client()
    client.post(FORM, {"code": write(code)})
    assert 'name="password"' in client.get(FORM).content.decode()


def test_without_the_code_nothing_can_be_sent(code: str) -> None:
    stranger = Client()
    for more in ({}, {"code": ""}, {"code": "AAAAA-AAAAA"}, {"code": code[:-1]}):
        answer = stranger.post(FORM, given(**more))
        assert (answer.status_code, 'name="password"' in answer.content.decode()) == (200, False)
    stranger.get(f"{FORM}?code={code}")  # looking is not showing: an address is seen by many
    stranger.post(FORM, given(logo=SimpleUploadedFile("logo.png", picture(), "image/png")))
    assert not User.objects.exists()
    assert not site_settings.settings.MEDIA_ROOT.exists()


def test_who_guesses_is_made_to_wait_even_with_the_right_code(code: str) -> None:
    stranger = Client()
    for _ in range(10):
        assert stranger.post(FORM, {"code": "AAAAA-AAAAA"}).status_code == 200
    answer = stranger.post(FORM, {"code": code})
    assert answer.status_code == 429
    assert f'value="{code}"' in answer.content.decode()
    assert 'name="password"' not in stranger.get(FORM).content.decode()
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert other.post(FORM, {"code": code}).status_code == 302


def test_each_start_says_the_same_code_until_it_is_used(code: str) -> None:
    assert first_run.prepare() == code
    assert len(code) == 10
    assert set(code) <= set(first_run.SIGNS)


# --- opening -----------------------------------------------------------------------------------------------


def test_one_page_makes_it_a_site_with_an_administrator(holder: Client) -> None:
    answer = holder.post(FORM, given(logo=SimpleUploadedFile("logo.png", picture(), "image/png")))
    assert answer.headers["Location"] == "/en/settings/health/"
    assert "The site is open." in holder.get("/en/settings/health/").content.decode()
    person = User.objects.get()
    assert (person.email, person.name, person.is_superuser) == ("bold@example.org", "Bold", True)
    assert person.check_password(PASSWORD)
    site = site_settings.current()
    assert (site.called("mn"), site.languages, site.zone) == ("Bridge", ("mn", "en"), "Asia/Hovd")
    assert (str(site.institution), site.contact_email) == ("Жишээ яам", "questions@example.org")
    assert site.logo is not None
    assert site.has_administrator
    assert Client().get("/mn/").status_code == 200
    again = Client()
    assert (
        again.post("/en/accounts/login/", {"login": "bold@example.org", "password": PASSWORD}).status_code
        == 302
    )
    assert again.get("/en/settings/").status_code == 200


def test_it_guesses_by_the_language_it_is_opened_in(holder: Client) -> None:
    page = holder.get("/mn/setup/").content.decode()
    for choice in ('<option value="Asia/Ulaanbaatar" selected>', '<option value="mn" selected>Монгол'):
        assert choice in page


def test_afterwards_the_page_is_gone_for_everybody(code: str, holder: Client) -> None:
    late = Client()
    late.post(FORM, {"code": code})
    holder.post(FORM, given())
    assert first_run.code() == first_run.prepare() == ""
    for client in (late, holder, Client()):
        assert client.get(FORM).status_code == 404
        assert client.post(FORM, given(email="second@example.org")).status_code == 404
        assert client.post(FORM, {"code": code}).status_code == 404
    assert [user.email for user in User.objects.all()] == ["bold@example.org"]
    assert SiteSettings.objects.get().setup_code == ""


def test_of_two_who_send_it_at_once_one_comes_too_late(code: str) -> None:
    facts: dict[str, Any] = {"password": PASSWORD, "name": "A", "reads": ["en"], "site": {}}
    open_site(code=code, email="one@example.org", **facts)
    with pytest.raises(TooLate):
        open_site(code=code, email="two@example.org", **facts)
    assert [user.email for user in User.objects.all()] == ["one@example.org"]


def test_a_code_that_was_never_made_opens_nothing() -> None:
    for wrong in ("", "AAAAAAAAAA"):
        with pytest.raises(TooLate):
            open_site(code=wrong, email="a@example.org", password=PASSWORD, name="A", reads=[], site={})
    assert Client().get(FORM).status_code == 404
    assert not User.objects.exists()


def test_a_site_that_somebody_administers_has_no_such_page(code: str) -> None:
    create_user("a@example.org", PASSWORD, roles=["administrator"])
    site_settings.look_again()
    assert Client().get(FORM).status_code == 404
    assert Client().post(FORM, {"code": code}).status_code == 404
    assert Client().get("/en/").status_code == 200
    assert first_run.prepare() == ""


def test_whoever_cannot_sign_in_does_not_administer_it(code: str, settings: Any) -> None:
    create_user("gone@example.org", PASSWORD, roles=["administrator"])
    User.objects.update(is_active=False)
    create_user("demo@example.org", "bridge-over-river", roles=["administrator"], is_demo=True)
    create_user("host@example.org", PASSWORD, roles=["host"])
    assert Client().get(FORM).status_code == 200
    settings.QUICKSTART = True  # there the demo's own can
    assert Client().get(FORM).status_code == 404


def test_it_can_be_left_out_altogether(code: str, settings: Any) -> None:
    settings.FIRST_RUN = False
    assert first_run.prepare() == ""
    assert Client().get(FORM).status_code == 404
    assert Client().get("/en/").status_code == 200


# --- what is not right yet ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("name-text-en", "", "Name of the site"),
        ("person", "", "Your name"),
        ("email", "bold@", "Your e-mail"),
        ("password_again", "another one entirely", "The two passwords differ."),
        ("zone", "Mars/Base", "Time zone"),
        ("language", "et", "Choose one of the languages of the pages."),
    ],
)
def test_what_is_not_right_is_said_and_nothing_typed_is_lost(
    holder: Client, field: str, wrong: str, said: str
) -> None:
    answer = holder.post(FORM, given(**{field: wrong}))
    page = answer.content.decode()
    assert (answer.status_code, 'role="alert"' in page, said in page) == (200, True, True)
    texts = (
        "name-text-en",
        "institution-text-mn",
        "contact_email",
        "person",
        "email",
        "password",
        "password_again",
    )
    for name in texts:
        value = given(**{field: wrong})[name]
        assert not value or re.search(rf'name="{name}"[^>]*value="{re.escape(value)}"', page), name
    assert not User.objects.exists()
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("password", ["short", "password1234", "bold@example.org", "sild webinar"])
def test_a_password_anybody_would_guess_is_refused(holder: Client, password: str) -> None:
    assert (
        'role="alert"'
        in holder.post(FORM, given(password=password, password_again=password)).content.decode()
    )
    assert not User.objects.exists()


def test_an_address_somebody_has_an_account_with_is_said(holder: Client) -> None:
    create_user("bold@example.org", PASSWORD)
    page = holder.post(FORM, given()).content.decode()
    assert "Somebody has an account with this address already." in page
    assert not User.objects.administrators().exists()
    assert site_settings.look_again().called("en") == "Sild"  # all of it or nothing


def test_a_logo_is_kept_while_the_rest_is_put_right_and_a_false_one_never(holder: Client) -> None:
    page = holder.post(FORM, given(logo=SimpleUploadedFile("a.png", SVG, "image/png"))).content.decode()
    assert "This is no PNG, JPEG or WebP picture." in page
    sent = given(logo=SimpleUploadedFile("a.png", picture(), "image/png"), password_again="")
    kept = re.search(r'name="logo_kept" value="([^"]+)"', holder.post(FORM, sent).content.decode())
    assert kept is not None
    holder.post(FORM, given(logo_kept=kept[1]))
    logo = site_settings.current().logo
    assert logo is not None
    assert logo.file == kept[1]


def test_a_test_letter_keeps_all_that_was_typed_and_makes_nobody(holder: Client, mailoutbox: Any) -> None:
    sent = given(do="mail", person="", logo=SimpleUploadedFile("a.png", picture(), "image/png"))
    page = holder.post(FORM, sent).content.decode()
    assert mailoutbox[0].to == ["bold@example.org"]
    assert 'id="mail-outcome"' in page
    assert "Something in the form is not right yet" not in page
    for value in ("Bridge", "Жишээ яам", PASSWORD):
        assert f'value="{value}"' in page
    assert 'name="logo_kept" value="logo-' in page
    assert not User.objects.exists()
    page = holder.post(FORM, given(do="mail", email="")).content.decode()
    assert "Write your e-mail above first" in page
    assert len(mailoutbox) == 1
