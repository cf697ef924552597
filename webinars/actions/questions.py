"""What happens to a question: asked, rewritten, withdrawn, published, returned, declined, hidden."""

import math
import unicodedata
from typing import Any
from uuid import UUID

import regex
from django.db.models import Max

from accounts.languages import valid
from accounts.plain import one_line, unturned
from webinars import policies
from webinars.models import (
    Act,
    Appeal,
    Floor,
    NameShown,
    Outcome,
    Participant,
    Question,
    Reason,
    Role,
    Visibility,
)
from webinars.models.questions import MAX_GRAPHEMES

from .deed import Deed, Refused
from .index import index_later
from .read_in import read_in
from .sets import leave

# What a decision may be taken on. Anything else has changed meanwhile, and the page shows how it stands.
FROM = {
    "publish": {Visibility.SUBMITTED, Visibility.RETURNED, Visibility.DECLINED, Visibility.HIDDEN},
    "return": {Visibility.SUBMITTED, Visibility.PUBLISHED},
    "decline": {Visibility.SUBMITTED, Visibility.RETURNED, Visibility.PUBLISHED},
    "hide": {Visibility.PUBLISHED},
    "asked_already": {Visibility.SUBMITTED},
    "merge": {Visibility.SUBMITTED, Visibility.PUBLISHED},
    # To "something does not work" or to the opinions, or from there back to review.
    "move": {Visibility.SUBMITTED, Visibility.RETURNED, Visibility.PUBLISHED, Visibility.TROUBLE},
}
# What would leave those merged into a question without it; whoever wants that takes the set apart first.
_NOT_OF_A_HEAD = frozenset({"return", "decline", "asked_already", "move"})
# What a decision on a question says of an appeal for it; anything else is a yes.
_OUTCOMES = {
    "return": Outcome.RETURNED,
    "decline": Outcome.UPHELD,
    "asked_already": Outcome.UPHELD,
    "move": Outcome.UPHELD,
}
_invisible = regex.compile(r"[\p{Cc}\p{Cs}\p{Co}--\n]", regex.V1)
_grapheme = regex.compile(r"\X")


def clean(text: str, limit: int = MAX_GRAPHEMES) -> str:
    """The words as they are kept: NFC, no control characters, no stacked blank lines. Raises Refused."""
    text = _invisible.sub("", unicodedata.normalize("NFC", unturned(text).replace("\r\n", "\n")))
    text = regex.sub(r"\n{3,}", "\n\n", text).strip()
    # Zero-width marks and blanks of other scripts alone are no question.
    if not regex.search(r"[\p{L}\p{N}]", text):
        raise Refused("empty")
    length = len(_grapheme.findall(text)) if len(text) > limit else len(text)
    if length > limit or len(text) > limit * 8:
        raise Refused("too_long", limit=limit, length=length)
    return text


def ask_question(
    deed: Deed,
    *,
    client_id: UUID,
    text: str,
    language: str,
    name_shown: str = NameShown.ALL,
    addressed_to: int | str | None = None,
    on_behalf_of: str = "",
    came_by: str = "",
) -> Question:
    """Ask. The same `client_id` of the same person gives the first question back: nothing is posted twice."""
    person = deed.by
    if person is not None:
        first = Question.objects.filter(participant=person, client_id=client_id).first()
        if first is not None:
            return first
    person = deed.require("ask")
    if on_behalf_of or came_by:
        deed.require("ask_for")
    whom, country = _addressee(deed, addressed_to)
    _may_ask_again(deed, person)
    at_once = policies.publishes_at_once(person, deed.webinar)
    question = Question.objects.create(
        webinar=deed.webinar,
        participant=person,
        on_behalf_of=one_line(on_behalf_of)[:160],
        came_by=came_by,
        client_id=client_id,
        text=clean(text),
        language=known_language(language),
        name_shown=name_shown if name_shown in NameShown.values else NameShown.ALL,
        archive_keeps_name=name_shown == NameShown.ALL,
        addressed_to=whom,
        addressed_country=country,
        asked_at=deed.at,
        seq=deed.seq,
        **({"visibility": Visibility.PUBLISHED} | _first_time(deed) if at_once else {}),
    )
    index_later(question.pk)
    deed.record("ask", question)
    return question


def _may_ask_again(deed: Deed, person: Participant) -> None:
    """Slow mode. What was taken back counts, too: else it would be the way round. Raises Refused("slow")."""
    if not policies.is_slowed(person, deed.webinar):
        return
    asked = Question.objects.filter(participant=person).aggregate(last=Max("asked_at"))["last"]
    wait = policies.wait_after(asked, deed.webinar, deed.at)
    if wait > 0:
        left = math.ceil(wait / 60)
        raise Refused("slow", retry_after=wait, minutes=deed.webinar.slow_minutes, left=left)


