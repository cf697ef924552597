"""`manage.py createadmin EMAIL`: the first administrator, or one more."""

import sys
from getpass import getpass
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts.actions import create_user, make_administrator
from accounts.models import User, tidy_email


class Command(BaseCommand):
    help = "Makes an administrator: a new person, or one who has an account already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )

    def handle(self, *args: Any, email: str, name: str, password_stdin: bool, **options: Any) -> None:
        email = tidy_email(email)
        try:
            validate_email(email)
        except ValidationError as problem:
            raise CommandError(f"{email} is not an e-mail address.") from problem
        if user := User.objects.by_email(email):
            # Whoever may run this command vouches for the address.
            EmailAddress.objects.update_or_create(
                user=user, email=email, defaults={"verified": True, "primary": True}
            )
        else:
            password = sys.stdin.readline().rstrip("\n") if password_stdin else self._ask()
            try:
                validate_password(password, User(email=email, name=name))
            except ValidationError as problem:
                raise CommandError(" ".join(problem.messages)) from problem
            user = create_user(email, password, verified=True, name=name or email.split("@")[0])
        make_administrator(user)
        self.stdout.write(f"{email} is an administrator.")

    def _ask(self) -> str:
        if not sys.stdin.isatty():
            raise CommandError("There is no terminal to ask for a password: use --password-stdin.")
        password = getpass("Password: ")
        if password != getpass("Once more: "):
            raise CommandError("The two passwords differ.")
        return password
