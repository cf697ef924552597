"""S40, S43, S47, S48: what people write into names, titles and questions stays words, wherever it is shown or sent."""

import re
import zipfile
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from icalendar import Calendar
from playwright.sync_api import Browser

from accounts.actions import create_user
from accounts.models import User
from accounts.names import Names
from accounts.plain import one_line, unturned
from config import jobs, site_settings
from config.models import SiteSettings
from tests.factories import make_person, make_question, make_user, make_webinar
from tests.site import ROOT, Site, session_of
from webinars.actions.deed import deed
from webinars.actions.letters import INVITED, letter_later
from webinars.actions.people import invite, register
from webinars.actions.questions import ask_question
from webinars.addresses import address
from webinars.models import Participant, Role, State, Webinar

pytestmark = pytest.mark.django_db
OVERRIDE, PUSHED, ISOLATE = "\u202e", "\u202b", "\u2067"
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
NASTY = f"Bat{OVERRIDE}gro.live{PUSHED} {ISOLATE}<b onclick=alert(1)>\r\nBcc: all@example.org\u200b"
LINE_ENDS = ["\r\n", "\n", "\r", "\x0b", "\u2028", "\x85", "%0d%0a"]


def test_s40_signs_that_turn_text_round_are_left_out_and_those_that_scripts_need_are_kept() -> None:
    assert one_line(NASTY) == "Batgro.live <b onclick=alert(1)> Bcc: all@example.org\u200b"
    for text in ("می\u200cخواهم", "क्\u200dष", "\u200eOffice\u200f", "👩\u200d🌾", "Өвөрхангай"):
        assert unturned(text) == text


def test_s40_names_titles_and_questions_are_stored_without_them() -> None:
    webinar = make_webinar(state=State.SCHEDULED)
    host = make_person(webinar, "Host", Role.HOST)
    with deed(webinar.pk, by=host) as done:
        invite(done, name=NASTY, roles=["speaker"], place=NASTY, organisation=NASTY)
    guest = register(webinar, email="bat@example.org", name=NASTY, place=NASTY)
    with deed(webinar.pk, by=host) as done:
        question = ask_question(
            done, client_id=uuid4(), text=f"Who {OVERRIDE}pays?", language="en", on_behalf_of=NASTY
        )
    user = create_user("one@example.org", None, name=NASTY, organisation=NASTY)
    speaker = Participant.objects.exclude(pk__in=(host.pk, guest.pk)).get()
    kept = [
        *((one.name, one.place, one.organisation) for one in (speaker, guest)),
        (question.text, question.on_behalf_of),
        (user.name, str(user.organisation)),
    ]
    for row in kept:
        assert [one for one in row if TURNING.search(one) or "\n" in one or "\r" in one] == []
    assert question.text == "Who pays?"


def test_s40_titles_in_several_languages_are_stored_without_them(client: Client) -> None:
    host = make_user("Host")
    host.groups.add(Group.objects.get(name="host"))
    client.force_login(host)
    form = {
        "title-text-en": f"Bridge {OVERRIDE}egdirb", "title-text-mn": f"{ISOLATE}Гүүр", "title-original": "en",
        "zone": "Asia/Hovd", "minutes": "90", "entry": "anyone", "publishes_at_once": "nobody",
        "agenda-TOTAL_FORMS": "0", "agenda-INITIAL_FORMS": "0",
    }  # fmt: skip
    answer = client.post("/en/webinars/new/", form)
    assert answer.status_code == 302, answer.context["form"].errors
    assert Webinar.objects.get().title.texts == {"en": "Bridge egdirb", "mn": "Гүүр"}


@pytest.mark.parametrize("end", LINE_ENDS)
def test_s47_no_name_makes_a_new_header_in_any_letter(end: str) -> None:
    cache.clear()  # letters for a forgotten password are counted
    evil = f"Hello{end}Bcc: everybody@example.org{end}Content-Type: text/html{end}{end}<b>x</b>"
    SiteSettings.objects.create(
        pk=SiteSettings.THE_ONE, name=Names.of("en", evil), contact_email="a@example.org"
    )
    site_settings.look_again()
    webinar = make_webinar(evil, state=State.SCHEDULED)
    host = make_person(webinar, "Host", Role.HOST)
    register(webinar, email="bat@example.org", name=evil, place=evil)
    with deed(webinar.pk, by=host) as done:
        person = invite(done, name=evil, roles=["speaker"], email="speaker@example.org")
        letter_later(person.pk, INVITED)
    create_user("known@example.org", "kolm karu ja mesi", verified=True, name=evil)
    Client().post("/en/accounts/password/reset/", {"email": "known@example.org"})
    jobs.work_due()
    assert sorted(to for letter in mail.outbox for to in letter.recipients()) == [
        "bat@example.org", "known@example.org", "speaker@example.org",
    ]  # fmt: skip
    for letter in mail.outbox:
        parsed = message_from_bytes(letter.message().as_bytes(), policy=default)
        assert parsed["Bcc"] is None
        assert len(parsed.get_all("Content-Type")) == 1
        assert len(parsed.get_all("Subject")) == 1
        assert not re.search(r"[\r\n\x0b\u2028\x85]", letter.subject)
        assert next(parsed.walk()).get_content_type() != "text/html"