def rewrite_question(deed: Deed, question: Question, *, text: str, language: str = "") -> None:
    """The asker's new words for a question that came back, or that the language desk asked about; to review again."""
    require_own(deed, question, "rewrite")
    asked = question.visibility == Visibility.SUBMITTED and bool(question.unclear)  # the language desk did
    if question.visibility != Visibility.RETURNED and not asked:
        raise Refused("changed")
    before = facts_of(question, "text", "language", "visibility", "reason", "reason_note")
    deed.touch(
        question,
        text_before=question.text,
        text=clean(text),
        language=known_language(language) if language else question.language,
        visibility=Visibility.SUBMITTED,
        reason="",
        reason_note="",
        unclear={},
    )
    deed.record("rewrite", question, before=before)


def withdraw_question(deed: Deed, question: Question) -> None:
    """The asker takes it back, while it is not on the floor or answered. Those who asked the same keep theirs."""
    require_own(deed, question, "withdraw")
    if question.visibility == Visibility.WITHDRAWN:
        return
    stands = question.into if question.visibility == Visibility.MERGED and question.into else question
    elsewhere = question.visibility in (Visibility.OPINION, Visibility.TROUBLE)
    if elsewhere or stands.floor in (Floor.IN_TURN, Floor.DONE):
        raise Refused("changed")
    before = facts_of(question, "visibility", "into_id", "floor", "next_rank")
    leave(deed, question)
    Appeal.objects.open().filter(question=question).update(outcome=Outcome.DROPPED, decided_at=deed.at)
    deed.touch(question, visibility=Visibility.WITHDRAWN, floor=Floor.WAITING, next_rank=None)
    _tell_who_asked_again(deed, question)
    deed.record("withdraw", question, before=before)


def publish_question(deed: Deed, question: Question, *, was: str = "", seen: int | None = None) -> Act | None:
    """Show it to everybody. Publishing what is published already is no news."""
    if question.visibility == Visibility.PUBLISHED:
        deed.require("publish")
        return None
    return decide(deed, question, "publish", Visibility.PUBLISHED, was, seen, **_first_time(deed, question))


def return_question(
    deed: Deed, question: Question, *, reason: str, note: str = "", was: str = "", seen: int | None = None
) -> Act | None:
    """Give it back with a reason: the asker may rewrite it."""
    return decide(deed, question, "return", Visibility.RETURNED, was, seen, reason=reason, reason_note=note)


def decline_question(
    deed: Deed, question: Question, *, reason: str, note: str = "", was: str = "", seen: int | None = None
) -> Act | None:
    """Refuse it, with a reason the asker sees."""
    return decide(deed, question, "decline", Visibility.DECLINED, was, seen, reason=reason, reason_note=note)


def hide_question(
    deed: Deed,
    question: Question,
    *,
    reason: str = "",
    note: str = "",
    was: str = "",
    seen: int | None = None,
) -> Act | None:
    """Take a published question out of sight; it can be published again."""
    reason = reason or Reason.OTHER
    return decide(deed, question, "hide", Visibility.HIDDEN, was, seen, reason=reason, reason_note=note)


def decide(
    deed: Deed,
    question: Question,
    verb: str,
    to: Visibility,
    was: str = "",
    seen: int | None = None,
    **changes: Any,
) -> Act | None:
    """A decision that changes who sees a question; None when it stands so already.

    `was` and `seen` are how the question stood, and the mark of its words, on the screen of whoever pressed; "" and
    None where nobody says. Without them a press on "publish" that comes a moment after another moderator's "decline"
    would undo that, and one that comes after the asker's new words would publish what nobody read.
    """
    may_decide(deed, question, verb)
    if question.visibility == to:
        return None
    if question.visibility not in FROM[verb] or (was and question.visibility != was):
        raise Refused("changed")
    if seen is not None and seen != question.words_mark:
        raise Refused("changed")
    if question.floor in (Floor.IN_TURN, Floor.DONE) and to != Visibility.PUBLISHED and verb != "hide":
        raise Refused("on_floor")
    if question.floor == Floor.IN_TURN:
        raise Refused("on_floor")
    asks_why = to in (Visibility.RETURNED, Visibility.DECLINED, Visibility.HIDDEN)
    if asks_why and changes.get("reason", "") not in Reason.values:
        raise Refused("reason_needed")
    if verb in _NOT_OF_A_HEAD and question.asked_again.merged().exists():
        raise Refused("joined")
    return settle(deed, question, verb, to, **changes)


