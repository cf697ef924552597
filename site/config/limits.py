"""How often something may be tried: counters in the shared cache, so that they hold across server processes."""

from django.core.cache import cache
from django.http import HttpRequest

from config.doors import household


def used_up(name: str, whose: object, *, most: int) -> bool:
    """Were there `most` tries already, by `count`, within its span?"""
    return int(cache.get(_key(name, whose)) or 0) >= most


def count(name: str, whose: object, *, seconds: int) -> int:
    """One more try; the counter is forgotten `seconds` after the first one. How many there are now."""
    key = _key(name, whose)
    if cache.add(key, 1, seconds):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # forgotten between the two calls
        cache.set(key, 1, seconds)
        return 1


def allowed(name: str, whose: object, *, most: int, seconds: int) -> bool:
    """Count a try and say whether it is still one of the first `most`."""
    return count(name, whose, seconds=seconds) <= most


def peer(request: HttpRequest) -> str:
    """Whoever asks, by the address that config.proxy left there; somebody with a whole network is one visitor."""
    return household(str(request.META.get("REMOTE_ADDR") or ""))


def _key(name: str, whose: object) -> str:
    return f"limit:{name}:{whose}"
