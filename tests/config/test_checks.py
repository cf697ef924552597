"""What `manage.py check` says will break on the day, and what it does not say where nothing will."""

import os
import re
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.checks import ERROR, CheckMessage
from django.test import Client
from django.utils import translation

from accounts.actions import create_user
from accounts.names import Names
from config import checks, site_settings
from config.actions import change_site
from config.checks import day, machine, outside
from config.translations import compile_stale
from knowledge.models import Guide

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "kolm karu ja mesi"
KEY = "only-for-this-test-" * 4
PRODUCTION = {
    "SECRET_KEY": KEY, "ALLOWED_HOSTS": "webinars.example.org", "HTTPS": "1", "TRUSTED_PROXY": "127.0.0.1",
    "SITE_URL": "https://webinars.example.org", "EMAIL_URL": "smtp+tls://a:b@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "webinars@example.org", "TIME_ZONE": "Asia/Ulaanbaatar",
}  # fmt: skip
MOUNTINFO = r"""22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:25 / /srv rw shared:2 - nfs4 files:/srv rw,vers=4.2
31 30 8:17 / /srv/fast rw - xfs /dev/sdb1 rw
32 22 0:40 / /mnt/two\040words rw - fuse.sshfs me@there: rw
"""


def ids(found: list[CheckMessage]) -> list[str]:
    return [str(one.id) for one in found]


def manage(data: Path, *words: str, limit: tuple[int, int] | None = None, **environment: str) -> str:
    """What a command says, on both its outputs, in an environment of its own."""
    bare = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    done = subprocess.run(
        command, env={**bare, "DATA_DIR": str(data), **environment}, capture_output=True, text=True, timeout=300,
        preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, limit)) if limit else None,
    )  # fmt: skip
    return done.stdout + done.stderr


def found_in(said: str) -> set[str]:
    return set(re.findall(r"sild\.[WE]\d{3}", said))


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Whatever language the last page of an earlier test spoke."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with its tables and its words, and nobody in it."""
    data = tmp_path_factory.mktemp("production")
    assert manage(data, "migrate", "-v0", **PRODUCTION) == ""
    assert manage(data, "pages", "-v0", **PRODUCTION) == ""
    compile_stale(ROOT / "site" / "locale", data / "locale")
    return data


# --- as it is typed ----------------------------------------------------------------------------------------


def test_on_a_machine_that_is_well_it_says_nothing(production: Path) -> None:
    for where in ({"SILD_TOOLING": "1"}, {"QUICKSTART": "1"}):
        assert "no issues" in manage(production, "check", SECRET_KEY=KEY, **where)


def test_on_a_server_what_will_break_is_said_without_being_asked_for(production: Path) -> None:
    bare = {
        "SECRET_KEY": KEY,
        "ALLOWED_HOSTS": "webinars.example.org",
        "SITE_URL": "http://webinars.example.org",
    }
    said = manage(production, "check", **bare, EMAIL_URL="consolemail://")
    assert {"sild.W010", "sild.W014", "sild.W018", "sild.W019", "sild.W020"} == found_in(said)
    assert "no browser will give them a camera" in said
    assert "security.W" not in said  # the same in words for programmers


def test_a_new_server_lacks_an_administrator_and_a_contact_and_nothing_else(production: Path) -> None:
    said = manage(production, "check", **PRODUCTION)
    assert found_in(said) == {"sild.W018", "sild.W019"}
    assert "security.W" not in said
    assert "Nobody administers this site.\n\tHINT: Open the address `serve` prints" in said


def test_quickstart_is_spared_what_only_matters_outside(tmp_path: Path, production: Path) -> None:
    said = manage(production, "check", "--deploy", SECRET_KEY=KEY, QUICKSTART="1", TIME_ZONE="Europe/Tallinn")
    assert found_in(said) == {"sild.W018", "sild.W019"}


@pytest.fixture
def well(settings: Any) -> Any:
    """The settings of PRODUCTION, to spoil one of them."""
    settings.HTTPS, settings.TRUSTED_PROXY, settings.QUICKSTART = True, "127.0.0.1", False
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://webinars.example.org", ["webinars.example.org"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.example.org", "webinars@example.org"
    return settings


