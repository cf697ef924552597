"""What the search knows: entries, the vocabulary of public texts, and one row of totals.

The engine's own index hangs on SearchEntry and is kept by the database itself (migration 0002): triggers on
SQLite, a generated column on PostgreSQL. Nothing but knowledge.search.index writes these tables.
"""

from django.db import models


class SearchEntry(models.Model):
    """A findable piece of text: a section of a guide, an answered question, a page.

    What is found of one parent is shown as one result.
    """

    parent = models.CharField(max_length=120)  # what it is a part of, and is replaced with: "guide:12:en"
    anchor = models.CharField(max_length=120, blank=True)  # the section in it, or "" for the whole
    content_type = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    lang = models.CharField(max_length=35)
    kind = models.CharField(max_length=30)
    # Lists as " EE UA ": one LIKE '% EE %' filters them on either engine.
    countries = models.CharField(max_length=400, blank=True)
    topics = models.TextField(blank=True)
    scope = models.CharField(max_length=60, default="public")
    published_at = models.DateTimeField(null=True)
    quality = models.FloatField(default=0.0)  # 0…1
    title = models.TextField()
    heading = models.TextField(blank=True)  # of the section, in the entry's language
    plain = models.TextField(blank=True)
    url = models.CharField(max_length=500)  # without the language of the interface in front
    # Stems, and the words of the title as they are written, separated by spaces.
    terms_title = models.TextField(blank=True)
    terms_body = models.TextField(blank=True)
    words_title = models.TextField(blank=True)
    n_terms = models.PositiveIntegerField(default=0)
    source_hash = models.CharField(max_length=64)
    analyser_version = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "lang", "anchor"], name="search_entry_once"),
        ]
        indexes = [models.Index(fields=["scope", "-published_at"], name="search_entry_newest")]

    def __str__(self) -> str:
        return f"{self.parent}#{self.anchor}" if self.anchor else self.parent


class SearchVocab(models.Model):
    """A word of public texts, as it is written, and in how many entries it stands."""

    lang = models.CharField(max_length=35)
    word = models.CharField(max_length=40, db_index=True)
    stem = models.CharField(max_length=60)
    fold = models.CharField(max_length=60, db_index=True)
    df = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lang", "word"], name="search_vocab_once")]

    def __str__(self) -> str:
        return f"{self.lang}:{self.word}"


class SearchStem(models.Model):
    """In how many public entries a stem stands: what the weight of a query's word is computed from."""

    stem = models.CharField(max_length=60, primary_key=True)
    df = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.stem


class SearchState(models.Model):
    """The one row of totals. Writers of the index lock it first; `version` changes with the vocabulary,
    so that what a process remembers of it is known to be old."""

    entries = models.PositiveIntegerField(default=0)
    terms = models.PositiveBigIntegerField(default=0)
    languages = models.JSONField(default=dict)  # language → [entries, terms]
    version = models.CharField(max_length=16, default="")

    def __str__(self) -> str:
        return self.version
