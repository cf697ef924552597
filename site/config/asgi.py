"""The site as one ASGI application: static front, Django's pages, and the sockets of the live rooms."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_application = get_asgi_application()  # first: it readies the app registry for the imports below

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from channels.sessions import CookieMiddleware  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import re_path  # noqa: E402

from config.doors import Doors  # noqa: E402
from config.front import front, refuse_socket  # noqa: E402
from config.page_cache import PageCache  # noqa: E402
from config.stamps import stamps  # noqa: E402
from webinars.live.routing import urlpatterns  # noqa: E402

sockets = CookieMiddleware(URLRouter([*urlpatterns, re_path(r"", refuse_socket)]))  # type: ignore[arg-type, list-item]
pages = PageCache(django_application, stamps)
doors = Doors(
    AllowedHostsOriginValidator(sockets),
    burst=settings.SOCKET_BURST * settings.BUDGET_FACTOR,
    per_second=settings.SOCKET_RATE * settings.BUDGET_FACTOR,
)
application = front(ProtocolTypeRouter({"http": pages, "websocket": doors}))
