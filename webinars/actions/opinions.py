"""What happens to an opinion: said, written anew, taken back, published, returned, declined, hidden, moved."""

from typing import Any
from uuid import UUID, uuid4

from accounts.plain import unturned
from webinars import policies
from webinars.models import Act, NameShown, Opinion, OpinionState, Participant, Question, Reason, Visibility
from webinars.models.opinions import MAX_OPINION

from .deed import Deed, Refused
from .questions import clean, decide, known_language

# What a decision may be taken on. Anything else has changed meanwhile, and the page shows how it stands.
FROM = {
    "opinion_publish": {
        OpinionState.SUBMITTED, OpinionState.RETURNED, OpinionState.DECLINED, OpinionState.HIDDEN,
    },
    "opinion_return": {OpinionState.SUBMITTED, OpinionState.PUBLISHED},
    "opinion_decline": {OpinionState.SUBMITTED, OpinionState.RETURNED, OpinionState.PUBLISHED},
    "opinion_hide": {OpinionState.PUBLISHED},
    "opinion_move": {OpinionState.SUBMITTED, OpinionState.RETURNED, OpinionState.PUBLISHED},
}  # fmt: skip
WITH_REASON = {OpinionState.RETURNED, OpinionState.DECLINED, OpinionState.HIDDEN}
# As a question stood, so stands the opinion it becomes: nothing is published by moving it.
STANDS = {Visibility.PUBLISHED: OpinionState.PUBLISHED}


def say_opinion(
    deed: Deed, *, client_id: UUID, text: str, language: str, name_shown: str = NameShown.ALL
) -> Opinion:
    """Say it. The same `client_id` of the same person gives the first one back: nothing is posted twice."""
    person = deed.by
    if person is not None:
        first = Opinion.objects.filter(participant=person, client_id=client_id).first()
        if first is not None:
            return first
    person = deed.require("opine")
    at_once = policies.publishes_at_once(person, deed.webinar)
    opinion = Opinion.objects.create(
        webinar=deed.webinar,
        participant=person,
        client_id=client_id,
        text=clean(text, MAX_OPINION),
        language=known_language(language),
        name_shown=name_shown if name_shown in NameShown.values else NameShown.ALL,
        archive_keeps_name=name_shown == NameShown.ALL,
        said_at=deed.at,
        seq=deed.seq,
        **({"visibility": OpinionState.PUBLISHED, "published_at": deed.at} if at_once else {}),
    )
    deed.touch_part("opinions")
    deed.record("opine", opinion=opinion)
    return opinion


def opinion_of(deed: Deed, pk: int) -> Opinion:
    """An opinion of this webinar, whoever asks: an id of another room is simply not found."""
    found = Opinion.objects.filter(webinar=deed.webinar, pk=pk).select_related("participant").first()
    if found is None:
        raise Refused("opinion_gone")
    return found


def rewrite_opinion(deed: Deed, opinion: Opinion, *, text: str, language: str = "") -> None:
    """New words for one that came back; it goes to review again."""
    _own(deed, opinion, "opinion_rewrite")
    if opinion.visibility != OpinionState.RETURNED:
        raise Refused("changed")
    before = _facts(opinion, "text", "language", "visibility", "reason", "reason_note")
    touch(
        deed, opinion, text=clean(text, MAX_OPINION),
        language=known_language(language) if language else opinion.language,
        visibility=OpinionState.SUBMITTED, reason="", reason_note="",
    )  # fmt: skip
    deed.record("opinion_rewrite", opinion=opinion, before=before)


def withdraw_opinion(deed: Deed, opinion: Opinion) -> None:
    """Whoever said it takes it back; its stands count nowhere any more."""
    _own(deed, opinion, "opinion_withdraw")
    if opinion.visibility == OpinionState.WITHDRAWN:
        return
    if opinion.visibility == OpinionState.MOVED:
        raise Refused("changed")
    before = _facts(opinion, "visibility")
    touch(deed, opinion, visibility=OpinionState.WITHDRAWN)
    deed.record("opinion_withdraw", opinion=opinion, before=before)


