"""Reading a webinar from the database as rows on the wire: all of it, what moved since a seq, or one page's window."""

from django.db.models import Count, Q

from webinars.models import (
    AgendaItem,
    Answer,
    AnswerKind,
    Floor,
    NameShown,
    Notice,
    Participant,
    Question,
    Reason,
    Rendition,
    Trouble,
    Turn,
    Visibility,
    Webinar,
    appeal_of,
    hot,
)
from webinars.models.events import PARTS

from . import changes, parts
from .answers import (
    answer_row,
    answered_last,
    for_whom,
    judged,
    ms,
    note_row,
    speaker_row,
    to_confirm,
)
from .changes import BEHIND, BESIDE, NOTICES, OPEN, PUT_ASIDE, Pull, Room, Row, Window
from .difference import difference
from .part import Json
from .texts import texts_in

MERGED_SHOWN = 20  # of those merged into a question, whose words travel with it


def pull(webinar_id: int, since: int) -> Pull | None:
    """What moved after `since` (-1: everything), or None when there is no such webinar.

    Four short queries when only votes moved, whatever the number of viewers. Never inside a transaction.
    """
    stand = hot.stand_of(webinar_id)
    if stand is None:
        return None
    found = Pull(
        stand.seq,
        stand.epoch,
        speakers_see_pending=stand.speakers_see_pending,
        is_open_hall=stand.is_open_hall,
    )
    fresh = since < 0
    if not fresh and stand.seq <= since:  # somebody else's webinar moved, or we were told twice
        return found
    questions, moved = Question.objects.filter(webinar=webinar_id), []
    if not fresh:
        found.votes = hot.moved_votes(webinar_id, since)
        if people := hot.moved_people(webinar_id, since):
            here = hot.people(people)
            found.people = [changes.Moved(pk, seq, here.get(pk)) for pk, seq in people.items()]
        moved = hot.moved_questions(webinar_id, since)
        questions = questions.filter(pk__in=moved) if moved else questions.none()
    stirred = parts.BY_QUESTIONS if moved else frozenset()
    found.parts = parts.read(
        webinar_id, [name for name, seq in stand.parts.items() if fresh or seq > since or name in stirred]
    )
    if fresh or moved or stand.room_seq > since:
        webinar = Webinar.objects.get(pk=webinar_id)
        found.rows = [row_of(question, webinar) for question in questions.with_all()]
        if fresh or stand.room_seq > since:
            found.header, found.notices, found.troubles = (
                header_of(webinar),
                _notices(webinar),
                _troubles(webinar),
            )
    return found


def load(webinar_id: int) -> Room | None:
    """The whole room, from the database."""
    everything = pull(webinar_id, -1)
    if everything is None:
        return None
    room = Room(webinar_id)
    room.apply(everything)
    return room


