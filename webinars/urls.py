"""Addresses of the webinars. The id decides; the slug is for people."""

from django.urls import path

from .views import twin

app_name = "webinars"
one = "webinars/<int:pk>-<str:slug>/"
urlpatterns = [
    path(f"{one}changes/", twin.changes_since, name="changes"),
    path(f"{one}do/", twin.do_command, name="do"),
]
