"""Renditions: somebody takes a text for three minutes and writes it in another language; another may approve it."""

import hashlib
from typing import Any

from accounts.languages import tidy, valid
from webinars import policies
from webinars.models import Act, Answer, MadeAs, Notice, Participant, Question, Rendition, Role, Visibility
from webinars.models.renditions import LEASE, stale_among

from .deed import Deed, Refused
from .index import index_later
from .questions import ask_question, clean

Target = Question | Answer | Notice
MAX_WORDS = 1000  # as long as a gist: some languages need more room than others
MAX_LANGUAGE = 16  # letters of a tag the columns hold
# As what somebody wrote it, by the first of their roles.
_AS = (
    (Role.LANGUAGE_DESK, MadeAs.LANGUAGE_DESK),
    (Role.MODERATOR, MadeAs.MODERATOR),
    (Role.HOST, MadeAs.HOST),
)


def claim(
    deed: Deed,
    *,
    language: str,
    question: int | None = None,
    answer: int | None = None,
    notice: int | None = None,
) -> dict[str, Any]:
    """Take a text, or keep what one has for three minutes more. Whoever takes one gives back what they had.

    {"until": ms}. Raises Refused("held") while it is somebody else's.
    """
    person = deed.require("claim")
    target, language = _target(deed, question, answer, notice), _language(language)
    _other_language(target, language)
    _may_take(person, target, language)
    _tidy_up(deed, except_for=person)
    one = _find(target, language) or _blank(deed, target, language)
    if one.is_held(deed.at) and one.holder_id != person.pk:
        raise Refused("held")
    for other in Rendition.objects.filter(webinar=deed.webinar, holder=person).exclude(pk=one.pk):
        _let_go(other)
    one.holder, one.lease_until = person, deed.at + LEASE
    one.save()
    deed.touch_part("jobs")
    return {"until": int(one.lease_until.timestamp() * 1000)}


def give_back(
    deed: Deed,
    *,
    language: str,
    question: int | None = None,
    answer: int | None = None,
    notice: int | None = None,
) -> None:
    """Somebody else may take it at once."""
    person = deed.require("give_back")
    one = _find(_target(deed, question, answer, notice), _language(language))
    if one is not None and one.holder_id == person.pk:
        _let_go(one)
        deed.touch_part("jobs")


def translate(
    deed: Deed,
    *,
    language: str,
    text: str,
    question: int | None = None,
    answer: int | None = None,
    notice: int | None = None,
    made_from: str = "",
    mark: str = "",
    version: int | None = None,
) -> Rendition:
    """Write the words in another language. The same words by the same person again change nothing.

    `version` is which text stood there before, `mark` that of the words it was made from (`mark_of`): what changed
    meanwhile is refused, and no lease that ran out overwrites what somebody else wrote since.
    """
    person = deed.require("translate")
    target, language = _target(deed, question, answer, notice), _language(language)
    _other_language(target, language)
    made_from = _source_of(target, made_from, language)
    _may(person, target, made_from, language)
    words, source = clean(text, MAX_WORDS), words_of(target, made_from)
    one = _find(target, language) or _blank(deed, target, language)
    if one.text == words and one.by_id == person.pk and one.source == source:
        return one
    if one.is_held(deed.at) and one.holder_id != person.pk:
        raise Refused("held")
    if (mark and mark != mark_of(source)) or (version or 0) != one.version:
        raise Refused("changed")
    before = {"text": one.text, "language": language}
    _put(deed, one, words, source, made_from, person, _role_of(person))
    _stamp(deed, target)
    deed.touch_part("jobs")
    deed.record("translate", _question_of(target), note=language, before=before)
    return one


def ask_with_own(deed: Deed, *, rendition: str = "", rendition_language: str = "", **asked: Any) -> Question:
    """Ask, and bring one's own translation along. The same `client_id` again changes nothing."""
    question = ask_question(deed, **asked)
    if not rendition.strip() or Rendition.objects.of(question).exists():
        return question
    language = _language(rendition_language)
    _other_language(question, language)
    one = _blank(deed, question, language)
    _put(deed, one, clean(rendition, MAX_WORDS), question.text, "", question.participant, MadeAs.ASKER)
    return question


def approve(
    deed: Deed,
    *,
    language: str,
    question: int | None = None,
    answer: int | None = None,
    notice: int | None = None,
    version: int | None = None,
) -> Act | None:
    """A second eye: from now on readers see it. Nobody approves their own; None when it stood so already."""
    person = deed.require("approve")
    target = _target(deed, question, answer, notice)
    one = _find(target, _language(language))
    if one is None or not one.text:
        raise Refused("not_found")
    if one.by_id == person.pk:
        raise Refused("own_words")
    _may(person, target, one.made_from, one.language)
    if not one.waits:
        return None
    if (version is not None and version != one.version) or one.language in stale_in(target):
        raise Refused("changed")
    one.waits, one.approved_by, one.approved_at = False, person, deed.at
    one.save()
    _stamp(deed, target)
    return deed.record("approve", _question_of(target), note=one.language)


def stale_in(target: Target) -> set[str]:
    return stale_among(Rendition.objects.of(target).written(), words_of(target, ""))


