"""allauth's adapter: the one named place where something happens because somebody signed in."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from accounts import announce, journal
from accounts.actions import save_with_details, set_password
from accounts.forms import SignupDetails
from accounts.models import User
from accounts.writing import writing
from config.limits import peer
from config.site_settings import current

# Called with the request (its session cycled already) and the person, in order. webinars adds the function
# that unites a guest with the person who has just signed in.
on_sign_in: list[Callable[[HttpRequest, User], None]] = []


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Our database, our mail and our idea of a safe address, in allauth's flows."""

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        with writing():
            journal.note(journal.What.SIGN_IN, by=user, about=user)
        for happen in on_sign_in:
            happen(request, user)

    def logout(self, request: HttpRequest) -> None:
        key = request.session.session_key
        super().logout(request)
        if key:
            announce.sessions_ended(key)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """What was typed is not kept: it may be a password in the wrong box. An account that exists is named."""
        super().authentication_failed(request, **credentials)
        known = User.objects.by_email(str(credentials.get("email") or ""))
        with writing():
            journal.note(journal.What.SIGN_IN_FAILED, about=known)

    def save_user(self, request: HttpRequest, user: User, form: SignupDetails, commit: bool = True) -> User:
        """One transaction for the person and their organisation; the slow hashing is done before it."""
        super().save_user(request, user, form, commit=False)
        with writing():
            save_with_details(user, form.details())
        return user

    def set_password(self, user: User, password: str) -> None:
        """For change and reset alike; the session it is done in goes on."""
        set_password(user, password, keep_session=self.request.session.session_key or "")

    def is_safe_url(self, url: str | None) -> bool:
        """Only a path of this site: allauth would also follow every name in ALLOWED_HOSTS."""
        path = url or ""
        return path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failures count per address and account: else anybody could keep a person out (S29)."""
        return f"{peer(request)}:{super()._get_login_attempts_cache_key(request, **credentials)}"

    def get_client_ip(self, request: HttpRequest) -> str:
        """What config.security left there: the peer, or what the one trusted proxy said."""
        return str(request.META.get("REMOTE_ADDR") or "0.0.0.0")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        here = current()
        ours = {
            "site_name": here.called(get_language() or here.language),
            "contact_email": here.contact_email,
        }
        super().send_mail(template_prefix, email, {**ours, **context})
