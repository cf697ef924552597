"""What was promised: writing it down, and writing how it stands as time goes by."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.models import Organisation
from accounts.names import Names
from knowledge.models import Source
from webinars import policies
from webinars.models import Commitment, CommitmentStep, Exact, Standing

from .deed import Deed, Refused
from .index import index_promise_later

# Columns of a promise that are written down once and put right when they are wrong.
FACTS = ("text", "quote", "owner", "due", "due_words", "figure_then", "figure_goal", "question", "said_at")


@dataclass(frozen=True, slots=True)
class Stand:
    """How a promise stood on a day. `figure` None: nobody said a number."""

    at: date
    standing: str
    exact: str = Exact.DAY
    figure: int | None = None
    note: Names = field(default_factory=Names)
    sources: tuple[Source, ...] = ()


def write_promise(
    deed: Deed, *, organisation: Organisation | None = None, sources: tuple[Source, ...] = (), **facts: Any
) -> Commitment:
    """A new promise of this webinar. It is open, at the figure it had when it was made."""
    _may(deed)
    promise = Commitment(webinar=deed.webinar, organisation=organisation, **_known(facts))
    promise.figure_now = promise.figure_then
    promise.save()
    promise.sources.set(sources)
    deed.record("commitment", note=str(promise.text)[:500])
    index_promise_later(promise.pk)
    return promise


def change_promise(
    deed: Deed,
    promise: Commitment,
    *,
    organisation: Organisation | None = None,
    sources: tuple[Source, ...] = (),
    **facts: Any,
) -> None:
    """Put right what was written down of it. `sources` come to those it has."""
    _may(deed)
    before = {name: str(getattr(promise, name)) for name in facts if getattr(promise, name) != facts[name]}
    for name, value in _known(facts).items():
        setattr(promise, name, value)
    promise.organisation = organisation
    promise.sources.add(*sources)
    _stand_as_written(promise)
    deed.record("commitment", note=str(promise.text)[:500], before=before)


def remove_promise(deed: Deed, promise: Commitment) -> None:
    """Take out what nobody promised; the act keeps the words."""
    _may(deed)
    deed.record("commitment_off", note=f"{promise.text} ({promise.owner})"[:500])
    index_promise_later(promise.pk)
    promise.delete()


def write_stand(deed: Deed, promise: Commitment, stand: Stand) -> CommitmentStep:
    """How it stood on a day. An older day takes its place in the history and leaves the present as it is."""
    _may(deed)
    step = CommitmentStep.objects.create(
        commitment=promise, at=stand.at, exact=stand.exact, standing=stand.standing, figure_now=stand.figure,
        note=stand.note, by=deed.user, written_at=deed.at,
    )  # fmt: skip
    step.sources.set(stand.sources)
    _stand_as_written(promise)
    deed.record("standing", note=f"{promise.pk}: {step}")
    return step


def remove_stand(deed: Deed, promise: Commitment, step_id: int) -> None:
    """Take out what should not have been written; the act keeps what it said."""
    _may(deed)
    step = promise.steps.filter(pk=step_id).first()
    if step is None:
        raise Refused("changed")
    before = {
        "at": step.at.isoformat(), "exact": step.exact, "standing": step.standing,
        "figure_now": step.figure_now, "note": step.note.to_json(),
        "sources": [source.key for source in step.sources.all()],
    }  # fmt: skip
    step.delete()
    _stand_as_written(promise)
    deed.record("standing_off", note=f"{promise.pk}", before=before)


def _stand_as_written(promise: Commitment) -> None:
    """The present is that of the newest step; the figure is the newest that anybody gave."""
    steps = list(promise.steps.all())
    figures = [step.figure_now for step in steps if step.figure_now is not None]
    promise.standing = steps[-1].standing if steps else Standing.OPEN
    promise.note = steps[-1].note if steps else Names()
    promise.figure_now = figures[-1] if figures else promise.figure_then
    promise.save()
    index_promise_later(promise.pk)


def _may(deed: Deed) -> None:
    if not policies.may_follow(deed.user, deed.by, deed.webinar):
        raise Refused("forbidden")


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise TypeError(f"not of a promise: {', '.join(sorted(unknown))}")
    return facts
