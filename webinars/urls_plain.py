"""Addresses without a language: the front door, and what is printed, dictated or scanned."""

from django.urls import URLPattern, path

from .views import front, joining

app_name = "webinars_plain"
urlpatterns: list[URLPattern] = [
    path("", front.front_door, name="root"),
    path("j/", joining.by_code_short, name="codes"),
    path("j", joining.by_code_short),
    path("j/<str:code>/", joining.by_code_short, name="code"),
    path("j/<str:code>", joining.by_code_short),
]
