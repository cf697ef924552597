"""The words of a refusal, for pages without a script; the script's own stand in templates/webinars/_refusals.html."""

from typing import Any

from django.template.loader import render_to_string


def refusal(code: str, facts: dict[str, Any]) -> str:
    """One sentence in the reader's language; the template is the only place that has it."""
    return " ".join(render_to_string("webinars/_refusal.html", {"code": code, **facts}).split())
