"""The webinars app: hangs itself into the hooks the other apps offer."""

from django.apps import AppConfig


class WebinarsConfig(AppConfig):
    name = "webinars"

    def ready(self) -> None:
        from webinars import hooks

        hooks.hang_in()