def words_of(target: Target, made_from: str) -> str:
    """What a rendition is made from: another rendition, or the original. Raises Refused where there are no words."""
    if made_from:
        one = Rendition.objects.of(target).written().filter(language=made_from).first()
        if one is None:
            raise Refused("changed")
        return one.text
    if isinstance(target, Notice):
        return target.text.original_text
    words = target.gist if isinstance(target, Answer) else target.text
    if not words:
        raise Refused("not_found")
    return words


def mark_of(words: str) -> str:
    """A short mark of words: whoever translates says by it which words they had before them."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def language_of(target: Target) -> str:
    return target.text.original if isinstance(target, Notice) else target.language


def forget_of(deed: Deed, person: Participant) -> None:
    """Somebody is erased: what they had taken is free."""
    for one in Rendition.objects.filter(webinar=deed.webinar, holder=person):
        _let_go(one)
    deed.touch_part("jobs")


def _put(
    deed: Deed, one: Rendition, words: str, source: str, made_from: str, person: Participant, made_as: MadeAs
) -> None:
    one.text, one.source, one.made_from = words, source, made_from
    one.by, one.made_as, one.made_at = person, made_as, deed.at
    one.version += 1
    one.waits, one.approved_by, one.approved_at = deed.webinar.second_eye, None, None
    one.holder = one.lease_until = None
    one.save()


def _target(deed: Deed, question: int | None, answer: int | None, notice: int | None) -> Target:
    """Exactly one thing of this webinar that has words to translate."""
    if sum(pk is not None for pk in (question, answer, notice)) != 1:
        raise Refused("malformed")
    if notice is not None:
        shown = Notice.objects.filter(webinar=deed.webinar, pk=notice, withdrawn_at=None).first()
        if shown is None:
            raise Refused("not_found")
        return shown
    if answer is not None:
        given = Answer.objects.filter(question__webinar=deed.webinar, pk=answer).select_related("question")
        return _visible(given.exclude(gist="").first())
    assert question is not None
    return _visible(deed.question(question))


def _visible(target: Question | Answer | None) -> Question | Answer:
    """What its asker took back, or what said that something does not work, is nobody's to translate."""
    question = _question_of(target) if target else None
    if (
        target is None
        or question is None
        or question.visibility in (Visibility.WITHDRAWN, Visibility.TROUBLE)
    ):
        raise Refused("not_found")
    return target


def _question_of(target: Target) -> Question | None:
    if isinstance(target, Answer):
        return target.question
    return target if isinstance(target, Question) else None


def _find(target: Target, language: str) -> Rendition | None:
    return Rendition.objects.of(target).filter(language=language).first()


def _blank(deed: Deed, target: Target, language: str) -> Rendition:
    answer = target if isinstance(target, Answer) else None
    notice = target if isinstance(target, Notice) else None
    return Rendition(
        webinar=deed.webinar, question=_question_of(target), answer=answer, notice=notice, language=language
    )


def _let_go(one: Rendition) -> None:
    if one.text:
        one.holder = one.lease_until = None
        one.save(update_fields=["holder", "lease_until"])
    else:
        one.delete()


def _tidy_up(deed: Deed, *, except_for: Participant) -> None:
    """Leases that ran out go, but one's own: its words may be on their way."""
    for one in Rendition.objects.filter(webinar=deed.webinar).run_out(deed.at).exclude(holder=except_for):
        _let_go(one)


def _stamp(deed: Deed, target: Target) -> None:
    question = _question_of(target)
    if question is None:
        deed.touch_room()
        return
    deed.touch(question)
    index_later(question.pk)


def _language(code: str) -> str:
    if not valid(code) or len(code) > MAX_LANGUAGE:
        raise Refused("language_unknown")
    return tidy(code)


def _other_language(target: Target, language: str) -> None:
    if policies.base_of(language_of(target)) == policies.base_of(language):
        raise Refused("language_unknown")


def _source_of(target: Target, made_from: str, language: str) -> str:
    """The language of the rendition it is made from, "" for the original. Nothing is made from itself, in no circle."""
    if not made_from or policies.base_of(made_from) == policies.base_of(language_of(target)):
        return ""
    of = {one.language: one.made_from for one in Rendition.objects.of(target).written()}
    at = tidy(made_from) if valid(made_from) else ""
    first = at
    while at:
        if at == language or at not in of:
            raise Refused("changed")
        at = of[at]
    return first


def _may_take(person: Participant, target: Target, language: str) -> None:
    """The desk takes what it reads in the original or in a rendition."""
    made = Rendition.objects.of(target).written().exclude(language=language)
    known = [language_of(target), *made.values_list("language", flat=True)]
    if not any(policies.may_translate(person, code, language) for code in known):
        raise Refused("not_your_pair")


def _may(person: Participant, target: Target, made_from: str, language: str) -> None:
    """The desk writes from and into what it reads."""
    if not policies.may_translate(person, made_from or language_of(target), language):
        raise Refused("not_your_pair")


def _role_of(person: Participant) -> MadeAs:
    return next((made_as for role, made_as in _AS if person.has(role)), MadeAs.LANGUAGE_DESK)
