"""Addresses of the pages about the site itself, under the language."""

from django.urls import URLPattern, path

from config.views import health, journal, settings, setup

app_name = "site"
urlpatterns: list[URLPattern] = [
    path("setup/", setup.setup, name="setup"),
    path("settings/", settings.settings, name="settings"),
    path("settings/health/", health.health, name="health"),
    path("settings/journal/", journal.journal, name="journal"),
]
