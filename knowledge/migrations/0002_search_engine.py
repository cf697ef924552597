"""The database's own index over search entries: FTS5 with triggers, or a tsvector column."""

from typing import Any

from django.db import migrations

from knowledge.search import postgres, sqlite


def install(apps: Any, schema_editor: Any) -> None:
    engine = postgres if schema_editor.connection.vendor == "postgresql" else sqlite
    engine.install(schema_editor)


def uninstall(apps: Any, schema_editor: Any) -> None:
    engine = postgres if schema_editor.connection.vendor == "postgresql" else sqlite
    engine.uninstall(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial")]
    operations = [migrations.RunPython(install, uninstall)]
