"""`manage.py demo`: two events and one to come, lessons, people. Only in a database without content of one's own."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from webinars.demo.accounts import SIGN_INS
from webinars.demo.build import OwnContent, build


class Command(BaseCommand):
    help = "Fills an empty site with the demo. Typed again it changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = build()
        except OwnContent as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["verbosity"] > 0:
            self.stdout.write("The demo is made." if made else "The demo is here already.")
            if made:
                for one in SIGN_INS:
                    self.stdout.write(f"  {one.role}: {one.email}  {one.password}")
                self.stdout.write(
                    "These people can sign in on this computer only, and only under quickstart."
                )
