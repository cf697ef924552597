"""Dates and hours in Mongolian. Django's own say "2 p.m.", in English and with twelve hours."""

DATE_FORMAT = "Y оны n-р сарын j"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y оны n-р сарын j, H:i"
YEAR_MONTH_FORMAT = "Y оны n-р сар"
MONTH_DAY_FORMAT = "n-р сарын j"
SHORT_DATE_FORMAT = "Y.m.d"
SHORT_DATETIME_FORMAT = "Y.m.d H:i"
FIRST_DAY_OF_WEEK = 1