def page(webinar_id: int, audience: str, participant: int | None) -> tuple[Json, list[Json]] | None:
    """A snapshot and a person's own questions read straight from the database, for pages and the HTTP twin.

    Reads only what the window shows, so that a room of 10,000 questions costs what one of 50 costs.
    """
    webinar = Webinar.objects.filter(pk=webinar_id).first()
    if webinar is None:
        return None
    questions = Question.objects.filter(webinar=webinar_id)
    listed = list(questions.listed().values_list("pk", flat=True)[: changes.window_of(audience)])
    wanted = Q(pk__in=listed) | Q(floor__in=(Floor.NEXT, Floor.IN_TURN), visibility=Visibility.PUBLISHED)
    if participant:
        wanted |= Q(participant=participant) | Q(pk__in=_heads_of(participant))
    if audience in BEHIND:
        aside = (
            questions.filter(visibility__in=PUT_ASIDE)
            .order_by("-pk")
            .values_list("pk", flat=True)[: changes.ASIDE]
        )
        last = answered_last(questions.published().filter(floor=Floor.DONE))
        wanted |= Q(visibility=Visibility.SUBMITTED) | Q(pk__in=[*aside, *last])
    if audience in BESIDE:
        named = Q(addressed_to__isnull=False) | Q(assigned_to__isnull=False) | ~Q(addressed_country="")
        wanted |= named & Q(visibility=Visibility.PUBLISHED, floor__in=OPEN)
        said = Answer.objects.filter(question__webinar=webinar_id, confirmed_at=None).exclude(gist="")
        by_speakers = Q(speaker__isnull=False) | Q(turn__speakers__isnull=False)
        wanted |= Q(floor=Floor.DONE, pk__in=said.filter(by_speakers).values("question"))
    counted = questions.published().aggregate(
        published=Count("pk"), answered=Count("pk", filter=Q(floor=Floor.DONE))
    )
    room = Room(webinar_id)
    rows = [row_of(question, webinar) for question in questions.filter(wanted).with_all()]
    troubles = _troubles(webinar) if audience == "desk" else None
    everything = parts.read(webinar_id, PARTS)
    room.apply(
        Pull(
            webinar.seq,
            webinar.epoch,
            header_of(webinar),
            _notices(webinar),
            troubles,
            rows,
            parts=everything,
        )
    )
    room.counts = counted  # of all of them, not only of those that were read
    if audience == "desk":
        room.judged = judged(questions.published())
    mine = room.mine(participant) if participant else []
    for own in mine:
        if "before" in own:
            own["before"] = questions.filter(visibility=Visibility.SUBMITTED, pk__lt=own["id"]).count()
    return Window(audience).snapshot(room), mine


def _heads_of(participant: int) -> list[int]:
    """The questions that stand for this person's."""
    return list(Question.objects.merged().filter(participant=participant).values_list("into_id", flat=True))


def header_of(webinar: Webinar) -> Json:
    """The room's header: no interface words, instants in ms."""
    turn = Turn.objects.filter(webinar=webinar, ended_at=None).prefetch_related("places", "speakers").first()
    floor = None
    if turn is not None:
        floor = {
            "turn": turn.pk,
            "since": ms(turn.started_at),
            "questions": [place.question_id for place in turn.places.all()],
            "speakers": [speaker_row(person) for person in turn.speakers.all()],
        }
    broken_off = Turn.objects.filter(webinar=webinar, interrupted=True, resumed_by=None).order_by("-pk")
    items = AgendaItem.objects.filter(webinar=webinar).values_list("pk", "started_at", "ended_at")
    return {
        "state": webinar.state,
        "since": ms(webinar.started_at),
        "questions_open": webinar.takes_questions,
        "voting_open": webinar.takes_votes,
        "reactions_open": webinar.takes_reactions,
        "queue_open": webinar.takes_hands,
        "at_once": webinar.publishes_at_once,
        "slow": webinar.slow_minutes,
        "agenda_now": webinar.agenda_now_id,
        "agenda": [[pk, ms(started), ms(ended)] for pk, started, ended in items],
        "floor": floor,
        # What can be gone on with, as long as a question of it is next.
        "paused": [
            {"turn": one.pk, "questions": [place.question_id for place in one.places.all()]}
            for one in broken_off.prefetch_related("places")[: changes.PAUSED]
        ],
    }


def _notices(webinar: Webinar) -> list[tuple[str, Json]]:
    found = Notice.objects.filter(webinar=webinar, withdrawn_at=None).prefetch_related("renditions")
    return [(notice.to, notice_row(notice)) for notice in found[: NOTICES * 3]]


def notice_row(notice: Notice) -> Json:
    """Its words by language, the original first. A notice never changes: what was made from it is never stale."""
    made = {one.language: one.text for one in notice.renditions.all() if one.text and not one.waits}
    first = {notice.text.original: notice.text.original_text}
    texts = first | made | dict(notice.text.texts)
    return {"id": notice.pk, "to": notice.to, "at": ms(notice.at), "text": texts}


