"""The parts of a lesson: their fixed ids, what they are called, and what is asked of the writer in each."""

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.languages import INTERFACE


class Part(NamedTuple):
    """One part. Its id is the same in every language, so that translations and citations meet in it.

    The lesson in one sentence is no part of the text: it is the summary.
    """

    id: str
    title: str
    asks: str


def parts(language: str) -> list[Part]:
    """The parts in the language of the text (English where the interface does not speak it)."""
    with override(language if language in INTERFACE else "en"):
        return [
            Part("context", _("Context"), _("Where things stood before. Who could not do what?")),
            Part("done", _("What was done"), _("Steps somebody else could repeat. One step a line reads best.")),
            Part("groups", _("Target groups"), _("For whom, and how they were found.")),
            Part("partners", _("Partners"), _("Who paid, who taught, who lent their name or their room.")),
            Part("cost", _("Cost and time"), _("Money, people and months, with their sources.")),
            Part("results", _("Results"), _("Measure, before, after, date, source. Sources that disagree both stand.")),
            Part("hard", _("What was hard"), _("What went wrong or nearly did. It helps others most.")),
            Part("why", _("Why it worked"), _("Begin a judgement with *Assessment:* and it is shown as one.")),
            Part("elsewhere", _("Could it work elsewhere"), _("What somebody else would need, and would not need.")),
        ]  # fmt: skip


def template(language: str) -> str:
    """An empty lesson in Markdown, with the fixed ids."""
    return "\n\n".join(f"## {part.title} {{#{part.id}}}\n" for part in parts(language))
