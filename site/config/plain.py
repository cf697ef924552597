"""The few pages the server itself answers with, before Django is asked: the same that Django would show."""

from django.template.loader import render_to_string
from django.utils.translation import override

from config.languages import spoken
from config.site_settings import at_hand

Headers = list[tuple[bytes, bytes]]

PAGES = {404: "404_alone.html", 413: "413.html"}
OTHERS, FAILURE = "400.html", "500.html"
POLICY = b"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def page(status: int, path: str, asked: dict[bytes, bytes]) -> tuple[Headers, bytes] | None:
    """Headers and body for somebody at a browser; None for programs. Asks nothing of a database."""
    if b"text/html" not in asked.get(b"accept", b""):
        return None
    template = PAGES.get(status, OTHERS if status < 500 else FAILURE)
    language = spoken(path, asked.get(b"accept-language", b"").decode("latin-1"))
    with override(language):
        site = at_hand()
        facts = {"site_name": site.called(language), "contact_email": site.contact_email}
        body = render_to_string(template, facts).encode()
    return [(b"content-type", b"text/html; charset=utf-8"), (b"content-security-policy", POLICY)], body
