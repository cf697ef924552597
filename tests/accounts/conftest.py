"""People to sign in with, and a site that has forgotten every earlier attempt."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.actions import create_user
from accounts.models import User

PASSWORD = "kolm karu ja mesi"


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def make_person(db: None, settings: Any) -> Callable[..., User]:
    # Real hashing takes a third of a second each time and proves nothing here.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    def make(email: str = "saule@example.org", **details: Any) -> User:
        return create_user(email, PASSWORD, **{"verified": True, "name": "Saule", **details})

    return make


@pytest.fixture
def sign_in(client: Client) -> Callable[..., Any]:
    def post(email: str, password: str = PASSWORD, **extra: Any) -> Any:
        return client.post("/en/accounts/login/", {"login": email, "password": password}, **extra)

    return post
