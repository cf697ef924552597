"""The site's logo: whatever picture an administrator has becomes one small WebP, drawn anew from its pixels.

Nothing of the uploaded file itself is kept, so that what only looks like a picture (HTML, SVG, a script behind a
picture's first bytes) never lies in a folder that is served.
"""

import hashlib
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from config.site_settings import Logo

if TYPE_CHECKING:
    from PIL import Image

LARGEST = 5_000_000  # bytes that are sent
MOST_PIXELS = 20_000_000  # 80 MB when drawn: a small file may stand for a very large picture
SMALLEST = 16  # pixels: a tracking dot is no logo
BOX = (480, 96)  # twice what the page shows, for fine screens
KINDS = ("PNG", "JPEG", "WEBP")
FILE = re.compile(r"logo-[0-9a-f]{16}\.webp")
KEPT = 2  # the one before stays: pages that name it may still be open


class Unfit(Exception):
    """It cannot be the logo; `reason` is one of large, kind, pixels, small, broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def keep(content: bytes, *, says_name: bool = False) -> Logo:
    """Stores the picture under a name made from what is in it. Raises Unfit, and OSError when the disk is full."""
    picture = _opened(content)
    drawn = _drawn(picture)
    name = f"logo-{hashlib.sha256(drawn).hexdigest()[:16]}.webp"
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f".{name}.new"
    try:
        new.write_bytes(drawn)
        new.replace(folder / name)
    finally:
        new.unlink(missing_ok=True)
    return Logo(name, *_size(drawn), says_name)


def kept(name: str) -> Logo | None:
    """A picture that was stored before, by its name; None when there is none."""
    path = Path(settings.MEDIA_ROOT) / name
    if not FILE.fullmatch(name) or not path.is_file():
        return None
    return Logo(name, *_size(path.read_bytes()))


def forget_others(name: str) -> None:
    """Removes pictures nobody chose, but for the last few."""
    found = [path for path in Path(settings.MEDIA_ROOT).glob("logo-*.webp") if path.name != name]
    found.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in found[KEPT - 1 :]:
        path.unlink(missing_ok=True)


def _opened(content: bytes) -> "Image.Image":
    from PIL import Image, UnidentifiedImageError  # heavy, and wanted once in a year

    if len(content) > LARGEST:
        raise Unfit("large")
    try:
        picture = Image.open(io.BytesIO(content), formats=KINDS)
    except (UnidentifiedImageError, Image.DecompressionBombError):
        raise Unfit("kind") from None
    except Exception:  # a header that is no header fails in as many ways as there are headers
        raise Unfit("broken") from None
    if picture.width * picture.height > MOST_PIXELS:
        raise Unfit("pixels")
    if min(picture.size) < SMALLEST:
        raise Unfit("small")
    return picture


def _drawn(picture: "Image.Image") -> bytes:
    from PIL import Image, ImageOps

    try:
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        plain.thumbnail(BOX, Image.Resampling.LANCZOS)
    except Exception:  # cut off, or not what its header says
        raise Unfit("broken") from None
    out = io.BytesIO()
    plain.save(out, "WEBP", lossless=picture.format != "JPEG", quality=90, method=6)
    return out.getvalue()


def _size(content: bytes) -> tuple[int, int]:
    from PIL import Image

    return Image.open(io.BytesIO(content), formats=("WEBP",)).size
