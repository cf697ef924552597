"""Addresses: the interface's language comes first, so that public pages can be cached and need no cookie."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from config.tokens import token
from config.views import setup

urlpatterns: list[URLPattern | URLResolver] = [
    path("token/", token, name="token"),
    path("setup/", setup.door, name="setup"),
    # Browsers ask for it where no page names an icon: beside a file, a letter, an error of a proxy.
    path("favicon.ico", RedirectView.as_view(url=static("img/favicon.ico"))),
    path("", include("accounts.urls_plain")),
    path("", include("webinars.urls_plain")),
    path("", include("knowledge.urls_plain")),
    *i18n_patterns(
        path("", include("webinars.urls")),
        path("", include("knowledge.urls")),
        path("accounts/", include("accounts.urls")),
        path("", include("config.urls_site")),
        path("admin/", admin.site.urls),
    ),
]
handler400 = "config.errors.bad_request"
handler500 = "config.errors.server_error"
