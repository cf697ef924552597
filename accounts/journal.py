"""What concerns safety is written down as it happens: who, what, about whom, when. Never a secret, never an address.

What moderators do in a webinar stands in that webinar's acts.
"""

from accounts.models import JournalLine, User, What

__all__ = ["What", "note"]


def note(what: What, *, by: User | None = None, about: User | None = None, detail: str = "") -> None:
    """One line, in the running transaction if there is one. `detail` holds names of things, never what was typed."""
    JournalLine.objects.create(what=what, by=by, about=about, detail=detail[:200])
