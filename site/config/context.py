"""What every template knows about the site and about who is looking, without waking a session."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from config.site_settings import current


def site(request: HttpRequest) -> dict[str, Any]:
    """`site_name`, `site_logo`, `institution`, `contact_email`, `release` (changes with every file served), `person`
    (signed in, or None).

    A public page stays cacheable and sets no cookie: the session is looked at only when the browser
    brought one, so that nobody's first visit adds `Vary: Cookie`.
    """
    here = current()
    reads = getattr(request, "reads", None) or (get_language() or settings.LANGUAGE_CODE,)
    return {
        "site_name": here.called(*reads),
        "site_logo": here.logo,
        "institution": here.institution,
        "contact_email": here.contact_email,
        "release": settings.STATIC_HASH,
        "person": _signed_in(request),
    }


def _signed_in(request: HttpRequest) -> Any:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None
