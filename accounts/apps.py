"""The accounts app: people, organisations, languages."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from accounts.roles import ensure_roles

        post_migrate.connect(ensure_roles, sender=self)
