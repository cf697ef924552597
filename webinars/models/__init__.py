"""The rows of a webinar, by noun."""

from .events import AgendaItem, AtOnce, Entry, Series, State, Webinar
from .outcomes import Act, Citation, Commitment, Notice, Standing, To
from .people import Attendance, Participant, Role, Way
from .questions import (
    Answer,
    AnswerKind,
    Floor,
    NameShown,
    Question,
    Reason,
    Turn,
    TurnQuestion,
    Visibility,
    Vote,
)

__all__ = [
    "Act",
    "AgendaItem",
    "Answer",
    "AnswerKind",
    "AtOnce",
    "Attendance",
    "Citation",
    "Commitment",
    "Entry",
    "Floor",
    "NameShown",
    "Notice",
    "Participant",
    "Question",
    "Reason",
    "Role",
    "Series",
    "Standing",
    "State",
    "To",
    "Turn",
    "TurnQuestion",
    "Visibility",
    "Vote",
    "Way",
    "Webinar",
]
