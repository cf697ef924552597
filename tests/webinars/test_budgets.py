"""How often one person may do what: settings of the site, told politely and only where it is near."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.factories import make_person, make_webinar
from webinars.actions.deed import Refused
from webinars.live import budgets
from webinars.live.protocol import checked
from webinars.views import twin

ROOT = Path(__file__).resolve().parents[2]


def ask(webinar: Any, person: Any) -> dict[str, Any]:
    fields = {"do": "ask", "client_id": str(uuid4()), "text": "How much?", "language": "en"}
    return twin.run(webinar, person, checked(fields))


@pytest.mark.django_db
def test_the_site_says_how_often_and_the_last_one_says_when_the_next_can_be(settings: Any) -> None:
    settings.BUDGETS, settings.BUDGET_FACTOR = {"ask": (2, 0.5)}, 1.0
    webinar = make_webinar()
    person = make_person(webinar)
    assert "again_in" not in ask(webinar, person)  # nobody is told of a limit that is far away
    again = ask(webinar, person)["again_in"]
    assert 100 < again <= 120
    with pytest.raises(Refused) as refused:
        ask(webinar, person)
    assert (refused.value.code, 100 < int(refused.value.facts["retry_after"]) <= 120) == ("too_fast", True)
    assert "question" in ask(webinar, make_person(webinar))  # each has their own


def test_what_has_no_budget_of_its_own_has_that_of_the_others(settings: Any) -> None:
    settings.BUDGETS = {"others": (7, 9.0)}
    assert budgets.budget_of("publish") == budgets.Budget(7, 9.0)
    assert budgets.budget_of("ask") == budgets.BUDGETS["ask"]
    settings.BUDGETS = {"publish": (1, 1.0)}
    assert budgets.budget_of("publish") == budgets.Budget(1, 1.0)
    assert budgets.budget_of("decline") == budgets.OTHERS


def test_a_budget_for_what_nobody_can_do_stops_the_start(settings: Any) -> None:
    settings.BUDGETS = {"dance": (1, 1.0)}
    with pytest.raises(ImproperlyConfigured, match="dance"):
        budgets.check()


@pytest.mark.parametrize("said", ["ask=3", "ask=x/5", "ask=0/5", "ask=3/0"])
def test_a_budget_that_is_none_stops_the_start(said: str) -> None:
    started = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=os.environ | {"BUDGETS": said, "SILD_TOOLING": "1"},
        capture_output=True,
        text=True,
    )
    assert started.returncode != 0
    assert "BUDGETS" in started.stderr
