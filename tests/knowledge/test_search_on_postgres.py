"""S49 on the other engine: what people type into the search breaks PostgreSQL as little as SQLite."""

import os
import subprocess
import sys

import pytest

from tests.site import ROOT


@pytest.mark.skipif("SILD_INNER" in os.environ, reason="this is the inner run")
def test_s49_no_input_breaks_the_engine_on_postgresql_either(postgres_url: str) -> None:
    files = [f"tests/knowledge/test_{name}.py" for name in ("search", "search_page", "search_query")]
    inner = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "s49", *files],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": postgres_url, "SILD_INNER": "1"},
        capture_output=True,
        text=True,
    )
    assert inner.returncode == 0, inner.stdout[-6000:] + inner.stderr[-2000:]
    assert " skipped" not in inner.stdout.splitlines()[-1]
