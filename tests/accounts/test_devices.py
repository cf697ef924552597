"""Where one is signed in is told in words people use."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.devices import device_name
from accounts.models import User

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (WINDOWS, "Chrome, Windows"),
        (f"{WINDOWS} Edg/130.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 14) SamsungBrowser/26.0 Chrome/122.0", "Samsung Internet, Android"),
        ("curl/8.5 (Linux)", "Linux"),
        ("", "A device we do not know"),
        ("<script>alert(1)</script>", "A device we do not know"),
    ],
)  # fmt: skip
def test_a_device_has_the_name_people_call_it(sent: str, name: str) -> None:
    assert device_name(sent) == name


def test_the_list_of_sessions_names_devices_and_not_what_browsers_send(
    client: Client, make_person: Callable[..., User], sign_in: Callable[..., Any]
) -> None:
    sign_in(make_person().email, headers={"User-Agent": WINDOWS})
    page = client.get("/en/accounts/sessions/", headers={"User-Agent": WINDOWS}).content.decode()
    assert "Chrome, Windows" in page
    assert "this one" in page
    assert "Mozilla" not in page
