"""A process of its own that writes to a SQLite file through our backend: run by test_sqlite.py.

usage: sqlite_writers.py FILE prepare | FILE increment TIMES
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "site"))

import django
from django.conf import settings


def main(file: str, deed: str, times: int) -> None:
    settings.configure(DATABASES={"default": {"ENGINE": "config.sqlite", "NAME": file}}, USE_TZ=True)
    django.setup()
    from django.db import connection, transaction

    if deed == "prepare":
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE counter (value integer)")
            cursor.execute("INSERT INTO counter VALUES (0)")
        return
    for _ in range(times):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT value FROM counter")
            value = cursor.fetchone()[0]
            cursor.execute("UPDATE counter SET value = %s", [value + 1])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 0)
