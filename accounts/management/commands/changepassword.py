"""`manage.py changepassword EMAIL`: Django's own, after which no session and no socket of the person lives on."""

from typing import Any

from django.contrib.auth.management.commands import changepassword

from accounts.actions import sign_out_everywhere
from accounts.models import User


class Command(changepassword.Command):
    def handle(self, *args: Any, **options: Any) -> str | None:
        said = super().handle(*args, **options)
        if user := User.objects.by_email(options["username"] or ""):
            sign_out_everywhere(user)
        return said
