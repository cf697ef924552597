"""Addresses of the knowledge base, behind the interface's language."""

from django.urls import path

from knowledge.views import help, reading, search, shelf, writing
from knowledge.views.feeds import NewGuides

app_name = "knowledge"
urlpatterns = [
    path("search/", search.search, name="search"),
    path("help/", help.index, name="help"),
    path("help/<slug:key>/", help.page, name="help_page"),
    path("knowledge/", shelf.index, name="index"),
    path("knowledge/feed/", NewGuides(), name="feed"),
    path("knowledge/new/", writing.new, name="new"),
    path("knowledge/preview/", writing.preview, name="preview"),
    path("knowledge/<int:pk>/edit/<slug:language>/", writing.edit, name="edit"),
    path("knowledge/<int:pk>/withdraw/<slug:language>/", writing.withdraw, name="withdraw"),
    path("knowledge/<int:pk>-<slug:slug>.md", reading.markdown, name="markdown"),
    path("knowledge/<int:pk>-<slug:slug>/", reading.guide, name="guide"),
    path("knowledge/<int:pk>/", reading.guide),
]
