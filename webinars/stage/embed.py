"""Pictures that somebody else sends: provider and id, never HTML. Nothing of theirs loads before a press."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from webinars.models import Way


@dataclass(frozen=True, slots=True)
class Provider:
    """One service whose player may stand in a frame. `{id}` is quoted into its addresses."""

    name: str
    origin: str
    picture: str
    # What costs least: a player that can leave the picture out, else "" (a small frame makes it send the least).
    sound: str = ""
    # Its frame asks for camera and microphone.
    is_a_call: bool = False


PROVIDERS: Final = {
    "youtube": Provider(
        "YouTube",
        "https://www.youtube-nocookie.com",
        "https://www.youtube-nocookie.com/embed/{id}?autoplay=1&rel=0&playsinline=1",
    ),
    "vimeo": Provider(
        "Vimeo",
        "https://player.vimeo.com",
        "https://player.vimeo.com/video/{id}?autoplay=1&dnt=1",
        "https://player.vimeo.com/video/{id}?autoplay=1&dnt=1&quality=240p",
    ),
    "jitsi": Provider(
        "Jitsi Meet",
        "https://meet.jit.si",
        "https://meet.jit.si/{id}#config.startWithAudioMuted=true&config.startWithVideoMuted=true",
        "https://meet.jit.si/{id}#config.startAudioOnly=true&config.startWithAudioMuted=true",
        is_a_call=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Player:
    """What the page needs to show one webinar's picture."""

    name: str
    origin: str
    url: str
    is_a_call: bool
    small: bool


def player(provider: str, picture_id: str, way: str) -> Player | None:
    """The player for the way somebody takes part; None when there is no picture or they read only."""
    known = PROVIDERS.get(provider)
    if known is None or not picture_id or way == Way.TEXT:
        return None
    small = way == Way.SOUND
    address = known.sound if small and known.sound else known.picture
    url = address.replace("{id}", quote(picture_id, safe=""))
    return Player(known.name, known.origin, url, known.is_a_call, small)
