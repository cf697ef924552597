"""Letters to people of a webinar, queued in the transaction that wants them and sent by the background worker."""

import hashlib

from config import jobs

REGISTERED, INVITED, LINK = "registered", "invited", "link"


def letter_later(person_id: int, kind: str, *, to: str = "") -> None:
    """Queue one letter, to the person's own address or to the one given. Wanting it twice is one letter."""
    key = f"letter-{kind}-{person_id}-{hashlib.sha256(to.encode()).hexdigest()[:16]}"
    jobs.enqueue("webinars.letter", {"person": person_id, "kind": kind, "to": to}, key=key)
