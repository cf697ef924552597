"""Compiles the translated words (.po, by people) into what Django reads (.mo, never in the repository)."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_stale(sources: Path, fallback: Path) -> list[str]:
    """Brings every .mo up to date with its .po and gives the languages that needed it.

    The .mo lies beside its .po, or, where a checkout is read-only, at the same place under `fallback`.
    """
    compiled = []
    for po in sorted(sources.glob("*/LC_MESSAGES/*.po")):
        places = [po.with_suffix(".mo"), (fallback / po.relative_to(sources)).with_suffix(".mo")]
        if any(is_fresh(mo, po) for mo in places):
            continue
        content = po.read_bytes()
        try:
            write(content, places[0])
        except OSError:
            places[1].parent.mkdir(parents=True, exist_ok=True)
            write(content, places[1])
        compiled.append(po.parent.parent.name)
    return compiled


def is_fresh(mo: Path, po: Path) -> bool:
    return mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns


def write(content: bytes, mo: Path) -> None:
    """Whole or not at all: a server that starts meanwhile never reads half a catalogue."""
    new = mo.with_suffix(f".mo.{os.getpid()}")
    try:
        with new.open("wb") as file:
            write_mo(file, read_po(content.splitlines(keepends=True)))
        new.replace(mo)
    finally:
        new.unlink(missing_ok=True)
