"""People who write, and texts they have written, with as little said as a test needs."""

from typing import Any

from django.contrib.auth.models import Group

from accounts.models import User
from knowledge.actions import Details, Text, create_guide, publish_revision
from knowledge.models import Edition, Revision
from tests.factories import make_user

BODY = "## Context {#context}\n\nIn 2002 *most* stayed away [@EE-01].\n\n## What was done {#done}\n\nThey were asked."


def make_writer(*roles: str, **facts: Any) -> User:
    """Signed-in people are told apart by their groups; an expert unless said otherwise."""
    user = make_user(facts.pop("name", "Saule"), **facts)
    user.groups.set(Group.objects.get_or_create(name=role)[0] for role in roles or ("expert",))
    return user


def publish(
    title: str = "Ask those who stay away", body: str = BODY, *, language: str = "en", **facts: Any
) -> Revision:
    """A published guide, written by an expert of its own."""
    author = facts.pop("author", None) or make_writer()
    kind = facts.pop("kind", "lesson")
    text = Text(title, facts.pop("summary", "They were asked why."), body)
    draft = create_guide(author, kind=kind, language=language, text=text)
    details = Details(**{"countries": ("EE",), "topics": ("Research",), **facts})
    return publish_revision(draft.edition, author, text, base=None, details=details)


def publish_again(revision: Revision, title: str, body: str = BODY) -> Revision:
    edition = Edition.objects.get(pk=revision.edition_id)
    return publish_revision(edition, revision.author, Text(title, "", body), base=revision)
