"""Every message on the wire, by direction. Names are literal; a command's shape is checked here and nowhere else.

Browser → server (socket text frame, or a POST form with the same fields at …/do/):

    {"ref": "7", "do": "vote", "question": 12, "on": true}

and, as bare text, for what no database keeps:

    beat                                         is anybody there? answered by a beat
    hold 12, hold 12 write, hold 0               the row of the console one is on, or writes about; none (live/holds.py)

Server → browser:

    {"ref": "7", "ok": {…}}                      what was done, on disk
    {"ref": "7", "error": "too_long", …facts}    refused; the words stand in templates
    {"hello": {…}}                               once, after the socket opened
    {"mine": {"questions": […], "votes": {…}, …}}  news for this person alone; also by part (live/parts.py)
    {"reactions": {"clap": 12, …}}               how many more since it was told last; of the moment, never kept back
    {"here": 312, "beside": 486, "pace": 38}     who is here; beside them, and votes a minute, for the desk
    {"alike": [{"questions": […], …}]}           what is asked twice, for the desk (live/alike.py)
    {"holds": [{"question": 12, "by": 5, "name": "Tamar", "writes": false}]}  who is on which row, for the desk
    {"beat": "1.everyone.57"}                    every 15 s: where the room stands
    {"cursor": …, …}                             a frame, or with "snapshot": true the whole window (live/changes.py)
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from webinars.actions import bulk
from webinars.models import (
    AskerSays,
    CameBy,
    NameShown,
    OpinionState,
    PollKind,
    Reaction,
    Reason,
    Side,
    TroubleKind,
    Visibility,
)
from webinars.models.polls import MAX_OPTIONS

MAX_FRAME = 16_384  # bytes a socket may send at once
MAX_IDS = 100  # questions one command may name
MAX_LANGUAGES = 20  # a poll is written in

# Close codes of the application (RFC 6455 leaves 4000–4999 to it).
CLOSE_MALFORMED: Final = 4400  # five malformed messages in ten seconds
CLOSE_SIGNED_OUT: Final = 4401  # the session ended
CLOSE_NO_RIGHT: Final = 4403  # removed from the webinar
CLOSE_SLOW: Final = 4408  # did not read for too long
CLOSE_RESTING: Final = 4409  # the same person opened too many newer ones; it comes back when it is used again

REFUSALS: Final[frozenset[str]] = frozenset(
    {
        "malformed", "forbidden", "not_found", "changed", "empty", "too_long", "muted", "removed", "too_fast",
        "too_late", "questions_closed", "voting_closed", "own_question", "on_floor", "floor_taken",
        "reason_needed", "language_unknown", "closed", "not_invited", "last_host", "agenda_begun", "signed_out",
        "not_saved", "turn_over", "reactions_closed", "queue_closed", "hand_gone", "out_of_turn", "opinion_gone",
        "own_opinion", "opinions_closed", "none_chosen", "of_staff", "slow", "poll_gone", "poll_closed", "one_choice",
        "options_needed", "options_uneven", "frozen", "too_many", "held", "own_words", "not_your_pair", "joined",
        "appealed", "same_decider",
    }
)  # fmt: skip

Args = dict[str, Any]
Check = Callable[[object], object]


class Malformed(ValueError):
    """A message that is none of ours. Never more than this is said about it."""


def _whole(value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63:
        return value
    raise Malformed


def _yes(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "on", "1", "yes"):
        return True
    if value in ("false", "off", "0", "no", ""):
        return False
    raise Malformed


def _words(value: object) -> str:
    """Text that columns and frames can hold. A box that cuts an emoji in two sends half a character: it is left out."""
    if not isinstance(value, str) or len(value) > 8_000 or "\x00" in value:
        raise Malformed
    return value.encode(errors="ignore").decode()


def _whom(value: object) -> int | str:
    """Whom one asks: a speaker by id, or a country by its two letters."""
    if isinstance(value, str) and len(value) == 2 and value.isascii() and value.isalpha() and value.isupper():
        return value
    return _whole(value)


def _one_of(words: Collection[str]) -> Check:
    """One of these words. One that nobody knows must not come to mean another."""

    def check(value: object) -> str:
        if value not in words:
            raise Malformed
        return str(value)

    return check


def _ids(value: object) -> list[int]:
    """Several questions: a frame's list, or a form's field that came once or several times."""
    values = value if isinstance(value, list) else [value]
    if not 0 < len(values) <= MAX_IDS:
        raise Malformed
    return [_whole(one) for one in values]


def _stands(value: object) -> list[bulk.Stand]:
    """Several questions as they stood on a screen, each "12.submitted.305419896", or its id alone."""
    values = value if isinstance(value, list) else [value]
    if not 0 < len(values) <= MAX_IDS:
        raise Malformed
    return [_stand(one) for one in values]


def _stand(value: object) -> bulk.Stand:
    if not isinstance(value, str) or "." not in value:
        return bulk.Stand(_whole(value))
    question, was, seen = [*value.split("."), "", ""][:3]
    if was not in Visibility.values:
        raise Malformed
    return bulk.Stand(_whole(question), was, _whole(seen) if seen else None)


def _options(value: object) -> list[int]:
    """Options of a poll; none at all is an answer taken back."""
    values = value if isinstance(value, list) else [value]
    if len(values) > MAX_OPTIONS:
        raise Malformed
    return [_whole(one) for one in values]


def _many_words(value: object) -> list[str]:
    """Fields that stand beside each other, a language each; an empty one keeps its place."""
    values = value if isinstance(value, list) else [value]
    if len(values) > MAX_LANGUAGES:
        raise Malformed
    return [_words(one) for one in values]


def _uuid(value: object) -> UUID:
    try:
        return UUID(_words(value))
    except ValueError as error:
        raise Malformed from error


def _day(value: object) -> date | None:
    if value in ("", None):
        return None
    try:
        return date.fromisoformat(_words(value))
    except ValueError as error:
        raise Malformed from error


@dataclass(frozen=True, slots=True)
class Shape:
    """What a command carries: fields that must be there, and those that may."""

    needs: Mapping[str, Check]
    may: Mapping[str, Check]


_question = {"question": _whole}
_kind = _one_of(TroubleKind.values)
_whose = {"question": _whole, "person": _whole}
# `was`: how the question stood on the screen of whoever pressed. A decision on something else is refused ("changed").
# `seen`: the mark of the words that stood there (models.questions.mark_of), so that nobody decides on words unread.
_seen = {"was": _one_of(Visibility.values), "seen": _whole}
_reasoned = Shape({**_question, "reason": _words}, {"note": _words, **_seen})
_opinion = {"opinion": _whole}
_opinion_seen = {"was": _one_of(OpinionState.values)}
_opinion_reasoned = Shape({**_opinion, "reason": _words}, {"note": _words, **_opinion_seen})
# `turn`: what was on the floor on that screen. With another one, or none, it is refused ("turn_over").
_turn = {"turn": _whole}
_poll = Shape({"poll": _whole}, {})
# What a rendition is of, one of the three, and in which language.
_target = {"question": _whole, "answer": _whole, "notice": _whole}
_rendition = Shape({"language": _words}, _target)

COMMANDS: Final[Mapping[str, Shape]] = {
    # anybody in the room
    "ask": Shape(
        {"client_id": _uuid, "text": _words, "language": _words},
        {
            "name_shown": _one_of(NameShown.values),
            "addressed_to": _whom,
            "on_behalf_of": _words,
            "came_by": _one_of(CameBy.values),
            "rendition": _words,  # the asker's own, in one more language
            "rendition_language": _words,
        },
    ),
    "rewrite": Shape({**_question, "text": _words}, {"language": _words}),
    "withdraw": Shape(_question, {}),
    "appeal": Shape({**_question, "plea": _words}, {}),
    "vote": Shape({**_question, "on": _yes}, {}),
    # in the text-only room one form holds both boxes: there `clarify` is the answer, and `text` the question anew
    "clarify": Shape(_question, {"text": _words, "clarify": _words, "language": _words}),
    "report": Shape({"client_id": _uuid, "kind": _kind}, {"text": _words, "language": _words}),
    "react": Shape({"kind": _one_of(Reaction.values)}, {}),
    "raise": Shape({"client_id": _uuid}, {"text": _words, "language": _words}),
    "lower": Shape({}, {}),
    "opine": Shape(
        {"client_id": _uuid, "text": _words, "language": _words}, {"name_shown": _one_of(NameShown.values)}
    ),
    "opinion_rewrite": Shape({**_opinion, "text": _words}, {"language": _words}),
    "opinion_withdraw": Shape(_opinion, {}),
    "stand": Shape({**_opinion, "side": _one_of((*Side.values, "none"))}, {}),
    "judge": Shape({**_question, "says": _one_of(AskerSays.values)}, {}),
    # speakers
    "confirm": Shape({"answer": _whole}, {"gist": _words, "language": _words}),
    "answer": Shape({**_question, "text": _words, "language": _words}, {"gist": _words}),
    "ballot": Shape({"poll": _whole}, {"options": _options, "text": _words, "language": _words}),
    # the language desk. `version` and `mark`: which text stood on the screen, and of which words it was made; where
    # either is another by now it is refused ("changed")
    "claim": _rendition,
    "give_back": _rendition,
    "translate": Shape(
        {"language": _words, "text": _words},
        {**_target, "made_from": _words, "mark": _words, "version": _whole},
    ),
    "approve": Shape({"language": _words}, {**_target, "version": _whole}),
    "unclear": Shape({**_question, "text": _words, "language": _words}, {}),
    # the desk
    "hand": Shape({"hand": _whole, "to": _words}, {"reason": _words}),
    "publish": Shape(_question, _seen),
    "return": _reasoned,
    "decline": _reasoned,
    "hide": Shape(_question, {"reason": _words, "note": _words, **_seen}),
    "bulk": Shape(
        {"verb": _one_of(bulk.DECISIONS), "questions": _stands}, {"reason": _words, "note": _words}
    ),
    # `question`: whoever asked it, whose name the desk may not know. `things`: hide what they asked, too.
    "mute": Shape({}, {**_whose, "on": _yes, "things": _yes, "reason": _one_of(Reason.values)}),
    "remove": Shape({}, {**_whose, "on": _yes, "reason": _one_of(Reason.values)}),
    "slow": Shape({"minutes": _whole}, {}),
    "asked_already": Shape({"into": _whole, "questions": _ids}, {}),
    "merge": Shape({"into": _whole, "questions": _ids}, {}),
    "unmerge": Shape(_question, {}),
    "split": Shape({**_question, "text": _words, "second": _words}, _seen),
    "move": Shape({**_question, "to": _words}, {"kind": _kind, **_seen}),
    "solve": Shape({}, {"trouble": _whole, "kind": _kind, "upto": _whole}),
    "opinion_publish": Shape(_opinion, _opinion_seen),
    "opinion_return": _opinion_reasoned,
    "opinion_decline": _opinion_reasoned,
    "opinion_hide": Shape(_opinion, {"reason": _words, "note": _words, **_opinion_seen}),
    "opinion_move": Shape(_opinion, _opinion_seen),
    "next": Shape(_question, {}),
    "unnext": Shape(_question, {}),
    "floor": Shape(_question, {"add": _yes, **_turn}),
    "done": Shape({}, {"gist": _words, "language": _words, **_turn}),
    "interrupt": Shape({}, _turn),
    "gist": Shape({**_question, "gist": _words, "language": _words}, {}),
    "promise": Shape({**_question, "owner": _words}, {"due": _day}),
    "promise_all": Shape({"questions": _ids, "owner": _words}, {"due": _day}),
    "close": Shape({"questions": _ids, "reason": _words}, {"note": _words}),
    "assign": Shape(_question, {"speaker": _whole}),
    "note": Shape({**_question, "text": _words}, {}),
    "speakers": Shape({}, {"speakers": _ids, **_turn}),
    "resume": Shape({"turn": _whole}, {}),
    "poll": Shape(
        {
            "client_id": _uuid,
            "kind": _one_of(PollKind.values),
            "languages": _many_words,
            "texts": _many_words,
        },
        {"lines": _many_words, "secret": _yes, "poll": _whole},
    ),
    "open_poll": _poll,
    "close_poll": _poll,
    "publish_poll": _poll,
    "drop_poll": _poll,
    "wall_poll": Shape({"poll": _whole, "on": _yes}, {}),
    "hide_answer": Shape({"poll": _whole, "answer": _whole, "on": _yes}, {}),
    "undo": Shape({"act": _whole}, {}),
    "notice": Shape({"text": _words, "language": _words}, {"to": _words}),
    "notice_off": Shape({"notice": _whole}, {}),
    "agenda": Shape({}, {"item": _whole}),
    # the host
    "state": Shape({"to": _words}, {}),
    "settings": Shape(
        {},
        {
            "questions_open": _yes,
            "voting_open": _yes,
            "reactions_open": _yes,
            "queue_open": _yes,
            "publishes_at_once": _words,
            "speakers_see_pending": _yes,
            "second_eye": _yes,
        },
    ),
}


@dataclass(frozen=True, slots=True)
class Command:
    """A checked command."""

    do: str
    args: Args
    ref: str = ""


def held(text: str) -> tuple[int, bool]:
    """What "hold 12" or "hold 12 write" says: (question, is it being written about). Raises Malformed."""
    parts = text.split(" ")
    if len(parts) > 3 or (len(parts) == 3 and parts[2] != "write"):
        raise Malformed
    return _whole(parts[1]), len(parts) == 3


def parse(text: str) -> Command:
    """A socket's text frame as a command. Raises Malformed, never anything else."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(data, dict):
        raise Malformed
    return checked(data)


def checked(data: Mapping[str, object]) -> Command:
    """A command from already decoded fields (a form's, or a frame's). Unknown fields are ignored, never obeyed."""
    do, ref = data.get("do"), data.get("ref", "")
    if isinstance(ref, int) and not isinstance(ref, bool):
        ref = str(ref)
    ref = _words(ref)
    if not isinstance(do, str) or len(ref) > 64:
        raise Malformed
    shape = COMMANDS.get(do)
    if shape is None:
        raise Malformed
    args: Args = {}
    for name, check in shape.needs.items():
        if name not in data:
            raise Malformed
        args[name] = check(data[name])
    for name, check in shape.may.items():
        if data.get(name) is not None and data.get(name) != "":
            args[name] = check(data[name])
    return Command(do, args, ref)


def encode(message: Mapping[str, Any]) -> bytes:
    """Compact UTF-8: Cyrillic as itself is a third of its escapes."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
