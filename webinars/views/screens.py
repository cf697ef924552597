"""What screens that people look at from afar are drawn from: a question in large letters, and how large they can be."""

from dataclasses import dataclass
from typing import Any

from accounts.names import Names, Text
from webinars.live.texts import names_in
from webinars.models import NameShown

Json = dict[str, Any]

# Heights of the letters by steps, in hundredths of the screen's shorter side (static/css/projector.css). The script
# finds the step that truly fits; what the server guesses must fit on the narrowest wall, 4:3, without it. There
# LETTERS/h² of height h have room, LINE/h beside each other; who asks costs BELOW/h, a notice a tenth of the height.
STEPS = (13, 10.4, 8.6, 7.2, 6, 5, 4.2, 3.5, 2.9, 2.4, 1.95, 1.6)
LETTERS, LINE, BELOW = 7000, 145, 150
BREAKS = 7  # from this step on a word that is too long for its line is broken


@dataclass(frozen=True, slots=True)
class Said:
    """A question as a screen shows it; the script draws the same from the same row (static/js/live/said.js)."""

    id: int
    texts: list[Text]
    votes: int
    where: str


def texts_of(row: Json) -> Names:
    """The texts of a question by language, the original first. From afar nobody sees a small mark: no stale ones."""
    return names_in(row, fresh=True)


def names_of(notice: Json) -> Names:
    """A notice's texts; the first is the original."""
    return Names(next(iter(notice["text"]), ""), notice["text"])


def where_of(row: Json, countries: dict[str, str]) -> str:
    """Who asks and from where, as far as those who look may know; on behalf of somebody it is them."""
    country = countries.get(row["country"]) or str(row["country"])
    if row.get("name_shown", NameShown.ALL) != NameShown.ALL:  # the desk's row: others look at this screen
        return country
    parts = (row["name"], row["organisation"], row["place"], country)
    return str(row["for"]) or ", ".join(filter(None, parts))


def size_of(said: list[Said], *, notices: int = 0) -> int:
    """Which of STEPS the words on the floor need, from 1, the largest."""
    texts = [text.text for one in said for text in one.texts]
    columns = max((len(one.texts) for one in said), default=1)
    letters = sum(columns * max(len(text.text) for text in one.texts) for one in said)
    longest = columns * max((len(word) for text in texts for word in text.split()), default=1)
    room = LETTERS * (1 - notices / 10)
    for step, height in enumerate(STEPS, 1):
        fits = letters * height**2 + BELOW * height * len(said) <= room
        if fits and (step >= BREAKS or longest * height <= LINE):
            return step
    return len(STEPS)
