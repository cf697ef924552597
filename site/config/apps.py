"""The site as a whole, as Django's app: it brings the checks of `manage.py check`."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import checks

        checks.register()
