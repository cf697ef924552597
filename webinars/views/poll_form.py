"""The form that writes a poll: empty, as a refused one was filled, or as a poll stands that nobody has answered."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, QueryDict

from webinars.models import PollKind, PollState

Json = dict[str, Any]
KEPT = ("kind", "secret", "poll")  # beside what stands there once a language
SEVERAL = ("languages", "texts", "lines")


@dataclass(frozen=True, slots=True)
class Row:
    """The question and its options, one a line, in one language."""

    code: str
    text: str = ""
    lines: str = ""


@dataclass(frozen=True, slots=True)
class PollForm:
    """`poll`: the one that is being changed. The first row is the original's."""

    client_id: str
    rows: list[Row]
    kind: str = PollKind.SINGLE
    secret: bool = True
    poll: int | None = None
    is_open: bool = False

    @property
    def has_others(self) -> bool:
        return any(row.text or row.lines for row in self.rows[1:])


def form_of(request: HttpRequest, polls: Iterable[Json], *, unsent: str, near: Sequence[str]) -> PollForm:
    """`near`: languages to write in, the writer's own first; `unsent`: what a refused form held (`kept`)."""
    if unsent:
        return _again(json.loads(unsent), near)
    wanted = request.GET.get("poll", "")
    free = (poll for poll in polls if str(poll["id"]) == wanted and _may_change(poll))
    if poll := next(free, None):
        codes = list(dict.fromkeys([*poll["text"], *near]))
        rows = [Row(code, poll["text"].get(code, ""), _lines(poll, code)) for code in codes]
        return PollForm(str(uuid4()), rows, poll["kind"], poll["secret"], poll["id"], is_open=True)
    return PollForm(str(uuid4()), [Row(code) for code in near])


def kept(post: QueryDict) -> str:
    """What a refused form held, for the session: nothing typed is lost."""
    fields: Json = {name: post.get(name, "")[:20] for name in KEPT}
    return json.dumps(fields | {name: [one[:2000] for one in post.getlist(name)[:20]] for name in SEVERAL})


def _again(fields: Json, near: Sequence[str]) -> PollForm:
    texts, lines = fields["texts"], fields["lines"] + [""] * len(fields["texts"])
    rows = [Row(code, text, block) for code, text, block in zip(fields["languages"], texts, lines)]
    have = {row.code for row in rows}
    rows += [Row(code) for code in near if code not in have]
    poll = int(fields["poll"]) if fields["poll"].isdecimal() else None
    kind = fields["kind"] if fields["kind"] in PollKind.values else PollKind.SINGLE
    return PollForm(str(uuid4()), rows, kind, fields["secret"] != "false", poll, is_open=True)


def _lines(poll: Json, code: str) -> str:
    return "\n".join(one["text"].get(code, "") for one in poll["options"]).strip()


def _may_change(poll: Json) -> bool:
    return not poll.get("ballots") and poll["state"] in (PollState.DRAFT, PollState.OPEN)
