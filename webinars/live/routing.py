"""The sockets of the webinars."""

from typing import Any

from django.urls import path

from .connection import room_socket
from .projector import projector_socket

urlpatterns: list[Any] = [
    path("ws/webinars/<int:webinar>/", room_socket),  # type: ignore[arg-type]
    path("ws/webinars/<int:webinar>/projector/", projector_socket),  # type: ignore[arg-type]
]
