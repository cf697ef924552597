"""Who may sign in with a password: everybody, and the demo's people on this machine only."""

from ipaddress import ip_address
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User


def from_this_machine(request: HttpRequest | None) -> bool:
    """Whether the real peer of the connection is loopback, whatever a header claims."""
    try:
        return request is not None and ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


class DemoAwareBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's sign-in by e-mail, with the demo's passwords good for nothing outside quickstart."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        user = super().authenticate(request, **credentials)
        if user is not None and user.is_demo and not (settings.QUICKSTART and from_this_machine(request)):
            return None
        return user  # type: ignore[no-any-return]
