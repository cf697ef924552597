"""A table of a demo file, read field by field with types: a slip in the data names its file and field."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar

from knowledge.headed import Wrong
from webinars.demo.shapes import Said, Words

Choice = TypeVar("Choice", bound=str)


def open_rows(path: Path) -> Row:
    """The whole of a TOML file as one row."""
    return Row(tomllib.loads(path.read_text(encoding="utf-8")), path.name)


class Row:
    """One table and the fields read from it so far."""

    def __init__(self, fields: Mapping[str, object], where: str) -> None:
        self.fields = fields
        self.where = where
        self.read: set[str] = set()
        self.below: list[Row] = []

    def done(self) -> None:
        """A field nobody asked for is a misspelt one. Raises Wrong, for the tables below this one too."""
        left = set(self.fields) - self.read
        if left:
            raise Wrong(f"{self.where}: nobody reads {', '.join(sorted(left))}")
        for row in self.below:
            row.done()

    def has(self, field: str) -> bool:
        return field in self.fields

    def text(self, field: str) -> str:
        value = self._field(field)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(field, "a text")
        return value

    def maybe_text(self, field: str) -> str | None:
        return self.text(field) if self.has(field) else None

    def number(self, field: str) -> int:
        value = self._field(field)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(field, "a whole number")
        return value

    def maybe_number(self, field: str) -> int | None:
        return self.number(field) if self.has(field) else None

    def yes(self, field: str) -> bool:
        value = self._field(field)
        if not isinstance(value, bool):
            raise self._wrong(field, "true or false")
        return value

    def day(self, field: str) -> date:
        value = self._field(field)
        if type(value) is not date:
            raise self._wrong(field, "a date without an hour")
        return value

    def choice(self, field: str, allowed: tuple[Choice, ...]) -> Choice:
        value = self.text(field)
        for one in allowed:
            if one == value:
                return one
        raise self._wrong(field, "one of " + ", ".join(allowed))

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of texts; none where the field is missing."""
        if not self.has(field):
            return ()
        value = self._field(field)
        if not isinstance(value, list):
            raise self._wrong(field, "a list")
        return tuple(str(item) for item in value)

    def words(self, field: str) -> Words:
        """A text per language; `original` says which came first, English where it says nothing."""
        row = self.row(field)
        original = row.maybe_text("original") or "en"
        texts = {lang: row.text(lang) for lang in row.fields if lang != "original"}
        if original not in texts:
            raise self._wrong(field, f"a text in its original language, {original}")
        return Words(original, texts)

    def maybe_words(self, field: str) -> Words | None:
        return self.words(field) if self.has(field) else None

    def renditions(self) -> dict[str, str]:
        """The same question in other languages."""
        if not self.has("renditions"):
            return {}
        row = self.row("renditions")
        return {lang: row.text(lang) for lang in row.fields}

    def said(self, field: str = "text") -> Said:
        return Said(self.text("lang"), self.text(field))

    def row(self, field: str) -> Row:
        return self._row(field, self._field(field))

    def maybe_row(self, field: str) -> Row | None:
        return self.row(field) if self.has(field) else None

    def rows(self, field: str) -> list[Row]:
        """The tables of an array; none where the field is missing."""
        if not self.has(field):
            return []
        value = self._field(field)
        if not isinstance(value, list):
            raise self._wrong(field, "a list of tables")
        return [self._row(field, item) for item in value]

    def _row(self, field: str, value: object) -> Row:
        if not isinstance(value, dict):
            raise self._wrong(field, "a table")
        row = Row(value, f"{self.where}: {value.get('key', field)}")
        self.below.append(row)
        return row

    def _field(self, field: str) -> object:
        if field not in self.fields:
            raise self._wrong(field, "given")
        self.read.add(field)
        return self.fields[field]

    def _wrong(self, field: str, wanted: str) -> Wrong:
        return Wrong(f"{self.where}: {field} must be {wanted}")
