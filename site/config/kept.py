"""What somebody typed into a form that could not be taken: the same fields once more, so that nothing is lost."""

import re
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.middleware.csrf import get_token

# Never written into a page. Whoever typed one is asked for it again.
SECRET = re.compile(r"passw|csrfmiddlewaretoken", re.IGNORECASE)
MOST = 200_000  # signs: more is still in the browser's own form, one step back
# What a person wrote, as against what a page put there itself.
WRITTEN = re.compile(r"\s|[^\x00-\x7f]|.{61}")
ROWS_OF = 60  # signs


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    value: str
    written: bool  # shown, to be read and changed; the rest goes along unseen

    @property
    def rows(self) -> int:
        return min(12, 2 + self.value.count("\n") + len(self.value) // ROWS_OF)


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that can be sent again as it was."""

    action: str
    token: str
    fields: tuple[Field, ...]
    files: tuple[str, ...]  # a browser sends no file twice: these are chosen anew

    @property
    def written(self) -> list[Field]:
        return [field for field in self.fields if field.written]


def kept(request: HttpRequest) -> Kept | None:
    """The form that came with this request; None when there was none, or when another site's page sent it.

    The page that shows it offers to send it again, with a token: what a stranger's page posted must never get one.
    """
    if request.method != "POST" or not from_here(request):
        return None
    try:
        sent, files = request.POST, tuple(request.FILES)
    except (UnreadablePostError, OSError, ValueError):
        return None
    except Exception:  # whatever was wrong with it, it cannot be read now either
        return None
    fields = tuple(
        Field(name, value, bool(WRITTEN.search(value)))
        for name, values in sent.lists()
        if not SECRET.search(name)
        for value in values
    )
    if not fields or sum(len(field.value) for field in fields) > MOST:
        return None
    return Kept(request.get_full_path(), get_token(request), fields, files)


def from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this very site sent it. Silence is no yes."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is not None and origin == f"{request.scheme}://{request.get_host()}"
