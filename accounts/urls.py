"""Addresses under /<language>/accounts/: ours in the namespace `accounts`, allauth's by their own names."""

from django.urls import URLPattern, URLResolver, include, path

from accounts.views import erasing, profile, reauthentication

_own = [
    path("profile/", profile.profile, name="profile"),
    path("erase/", erasing.erase, name="erase"),
    path("people/<int:pk>/erase/", erasing.erase, name="erase_person"),
    path("reading/", profile.reading, name="reading"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((_own, "accounts"))),
    path("reauthenticate/", reauthentication.reauthenticate, name="account_reauthenticate"),
    path("", include("allauth.account.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
