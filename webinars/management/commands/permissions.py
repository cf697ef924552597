"""`manage.py permissions`: who may do what, as Markdown, printed from the very tables the code asks."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.management.base import BaseCommand

from accounts.policies import POLICIES as OF_PEOPLE
from knowledge.policies import POLICIES as OF_GUIDES
from webinars.models import Role, State
from webinars.policies import AT_ANY_TIME, MAY, MAY_CREATE, MAY_FOLLOW, WHEN

ROLES = (Role.ATTENDEE, Role.SPEAKER, Role.LANGUAGE_DESK, Role.CAPTIONER, Role.MODERATOR, Role.HOST)
# Words of the tables that say how somebody stands to a thing, and the site's roles, in the order of what they may.
STANDING = (
    "anybody", "person", "self", "member", "writer", "owner", "translator of it",
    "translator", "expert", "reviewer", "host", "editor", "administrator",
)  # fmt: skip


class Command(BaseCommand):
    help = "Prints who may do what, as Markdown tables."

    def handle(self, *args: Any, **options: Any) -> None:
        for title, lines in (
            ("In a webinar, by part", in_a_webinar()),
            ("With guides", by_standing(OF_GUIDES)),
            ("With people and the site", by_standing(OF_PEOPLE)),
            ("With webinars, by role of the site", by_standing(of_the_site())),
        ):
            self.stdout.write(f"## {title}\n\n" + "\n".join(lines) + "\n\n")


def in_a_webinar() -> list[str]:
    heads = ["verb", *(str(role.label) for role in ROLES), "when"]
    return table(heads, ([verb, *marks(ROLES, may), when(verb)] for verb, may in MAY.items()))


def when(verb: str) -> str:
    """The states in which a command can be done."""
    states = WHEN.get(verb, AT_ANY_TIME)
    if states == AT_ANY_TIME:
        return "always"
    missing = [state for state in State if state not in states]
    if len(missing) < len(states):
        return "all but " + ", ".join(missing)
    return ", ".join(state for state in State if state in states)


def by_standing(policies: Mapping[str, Iterable[str]]) -> list[str]:
    used = [word for word in STANDING if any(word in may for may in policies.values())]
    return table(["verb", *used], ([verb, *marks(used, may)] for verb, may in policies.items()))


def of_the_site() -> dict[str, tuple[str, ...]]:
    return {"make a webinar": MAY_CREATE, "follow promises anywhere": MAY_FOLLOW}


def marks(words: Iterable[str], may: Iterable[str]) -> list[str]:
    allowed = set(may)
    return ["yes" if word in allowed else "" for word in words]


def table(heads: list[str], rows: Iterable[list[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * len(heads), *rows)]
