"""A person is erased: their drafts go, what they published stays without their name."""

from accounts.models import User
from knowledge.actions.drafts import discard_draft
from knowledge.models import Draft, Revision


def erase_author(person: User, blank_words: bool) -> None:
    """Guides are a public record under a licence: they stay, whatever becomes of the person's questions.

    `credits` is free text, and may name others: it goes only where it holds the person's name.
    """
    for draft in Draft.objects.filter(person=person).select_related("edition"):
        discard_draft(draft)
    if person.name:
        # The one change to a revision there is; its text stays as it was.
        Revision.objects.filter(author=person, credits__contains=person.name).update(credits="")
