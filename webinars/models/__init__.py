"""The rows of a webinar, by noun."""

from .appeals import Appeal, Outcome, appeal_of
from .events import AgendaItem, AtOnce, Entry, Series, State, Webinar
from .notes import Delivery, StaffNote
from .opinions import Opinion, OpinionState, Side, Stand
from .outcomes import Act, Citation, Notice, To
from .people import Attendance, Participant, Role, Way
from .polls import Poll, PollBallot, PollKind, PollOption, PollState
from .promises import Commitment, CommitmentStep, Exact, Standing
from .questions import (
    Answer,
    AnswerKind,
    AskerSays,
    CameBy,
    Closed,
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
from .renditions import MadeAs, Rendition
from .troubles import Trouble, TroubleKind

__all__ = [
    "Act",
    "AgendaItem",
    "Answer",
    "AnswerKind",
    "Appeal",
    "AskerSays",
    "AtOnce",
    "Attendance",
    "CameBy",
    "Citation",
    "Closed",
    "Commitment",
    "CommitmentStep",
    "Delivery",
    "Entry",
    "Exact",
    "Floor",
    "Hand",
    "MadeAs",
    "MadeUpAudience",
    "NameShown",
    "Notice",
    "Opinion",
    "OpinionState",
    "Outcome",
    "Participant",
    "Poll",
    "PollBallot",
    "PollKind",
    "PollOption",
    "PollState",
    "Question",
    "Reaction",
    "ReactionSum",
    "Reason",
    "Rendition",
    "Role",
    "Series",
    "Side",
    "StaffNote",
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
    "appeal_of",
]
