"""The interface's languages that this site offers: the one in the address, or the best for this reader's browser."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.translation import get_language_from_path
from django.utils.translation.trans_real import parse_accept_lang_header

from config.site_settings import at_hand, current


def offered() -> tuple[str, ...]:
    """The default first."""
    return current().languages


def best_offered(*wanted: str, known: tuple[str, ...] = ()) -> str:
    """The first of these languages that is offered (mn-Mong counts as mn), else the default."""
    known = known or offered()
    bases = (code.split("-")[0].lower() for code in wanted)
    return next((code for code in bases if code in known), known[0])


def asked_for(request: HttpRequest) -> str:
    """The offered language the browser likes best."""
    return best_offered(*_wanted(request.headers.get("Accept-Language", "")))


def spoken(path: str, accept_language: str) -> str:
    """The language of a page that asks nothing of a database: the address's, else the browser's."""
    return get_language_from_path(path) or best_offered(*_wanted(accept_language), known=at_hand().languages)


def _wanted(accept_language: str) -> list[str]:
    return [code for code, _ in parse_accept_lang_header(accept_language)]


class OfferedLanguages(LocaleMiddleware):
    """Django's own, for the languages this site offers.

    An address in a language that is not offered any more leads to the same page in the default one: links that
    people keep go on working.
    """

    def process_request(self, request: HttpRequest) -> HttpResponse | None:  # type: ignore[override]
        named = get_language_from_path(request.path_info)
        left = bool(named) and named not in offered() and request.method in ("GET", "HEAD")
        translation.activate(asked_for(request) if left or not named else named)
        request.LANGUAGE_CODE = translation.get_language() or offered()[0]
        before = f"/{named}/"
        if left and request.path_info.startswith(before):
            return HttpResponseRedirect(f"/{offered()[0]}/{request.get_full_path().removeprefix(before)}")
        return None
