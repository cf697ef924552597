"""allauth's adapter: the one named place where something happens because somebody signed in."""

from collections.abc import Callable

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts.models import User

# Called with the request (its session cycled already) and the person, in order. webinars adds the function
# that unites a guest with the person who has just signed in.
on_sign_in: list[Callable[[HttpRequest, User], None]] = []


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        for happen in on_sign_in:
            happen(request, user)
