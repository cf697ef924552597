"""Who may sign in with a password: everybody, and the demo's people on this machine only."""

from ipaddress import ip_address
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User


def from_this_machine(request: HttpRequest | None) -> bool:
    """Whether the visitor sits at this machine: a loopback peer, a loopback name, and no proxy in between.

    A tunnel or a proxy on this machine has a loopback address too, but it says for whom it speaks;
    config.proxy keeps no such header and leaves a mark in the scope.
    """
    if (
        request is None
        or getattr(request, "scope", {}).get("forwarded")
        or "HTTP_X_FORWARDED_FOR" in request.META
    ):
        return False
    name = request.get_host().rsplit(":", 1)[0].strip("[]")
    return _is_loopback(request.META.get("REMOTE_ADDR", "")) and (name == "localhost" or _is_loopback(name))


def _is_loopback(address: str) -> bool:
    try:
        known = ip_address(address)
        return (getattr(known, "ipv4_mapped", None) or known).is_loopback
    except ValueError:
        return False


class DemoAwareBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's sign-in by e-mail, with the demo's passwords good for nothing outside quickstart."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        user = super().authenticate(request, **credentials)
        if user is not None and user.is_demo and not (settings.QUICKSTART and from_this_machine(request)):
            return None
        return user  # type: ignore[no-any-return]
