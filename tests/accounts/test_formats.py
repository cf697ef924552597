"""Hours have 24 and months their own names in every interface language."""

from datetime import UTC, datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format

AFTERNOON = datetime(2020, 8, 27, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lang", "date", "both"),
    [
        ("en", "27 August 2020", "27 August 2020, 14:05"),
        ("et", "27. august 2020", "27. august 2020, 14:05"),
        ("uk", "27 серпня 2020", "27 серпня 2020, 14:05"),
        ("mn", "2020 оны 8-р сарын 27", "2020 оны 8-р сарын 27, 14:05"),
    ],
)
def test_dates_and_hours_are_written_as_people_write_them(lang: str, date: str, both: str) -> None:
    with translation.override(lang):
        assert date_format(AFTERNOON, "DATE_FORMAT") == date
        assert date_format(AFTERNOON, "DATETIME_FORMAT") == both
        assert date_format(AFTERNOON, "TIME_FORMAT") == "14:05"
        assert "14:05" in date_format(AFTERNOON, "SHORT_DATETIME_FORMAT")
