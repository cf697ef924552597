"""Terms and sources in Django's admin: where editors name a term in further languages and mend a source."""

from django.contrib import admin
from taggit.models import Tag

from knowledge.models import Source, Term

admin.site.unregister(Tag)  # ours are Terms: taggit's own table stays empty


@admin.register(Term)
class TermAdmin(admin.ModelAdmin[Term]):
    list_display = ("name", "kind", "names", "slug")
    list_filter = ("kind",)
    search_fields = ("name", "names")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin[Source]):
    list_display = ("key", "title", "publisher", "year")
    list_filter = ("kind",)
    search_fields = ("key", "title", "publisher", "url")