def publish_opinion(deed: Deed, opinion: Opinion, *, was: str = "") -> Act | None:
    """Show it to everybody; one that was public before keeps its place."""
    published_at = opinion.published_at or deed.at
    return _decide(
        deed, opinion, "opinion_publish", OpinionState.PUBLISHED, was=was, published_at=published_at
    )


def return_opinion(deed: Deed, opinion: Opinion, *, reason: str, note: str = "", was: str = "") -> Act | None:
    """Give it back with a reason: whoever said it may rewrite it."""
    return _decide(
        deed, opinion, "opinion_return", OpinionState.RETURNED, was=was, reason=reason, reason_note=note
    )


def decline_opinion(
    deed: Deed, opinion: Opinion, *, reason: str, note: str = "", was: str = ""
) -> Act | None:
    """Refuse it, with a reason that whoever said it reads."""
    return _decide(
        deed, opinion, "opinion_decline", OpinionState.DECLINED, was=was, reason=reason, reason_note=note
    )


def hide_opinion(
    deed: Deed, opinion: Opinion, *, reason: str = "", note: str = "", was: str = ""
) -> Act | None:
    """Take a published one out of sight; it can be published again, with its stands."""
    return _decide(
        deed, opinion, "opinion_hide", OpinionState.HIDDEN, was=was, reason=reason or Reason.OTHER,
        reason_note=note,
    )  # fmt: skip


def move_to_questions(deed: Deed, opinion: Opinion, *, was: str = "") -> Act | None:
    """It is a question after all: it waits for review among the questions. Stands are no votes."""
    act = _decide(deed, opinion, "opinion_move", OpinionState.MOVED, was=was)
    if act is None:
        return None
    question = opinion.question
    if question is None:
        question = Question.objects.create(
            webinar=deed.webinar, participant=opinion.participant, client_id=uuid4(), text=opinion.text,
            language=opinion.language, visibility=Visibility.OPINION, name_shown=opinion.name_shown,
            archive_keeps_name=opinion.archive_keeps_name, asked_at=opinion.said_at, seq=deed.seq,
        )  # fmt: skip
        opinion.question = question
        opinion.save(update_fields=["question"])
    before = {"visibility": question.visibility, "text": question.text, "language": question.language}
    deed.touch(
        question, visibility=Visibility.SUBMITTED, text=opinion.text, language=opinion.language, reason="",
        reason_note="",
    )  # fmt: skip
    act.question = question
    act.before["questions"] = {question.pk: before}
    act.save(update_fields=["before", "question"])
    return act


def move_to_opinions(deed: Deed, question: Question, was: str = "") -> Act | None:
    """A question that is a statement goes to the opinions; its asker sees where it went. Votes are no stands."""
    deed.require("move")
    if question.visibility == Visibility.TROUBLE:  # the staff have it, as a report that is open
        raise Refused("changed")
    if question.is_on_behalf:  # an opinion is of whoever says it, and that is not who wrote it down
        raise Refused("forbidden")
    clean(question.text, MAX_OPINION)
    stands = STANDS.get(Visibility(question.visibility), OpinionState.SUBMITTED)
    act = decide(deed, question, "move", Visibility.OPINION, was)
    if act is None:
        return None
    opinion = Opinion.objects.filter(question=question).first()
    if opinion is None:
        opinion = Opinion.objects.create(
            webinar=deed.webinar, participant=question.participant, question=question, client_id=uuid4(),
            text=question.text, language=question.language, visibility=OpinionState.MOVED,
            name_shown=question.name_shown, archive_keeps_name=question.archive_keeps_name,
            said_at=question.asked_at,
        )  # fmt: skip
    before = _facts(opinion, "visibility", "text", "language")
    shown = {"published_at": opinion.published_at or deed.at} if stands == OpinionState.PUBLISHED else {}
    touch(deed, opinion, visibility=stands, text=question.text, language=question.language, **shown)
    act.opinion = opinion
    act.before["opinions"] = {opinion.pk: before}
    act.save(update_fields=["before", "opinion"])
    return act


