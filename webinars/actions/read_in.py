"""In which words somebody read a question when they decided on it: its own, or a rendition's."""

from webinars import policies
from webinars.models import Participant, Question, Rendition
from webinars.models.renditions import stale_among


def read_in(person: Participant, question: Question) -> str:
    """The language of the rendition; "" where they read the words themselves, or there is none they read."""
    reads = [policies.base_of(code) for code in person.reads]
    if not reads or policies.base_of(question.language) in reads:
        return ""
    written = list(Rendition.objects.of(question).written().order_by("pk"))
    stale = stale_among(written, question.text)
    found = {policies.base_of(one.language): one.language for one in written if one.language not in stale}
    return next((found[base] for base in reads if base in found), "")
