"""The knowledge app: hangs itself into the hooks of accounts."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "knowledge"

    def ready(self) -> None:
        from accounts.erasing import on_erasing
        from knowledge.actions.erasing import erase_author

        if erase_author not in on_erasing:
            on_erasing.append(erase_author)