@pytest.mark.parametrize("end", LINE_ENDS)
def test_s48_no_title_adds_a_property_and_nothing_is_turned_round(end: str) -> None:
    evil = f"{OVERRIDE}Fine; x, y\\{end}ATTENDEE:mailto:x@example.org{end}BEGIN:VALARM"
    webinar = make_webinar(state=State.SCHEDULED)
    Webinar.objects.update(title=Names.of("en", evil), description=Names.of("en", evil))
    raw = Client().get(address(webinar, "calendar")).content
    assert not TURNING.search(raw.decode())
    [event] = Calendar.from_ical(raw).walk("VEVENT")
    assert "ATTENDEE" not in event
    assert event.subcomponents == []
    starts = [line.split(b":")[0].split(b";")[0] for line in raw.split(b"\r\n")]
    assert starts.count(b"BEGIN") == starts.count(b"END")
    assert b"ATTENDEE" not in starts


@pytest.mark.django_db(transaction=True)
def test_s40_what_is_written_from_right_to_left_turns_nothing_beside_it(
    live_site: Site, chromium: Browser
) -> None:
    """A name in Hebrew followed by a figure: without isolation the figure would change sides."""
    webinar = make_webinar()
    asker = make_person(webinar, "שרה", place="ירושלים", organisation="42 משרד")
    make_question(webinar, "<img src=x onerror=alert(1)> \u200bWho pays?", participant=asker, language="he")
    context = chromium.new_context(base_url=live_site.url)
    page = context.new_page()
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    name = "sessionid"
    context.add_cookies([{"name": name, "value": session_of(make_person(webinar)), "url": live_site.url}])
    for where in ("room", "room/text"):
        page.goto(f"/en/webinars/{webinar.pk}-x/{where}/")
        assert "<img src=x onerror=alert(1)>" in page.inner_text("main")
        assert page.evaluate("document.querySelectorAll('img[src=x]').length") == 0
    page.goto(f"/en/webinars/{webinar.pk}-x/room/")
    how = page.evaluate(
        "[...document.querySelectorAll('.list .q-from > span, .list .q-text')]"
        ".map(one => getComputedStyle(one).unicodeBidi)"
    )
    assert len(how) >= 3
    assert set(how) <= {"isolate", "plaintext"}
    assert alerts == []
    context.close()


# --- uploads: there is no import, so there is no archive to unpack ------------------------------------------


def test_s43_the_only_file_the_site_takes_is_the_logo() -> None:
    takes = {
        str(path.relative_to(ROOT))
        for folder in ("accounts", "knowledge", "webinars", "site/config")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"request\.FILES|FileField|ImageField|zipfile|tarfile|shutil\.unpack", path.read_text())
    }
    takes -= {
        "site/config/kept.py"
    }  # which names the fields have, to say what must be chosen again; no content
    assert takes == {"site/config/forms.py", "site/config/views/settings.py", "site/config/views/setup.py"}


def bomb() -> bytes:
    """A zip whose names lead out of its folder and whose content is a thousand times its size."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../../../tmp/evil.txt", "x")
        archive.writestr("/etc/evil", "x")
        archive.writestr("zeros", b"\0" * 3_000_000)
    return out.getvalue()


@pytest.mark.parametrize("name", ["logo.png", "../../../evil.png", "logo.zip", "/etc/passwd"])
def test_s43_an_archive_is_refused_and_no_name_leads_out_of_the_folder(
    client: Client, settings: Any, tmp_path: Path, name: str
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    boss = create_user("a@example.org", None, verified=True, name="A", roles=["administrator"])
    client.force_login(User.objects.get(pk=boss.pk))
    form = {
        "name-text-en": "Bridge", "name-original": "en", "languages": ["en"], "language": "en",
        "zone": "Asia/Hovd", "publishes_at_once": "registered",
        "logo": SimpleUploadedFile(name, bomb(), "image/png"),
    }  # fmt: skip
    answer = client.post("/en/settings/", form)
    assert "logo" in answer.context["form"].errors
    assert not SiteSettings.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
