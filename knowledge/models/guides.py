"""Guides, their editions in each language, the immutable revisions of those, and everybody's drafts."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from accounts.models import User
from knowledge.models.terms import TaggedTerm

# Who may read texts that are not published yet, their own apart.
SEE_UNPUBLISHED = ("reviewer", "editor", "administrator")
# What lists never need; reading 50 bodies to print 50 titles is how list pages become slow.
HEAVY = ("live__body", "live__html", "live__plain", "live__toc", "live__facts", "live__citations")


class GuideQuerySet(models.QuerySet["Guide"]):
    def published(self) -> Self:
        """Guides with at least one edition that readers can open (a withdrawn text stays readable)."""
        return self.filter(models.Exists(Edition.objects.published().filter(guide=models.OuterRef("pk"))))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What the person may open: what is published and what is theirs; reviewers and editors everything."""
        if not user.is_authenticated:
            return self.published()
        if user.is_superuser or user.has_role(*SEE_UNPUBLISHED):
            return self.all()
        readable = Edition.objects.published().filter(guide=models.OuterRef("pk"))
        writing = Draft.objects.filter(edition__guide=models.OuterRef("pk"), person=user)
        return self.filter(Q(owner=user) | models.Exists(readable) | models.Exists(writing))

    def lessons(self) -> Self:
        return self.filter(kind=Guide.Kind.LESSON)

    def on_the_shelf(self) -> Self:
        """What people wrote. Pages of the site itself (help, privacy) are reached from where they are needed."""
        return self.filter(key=None)

    def newest_first(self) -> Self:
        """By when one of their editions was first published."""
        return self.alias(newest=models.Max("editions__first_published_at")).order_by("-newest", "-pk")

    def readable_first(self, reads: Sequence[str]) -> Self:
        """The newest first, but what the reader's first language has before what it has not yet."""
        theirs = Edition.objects.published().filter(guide=models.OuterRef("pk"), language__in=reads[:1])
        newest = self.newest_first()
        return newest.alias(theirs=models.Exists(theirs)).order_by("-theirs", *newest.query.order_by)

    def for_list(self) -> Self:
        """With what a card shows: the readable editions' titles (`readable`) and the terms, in two queries."""
        readable = Edition.objects.published().select_related("live").defer(*HEAVY)
        return self.prefetch_related(Prefetch("editions", queryset=readable, to_attr="readable"), "terms")


class Guide(models.Model):
    """The identity of a text, whatever the language: what it is about, whose it is, where it was lived."""

    class Kind(models.TextChoices):
        LESSON = "lesson", _("Lesson")
        HOWTO = "howto", _("How-to")
        PLAYBOOK = "playbook", _("Playbook")
        PAGE = "page", _("Page")

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.LESSON)
    # The name under which the site itself leads to it: its own pages, /help/host/. Nothing else has one.
    key = models.SlugField(max_length=40, unique=True, null=True, blank=True)
    source_language = models.CharField(max_length=35)
    # Nobody owns a page of the site itself.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="guides"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="guides"
    )
    countries = models.JSONField(default=list, blank=True)  # ISO 3166-1 alpha-2, of the experience
    period_from = models.PositiveSmallIntegerField(null=True, blank=True)
    period_to = models.PositiveSmallIntegerField(null=True, blank=True)
    terms = TaggableManager(through=TaggedTerm, blank=True)
    sources = models.ManyToManyField("knowledge.Source", blank=True, related_name="guides")
    licence = models.CharField(max_length=60, default="CC BY 4.0")
    review_by = models.DateField(null=True, blank=True)
    adapted_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="adaptations"
    )
    superseded_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="supersedes"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = GuideQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class EditionQuerySet(models.QuerySet["Edition"]):
    def published(self) -> Self:
        """What readers can open: published, or withdrawn and kept under a notice."""
        return self.filter(state__in=[Edition.State.PUBLISHED, Edition.State.WITHDRAWN], live__isnull=False)

    def for_reading(self) -> Self:
        """Everything the page of a guide shows of its text, ready-made HTML included, in one query."""
        joined = self.published().select_related("guide", "guide__organisation", "live", "live__author")
        return joined.defer("live__body", "live__plain", "live__facts").order_by("language")

    def related_to(self, guide: Guide) -> Self:
        """Editions of other guides that share terms with this one (`shared`: how many), most first."""
        uses = TaggedTerm.objects.filter(content_type=ContentType.objects.get_for_model(Guide))
        mine = uses.filter(object_id=guide.pk).values("tag")
        theirs = uses.filter(object_id=models.OuterRef("guide"), tag__in=mine).order_by().values("object_id")
        return (
            self.filter(state=Edition.State.PUBLISHED, live__isnull=False)
            .filter(guide__in=uses.filter(tag__in=mine).values("object_id"))
            .exclude(guide=guide)
            .annotate(shared=models.Subquery(theirs.annotate(n=models.Count("pk")).values("n")))
            .select_related("guide", "live")
            .defer(*HEAVY)
            .order_by("-shared", "-published_at", "pk")
        )


