"""Webinars in Django's admin: series are kept here; what has pages and deeds of its own is only looked at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from webinars.addresses import address, promise_address
from webinars.models import Act, Commitment, Series, Webinar


class ToLookAt(admin.ModelAdmin):  # type: ignore[type-arg]
    """Changes go through the pages and their deeds, which stamp and announce them; here nothing is changed."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Series)
class SeriesAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("__str__",)


@admin.register(Commitment)
class CommitmentAdmin(ToLookAt):
    list_display = (
        "__str__",
        "owner",
        "organisation",
        "due",
        "figure_now",
        "figure_goal",
        "standing",
        "page",
    )
    list_filter = ("standing",)
    list_select_related = ("organisation",)

    @admin.display(description="")
    def page(self, promise: Commitment) -> SafeString:
        """Where it is followed up: the page writes the history and tells the search."""
        return format_html('<a href="{}">{}</a>', promise_address(promise), gettext("About this promise"))


@admin.register(Webinar)
class WebinarAdmin(ToLookAt):
    list_display = ("__str__", "state", "day", "zone", "entry", "page")
    list_filter = ("state", "is_example")
    search_fields = ("title",)
    ordering = ("-id",)

    @admin.display(description="")
    def page(self, webinar: Webinar) -> SafeString:
        return format_html('<a href="{}">{}</a>', address(webinar), gettext("About this webinar"))


@admin.register(Act)
class ActAdmin(ToLookAt):
    list_display = ("at", "verb", "webinar", "question", "by", "user", "reason")
    list_filter = ("verb",)
    date_hierarchy = "at"
    list_select_related = ("webinar", "question", "by", "user")
