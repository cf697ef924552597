"""The rows of a webinar, by noun."""

from .events import AgendaItem, AtOnce, Entry, Series, State, Webinar
from .outcomes import Act, Citation, Notice, To
from .people import Attendance, Participant, Role, Way
from .promises import Commitment, CommitmentStep, Exact, Standing
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
    "CommitmentStep",
    "Entry",
    "Exact",
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
