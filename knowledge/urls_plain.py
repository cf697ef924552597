"""Addresses of help without a language in front, short enough to be said: /help/host/ leads to the reader's own."""

from django.urls import path

from knowledge.views import help

app_name = "knowledge_plain"
urlpatterns = [
    path("help/", help.in_own_language, name="help"),
    path("help/<slug:key>/", help.in_own_language, name="help_page"),
]
