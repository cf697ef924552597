"""Addresses of the pages about the site itself, under the language."""

from django.urls import URLPattern, path

from config.views import settings

app_name = "site"
urlpatterns: list[URLPattern] = [
    path("settings/", settings.settings, name="settings"),
]
