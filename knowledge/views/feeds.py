"""The feed of what is new in one language, in Atom."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.languages import endonym
from config.site_settings import current
from knowledge.models import Edition
from knowledge.models.guides import HEAVY

NEWEST = 30


class NewGuides(Feed[Edition, str]):
    """/mn/knowledge/feed/ holds the newest Mongolian texts: who subscribes in a language reads that language."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest) -> str:
        return get_language() or "en"

    def title(self, language: str) -> str:
        return f"{current().called(language)}: {_('New guides')} ({endonym(language)})"

    def link(self, language: str) -> str:
        return reverse("knowledge:index")

    def items(self, language: str) -> QuerySet[Edition]:
        holding = Edition.objects.published().filter(
            language=language, state=Edition.State.PUBLISHED, guide__key=None
        )
        joined = holding.select_related("guide", "live", "live__author").defer(*HEAVY)
        return joined.order_by("-published_at")[:NEWEST]

    def item_title(self, item: Edition) -> str:
        assert item.live is not None
        return item.live.title

    def item_description(self, item: Edition) -> str:
        assert item.live is not None
        return item.live.summary

    def item_link(self, item: Edition) -> str:
        return reverse("knowledge:guide", kwargs={"pk": item.guide_id, "slug": item.slug})

    def item_guid(self, item: Edition) -> str:
        """Stays the same when the title, and with it the address, changes."""
        begun = item.first_published_at or item.guide.created_at
        return f"tag:{urlsplit(settings.SITE_URL).hostname},{begun:%Y-%m-%d}:/knowledge/{item.guide_id}/{item.language}"

    def item_author_name(self, item: Edition) -> str:
        assert item.live is not None
        return item.live.written_by()

    def item_pubdate(self, item: Edition) -> datetime | None:
        return item.first_published_at

    def item_updateddate(self, item: Edition) -> datetime | None:
        return item.published_at
