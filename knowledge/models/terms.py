"""Terms: the topics, target groups, partners and tags that guides share."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.models import GenericTaggedItemBase, TagBase

from accounts.names import NamesField
from knowledge.slugs import slugify


class Term(TagBase):  # type: ignore[misc]  # taggit has no types
    """A tag that knows what it is a name of, and what it is called in each language."""

    class Kind(models.TextChoices):
        TOPIC = "topic", _("Topic")
        TARGET_GROUP = "target_group", _("Target group")
        PARTNER = "partner", _("Partner")
        TAG = "tag", _("Tag")

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.TAG)
    # taggit wants names unique on the whole site; banks may be partners and a target group.
    name = models.CharField(max_length=100)
    names = NamesField(blank=True)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="one_term_of_a_kind")]

    def slugify(self, tag: str, i: int | None = None) -> str:
        """taggit asks for the slug when a term is first stored; ours speaks every language we write in."""
        slug = slugify(tag, self.names.original if self.names else "en", fallback="term")
        return slug if i is None else f"{slug}-{i}"


class TaggedTerm(GenericTaggedItemBase):  # type: ignore[misc]
    """One term on one guide (or on anything else that is about the same things)."""

    tag = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="uses")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "tag"], name="one_use_of_a_term")
        ]
