"""The deeds of the knowledge base: each one transaction, called by pages, commands and the demo alike."""

from knowledge.actions.drafts import Conflict, add_edition, create_guide, discard_draft, save_draft
from knowledge.actions.pages import Installed, install_pages
from knowledge.actions.publishing import publish_revision, withdraw
from knowledge.actions.shapes import Details, Text
from knowledge.actions.sources import add_source, source_at

__all__ = [
    "Conflict",
    "Details",
    "Installed",
    "Text",
    "add_edition",
    "add_source",
    "create_guide",
    "discard_draft",
    "install_pages",
    "publish_revision",
    "save_draft",
    "source_at",
    "withdraw",
]
