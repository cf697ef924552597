"""The language desk does not understand a question and asks its asker, who answers or writes it anew."""

from accounts.languages import valid
from webinars.models import Question, Visibility

from .deed import Deed, Refused
from .questions import clean

OPEN = (Visibility.SUBMITTED, Visibility.PUBLISHED)


def ask_asker(deed: Deed, question: Question, *, text: str, language: str) -> None:
    """A note to the asker alone. A later one takes the place of the one before."""
    person = deed.require("unclear")
    if question.visibility not in OPEN:
        raise Refused("changed")
    if not valid(language):
        raise Refused("language_unknown")
    note = {"text": clean(text), "lang": language, "by": person.pk, "at": int(deed.at.timestamp() * 1000)}
    deed.touch(question, unclear=note)
    deed.record("unclear", question, note=note["text"])


def clarify(deed: Deed, question: Question, *, text: str = "", clarify: str = "", language: str = "") -> None:
    """The asker's answer, for the desk; `clarify` goes before `text`. The question itself stays as it is."""
    person = deed.require("clarify")
    if question.participant_id != person.pk:
        raise Refused("not_found")
    if not question.unclear:
        raise Refused("changed")
    language = language or question.language
    if not valid(language):
        raise Refused("language_unknown")
    deed.touch(
        question, unclear=question.unclear | {"answer": clean(clarify or text), "answer_lang": language}
    )
    deed.record("clarify", question)
