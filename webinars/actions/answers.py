"""What becomes of an answer: the speaker confirms its gist, the asker judges it, one that was promised is written."""

from django.utils.text import Truncator

from accounts.languages import valid
from accounts.plain import unturned
from webinars import policies
from webinars.models import Act, Answer, AnswerKind, Floor, Participant, Question, Role, Visibility
from webinars.models.events import PAST

from .deed import Deed, Refused
from .delivering import deliver_later
from .floor import MAX_GIST, last_given
from .index import index_later

MAX_ANSWER = 6000
SHORT = 280


def confirm_gist(deed: Deed, *, answer: int, gist: str = "", language: str = "") -> Act | None:
    """The speaker says that the gist is right, or puts it right; the act keeps the words that stood before.

    Raises Refused: not_found for somebody else's answer, empty where there is no gist to confirm.
    """
    person = deed.require("confirm")
    given = _own_answer(deed, person, answer)
    words = unturned(gist).strip() or given.gist
    if not words:
        raise Refused("empty")
    if len(words) > MAX_GIST:
        raise Refused("too_long", limit=MAX_GIST, length=len(words))
    spoken = language or given.language
    if not valid(spoken):
        raise Refused("language_unknown")
    changed = (words, spoken) != (given.gist, given.language)
    if not changed and given.confirmed_at is not None:
        return None
    before = {"gist": given.gist, "language": given.language} if changed else {}
    given.gist, given.language = words, spoken
    given.confirmed_at, given.confirmed_by, given.changed_since_at = deed.at, person, None
    given.save()
    deed.touch(given.question)
    index_later(given.question_id)
    return deed.record("correct" if changed else "confirm", given.question, before=before)


def judge_answer(deed: Deed, question: Question, *, says: str) -> Act | None:
    """The asker says whether the last answer answered the question. Said again, the last word counts."""
    person = deed.require("judge")
    if question.participant_id != person.pk or question.is_on_behalf:
        raise Refused("not_found")
    given = last_given(question)
    if given is None or question.visibility != Visibility.PUBLISHED:
        raise Refused("changed")
    if given.asker_says == says:
        return None
    before = {"says": given.asker_says}
    given.asker_says = says
    given.save(update_fields=["asker_says"])
    deed.touch(question)
    return deed.record("judge", question, reason=says, before=before)


def write_answer(deed: Deed, question: Question, *, text: str, language: str, gist: str = "") -> Act:
    """A written answer. One that was promised, or comes after the end, goes to whoever asked by letter and link.

    Written again it is put right: the act keeps the former words, and no second letter goes out.
    """
    person = deed.require("answer")
    if not may_answer(person, question):
        raise Refused("forbidden")
    if question.visibility != Visibility.PUBLISHED:
        raise Refused("changed")
    if question.floor == Floor.IN_TURN:
        raise Refused("on_floor")
    text, gist = unturned(text).strip(), unturned(gist).strip()
    if not text:
        raise Refused("empty")
    for words, most in ((text, MAX_ANSWER), (gist, MAX_GIST)):
        if len(words) > most:
            raise Refused("too_long", limit=most, length=len(words))
    if not valid(language):
        raise Refused("language_unknown")
    given, before = _to_write(deed, question)
    given.text, given.gist, given.language = text, gist or in_short(text), language
    if person.has(Role.SPEAKER):
        given.speaker = given.confirmed_by = person
        given.confirmed_at, given.changed_since_at = deed.at, None
    elif given.confirmed_at is not None:
        given.confirmed_at, given.changed_since_at = None, deed.at
    given.asker_says = ""  # of these words nobody has said anything yet
    given.save()
    deed.touch(question, floor=Floor.DONE, next_rank=None, closed_reason="", closed_note="")
    index_later(question.pk)
    if given.owner or deed.webinar.state in PAST:
        deliver_later(given)
    return deed.record("answer", question, before=before)


def in_short(text: str) -> str:
    """What stands for a written answer where there is room for a sentence or two only."""
    return Truncator(" ".join(text.split())).chars(SHORT)


def may_answer(person: Participant, question: Question) -> bool:
    """Moderators and hosts write any answer; a speaker those they are to give, or were asked for."""
    if person.has(*policies.DESK):
        return True
    if person.pk in (question.assigned_to_id, question.addressed_to_id):
        return True
    return bool(question.addressed_country) and question.addressed_country == person.country


def _to_write(deed: Deed, question: Question) -> tuple[Answer, dict[str, object]]:
    """The written answer that is there, with what it says, or a new one in the name of whoever promised it."""
    written = question.answers.filter(kind=AnswerKind.WRITTEN).exclude(text="").order_by("-id").first()
    if written is not None:
        return written, {"text": written.text, "gist": written.gist, "language": written.language}
    promised = question.answers.filter(kind=AnswerKind.PROMISED).order_by("-id").first()
    owner = promised.owner if promised else ""
    return Answer(question=question, kind=AnswerKind.WRITTEN, owner=owner, given_at=deed.at), {}


def _own_answer(deed: Deed, person: Participant, pk: int) -> Answer:
    answers = Answer.objects.select_related("question", "turn").exclude(kind=AnswerKind.PROMISED)
    found = answers.filter(
        question__webinar=deed.webinar, question__visibility=Visibility.PUBLISHED, pk=pk
    ).first()
    if found is None or not found.is_by(person):
        raise Refused("not_found")
    return found
