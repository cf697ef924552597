"""S56: the site's key is changed without signing anybody out, and an old one that is given up opens nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client, override_settings

from tests.factories import make_user
from tests.site import ROOT

OLD, NEW = "o" * 60, "n" * 60
SIGN = "from webinars.models.people import _links; print(_links.sign('7.nonce'))"
READ = "from webinars.models.people import _links; print(_links.unsign({!r}))"


def in_a_fresh_process(code: str, data: Path, **keys: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in ("SECRET_KEY", "SILD_TOOLING")}
    clean |= {"PYTHONPATH": os.pathsep.join([str(ROOT / "site"), str(ROOT)]), "DATA_DIR": str(data), **keys}
    clean["DJANGO_SETTINGS_MODULE"] = "config.settings"
    start = f"import django; django.setup(); {code}"
    return subprocess.run([sys.executable, "-c", start], env=clean, capture_output=True, text=True, cwd=data)


def test_s56_a_link_signed_with_the_old_key_opens_while_that_is_a_fallback(tmp_path: Path) -> None:
    link = in_a_fresh_process(SIGN, tmp_path, SECRET_KEY=OLD).stdout.strip()
    assert link.startswith("7.nonce~")
    turned = in_a_fresh_process(READ.format(link), tmp_path, SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=OLD)
    assert turned.stdout.strip() == "7.nonce", turned.stderr
    given_up = in_a_fresh_process(READ.format(link), tmp_path, SECRET_KEY=NEW)
    assert given_up.returncode != 0
    assert "BadSignature" in given_up.stderr


@pytest.mark.django_db
def test_s56_whoever_is_signed_in_stays_so_while_the_old_key_is_a_fallback() -> None:
    browser = Client()
    with override_settings(SECRET_KEY=OLD):
        browser.force_login(make_user(password="a long pass phrase"))
    with override_settings(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=[OLD]):
        assert browser.get("/en/accounts/profile/").status_code == 200
    with override_settings(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=[]):
        assert (
            browser.get("/en/accounts/profile/").status_code == 200
        )  # its session was signed anew meanwhile


@pytest.mark.django_db
def test_s56_a_key_that_was_given_up_opens_nothing() -> None:
    browser = Client()
    with override_settings(SECRET_KEY=OLD):
        browser.force_login(make_user(password="a long pass phrase"))
    with override_settings(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=[]):
        assert browser.get("/en/accounts/profile/").status_code == 302
