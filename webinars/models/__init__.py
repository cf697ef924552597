"""The rows of a webinar, by noun."""

from .events import AgendaItem, AtOnce, Entry, Series, State, Webinar
from .opinions import Opinion, OpinionState, Side, Stand
from .outcomes import Act, Citation, Notice, To
from .people import Attendance, Participant, Role, Way
from .promises import Commitment, CommitmentStep, Exact, Standing
from .questions import (
    Answer,
    AnswerKind,
    CameBy,
    Floor,
    NameShown,
    Question,
    Reason,
    Turn,
    TurnQuestion,
    Visibility,
    Vote,
)
from .queue import Hand, Stands
from .reactions import Reaction, ReactionSum
from .rehearsals import MadeUpAudience
from .troubles import Trouble, TroubleKind

__all__ = [
    "Act",
    "AgendaItem",
    "Answer",
    "AnswerKind",
    "AtOnce",
    "Attendance",
    "CameBy",
    "Citation",
    "Commitment",
    "CommitmentStep",
    "Entry",
    "Exact",
    "Floor",
    "Hand",
    "MadeUpAudience",
    "NameShown",
    "Notice",
    "Opinion",
    "OpinionState",
    "Participant",
    "Question",
    "Reaction",
    "ReactionSum",
    "Reason",
    "Role",
    "Series",
    "Side",
    "Stand",
    "Standing",
    "Stands",
    "State",
    "To",
    "Trouble",
    "TroubleKind",
    "Turn",
    "TurnQuestion",
    "Visibility",
    "Vote",
    "Way",
    "Webinar",
]
