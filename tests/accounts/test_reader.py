"""Which languages a request is read in, and in which zone; and who is not touched to find out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation

from accounts.middleware import ReaderMiddleware
from accounts.models import User
from accounts.names import Names

pytestmark = pytest.mark.django_db


def read(request: HttpRequest) -> Any:
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append((request.reads, request.zone))  # type: ignore[attr-defined]
        return HttpResponse()

    ReaderMiddleware(view)(request)
    return seen[0]


class Untouchable:
    """A session that fails when anybody looks into it."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the session was asked for {name}")


def test_a_visitor_reads_the_language_of_the_address(rf: RequestFactory) -> None:
    request = rf.get("/mn/")
    request.session = Untouchable()
    request.user = Untouchable()
    with translation.override("mn"):
        assert read(request) == (("mn",), "")


def test_the_address_comes_first_then_the_person_then_the_device(
    rf: RequestFactory, make_person: Callable[..., User]
) -> None:
    request = rf.get("/et/")
    request.COOKIES |= {"sessionid": "x", "reads": "fi.uk.<b>.et", "zone": "Asia/Hovd"}
    request.user = make_person(reads=["uk", "ru"], zone="Europe/Kyiv")
    with translation.override("et"):
        assert read(request) == (("et", "uk", "ru", "fi"), "Europe/Kyiv")


def test_a_choice_on_this_device_stays_on_it(client: Client) -> None:
    form = {"reads": ["mn", "", "uk", "mn"], "next": "/mn/accounts/reading/"}
    answer = client.post("/en/accounts/reading/", form)
    assert answer["Location"] == "/mn/accounts/reading/"
    cookie = answer.cookies["reads"]
    assert (cookie.value, cookie["samesite"], bool(cookie["httponly"])) == ("mn.uk", "Lax", True)
    assert "sessionid" not in client.cookies
    shown = client.get("/en/accounts/reading/").content.decode()
    assert shown.index('value="mn" lang="mn" selected') < shown.index('value="uk" lang="uk" selected')


@pytest.mark.parametrize("evil", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_s36_the_choice_of_languages_leads_nowhere_else(client: Client, evil: str) -> None:
    assert client.post("/en/accounts/reading/", {"reads": ["mn"], "next": evil})["Location"] == "/en/"


def test_a_language_that_is_none_is_refused(client: Client) -> None:
    answer = client.post("/en/accounts/reading/", {"reads": ["<script>"]})
    assert answer.status_code == 200
    assert "reads" not in answer.cookies
    assert b'<script>"' not in answer.content


def draw(source: str, **context: Any) -> str:
    return Template("{% load languages %}" + source).render(Context(context))


def test_a_text_says_which_language_it_is_in(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.reads = ("uk", "en")  # type: ignore[attr-defined]
    names = Names.of("mn", "Цахим <яам>", en="Ministry")
    assert draw("{% text n %}", n=names, request=request) == '<span lang="en">Ministry</span>'
    assert draw("{{ n|best:reads }}", n=names, reads=("fi",)) == "Цахим &lt;яам&gt;"
    assert draw("{{ n|best_lang:reads }}", n=names, reads=("en",)) == "en"
    assert draw("{% text n %}", n=Names.of("ar", "سلام")) == '<span lang="ar" dir="rtl">سلام</span>'
    assert draw("{% text n %}", n=Names()) == ""


def test_names_of_places_follow_the_interface() -> None:
    with translation.override("uk"):
        assert (
            draw("{{ 'EE'|country }}, {{ 'Asia/Hovd'|city }}, {{ 'mn'|endonym }}") == "Естонія, Ховд, Монгол"
        )
