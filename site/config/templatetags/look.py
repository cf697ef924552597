"""`{% css "room" %}` links a page's own style sheets; `{% language_links %}` is this page in the other languages."""

import re
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal, NamedTuple

from babel.dates import format_timedelta, get_day_names
from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import TIME_STRINGS
from django.utils.translation import get_language, override

from accounts.languages import city, endonym
from config.languages import offered

register = template.Library()

# Chromium ships no Mongolian: Intl would answer in English there.
NOT_IN_BROWSERS = {"mn"}
# Where our readers are. Browsers know zones by their English names only, some by old ones.
PLACES = {
    **{
        zone: zone
        for zone in ("Asia/Ulaanbaatar", "Asia/Hovd", "Europe/Tallinn", "Europe/Kyiv", "Europe/Riga")
    },
    **{zone: zone for zone in ("Europe/Vilnius", "Europe/Helsinki", "Europe/Warsaw", "Europe/Berlin")},
    **{
        zone: zone
        for zone in ("Europe/London", "Europe/Brussels", "Asia/Seoul", "Asia/Tokyo", "Asia/Shanghai")
    },
    "Europe/Kiev": "Europe/Kyiv",
    "Asia/Choibalsan": "Asia/Ulaanbaatar",
}


@register.simple_tag
def css(*names: str) -> SafeString:
    """One `<link>` a file of static/css, in the order given: `{% css "question" "room" %}`."""
    return format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((static(f"css/{name}.css"),) for name in names)
    )


class LanguageLink(NamedTuple):
    """One entry of the language menu."""

    code: str
    name: str  # what its own speakers call it
    url: str
    current: bool


@register.simple_tag(takes_context=True)
def language_links(context: dict[str, Any]) -> list[LanguageLink]:
    """This page in every language the site offers: `{% language_links as links %}`.

    Only the language at the front of the address changes. A slug in another language is put right by the
    page itself, which goes by the id; so that this works on error pages too, nothing is resolved here.
    """
    request = context.get("request")
    path = request.get_full_path() if request is not None else "/"
    codes = [code for code, _ in settings.LANGUAGES]
    rest = re.sub(rf"^/(?:{'|'.join(map(re.escape, codes))})(?=[/?]|$)", "", path)
    if not rest.startswith("/"):
        rest = f"/{rest}"
    now = get_language()
    return [LanguageLink(code, endonym(code), f"/{code}{rest}", code == now) for code in offered()]


@register.simple_tag
def language_name() -> str:
    """The name of the language this page speaks, in itself."""
    return endonym(get_language() or settings.LANGUAGE_CODE)


@register.simple_tag
def time_words() -> list[tuple[str, str]]:
    """What <time-here> cannot learn from the browser, as (key, words); see static/js/site/time-here.js."""
    return _time_words(get_language() or settings.LANGUAGE_CODE)


@cache
def _time_words(code: str) -> list[tuple[str, str]]:
    named = [(zone, city(place, code)) for zone, place in PLACES.items()]
    words = [(zone, name) for zone, name in named if name != zone.split("/")[-1]]
    with override(code):  # Intl's Estonian day is "ööpäev", which nobody says
        words.append(("shift", "|".join(str(TIME_STRINGS["day"] % {"num": n}) for n in (1, 2))))
    if code not in NOT_IN_BROWSERS:
        return words
    names = get_day_names("wide", locale=code)
    with override(code):
        days = [
            date_format(date(2001, month, 28), "MONTH_DAY_FORMAT").replace("28", "{day}")
            for month in range(1, 13)
        ]
    words += [("weekdays", "|".join(names[i] for i in range(7))), ("dates", "|".join(days))]
    steps: list[tuple[Literal["day", "hour", "minute"], timedelta]] = [
        ("day", timedelta(days=5)),
        ("hour", timedelta(hours=5)),
        ("minute", timedelta(minutes=5)),
    ]
    for unit, step in steps:
        for key, sign in (("in", 1), ("ago", -1)):
            said = format_timedelta(
                sign * step, granularity=unit, threshold=99, add_direction=True, locale=code
            )
            words.append((f"{unit} {key}", said.replace("5", "{n}")))
    return words
