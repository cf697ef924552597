"""Languages, countries and cities by the names their own people use for them."""

import re
import zoneinfo
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import get_timezone_location

INTERFACE = ("en", "et", "uk", "mn")

# What the selects offer. Anything else valid may still be typed or sent (BCP 47).
OFFERED = (
    *INTERFACE,
    "ru", "de", "fr", "es", "pt", "it", "nl", "sv", "nb", "da", "fi", "lv", "lt", "pl", "cs", "sk", "hu",
    "ro", "bg", "el",
    "tr", "ka", "hy", "az", "kk", "ky", "uz", "zh", "ja", "ko", "vi", "id", "hi", "ar", "he",
)  # fmt: skip

RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur", "ps", "yi", "dv", "ug"})

# RFC 5646 without the grandfathered tags: language-extlang-Script-REGION-variants-extensions-private use.
_BCP47 = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?",
    re.IGNORECASE,
)

# Browsers and old rows still send these names; people should not have to see them.
_RENAMED_ZONES = {
    "Europe/Kiev": "Europe/Kyiv",
    "Europe/Uzhgorod": "Europe/Kyiv",
    "Europe/Zaporozhye": "Europe/Kyiv",
    "Asia/Ulan_Bator": "Asia/Ulaanbaatar",
    "Asia/Choibalsan": "Asia/Ulaanbaatar",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Asia/Rangoon": "Asia/Yangon",
    "Etc/UTC": "UTC",
}

# Where CLDR (as Babel carries it) has no name, an old one, or one that officials there do not use.
_CITIES = {
    "Europe/Kyiv": {"en": "Kyiv", "et": "Kiiev", "uk": "Київ", "mn": "Киев"},
    "Asia/Ulaanbaatar": {"en": "Ulaanbaatar", "et": "Ulaanbaatar", "uk": "Улан-Батор", "mn": "Улаанбаатар"},
    "Asia/Hovd": {"en": "Khovd", "et": "Hovd", "uk": "Ховд", "mn": "Ховд"},
    "Europe/Tallinn": {"en": "Tallinn", "et": "Tallinn", "uk": "Таллінн", "mn": "Таллин"},
}

# Short names as the government itself writes them.
_ENDONYMS = {"mn": "Монгол", "zh": "中文", "nb": "Norsk (bokmål)"}


def valid(code: str) -> bool:
    """Whether this is a well-formed BCP 47 tag of at most 35 characters (RFC 5646 §4.4.1)."""
    return len(code) <= 35 and bool(_BCP47.fullmatch(code))


def tidy(code: str) -> str:
    """The tag in the case people expect: mn, mn-Mong, pt-BR. Raises ValueError when it is not well-formed."""
    if not valid(code):
        raise ValueError(f"{code!r} is not a language tag")
    first, *rest = code.lower().split("-")
    return "-".join([first, *(_subtag_case(part) for part in rest)])


def _subtag_case(part: str) -> str:
    if len(part) == 4 and part.isalpha():
        return part.title()
    return part.upper() if len(part) == 2 else part


@cache
def endonym(code: str) -> str:
    """What the language calls itself: mn → Монгол, et → Eesti. An unknown tag comes back as it is."""
    if code in _ENDONYMS:
        return _ENDONYMS[code]
    locale = _locale(code)
    name = (locale.get_language_name(code.split("-")[0]) or "") if locale else ""
    if locale and (locale.script or locale.territory):
        name = locale.get_display_name() or name
    # title(), because upper() would turn the Georgian ქ into a letter that nobody writes.
    return name[:1].title() + name[1:] if name else code


def direction(code: str) -> str:
    """Which way it is written, for dir= beside lang=: rtl or ltr."""
    return "rtl" if code.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


@cache
def country_name(code: str, lang: str) -> str:
    """EE in Ukrainian → Естонія; an unknown code comes back as it is."""
    locale = _locale(lang) or Locale("en")
    return str(locale.territories.get(code.upper(), code))


# ISO 3166 countries and territories; CLDR's list also holds the world, unions and test codes.
_NO_COUNTRY = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
COUNTRIES: tuple[str, ...] = tuple(
    sorted({c for c in map(str, Locale("en").territories) if re.fullmatch("[A-Z]{2}", c)} - _NO_COUNTRY)
)


# Good enough without ICU: і, ї, є, ґ and ө, ү would otherwise stand behind я, and õ, ä, ö, ü behind z.
_SORTED_AS = str.maketrans(
    {"і": "иa", "ї": "иb", "є": "еa", "ґ": "гa", "ө": "оa", "ү": "уa"}
    | {"õ": "wa", "ä": "wb", "ö": "wc", "ü": "wd", "å": "a", "š": "s~", "ž": "s~~"}
    | dict(zip("áãçéíôó", "aaceioo", strict=True))
)


@cache
def country_choices(lang: str) -> list[tuple[str, str]]:
    """Every country, named and ordered for a reader of that language."""
    return sorted(((code, country_name(code, lang)) for code in COUNTRIES), key=lambda pair: _order(pair[1]))


def _order(name: str) -> str:
    return name.casefold().translate(_SORTED_AS)


@cache
def zones() -> tuple[str, ...]:
    """The IANA zones people choose from: places only, none of the historical aliases we rename."""
    seas = {"Antarctica", "Atlantic", "Indian", "Pacific"}
    areas = {"Africa", "America", "Asia", "Australia", "Europe"} | seas
    known = {z for z in zoneinfo.available_timezones() if z.split("/")[0] in areas and "/" in z}
    known -= set(_RENAMED_ZONES)
    return ("UTC", *sorted(known))


def canonical_zone(zone: str) -> str:
    """Today's name of an IANA zone, or "" when there is no such zone."""
    zone = _RENAMED_ZONES.get(zone, zone)
    return zone if zone in _known_zones() else ""


@cache
def _known_zones() -> frozenset[str]:
    """Python walks its whole folder of zones for this: 8 ms, on every page."""
    return frozenset(zoneinfo.available_timezones())


@cache
def city(zone: str, lang: str) -> str:
    """The city a zone is named after, in the reader's language: Asia/Hovd → Ховд, Khovd."""
    zone = _RENAMED_ZONES.get(zone, zone)
    base = lang.split("-")[0]
    if known := _CITIES.get(zone):
        return known.get(base, known["en"])
    if "/" not in zone:
        return zone
    plain = zone.rsplit("/", 1)[-1].replace("_", " ")
    locale = _locale(lang)
    if locale is None:
        return plain
    name: str = get_timezone_location(zone, locale=locale, return_city=True)
    return name.rsplit("/", 1)[-1] or plain


@cache
def _locale(code: str) -> Locale | None:
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        base = code.split("-")[0]
        return _locale(base) if base != code else None
