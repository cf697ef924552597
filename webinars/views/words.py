"""The words of a refusal and of what was done, for pages without a script; the script's own stand in the page."""

from typing import Any

from django.template.loader import render_to_string


def done(code: str) -> str:
    """What was done, by the wire's verb; "" for what the page shows by itself."""
    return " ".join(render_to_string("webinars/_deed.html", {"code": code}).split())


def refusal(code: str, facts: dict[str, Any]) -> str:
    """One sentence in the reader's language; the template is the only place that has it."""
    return " ".join(render_to_string("webinars/_refusal.html", {"code": code, **facts}).split())
