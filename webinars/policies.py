"""Who may do what in a webinar: one table that code, tests, README and pages read."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from accounts.models import User

from .models import AtOnce, Participant, Role, State, Webinar
from .models.events import RUNNING, TAKES_PART, WITH_ROOM

EVERY = frozenset(Role)
STAFF = frozenset({Role.LANGUAGE_DESK, Role.MODERATOR, Role.HOST})
DESK = frozenset({Role.MODERATOR, Role.HOST})
HOST = frozenset({Role.HOST})

# Verb → roles that may. The verbs are those of the wire (live/protocol.py); a verb without a row is refused.
MAY: Final[Mapping[str, frozenset[str]]] = {
    "ask": EVERY,
    "rewrite": EVERY,
    "withdraw": EVERY,
    "appeal": EVERY,
    "vote": EVERY,
    "report": EVERY,
    "react": EVERY,
    "raise": EVERY,
    "lower": EVERY,
    "hand": DESK,
    "opine": EVERY,
    "opinion_rewrite": EVERY,
    "opinion_withdraw": EVERY,
    "stand": EVERY,
    "ballot": EVERY,
    "ask_for": DESK,
    "publish": DESK,
    "return": DESK,
    "decline": DESK,
    "hide": DESK,
    "bulk": DESK,
    "mute": DESK,
    "remove": DESK,
    "slow": DESK,
    "asked_already": DESK,
    "merge": DESK,
    "unmerge": DESK,
    "split": DESK,
    "move": DESK,
    "solve": DESK,
    "opinion_publish": DESK,
    "opinion_return": DESK,
    "opinion_decline": DESK,
    "opinion_hide": DESK,
    "opinion_move": DESK,
    "next": DESK,
    "unnext": DESK,
    "floor": DESK,
    "done": DESK,
    "interrupt": DESK,
    "gist": DESK,
    "promise": DESK,
    "promise_all": DESK,
    "close": DESK,
    "assign": DESK,
    "note": DESK,
    "speakers": DESK,
    "resume": DESK,
    "answer": DESK | {Role.SPEAKER},  # a speaker: what they are to answer, or were asked
    "confirm": frozenset({Role.SPEAKER}),  # their own answers
    "judge": EVERY,  # the answer to their own question
    "poll": DESK,
    "open_poll": DESK,
    "close_poll": DESK,
    "publish_poll": DESK,
    "drop_poll": DESK,
    "wall_poll": DESK,
    "hide_answer": DESK,
    "claim": STAFF,
    "give_back": STAFF,
    "translate": STAFF,
    "approve": STAFF,
    "unclear": STAFF,
    "clarify": EVERY,
    "undo": DESK,
    "notice": DESK,
    "notice_off": DESK,
    "agenda": DESK,
    "see_pending": STAFF,
    "see_names": DESK,
    "see_troubles": DESK,
    "console": DESK,
    "language_desk": STAFF,
    "projector": EVERY,
    "prompter": STAFF | {Role.SPEAKER},
    "state": HOST,
    "settings": HOST,
    "edit": HOST,
    "people": HOST,
    "copy": HOST,
    "rehearse": HOST,
    "promises": HOST,
    "settle": DESK,
    "summary": DESK,
}

AT_ANY_TIME: Final = frozenset(State)
ONCE_ANNOUNCED: Final = AT_ANY_TIME - {State.DRAFT}
WHILE_PART_IS_TAKEN: Final = frozenset(TAKES_PART)
WHILE_THERE_IS_A_ROOM: Final = frozenset(WITH_ROOM)
WHILE_IT_RUNS: Final = frozenset(RUNNING)

# Command of the wire → states of the webinar in which it can be done, by whoever may. After the end words are still
# put right, for what was said stays to be read; nothing comes on a floor that is not there.
WHEN: Final[Mapping[str, frozenset[State]]] = {
    "ask": WHILE_PART_IS_TAKEN,
    "rewrite": WHILE_PART_IS_TAKEN,
    "withdraw": ONCE_ANNOUNCED,
    "appeal": WHILE_THERE_IS_A_ROOM,
    "vote": WHILE_PART_IS_TAKEN,
    "report": WHILE_PART_IS_TAKEN,
    "react": WHILE_IT_RUNS,
    "raise": WHILE_IT_RUNS,
    "lower": ONCE_ANNOUNCED,
    "hand": WHILE_IT_RUNS,
    "opine": WHILE_PART_IS_TAKEN,
    "opinion_rewrite": WHILE_PART_IS_TAKEN,
    "opinion_withdraw": ONCE_ANNOUNCED,
    "stand": WHILE_PART_IS_TAKEN,
    "ballot": WHILE_PART_IS_TAKEN,
    "publish": ONCE_ANNOUNCED,
    "return": WHILE_PART_IS_TAKEN,  # its asker must be able to rewrite it
    "decline": ONCE_ANNOUNCED,
    "hide": ONCE_ANNOUNCED,
    "bulk": ONCE_ANNOUNCED,  # and where each of its decisions can be taken
    "mute": AT_ANY_TIME,
    "remove": AT_ANY_TIME,
    "slow": AT_ANY_TIME,
    "asked_already": ONCE_ANNOUNCED,
    "merge": ONCE_ANNOUNCED,
    "unmerge": ONCE_ANNOUNCED,
    "split": ONCE_ANNOUNCED,
    "move": ONCE_ANNOUNCED,
    "solve": ONCE_ANNOUNCED,
    "opinion_publish": ONCE_ANNOUNCED,
    "opinion_return": WHILE_PART_IS_TAKEN,  # whoever said it must be able to rewrite it
    "opinion_decline": ONCE_ANNOUNCED,
    "opinion_hide": ONCE_ANNOUNCED,
    "opinion_move": ONCE_ANNOUNCED,
    "next": WHILE_PART_IS_TAKEN,
    "unnext": ONCE_ANNOUNCED,
    "floor": WHILE_IT_RUNS,
    "done": WHILE_IT_RUNS,
    "interrupt": WHILE_IT_RUNS,
    "gist": ONCE_ANNOUNCED,
    "promise": ONCE_ANNOUNCED,
    "promise_all": ONCE_ANNOUNCED,
    "close": ONCE_ANNOUNCED,
    "assign": ONCE_ANNOUNCED,
    "note": ONCE_ANNOUNCED,
    "speakers": WHILE_IT_RUNS,
    "resume": WHILE_IT_RUNS,
    "answer": ONCE_ANNOUNCED,
    "confirm": ONCE_ANNOUNCED,
    "judge": ONCE_ANNOUNCED,
    "poll": AT_ANY_TIME,  # prepared before anything is announced
    "open_poll": WHILE_PART_IS_TAKEN,
    "close_poll": ONCE_ANNOUNCED,
    "publish_poll": ONCE_ANNOUNCED,
    "drop_poll": AT_ANY_TIME,
    "wall_poll": ONCE_ANNOUNCED,
    "hide_answer": ONCE_ANNOUNCED,
    "claim": ONCE_ANNOUNCED,
    "give_back": ONCE_ANNOUNCED,
    "translate": ONCE_ANNOUNCED,
    "approve": ONCE_ANNOUNCED,
    "unclear": WHILE_PART_IS_TAKEN,  # its asker must be able to answer
    "clarify": WHILE_PART_IS_TAKEN,
    "undo": ONCE_ANNOUNCED,
    "notice": ONCE_ANNOUNCED,
    "notice_off": ONCE_ANNOUNCED,
    "agenda": WHILE_IT_RUNS,
    "state": AT_ANY_TIME,  # to where: models.events.NEXT_STATES
    "settings": AT_ANY_TIME,
}
# What is said outside of them; of everything else: "closed".
SHUT: Final[Mapping[str, str]] = {
    "ask": "questions_closed",
    "rewrite": "questions_closed",
    "clarify": "questions_closed",
    "vote": "voting_closed",
    "react": "reactions_closed",
    "raise": "queue_closed",
    "opine": "opinions_closed",
    "opinion_rewrite": "opinions_closed",
    "stand": "voting_closed",
}

# What somebody muted does not do; they read on, and may take back what they said.
NOT_WHEN_MUTED: Final = frozenset(
    {
        "ask",
        "rewrite",
        "clarify",
        "appeal",
        "vote",
        "report",
        "react",
        "raise",
        "opine",
        "opinion_rewrite",
        "stand",
        "ballot",
    }
)

# Decisions a moderator does not take on what is their own; a host may (in a small team nobody else is there).
NOT_ON_OWN: Final = frozenset(
    {
        "publish", "return", "decline", "hide", "bulk", "move", "asked_already", "merge", "split", "opinion_publish",
        "opinion_return", "opinion_decline", "opinion_hide", "opinion_move",
    }
)  # fmt: skip


# Site roles that may make a webinar; whoever makes one is its host.
MAY_CREATE: Final = ("host", "administrator")


# Site roles that may write down promises and how they stand anywhere: the hosts of long ago may be gone.
MAY_FOLLOW: Final = ("editor", "administrator")


def may_create(user: User | None) -> bool:
    """May this person make a webinar? Nobody who is not signed in."""
    return user is not None and user.is_active and user.has_role(*MAY_CREATE)


def may_follow(user: User | None, seat: Participant | None, webinar: Webinar) -> bool:
    """May this person write down what was promised in the webinar, and how it stands?"""
    if can(seat, "promises", webinar):
        return True
    return user is not None and user.is_active and (user.is_superuser or user.has_role(*MAY_FOLLOW))


def can(person: Participant | None, verb: str, webinar: Webinar | None = None) -> bool:
    """May this person do this in their webinar? Someone removed may nothing; someone muted only reads."""
    if person is None or person.removed_at or (webinar and person.webinar_id != webinar.pk):
        return False
    if verb == "see_pending" and webinar and webinar.speakers_see_pending and person.has(Role.SPEAKER):
        return True
    if person.muted_at and verb in NOT_WHEN_MUTED:
        return False
    return person.has(*MAY.get(verb, ()))


def refusal(person: Participant | None, verb: str, webinar: Webinar) -> str:
    """Why this person cannot do this in their webinar now, as a code of the wire's REFUSALS; "" when they can."""
    if not can(person, verb, webinar):
        return (
            "muted"
            if person is not None and person.muted_at and person.has(*MAY.get(verb, ()))
            else "forbidden"
        )
    if webinar.state not in WHEN.get(verb, AT_ANY_TIME):
        return SHUT.get(verb, "closed")
    # One switch closes both ways of writing, another both ways of saying what one thinks of it.
    if verb in ("ask", "opine") and not webinar.questions_open:
        return SHUT[verb]
    if verb in ("vote", "stand") and not webinar.voting_open:
        return SHUT[verb]
    if verb == "react" and not webinar.reactions_open:
        return SHUT["react"]
    if verb == "raise" and not webinar.queue_open:
        return SHUT["raise"]
    return ""


