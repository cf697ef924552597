"""Django's makemessages, so that what it writes differs only where words do."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands import makemessages

# Who ran it and when is in git. A date in the file would change it each time, and clash in every merge.
DATED = re.compile(
    r'^"(Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team): .*\n', re.M
)
TO_FILL_IN = "# SOME DESCRIPTIVE TITLE"


class Command(makemessages.Command):
    """`manage.py makemessages` for every language there is, `-l ky` for one more; needs gettext."""

    # Never a guess: a translation that was made for other words is missing, not nearly there.
    msgmerge_options = ["-q", "--backup=none", "--no-fuzzy-matching", "--update"]

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(
            no_location=True,
            no_wrap=True,
            no_obsolete=True,
            ignore_patterns=["tests", "data", "node_modules"],
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # The first folder gets the words, and theirs is the source; the one with the data holds what is compiled.
        settings.LOCALE_PATHS = [settings.BASE_DIR / "site" / "locale"]
        if not (options["locale"] or options["exclude"]):
            options["all"] = True
        super().handle(*args, **options)

    def write_po_file(self, potfile: str, locale: str) -> None:
        super().write_po_file(potfile, locale)
        po = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        words = po.read_text(encoding="utf-8")
        if words.startswith(TO_FILL_IN):
            words = words[words.index("msgid ") :]
        words = DATED.sub("", words)
        words = words.replace('"Project-Id-Version: PACKAGE VERSION\\n"', '"Project-Id-Version: Sild\\n"', 1)
        words = words.replace('"Language: \\n"', f'"Language: {locale}\\n"', 1)
        po.write_text(words, encoding="utf-8")