def _troubles(webinar: Webinar) -> Json:
    """What does not work and is not solved: {"counts": {kind: how many}, "open": [the newest, whole]}."""
    here = Trouble.objects.filter(webinar=webinar).open()
    counts = dict(here.order_by().values_list("kind").annotate(Count("pk")))
    if not counts:
        return {}
    newest = here.select_related("participant", "question").order_by("-pk")[: changes.TROUBLES]
    return {"counts": counts, "open": [_trouble(trouble) for trouble in newest]}


def _trouble(trouble: Trouble) -> Json:
    person, question = trouble.participant, trouble.question
    # A report is signed, and its form says so; a question that was moved keeps what its asker chose.
    named = question is None or question.name_shown != NameShown.NOBODY
    named = named and not (question is not None and question.is_on_behalf)
    return {
        "id": trouble.pk,
        "kind": trouble.kind,
        "text": trouble.text,
        "lang": trouble.language,
        "at": ms(trouble.at),
        "way": trouble.way,
        "question": trouble.question_id,
        "country": person.country,
        "name": person.name if named else "",
        "organisation": person.organisation if named else "",
        "place": person.place if named else "",
    }


def row_of(question: Question, webinar: Webinar) -> Row:
    """A question as each audience reads it. Expects `Question.objects.with_all()`."""
    asker = question.participant
    made = list(question.renditions.all())
    of_words = [one for one in made if one.answer_id is None]
    words: Json = {"id": question.pk, "text": question.text, "lang": question.language}
    base = words | {
        "asked": ms(question.asked_at),
        "floor": question.floor,
        "to": speaker_row(question.addressed_to) if question.addressed_to else None,
        "to_country": question.addressed_country,
        "answers": _answers(question, webinar, made, behind=False),
        "guides": [
            {"id": citation.guide_id, "anchor": citation.anchor} for citation in question.citations.all()
        ],
        "country": asker.country,
        "came_by": question.came_by,
    }
    if question.closed_reason:
        base |= {"closed": question.closed_reason, "closed_note": question.closed_note}
    if question.merged:
        base["same"] = [_same(one, n) for n, one in enumerate(question.merged)]
    # The country stays; a town, or being one of three speakers, is as good as a name.
    unnamed = base | {"name": "", "organisation": "", "place": "", "for": "", "speaker": False}
    named = unnamed | {
        "name": asker.name,
        "organisation": asker.organisation,
        "place": asker.place,
        "speaker": asker.has("speaker"),
    }
    if question.is_on_behalf:  # the moderator who wrote it down is not who asks
        unnamed |= {"country": ""}
        named = unnamed | {"for": question.on_behalf_of}
    open_row = named if question.name_shown == NameShown.ALL else unnamed
    public = open_row | texts_in(of_words, question.text, behind=False)
    behind = texts_in(of_words, question.text, behind=True)
    if made:
        behind["answers"] = _answers(question, webinar, made, behind=True)
    if question.unclear:
        behind["unclear"] = question.unclear
    facts = {
        "visibility": question.visibility,
        "reason": question.reason,
        "note": question.reason_note,
        "by": question.participant_id,
        "name_shown": question.name_shown,
        "into": question.into_id,
    }
    given = [answer for answer in question.answers.all() if answer.kind != AnswerKind.PROMISED]
    says = given[-1].asker_says if given else ""
    # Those on the panel see who is to answer; what the asker thinks of an answer is for the desk, as are its notes.
    assigned = {"assigned": speaker_row(question.assigned_to) if question.assigned_to else None}
    for_desk = assigned | {"says": says, "notes": [note_row(note) for note in question.notes.all()]}
    published = question.visibility == Visibility.PUBLISHED
    withdrawn = question.visibility == Visibility.WITHDRAWN
    blank = {"text": "", "name": "", "organisation": "", "place": "", "answers": []} if withdrawn else behind
    staff = open_row | facts | assigned | {"by": None if question.name_shown != NameShown.ALL else asker.pk}
    desk = (unnamed if question.name_shown == NameShown.NOBODY else named) | facts | for_desk
    desk |= {"seen": 0 if withdrawn else question.words_mark}
    desk |= _looked_at(question)
    if question.name_shown == NameShown.NOBODY:
        desk["by"] = None
    return Row(
        id=question.pk,
        participant=question.participant_id,
        visibility=question.visibility,
        floor=question.floor,
        next_rank=question.next_rank or 0,
        published_ms=ms(question.published_at) or 0,
        asked_ms=ms(question.asked_at) or 0,
        answered_ms=max((answer["at"] for answer in base["answers"]), default=0),
        to=for_whom(question),
        confirms=to_confirm(question, given),
        says=says or "",
        into=question.into_id if question.visibility == Visibility.MERGED else None,
        was_public=question.first_public_seq is not None,
        votes=question.votes,
        everyone=public if published else None,
        speakers=public | assigned if published else None,
        staff=staff | blank,
        desk=desk | blank | ({"notes": []} if withdrawn else {}),
        own=words
        | {name: facts[name] for name in ("visibility", "reason", "note", "name_shown")}
        | {name: base[name] for name in ("asked", "floor", "answers")}
        | {"note": question.reason_note or _asked_already(question)}
        | {"client_id": str(question.client_id), "closed": question.closed_reason}
        | {"says": None if question.is_on_behalf else says}
        | ({"unclear": _to_asker(question)} if question.unclear else {})
        | _own_record(question),
    )


