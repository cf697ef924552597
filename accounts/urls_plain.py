"""Addresses without a language in front."""

from django.urls import URLPattern, URLResolver, path

from accounts.views import mail

app_name = "accounts_plain"
urlpatterns: list[URLPattern | URLResolver] = [
    path("mail/", mail.letters, name="letters"),
    path("mail/<str:name>/<int:part>/", mail.letter, name="letter"),
]
