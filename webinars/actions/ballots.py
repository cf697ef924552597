"""Answering polls. A crowd answers in the same second, so many ballots are cast at once."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from accounts.languages import valid
from accounts.plain import one_line
from webinars import policies
from webinars.models import Participant, PollBallot, PollKind, PollState
from webinars.models.hot import marks
from webinars.models.polls import MAX_ANSWER, MAX_OPTIONS

from .deed import Deed, Refused
from .questions import clean


@dataclass(frozen=True, slots=True)
class Choice:
    """One person's ballot, absolute: "my choice is these options", so that a retry changes nothing. Empty: none."""

    person: Participant
    poll: int
    options: Sequence[int] = ()
    text: str = ""
    language: str = ""


@dataclass(slots=True)
class _Open:
    """A poll of this webinar, as far as a ballot needs it. `places`: option → its bit."""

    kind: str
    state: str
    places: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Marked:
    """What stands in a ballot's row."""

    chosen: int
    is_single: bool
    text: str
    language: str


def cast_ballots(deed: Deed, choices: Sequence[Choice]) -> list[Refused | None]:
    """Cast ballots of one webinar; for each None when it stands, else its refusal.

    Two statements to read the polls, one to store all ballots, and two to add up each poll that really changed.
    Ballots write no Act: of a secret poll nothing but the ballot knows who.
    """
    polls = _polls(deed, {choice.poll for choice in choices})
    outcomes: list[Refused | None] = []
    wanted: dict[tuple[int, int], _Marked] = {}
    people: dict[int, Participant] = {}
    for choice in choices:
        try:
            wanted[choice.poll, choice.person.pk] = _marked(deed, choice, polls.get(choice.poll))
            people[choice.person.pk] = choice.person
            outcomes.append(None)
        except Refused as refused:
            outcomes.append(refused)
    if wanted:
        add_up(deed, _upsert(wanted, deed.at))
        for pk, own in ballots_of(deed.webinar.pk, people).items():
            deed.tell(people[pk], polls=own)
    return outcomes


def add_up(deed: Deed, polls: Collection[int]) -> None:
    """Count these polls anew, each from one GROUP BY over its ballots."""
    for pk in sorted(set(polls)):
        counted = _counts(pk)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE webinars_poll SET ballots = %s WHERE id = %s", [sum(counted.values()), pk])
            cursor.executemany(
                "UPDATE webinars_polloption SET votes = %s WHERE poll_id = %s AND place = %s",
                [
                    (sum(n for chosen, n in counted.items() if chosen >> place & 1), pk, place)
                    for place in range(MAX_OPTIONS)
                ],
            )
    if polls:
        deed.touch_part("polls")


def ballots_of(webinar: int, people: Iterable[int]) -> dict[int, dict[str, dict[str, object]]]:
    """What these people have answered in this webinar: {person: {poll: {"options": [ids]} or {"text": …}}}."""
    ids = list(people)
    found: dict[int, dict[str, dict[str, object]]] = {pk: {} for pk in ids}
    options: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.poll_id, o.id FROM webinars_polloption o JOIN webinars_poll p ON p.id = o.poll_id"
            " WHERE p.webinar_id = %s ORDER BY o.poll_id, o.place",
            [webinar],
        )
        for poll, option in cursor.fetchall():
            options.setdefault(poll, []).append(option)
        cursor.execute(
            "SELECT b.participant_id, b.poll_id, b.chosen, b.text FROM webinars_pollballot b"  # noqa: S608 (only marks)
            f" JOIN webinars_poll p ON p.id = b.poll_id WHERE p.webinar_id = %s AND b.participant_id IN ({marks(ids)})",
            [webinar, *ids],
        )
        for person, poll, chosen, text in cursor.fetchall():
            if text:
                found[person][str(poll)] = {"text": text}
            elif chosen:
                places = options.get(poll, [])
                found[person][str(poll)] = {"options": [pk for n, pk in enumerate(places) if chosen >> n & 1]}
    return found


