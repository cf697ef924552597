"""What will break on the day, for those who can mend it; and whether letters go out."""

from django.core.checks import ERROR
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from accounts.models import User
from config import checks
from config.mail_test import try_mail
from config.views.settings import for_administrators

COMMAND = "python3 manage.py check"


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def health(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    outcome = (
        try_mail(request.user.email, language=get_language() or "en") if request.method == "POST" else None
    )
    found = [(one, one.level >= ERROR) for one in checks.findings()]
    context = {"found": found, "command": COMMAND, "outcome": outcome, "email": request.user.email}
    return render(request, "site/health.html", context | {"tab": "health"})
