"""`manage.py check`: Django's own, which on a server also says what will break on the day."""

import os
from typing import Any

from django.conf import settings
from django.core.management.commands import check


class Command(check.Command):
    help = "Says in plain words what is wrong, and on a server what will break on the day."

    def handle(self, *app_labels: Any, **options: Any) -> None:
        # As it is typed where others come; linters and quickstart, which serve one computer, need --deploy for it.
        if not (settings.QUICKSTART or os.environ.get("SILD_TOOLING")):
            options["deploy"] = True
        super().handle(*app_labels, **options)
