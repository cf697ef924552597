"""What people call the device a session is on: the browser and the system, out of what the browser sends."""

import re

from django.utils.translation import gettext

# In this order: most browsers also name those they want to be taken for.
_BROWSERS = (
    ("Edg(?:e|A|iOS)?/", "Edge"),
    ("OPR/|Opera", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("YaBrowser/", "Yandex"),
    ("Vivaldi/", "Vivaldi"),
    ("Firefox/|FxiOS/", "Firefox"),
    ("Chrome/|CriOS/|Chromium/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux|X11", "Linux"),
)


def device_name(user_agent: str) -> str:
    """ "Firefox, Windows"; one of the two where the other is not known; a sentence where nothing is."""
    found = [_first(kinds, user_agent) for kinds in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, found)) or gettext("A device we do not know")


def _first(kinds: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for pattern, name in kinds if re.search(pattern, user_agent)), "")
