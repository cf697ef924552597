"""What other parts of the site show on a person's own page: their webinars, their drafts."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString

from accounts.models import User

# Each takes the request and the person and returns a rendered <section>, or "" when there is nothing to show.
profile_panels: list[Callable[[HttpRequest, User], SafeString | str]] = []
