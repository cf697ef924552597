"""`manage.py demo` on what it must not touch, and after it was cut short."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.actions import create_user
from accounts.models import User
from knowledge.models import Guide
from tests.factories import make_webinar
from webinars.demo.accounts import SIGN_INS
from webinars.demo.build import build
from webinars.demo.content import load
from webinars.models import State, Webinar

pytestmark = pytest.mark.django_db


def everything() -> dict[str, list[Any]]:
    """Every row of every table of ours."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.app_label in ("accounts", "knowledge", "webinars", "account")
    }


def test_s57_it_refuses_where_somebody_has_content_of_their_own() -> None:
    create_user("real@example.org", None, name="Real")
    before = everything()
    with pytest.raises(CommandError, match="people or webinars of your own"):
        call_command("demo", verbosity=0)
    assert everything() == before
    User.objects.all().delete()
    make_webinar("A real one")
    with pytest.raises(CommandError, match="of your own"):
        call_command("demo", verbosity=0)


def test_what_was_cut_short_is_finished_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    from webinars.demo import practice

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(practice, "_votes", power_cut)
        with pytest.raises(KeyboardInterrupt):
            build()
    assert not Webinar.objects.filter(state=State.LIVE).exists()
    assert build()
    assert Webinar.objects.count() == 3
    assert Guide.objects.filter(owner__is_demo=True).count() == len(load().guides)
    assert User.objects.count() == len(SIGN_INS)
