"""Sources: what the claims in guides rest on."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.Model):
    """A document, data set, page or moment, cited in a text as `[@EE-01]`."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("Document")
        DATA = "data", _("Data")
        PAGE = "page", _("Web page")
        MOMENT = "moment", _("Moment of a webinar")

    key = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=400)
    publisher = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    year = models.CharField(max_length=40, blank=True, help_text=_("As printed: 2002, n.d., about 2004"))
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.DOCUMENT)
    language = models.CharField(max_length=35, blank=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"
