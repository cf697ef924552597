"""What hosts paste, recognised: an address of a known player becomes provider and id; anything else is refused.

Nothing is fetched: the address is only read.
"""

import re
from urllib.parse import parse_qs, urlsplit

_YOUTUBE = re.compile(r"[A-Za-z0-9_-]{11}")
_VIMEO = re.compile(r"[0-9]{5,12}")
_JITSI = re.compile(r"[A-Za-z0-9_-]{3,80}")
_YOUTUBE_HOSTS = {"youtube.com", "m.youtube.com", "youtube-nocookie.com", "youtu.be"}
_VIMEO_HOSTS = {"vimeo.com", "player.vimeo.com"}


class NotKnown(ValueError):
    """Not an address of a player we know."""


def recognise(pasted: str) -> tuple[str, str]:
    """(provider, id) of a pasted address; ("", "") of nothing. Raises NotKnown."""
    text = pasted.strip()
    if not text:
        return "", ""
    try:
        parts = urlsplit(text if "//" in text else f"https://{text}")
        host = (parts.hostname or "").lower().removeprefix("www.")
        odd = parts.scheme not in ("http", "https") or parts.username is not None or parts.port is not None
    except ValueError as wrong:
        raise NotKnown(text) from wrong
    path = [part for part in parts.path.split("/") if part]
    if not odd and host in _YOUTUBE_HOSTS:
        return "youtube", _fits(_YOUTUBE, _youtube_id(host, path, parts.query))
    if not odd and host in _VIMEO_HOSTS:
        return "vimeo", _fits(_VIMEO, path[-1] if len(path) == 1 or path[:-1] == ["video"] else "")
    if not odd and host == "meet.jit.si":
        return "jitsi", _fits(_JITSI, path[0] if len(path) == 1 else "")
    raise NotKnown(text)


def address_of(provider: str, picture_id: str) -> str:
    """The address a host would recognise, for the form."""
    shown = {
        "youtube": f"https://www.youtube.com/watch?v={picture_id}",
        "vimeo": f"https://vimeo.com/{picture_id}",
        "jitsi": f"https://meet.jit.si/{picture_id}",
    }
    return shown.get(provider, "") if picture_id else ""


def _youtube_id(host: str, path: list[str], query: str) -> str:
    if host == "youtu.be":
        return path[0] if len(path) == 1 else ""
    if path == ["watch"]:
        return parse_qs(query).get("v", [""])[0]
    return path[1] if len(path) == 2 and path[0] in ("live", "embed", "shorts", "v") else ""


def _fits(form: re.Pattern[str], found: str) -> str:
    if not form.fullmatch(found):
        raise NotKnown(found)
    return found
