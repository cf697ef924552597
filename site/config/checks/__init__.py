"""What will break on the day, in plain words: `manage.py check`, and the same list for administrators on the site.

A finding says what will happen to people, its hint what to do. Findings that only matter where others come are said
on a server (Django's --deploy); quickstart, which serves one computer, is spared them.
"""

from collections.abc import Callable, Sequence

from django.core import checks
from django.core.checks import CheckMessage

OURS = "sild"
Check = Callable[[], list[CheckMessage]]


def register() -> None:
    from config.checks import day, machine, outside

    for found, deploy in ((machine.CHECKS, False), (outside.CHECKS, True), (day.CHECKS, True)):
        for check in found:
            checks.register(_quiet(check), OURS, deploy=deploy)


def findings() -> list[CheckMessage]:
    """Everything, the worst first, in the language that is active."""
    found = checks.run_checks(tags=[OURS], include_deployment_checks=True)
    return sorted(found, key=lambda one: -one.level)


def errors() -> list[CheckMessage]:
    """What cannot wait: `serve` and `quickstart` say it when they start."""
    return [one for one in findings() if one.level >= checks.ERROR]


def warning(number: int, said: str, hint: str) -> list[CheckMessage]:
    return [checks.Warning(said, hint=hint, id=f"{OURS}.W{number:03}")]


def error(number: int, said: str, hint: str) -> list[CheckMessage]:
    return [checks.Error(said, hint=hint, id=f"{OURS}.E{number:03}")]


def _quiet(check: Check) -> Callable[..., Sequence[CheckMessage]]:
    """As Django calls a check: with the apps and databases it is about, which ours does not ask."""

    def called(**_: object) -> Sequence[CheckMessage]:
        return check()

    called.__name__ = check.__name__
    return called
