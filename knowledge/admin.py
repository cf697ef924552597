"""Terms and sources in Django's admin: where editors name a term in further languages and mend a source."""

from typing import TYPE_CHECKING

from django.contrib import admin

from knowledge.models import Source, Term

if TYPE_CHECKING:
    TermAdminBase = admin.ModelAdmin[Term]
    SourceAdminBase = admin.ModelAdmin[Source]
else:  # Django's own class takes no parameters; only its types do
    TermAdminBase = SourceAdminBase = admin.ModelAdmin


@admin.register(Term)
class TermAdmin(TermAdminBase):
    list_display = ("name", "kind", "names", "slug")
    list_filter = ("kind",)
    search_fields = ("name", "names")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Source)
class SourceAdmin(SourceAdminBase):
    list_display = ("key", "title", "publisher", "year")
    list_filter = ("kind",)
    search_fields = ("key", "title", "publisher", "url")