def may_translate(person: Participant, made_from: str, to: str) -> bool:
    """May this person write a rendition from the one language in the other? The desk within what they read."""
    if person.has(*DESK):
        return True
    reads = {base_of(code) for code in person.reads}
    return {base_of(made_from), base_of(to)} <= reads


def base_of(code: str) -> str:
    """mn-Mong → mn: who reads the one reads the other, for a question's sake."""
    return code.lower().partition("-")[0]


def may_project(person: Participant | None, webinar: Webinar) -> bool:
    """May what everybody sees be put on a wall? By anybody where everybody may read it, else by who is in the room."""
    return webinar.is_open_book or can(person, "projector", webinar)


def publishes_at_once(person: Participant, webinar: Webinar) -> bool:
    """Is a question or an opinion of this person published without waiting for a moderator?"""
    if person.has(*DESK) or webinar.publishes_at_once == AtOnce.EVERYBODY:
        return True
    return webinar.publishes_at_once == AtOnce.REGISTERED and person.is_registered


def is_slowed(person: Participant, webinar: Webinar) -> bool:
    """Does slow mode hold for this person? Not for whoever works here."""
    return webinar.slow_minutes > 0 and not person.has(*STAFF)


def wait_after(asked: datetime | None, webinar: Webinar, now: datetime) -> int:
    """Whole seconds until somebody who asked then may ask again in slow mode; 0 when they may."""
    if asked is None:
        return 0
    left = (asked - now).total_seconds() + 60 * webinar.slow_minutes
    return max(0, math.ceil(left))


def audience_of(person: Participant, *, speakers_see_pending: bool) -> str | None:
    """Which frames this person receives: `desk` ⊃ `staff` ⊃ `speakers` ⊃ `everyone`; None when removed."""
    if person.removed_at is not None:
        return None
    if person.has(*DESK):
        return "desk"
    if person.has(*STAFF) or (speakers_see_pending and person.has(Role.SPEAKER)):
        return "staff"
    return "speakers" if person.has(Role.SPEAKER) else "everyone"
