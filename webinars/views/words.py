"""The words of a refusal and of what was done, for pages without a script; the script's own stand in the page."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import ngettext

from webinars.models import Question, Webinar

NAMED = 10  # of the questions of one deed; a page of a hundred lines is not read


def done(code: str) -> str:
    """What was done, by the wire's verb; "" for what the page shows by itself."""
    return " ".join(render_to_string("webinars/_deed.html", {"code": code}).split())


def refusal(code: str, facts: dict[str, Any]) -> str:
    """One sentence in the reader's language; the template is the only place that has it."""
    return " ".join(render_to_string("webinars/_refusal.html", {"code": code, **facts}).split())


def of_several(webinar: Webinar, ok: dict[str, Any]) -> list[str]:
    """What a deed on many says beside that it was done: how many, and what stayed as it was, and why."""
    said: list[str] = []
    if "done" in ok:
        said.append(
            ngettext("%(n)s question decided on.", "%(n)s questions decided on.", ok["done"])
            % {"n": ok["done"]}
        )
    refused: dict[int, str] = ok.get("refused", {})
    texts = Question.objects.filter(webinar=webinar, pk__in=refused).values_list("pk", "text")
    said += [f"“{text[:80]}”: {refusal(refused[pk], {})}" for pk, text in texts[:NAMED]]
    if waiting := len(ok.get("waiting", ())):
        said.append(
            ngettext(
                "%(n)s question waits that would be published at once now. Select it in Review to publish it.",
                "%(n)s questions wait that would be published at once now. Select them in Review to publish them.",
                waiting,
            )
            % {"n": waiting}
        )
    return said