def hide_theirs(deed: Deed, person: Participant, reason: str) -> dict[str, Any]:
    """Out of sight with whoever said them: what is seen, or may be yet. For `bring_back_theirs`."""
    seen = (OpinionState.SUBMITTED, OpinionState.PUBLISHED, OpinionState.RETURNED)
    theirs = Opinion.objects.filter(webinar=deed.webinar, participant=person, visibility__in=seen)
    reason = reason or Reason.OTHER
    before = {}
    for opinion in theirs.order_by("pk"):
        before[opinion.pk] = _facts(opinion, "visibility", "reason", "reason_note")
        touch(deed, opinion, visibility=OpinionState.HIDDEN, reason=reason, reason_note="")
        deed.record("opinion_hide", opinion=opinion, reason=reason)
    return {"their_opinions": before} if before else {}


def bring_back_theirs(deed: Deed, act: Act) -> None:
    """As they stood where nobody decided on them since."""
    for pk, facts in act.before.get("their_opinions", {}).items():
        hidden = Opinion.objects.filter(
            webinar=deed.webinar, pk=int(pk), visibility=OpinionState.HIDDEN
        ).first()
        if hidden is not None and not hidden.acts.filter(pk__gt=act.pk).exists():
            touch(deed, hidden, **facts)


def undo_opinions(deed: Deed, act: Act) -> None:
    """The part of an undo that is about opinions. Raises Refused("too_late") when one changed since."""
    facts_of = {int(pk): facts for pk, facts in act.before.get("opinions", {}).items()}
    opinions = Opinion.objects.filter(webinar=deed.webinar).in_bulk(list(facts_of))
    if len(opinions) != len(facts_of) or any(one.seq != act.seq for one in opinions.values()):
        raise Refused("too_late")
    # Deeds of one batch share a seq; what came after this one in it came after it.
    if facts_of and Act.objects.filter(opinion__in=facts_of, seq=act.seq, pk__gt=act.pk).exists():
        raise Refused("too_late")
    for pk, facts in facts_of.items():
        touch(deed, opinions[pk], **facts)


def touch(deed: Deed, opinion: Opinion, **changes: Any) -> None:
    """Change a row and stamp it and its part, so that it travels with the next frame."""
    for name, value in changes.items():
        setattr(opinion, name, value)
    opinion.seq = deed.seq
    opinion.save(update_fields=[*changes, "seq"])
    deed.touch_part("opinions")


def _decide(
    deed: Deed, opinion: Opinion, verb: str, to: OpinionState, *, was: str, **changes: Any
) -> Act | None:
    """A decision that changes who sees it; None when it stands so already. `was` as with questions."""
    person = deed.require(verb)
    if verb in policies.NOT_ON_OWN and opinion.participant_id == person.pk and not person.has("host"):
        raise Refused("own_opinion")
    if opinion.visibility == to:
        return None
    if opinion.visibility not in FROM[verb] or (was and opinion.visibility != was):
        raise Refused("changed")
    reason, note = changes.get("reason", ""), unturned(str(changes.get("reason_note", ""))).strip()[:500]
    if to in WITH_REASON and reason not in Reason.values:
        raise Refused("reason_needed")
    before = _facts(opinion, "visibility", "reason", "reason_note")
    touch(deed, opinion, **{"reason": "", **changes, "reason_note": note, "visibility": to})
    facts = {"opinions": {opinion.pk: before}}
    return deed.record(verb, opinion=opinion, reason=reason, note=note, before=facts)


def _own(deed: Deed, opinion: Opinion, verb: str) -> None:
    person = deed.require(verb)
    if opinion.participant_id != person.pk:
        raise Refused("opinion_gone")


def _facts(opinion: Opinion, *names: str) -> dict[str, Any]:
    """The named facts, all of them text, for an undo."""
    return {name: str(getattr(opinion, name)) for name in names}