def _to_asker(question: Question) -> Json:
    """What the language desk would like to know, and what was answered. Who asked it is nobody's business."""
    return {name: value for name, value in question.unclear.items() if name not in ("by", "at")}


def _same(question: Question, place: int) -> Json:
    """One that was merged into the row's: its words in its language, from where; of a crowd, and
    of somebody who was muted or removed, only that it is there."""
    asker = question.participant
    if place >= MERGED_SHOWN or asker.removed_at or asker.muted_at:
        return {"id": question.pk}
    country = "" if question.is_on_behalf else asker.country
    return {"id": question.pk, "text": question.text, "lang": question.language, "country": country}


def _looked_at(question: Question) -> Json:
    """What whoever decides on it reads beside its words: how they changed, and what was decided before."""
    if question.visibility != Visibility.SUBMITTED:
        return {}
    told: Json = {}
    if question.text_before and not question.split_with_id:
        told["diff"] = difference(question.text_before, question.text)
    appeal = appeal_of(question)
    if appeal is not None:
        told["appeal"] = {
            "text": appeal.text,
            "at": ms(appeal.at),
            "reason": appeal.reason,
            "note": appeal.note,
            "role": _role_of(appeal.against),
            "against": appeal.against_id,
            "outcome": appeal.outcome,
        }
    return told


def _role_of(person: Participant | None) -> str:
    """Who declined it, by their part: names are not needed to judge."""
    if person is None:
        return ""
    return "host" if person.has("host") else "moderator"


def _own_record(question: Question) -> Json:
    """What only the asker is told: their appeal, and what a moderator made of their words."""
    told: Json = {}
    if question.split_with_id:
        told |= {"split": question.split_with_id, "before_split": question.text_before}
    appeal = appeal_of(question)
    if appeal is not None:
        told["appeal"] = {"text": appeal.text, "outcome": appeal.outcome}
    return told


def _asked_already(question: Question) -> str:
    """To whom it was declined as asked already: the words it was asked in, as long as they are public."""
    asked = question.into if question.reason == Reason.ASKED else None
    return f"“{asked.text}”" if asked and asked.visibility == Visibility.PUBLISHED else ""


def _answers(question: Question, webinar: Webinar, made: list[Rendition], *, behind: bool) -> list[Json]:
    answers = question.answers.all()
    said = [answer_row(answer, webinar) for answer in answers]
    for answer, out in zip(answers, said):
        of_gist = [one for one in made if one.answer_id == answer.pk]
        if "gist" in out and of_gist:
            out |= texts_in(of_gist, answer.gist, behind=behind)
    return said