class Edition(models.Model):
    """A guide in one language. Publishing points `live` at a revision; nothing else changes what is read."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        CHANGES_REQUESTED = "changes_requested", _("Changes requested")
        APPROVED = "approved", _("Approved")
        SCHEDULED = "scheduled", _("Scheduled")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        UNPUBLISHED = "unpublished", _("Unpublished")

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="editions")
    language = models.CharField(max_length=35)
    slug = models.CharField(max_length=80)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    live = models.ForeignKey("Revision", on_delete=models.RESTRICT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    first_published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_note = models.CharField(max_length=300, blank=True)  # why; readers see it above the text

    objects = EditionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["guide", "language"], name="one_edition_a_language")]
        indexes = [models.Index(fields=["state", "-published_at"])]

    def __str__(self) -> str:
        return f"{self.guide_id}/{self.language} {self.slug}"


class Section(NamedTuple):
    """A part of a text under one heading; the part before the first heading has an empty id and title."""

    id: str
    title: str
    text: str


class Revision(models.Model):
    """A text as it was at one moment. Never changed afterwards: a new thought is a new revision."""

    class Significance(models.TextChoices):
        TYPO = "typo", _("Typing error or wording")
        MINOR = "minor", _("Small change of content")
        MAJOR = "major", _("Changes what the reader would do")

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    body = models.TextField()
    facts = models.JSONField(default=dict, blank=True)
    based_on = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="translations"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children"
    )
    significance = models.CharField(max_length=10, choices=Significance.choices, default=Significance.MAJOR)
    change_note = models.CharField(max_length=300, blank=True)
    # None: a text that came with the program (knowledge.actions.pages), which an upgrade may replace.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="revisions"
    )
    credits = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # What the renderer made of the body when it was saved (knowledge.markdown.Rendered).
    html = models.TextField()
    toc = models.JSONField(default=list)  # [{"id", "level", "title", "at": where its text begins in plain}]
    plain = models.TextField()
    words = models.PositiveIntegerField(default=0)
    citations = models.JSONField(default=list)  # the sources as numbered, and as they were then

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="revision_numbers_unique")]
        ordering = ["edition", "number"]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A revision is never changed: make a new one.")
        super().save(*args, **kwargs)

    def written_by(self) -> str:
        """Whom readers are told: as the author wished, else by name; "" for a text that came with the program."""
        return self.credits or (self.author.name if self.author else "")

    def sections(self) -> list[Section]:
        """The plain text cut at its headings, for the search and for citing."""
        starts = [entry["at"] for entry in self.toc] + [len(self.plain)]
        parts = [Section("", "", self.plain[: starts[0]].strip())]
        for entry, start, end in zip(self.toc, starts, starts[1:], strict=False):
            parts.append(Section(entry["id"], entry["title"], self.plain[start:end].strip()))
        return [part for part in parts if part.id or part.text]


class Draft(models.Model):
    """What one person is writing on one edition: saved as they type, seen by nobody else."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="drafts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    title = models.CharField(max_length=200, blank=True)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)
    facts = models.JSONField(default=dict, blank=True)
    details = models.JSONField(default=dict, blank=True)  # what publishing will write on the guide
    base = models.ForeignKey(Revision, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=0)  # moves with every save
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "person"], name="one_draft_a_person")]

    def __str__(self) -> str:
        return f"draft of {self.edition_id} by {self.person_id}"