@pytest.mark.parametrize(
    ("wrong", "number"),
    [
        ({"SITE_URL": "http://localhost:8000"}, "W011"),
        ({"HTTPS": False, "SITE_URL": "http://webinars.example.org"}, "W010"),
        ({"SITE_URL": "http://webinars.example.org"}, "W012"),
        ({"HTTPS": False}, "W012"),
        ({"SITE_URL": "https://other.example.org"}, "W013"),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, "W014"),
        ({"DEFAULT_FROM_EMAIL": "Sild <webinars@localhost>"}, "W015"),
        ({"TRUSTED_PROXY": ""}, "E004"),
        ({"DEBUG": True}, "E005"),
    ],
)
def test_each_thing_that_is_wrong_is_said_and_nothing_else(
    well: Any, wrong: dict[str, Any], number: str
) -> None:
    assert [one for check in outside.CHECKS for one in ids(check())] == []
    for name, value in wrong.items():
        setattr(well, name, value)
    assert [one for check in outside.CHECKS for one in ids(check())] == [f"sild.{number}"]


def test_a_mail_server_that_is_not_there_is_said(production: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"smtp://localhost:{nobody.getsockname()[1]}"
        assert "sild.W014" in manage(production, "check", "--deploy", **{**PRODUCTION, "EMAIL_URL": url})
        nobody.listen()
        assert "sild.W014" not in manage(production, "check", "--deploy", **{**PRODUCTION, "EMAIL_URL": url})


def test_too_few_files_are_counted_in_participants(production: Path) -> None:
    said = manage(production, "check", "--deploy", limit=(256, 1024), **PRODUCTION)
    assert "One process may hold 1024 files open: there is room for about 412 participants." in said
    assert "sild.W016" not in manage(production, "check", "--deploy", limit=(256, 4096), **PRODUCTION)


def test_before_there_are_tables_it_says_what_it_can(tmp_path: Path) -> None:
    said = manage(tmp_path, "check", "--deploy", **{**PRODUCTION, "TRUSTED_PROXY": ""})
    assert "sild.E004" in said
    assert "Traceback" not in said


def test_no_tables_are_no_alarm_on_postgres(postgres_url: str, production: Path) -> None:
    compile_stale(ROOT / "site" / "locale", production / "locale")
    said = manage(production, "check", "--deploy", DATABASE_URL=postgres_url, **PRODUCTION)
    assert found_in(said) <= {"sild.W018", "sild.W019"}
    assert "Traceback" not in said


# --- one by one --------------------------------------------------------------------------------------------


def test_every_finding_has_a_number_of_its_own_and_says_what_to_do() -> None:
    source = "\n".join(Path(str(module.__file__)).read_text() for module in (machine, outside, day))
    numbers = re.findall(r"\b(warning|error)\(\s*(\d+),", source)
    assert len(numbers) > 15
    seen = {}
    for level, number in numbers:
        around = seen.setdefault((level, number), 0)
        seen[level, number] = around + 1
    assert {key for key, times in seen.items() if times > 1} <= {
        ("warning", "14")
    }  # two ways to have no mail


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/var/db.sqlite3", "ext4"), ("/srv/db.sqlite3", "nfs4"), ("/srv/fast/db.sqlite3", "xfs"),
     ("/srvx/db.sqlite3", "ext4"), ("/mnt/two words/db.sqlite3", "fuse.sshfs")],
)  # fmt: skip
def test_the_file_system_a_path_is_on_is_found(path: str, kind: str) -> None:
    assert machine.kind_of(Path(path), MOUNTINFO) == kind


def test_a_database_on_a_network_drive_is_an_error(settings: Any, tmp_path: Path, monkeypatch: Any) -> None:
    mounts = tmp_path / "mountinfo"
    monkeypatch.setattr(machine, "MOUNTS", mounts)
    name = str(Path(settings.DATABASES["default"]["NAME"]).resolve().parent)
    mounts.write_text(f"22 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 22 0:25 / {name} rw - cifs //files/x rw\n")
    if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
        assert ids(machine.file_system()) == ["sild.E003"]
        mounts.write_text("22 1 8:1 / / rw - ext4 /dev/sda1 rw\n")
    assert machine.file_system() == []