def move_ballots(deed: Deed, guest: Participant, known: Participant) -> None:
    """A guest turned out to be somebody who is here: where both answered, the known one's answer stands."""
    answered = PollBallot.objects.filter(participant=known).values_list("poll", flat=True)
    moved = PollBallot.objects.filter(participant=guest)
    touched = list(moved.values_list("poll", flat=True))
    moved.filter(poll__in=list(answered)).delete()
    moved.update(participant=known)
    add_up(deed, touched)
    if touched:
        deed.tell(known, polls=ballots_of(deed.webinar.pk, [known.pk])[known.pk])


def forget_ballots(deed: Deed, person: Participant, *, blank_words: bool) -> None:
    """What was chosen stays counted and is nobody's; the words go where their writer wants them gone."""
    written = PollBallot.objects.filter(participant=person).exclude(text="")
    touched = list(written.values_list("poll", flat=True)) if blank_words else []
    if blank_words:
        written.delete()
    add_up(deed, touched)
    if PollBallot.objects.filter(participant=person).exists():
        deed.touch_part("polls")


def _polls(deed: Deed, ids: set[int]) -> dict[int, _Open]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, state FROM webinars_poll"  # noqa: S608 (only marks)
            f" WHERE webinar_id = %s AND dropped_at IS NULL AND id IN ({marks(ids)})",
            [deed.webinar.pk, *ids],
        )
        found = {pk: _Open(kind, state) for pk, kind, state in cursor.fetchall()}
        if found:
            cursor.execute(
                f"SELECT poll_id, id, place FROM webinars_polloption WHERE poll_id IN ({marks(found)})",  # noqa: S608
                list(found),
            )
            for poll, option, place in cursor.fetchall():
                found[poll].places[option] = place
    return found


def _marked(deed: Deed, choice: Choice, poll: _Open | None) -> _Marked:
    """A ballot as its row holds it. Raises Refused."""
    if why := policies.refusal(choice.person, "ballot", deed.webinar):
        raise Refused(why)
    if poll is None or poll.state == PollState.DRAFT:  # nobody learns that there is a draft
        raise Refused("poll_gone")
    if poll.state != PollState.OPEN:
        raise Refused("poll_closed")
    if poll.kind == PollKind.TEXT:
        if choice.options:
            raise Refused("poll_gone")
        words = one_line(choice.text)
        said = clean(words, MAX_ANSWER) if words else ""
        return _Marked(0, False, said, choice.language if said and valid(choice.language) else "")
    if not poll.places.keys() >= set(choice.options):
        raise Refused("poll_gone")
    chosen = sum(1 << poll.places[option] for option in set(choice.options))
    is_single = poll.kind != PollKind.MULTIPLE
    if is_single and chosen.bit_count() > 1:
        raise Refused("one_choice")
    return _Marked(chosen, is_single, "", "")


def _upsert(wanted: dict[tuple[int, int], _Marked], at: datetime) -> set[int]:
    """Store the ballots; the polls in which one really changed. The last one of a person in the batch stands."""
    values: list[int | bool | str | datetime] = []
    for (poll, person), one in wanted.items():
        values += (poll, person, one.chosen, one.is_single, one.text, one.language, False, at)
    rows = ",".join(["(%s,%s,%s,%s,%s,%s,%s,%s)"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO webinars_pollballot"  # noqa: S608 (only marks)
            " (poll_id, participant_id, chosen, is_single, text, language, is_hidden, at)"
            f" VALUES {rows}"
            " ON CONFLICT (poll_id, participant_id) DO UPDATE SET chosen = excluded.chosen,"
            " is_single = excluded.is_single, text = excluded.text, language = excluded.language, at = excluded.at"
            " WHERE webinars_pollballot.chosen <> excluded.chosen OR webinars_pollballot.text <> excluded.text"
            " RETURNING poll_id",
            values,
        )
        return {poll for (poll,) in cursor.fetchall()}


def _counts(poll: int) -> dict[int, int]:
    """How many people marked which options; of words, how many wrote any (under 0)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT chosen, COUNT(*) FROM webinars_pollballot"
            " WHERE poll_id = %s AND (chosen > 0 OR text <> '') GROUP BY chosen",
            [poll],
        )
        return dict(cursor.fetchall())
