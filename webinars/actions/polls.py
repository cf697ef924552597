"""What the desk does with a poll: writes it, opens, closes and publishes it, puts it on the wall."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from accounts.languages import valid
from accounts.names import Names
from accounts.plain import one_line
from webinars.models import Act, Poll, PollBallot, PollKind, PollOption, PollState
from webinars.models.polls import (
    MAX_OPTIONS,
    MAX_POLLS,
    MIN_OPTIONS,
    OPTION_MAX,
    RATINGS,
    TEXT_MAX,
    WITH_OPTIONS,
)

from .deed import Deed, Refused

# How a poll stands, as an undo puts it back.
_STANDING = ("state", "opened_at", "closed_at", "published_at", "on_wall", "dropped_at")
_FIELDS = {field.attname: field for field in Poll._meta.concrete_fields}


def write_poll(
    deed: Deed,
    *,
    client_id: UUID,
    kind: str,
    languages: Sequence[str],
    texts: Sequence[str],
    lines: Sequence[str] = (),
    secret: bool = True,
    poll: int | None = None,
) -> Poll:
    """Write a draft, or with `poll` write it anew as long as nobody has answered.

    `languages`, `texts` and `lines` stand beside each other: a language, the question in it, its options one a line;
    the first that holds anything is the original. The same `client_id` gives the first poll back.
    Raises Refused: empty, too_long, language_unknown, options_needed, options_uneven, frozen, too_many.
    """
    person = deed.require("poll")
    here = Poll.objects.there().filter(webinar=deed.webinar)
    if poll is None and (first := here.filter(client_id=client_id).first()):
        return first
    text, options = _words(languages, texts, lines, with_options=kind in WITH_OPTIONS)
    if poll is not None:
        written = find_poll(deed, poll)
        if written.ballots or PollBallot.objects.filter(poll=written).exists():
            raise Refused("frozen")
        if written.state not in (PollState.DRAFT, PollState.OPEN):
            raise Refused("changed")
        written.options.all().delete()  # new ids: an answer to what stood there before is none to this
        _touch(deed, written, kind=kind, text=text, is_secret=secret)
    else:
        if here.count() >= MAX_POLLS:
            raise Refused("too_many")
        written = Poll.objects.create(
            webinar=deed.webinar, client_id=client_id, kind=kind, text=text, is_secret=secret, by=person,
            made_at=deed.at, seq=deed.seq,
        )  # fmt: skip
        deed.touch_part("polls")
    if kind == PollKind.RATING:
        options = [Names() for _ in range(RATINGS)]
    PollOption.objects.bulk_create(
        PollOption(poll=written, place=place, text=one) for place, one in enumerate(options)
    )
    deed.record("poll", note=str(text)[:500])
    return written


def open_poll(deed: Deed, poll: int) -> Act | None:
    """Let people answer: a draft for the first time, a closed one once more as long as it is not published."""
    deed.require("open_poll")
    found = find_poll(deed, poll)
    if found.state == PollState.OPEN:
        return None
    if found.state == PollState.PUBLISHED:  # who saw results answers otherwise
        raise Refused("changed")
    verb = "open_poll" if found.state == PollState.DRAFT else "reopen_poll"
    return _stand(
        deed, found, verb, state=PollState.OPEN, opened_at=found.opened_at or deed.at, closed_at=None
    )


def close_poll(deed: Deed, poll: int) -> Act | None:
    """Nobody answers any more; results are still for the desk alone."""
    deed.require("close_poll")
    found = find_poll(deed, poll)
    if found.state == PollState.CLOSED:
        return None
    if found.state != PollState.OPEN:
        raise Refused("changed")
    return _stand(deed, found, "close_poll", state=PollState.CLOSED, closed_at=deed.at)


def publish_poll(deed: Deed, poll: int) -> Act | None:
    """Everybody sees the results; one that is still open closes with it."""
    deed.require("publish_poll")
    found = find_poll(deed, poll)
    if found.state == PollState.PUBLISHED:
        return None
    if found.state == PollState.DRAFT:
        raise Refused("changed")
    closed_at = found.closed_at or deed.at
    return _stand(
        deed, found, "publish_poll", state=PollState.PUBLISHED, closed_at=closed_at, published_at=deed.at
    )


def drop_poll(deed: Deed, poll: int) -> Act | None:
    """Throw away a poll that nobody has answered; what people answered stays."""
    deed.require("drop_poll")
    found = find_poll(deed, poll)
    if found.ballots or found.state == PollState.PUBLISHED:
        raise Refused("frozen")
    return _stand(deed, found, "drop_poll", dropped_at=deed.at, on_wall=False)


def put_on_wall(deed: Deed, poll: int, *, on: bool) -> Act | None:
    """Show it on the projector, or take it off. One at a time: another one makes room."""
    deed.require("wall_poll")
    found = find_poll(deed, poll)
    if found.on_wall == on:
        return None
    if on and found.state not in (PollState.OPEN, PollState.PUBLISHED):
        raise Refused("changed")
    for other in Poll.objects.filter(webinar=deed.webinar, on_wall=True).exclude(pk=found.pk):
        _touch(deed, other, on_wall=False)
    _touch(deed, found, on_wall=on)
    return deed.record("wall_poll" if on else "unwall_poll")


def hide_answer(deed: Deed, *, poll: int, answer: int, on: bool) -> Act | None:
    """Take somebody's words out of what is published, or (`on` false) back in."""
    deed.require("hide_answer")
    found = find_poll(deed, poll)
    given = PollBallot.objects.filter(poll=found, pk=answer).exclude(text="").first()
    if given is None:
        raise Refused("not_found")
    if given.is_hidden == on:
        return None
    given.is_hidden = on
    given.save(update_fields=["is_hidden"])
    deed.touch_part("polls")
    return deed.record("hide_answer" if on else "show_answer", before={"poll": found.pk, "answer": given.pk})