def test_little_disk_is_a_warning_and_none_an_error(settings: Any, tmp_path: Path, monkeypatch: Any) -> None:
    settings.DATA_DIR = tmp_path / "not" / "there" / "yet"
    monkeypatch.setattr(machine, "COMFORT", 0)
    assert machine.disk() == []
    monkeypatch.setattr(machine, "COMFORT", 2**70)
    assert ids(machine.disk()) == ["sild.W001"]
    monkeypatch.setattr(machine, "LITTLE_DISK", 2**70)
    assert ids(machine.disk()) == ["sild.E002"]


def test_a_folder_that_is_none_is_an_error(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "new"
    assert machine.folder() == []
    (tmp_path / "file").write_text("in the way")
    settings.DATA_DIR = tmp_path / "file" / "data"
    assert ids(machine.folder()) == ["sild.E001"]
    assert machine.clock() == []


def test_a_clock_that_is_another_than_the_disk_s_is_said(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    assert machine.clock() == []
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        [found] = machine.clock()
    assert re.search(r"are 3[56]\d\d seconds apart", str(found.msg))
    assert list(tmp_path.iterdir()) == []


def test_words_that_are_not_compiled_are_named_in_their_own_language(settings: Any, tmp_path: Path) -> None:
    settings.BASE_DIR, settings.DATA_DIR = tmp_path, tmp_path / "data"
    po = tmp_path / "site" / "locale" / "mn" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n')
    [found] = day.words()
    assert "Монгол" in str(found.msg)
    compile_stale(tmp_path / "site" / "locale", tmp_path / "data" / "locale")
    assert day.words() == []


# --- on the site -------------------------------------------------------------------------------------------


@pytest.fixture
def administrator(transactional_db: None, client: Client, settings: Any) -> Client:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    user = create_user("a@example.org", PASSWORD, name="A", roles=["administrator"])
    client.force_login(user)
    return client


def test_administrators_read_the_same_list_in_their_language(administrator: Client, settings: Any) -> None:
    settings.SITE_URL, settings.HTTPS, settings.DEBUG = "http://webinars.example.org", False, True
    settings.ALLOWED_HOSTS = ["*"]
    pages = {code: administrator.get(f"/{code}/settings/health/").content.decode() for code in ("en", "mn")}
    shown = {code: re.findall(r"sild\.[WE]\d{3}", page) for code, page in pages.items()}
    assert shown["en"] == shown["mn"] == ids(checks.findings())
    assert shown["en"][0] == "sild.E005"  # the worst first
    assert "no browser will give them a camera" in pages["en"]
    assert "no browser will give them a camera" not in pages["mn"]


def test_what_was_mended_is_no_longer_said(administrator: Client) -> None:
    assert "sild.W019" in ids(checks.findings())
    assert "sild.W018" not in ids(checks.findings())
    user = site_settings.look_again() and create_user("b@example.org", PASSWORD, roles=["administrator"])
    change_site(
        by=user, institution=Names.of("en", "Ministry"), contact_email="q@example.org", zone="Asia/Hovd"
    )
    assert not {"sild.W019", "sild.W020"} & set(ids(checks.findings()))


def test_a_site_without_the_pages_it_owes_its_readers_is_told_how_to_get_them(db: None) -> None:
    (found,) = day.pages()
    assert found.hint == "Type: python3 manage.py pages"
    Guide.objects.create(key="privacy", kind=Guide.Kind.PAGE, source_language="en")
    assert day.pages() == []


def test_only_what_cannot_wait_is_said_at_the_start(settings: Any, db: None) -> None:
    settings.HTTPS, settings.TRUSTED_PROXY = True, ""
    found = checks.errors()
    assert "sild.E004" in ids(found)
    assert all(one.level >= ERROR for one in found)
