"""A QR code as an SVG that stands in the page itself: it needs no request, and stays when the line is lost."""

from functools import lru_cache

import segno
from django.utils.safestring import SafeString, mark_safe

QUIET = 4  # white squares around it, as ISO/IEC 18004 asks


@lru_cache(maxsize=256)  # 8 ms each; a webinar has one
def qr_svg(text: str) -> SafeString:
    """Dark squares on white whatever the colours around, or phones do not find it."""
    code = segno.make(text, micro=False, error="m")
    drawn = code.svg_inline(
        border=QUIET, dark="#000", light="#fff", omitsize=True, svgclass="qr-code", lineclass=""
    )
    return mark_safe(drawn)  # squares only: the text itself is not in it