def close_all(deed: Deed) -> None:
    """The room closes, and with it every poll that is open."""
    for poll in Poll.objects.there().filter(webinar=deed.webinar, state=PollState.OPEN):
        _touch(deed, poll, state=PollState.CLOSED, closed_at=deed.at)
        deed.record("close_poll")


def find_poll(deed: Deed, pk: int) -> Poll:
    """A poll of this webinar: one of another room is simply not found."""
    found = Poll.objects.there().filter(webinar=deed.webinar, pk=pk).first()
    if found is None:
        raise Refused("poll_gone")
    return found


def undo_poll(deed: Deed, act: Act) -> None:
    """The part of an undo that is about polls. Raises Refused("too_late") when it went on from there."""
    if "poll" not in act.before:
        return
    poll = Poll.objects.filter(webinar=deed.webinar, pk=act.before["poll"]).first()
    if poll is None:
        raise Refused("too_late")
    if answer := act.before.get("answer"):
        given = PollBallot.objects.filter(poll=poll, pk=answer, is_hidden=act.verb == "hide_answer")
        if not given.update(is_hidden=act.verb != "hide_answer"):
            raise Refused("too_late")
        return deed.touch_part("polls")
    was = {name: _FIELDS[name].to_python(value) for name, value in act.before["stood"].items()}
    if poll.seq != act.seq or (was["state"] == PollState.DRAFT and poll.ballots):
        raise Refused("too_late")
    _touch(deed, poll, **was)


def _stand(deed: Deed, poll: Poll, verb: str, **changes: Any) -> Act:
    stood = {name: getattr(poll, name) for name in _STANDING}
    stood = {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in stood.items()
    }
    _touch(deed, poll, **changes)
    return deed.record(verb, before={"poll": poll.pk, "stood": stood}, note=str(poll.text)[:500])


def _touch(deed: Deed, poll: Poll, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(poll, name, value)
    poll.seq = deed.seq
    poll.save(update_fields=[*changes, "seq"])
    deed.touch_part("polls")


def _words(
    languages: Sequence[str], texts: Sequence[str], lines: Sequence[str], *, with_options: bool
) -> tuple[Names, list[Names]]:
    """The question, and its options in order, each in all the languages that were written."""
    padded = [*lines, *[""] * len(languages)] if with_options else [""] * len(languages)
    rows = [
        (code, one_line(text), [one_line(line) for line in block.splitlines() if one_line(line)])
        for code, text, block in zip(languages, texts, padded)
    ]
    rows = [(code, text, options) for code, text, options in rows if text or options]
    if not rows or not rows[0][1]:
        raise Refused("empty")
    original, _, first = rows[0]
    for code, text, options in rows:
        if not valid(code):
            raise Refused("language_unknown")
        _check_length(TEXT_MAX, text)
        _check_length(OPTION_MAX, *options)
    if with_options and not MIN_OPTIONS <= len(first) <= MAX_OPTIONS:
        raise Refused("options_needed")
    codes = {code for code, _, _ in rows}
    complete = all(text and len(options) == len(set(options)) == len(first) for _, text, options in rows)
    if len(codes) != len(rows) or not complete:
        raise Refused("options_uneven" if with_options else "malformed")
    texts_of = {code: text for code, text, _ in rows}
    return Names(original, texts_of), [
        Names(original, {code: options[place] for code, _, options in rows}) for place in range(len(first))
    ]


def _check_length(limit: int, *words: str) -> None:
    longest = max(map(len, words), default=0)
    if longest > limit:
        raise Refused("too_long", limit=limit, length=longest)