def settle(deed: Deed, question: Question, verb: str, to: Visibility, **changes: Any) -> Act:
    """What a decision changes, once nothing is in its way; its act holds what an undo puts back."""
    reason, note = changes.get("reason", ""), unturned(str(changes.get("reason_note", ""))).strip()[:500]
    before = facts_of(question, "visibility", "reason", "reason_note", "into_id", "floor", "next_rank")
    settled = _settle_appeal(deed, question, verb)
    off_list = {"floor": Floor.WAITING, "next_rank": None} if question.floor == Floor.NEXT else {}
    plain = {"reason": "", "into_id": None}
    deed.touch(question, **{**plain, **changes, "reason_note": note, "visibility": to, **off_list})
    _tell_who_asked_again(deed, question)
    assert deed.by is not None
    taken_on = read_in(deed.by, question)
    before = {"questions": {question.pk: before}} | settled
    return deed.record(verb, question, reason=reason, note=note, read_in=taken_on, before=before)


def may_decide(deed: Deed, question: Question, verb: str) -> None:
    """Raises Refused for whom the verb is not, for a moderator's own question, and for an appeal against them."""
    person = deed.require(verb)
    if verb in policies.NOT_ON_OWN and question.participant_id == person.pk and not person.has("host"):
        raise Refused("own_question")
    against = Appeal.objects.open().filter(question=question, against=person)
    if (
        question.visibility == Visibility.SUBMITTED
        and against.exists()
        and not _is_alone(deed, person, question)
    ):
        raise Refused("same_decider")


def _is_alone(deed: Deed, person: Participant, question: Question) -> bool:
    """Is this host all there is of a desk, so that nobody else could decide?"""
    desk = Participant.objects.admitted().filter(webinar=deed.webinar)
    others = desk.with_role(Role.MODERATOR) | desk.with_role(Role.HOST)
    return person.has(Role.HOST) and not others.exclude(pk__in=(person.pk, question.participant_id)).exists()


def _settle_appeal(deed: Deed, question: Question, verb: str) -> dict[str, Any]:
    """A decision on a question is one on the appeal for it, too; what an undo of it needs."""
    if question.visibility != Visibility.SUBMITTED:
        return {}
    appeal = Appeal.objects.open().filter(question=question).first()
    if appeal is None:
        return {}
    appeal.outcome, appeal.decided_by, appeal.decided_at = (
        _OUTCOMES.get(verb, Outcome.GRANTED),
        deed.by,
        deed.at,
    )
    appeal.save(update_fields=["outcome", "decided_by", "decided_at"])
    return {"appeal": appeal.pk}


def _tell_who_asked_again(deed: Deed, question: Question) -> None:
    """Those declined because it is asked here already read its words; once it is not public, nor are its words."""
    for same in question.asked_again.exclude(
        visibility=Visibility.MERGED
    ):  # those follow it (live/changes.py)
        deed.touch(same)


def _first_time(deed: Deed, question: Question | None = None) -> dict[str, Any]:
    """The marks of the first publication; a second one keeps its place in the list."""
    if question is None or question.first_public_seq is None:
        return {"published_at": deed.at, "first_public_seq": deed.seq}
    return {}


def require_own(deed: Deed, question: Question, verb: str) -> Participant:
    """The person doing it; somebody else's question is simply not found."""
    person = deed.require(verb)
    if question.participant_id != person.pk:
        raise Refused("not_found")
    return person


def known_language(code: str) -> str:
    """The code of a language, or Refused."""
    if not valid(code):
        raise Refused("language_unknown")
    return code


def _addressee(deed: Deed, to: int | str | None) -> tuple[Participant | None, str]:
    """A speaker by id, or a country that a speaker here is from by its code; (None, "") for anybody."""
    if to is None:
        return None, ""
    speakers = Participant.objects.present().with_role("speaker").filter(webinar=deed.webinar)
    found = speakers.filter(country=to).first() if isinstance(to, str) else speakers.filter(pk=to).first()
    if found is None:
        raise Refused("not_found")
    return (None, to) if isinstance(to, str) else (found, "")


def facts_of(question: Question, *names: str) -> dict[str, Any]:
    """The named facts as JSON can keep them, for an undo."""
    facts = {name: getattr(question, name) for name in names}
    return {name: v.isoformat() if hasattr(v, "isoformat") else v for name, v in facts.items()}
