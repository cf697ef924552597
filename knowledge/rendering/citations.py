"""How a source is cited in a text: `[@EE-01]`, several with semicolons or commas between them."""

import re

KEY = r"[A-Za-z0-9](?:[A-Za-z0-9_.:-]{0,38}[A-Za-z0-9])?"
CITATION = rf"\[@({KEY}(?:[;,][ ]?@?{KEY}){{0,19}})\]"


def keys_in(citation: str) -> list[str]:
    """The keys of what stands between `[@` and `]`."""
    return re.split(r"[;,][ ]?@?", citation)


def cited_keys(source: str) -> set[str]:
    """Every key a text names, code and all: enough to ask the database which of them exist."""
    return {key for found in re.finditer(CITATION, source) for key in keys_in(found[1])}
