"""What a host or moderator does to the whole room: its state, settings, agenda and notices."""

from typing import Any

from accounts.languages import valid
from accounts.names import Names
from accounts.plain import unturned
from webinars import policies
from webinars.models import Act, AgendaItem, AtOnce, Notice, Question, State, To, Visibility
from webinars.models.events import RUNNING, TAKES_PART, WITH_ROOM

from .deed import Deed, Refused
from .floor import interrupt_turn, line_up_again, set_down_next
from .index import index_webinar_later
from .polls import close_all
from .queue import close_queue
from .rehearsals import end_audience

MAX_NOTICE = 500
MOST_SLOW = 60  # minutes
MOST_OFFERED = 100  # questions one command may name


def change_state(deed: Deed, to: str) -> Act | None:
    """Move the webinar on, by a host's press. Raises Refused("changed") when that step is not open from here."""
    deed.require("state")
    webinar = deed.webinar
    if webinar.state == to:
        return None
    if to not in webinar.next_states:
        raise Refused("changed")
    before = {"state": webinar.state}
    changes: dict[str, Any] = {"state": to}
    if to == State.LIVE and webinar.started_at is None:
        changes["started_at"] = deed.at
    if webinar.is_running and to not in RUNNING:  # nothing is being answered any more, and no item runs
        changes["agenda_now"] = None
        interrupt_turn(deed)
        close_queue(deed)
        end_audience(deed)
        webinar.agenda.filter(started_at__isnull=False, ended_at=None).update(ended_at=deed.at)
    if to not in TAKES_PART:
        close_all(deed)
    if to == State.ENDED:
        changes["ended_at"] = deed.at
        set_down_next(deed)
    if before["state"] == State.ENDED and to == State.WRAP_UP:
        line_up_again(deed)
    deed.touch_room(**changes)
    # The archive of a webinar for invited people is for everybody; and only in a room is found what waits there.
    if State.PUBLISHED in (to, before["state"]) or (to in WITH_ROOM) != (before["state"] in WITH_ROOM):
        index_webinar_later(webinar.pk)
    return deed.record(f"state_{to}"[:32], before=before)


def change_settings(
    deed: Deed,
    *,
    questions_open: bool | None = None,
    voting_open: bool | None = None,
    reactions_open: bool | None = None,
    queue_open: bool | None = None,
    publishes_at_once: str | None = None,
    speakers_see_pending: bool | None = None,
    second_eye: bool | None = None,
) -> Act | None:
    """Change how the room works while it runs; None leaves as it is."""
    deed.require("settings")
    if publishes_at_once is not None and publishes_at_once not in AtOnce.values:
        raise Refused("malformed")
    wanted = {
        "questions_open": questions_open,
        "voting_open": voting_open,
        "reactions_open": reactions_open,
        "queue_open": queue_open,
        "publishes_at_once": publishes_at_once,
        "speakers_see_pending": speakers_see_pending,
        "second_eye": second_eye,
    }
    before = {
        k: getattr(deed.webinar, k) for k, v in wanted.items() if v not in (None, getattr(deed.webinar, k))
    }
    if not before:
        return None
    changes: dict[str, Any] = {k: wanted[k] for k in before}
    if "speakers_see_pending" in before:  # what people may see: every cursor of before is void
        changes["epoch"] = deed.webinar.epoch + 1
    deed.touch_room(**changes)
    return deed.record("settings", before=before)


def set_slow(deed: Deed, *, minutes: int) -> Act | None:
    """Slow mode: one question a person in so many minutes, 0 for none. Whoever works here is not slowed down."""
    deed.require("slow")
    minutes, before = min(minutes, MOST_SLOW), deed.webinar.slow_minutes
    if minutes == before:
        return None
    deed.touch_room(slow_minutes=minutes)
    return deed.record("slow", note=str(minutes), before={"slow": before, "set": minutes})


def undo_slow(deed: Deed, act: Act) -> None:
    """The part of an undo that is about slow mode, if nobody set it anew since."""
    if "slow" not in act.before:
        return
    if deed.webinar.slow_minutes != act.before["set"]:
        raise Refused("too_late")
    deed.touch_room(slow_minutes=act.before["slow"])


def waiting_at_once(deed: Deed) -> list[int]:
    """Ids of what waits though it would be published at once by the rule of now, the oldest first."""
    waiting = Question.objects.filter(webinar=deed.webinar, visibility=Visibility.SUBMITTED)
    found = waiting.select_related("participant").order_by("pk")
    ids = [one.pk for one in found if policies.publishes_at_once(one.participant, deed.webinar)]
    return ids[:MOST_OFFERED]


def next_agenda_item(deed: Deed, item_id: int | None = None) -> Act | None:
    """End the item that runs and start the given one, or the one after it. After the last one none runs."""
    deed.require("agenda")
    items = list(AgendaItem.objects.filter(webinar=deed.webinar))
    now = next((item for item in items if item.pk == deed.webinar.agenda_now_id), None)
    if item_id is None:
        rest = items[items.index(now) + 1 :] if now else items
        to = rest[0] if rest else None
    else:
        to = next((item for item in items if item.pk == item_id), None)
        if to is None:
            raise Refused("not_found")
    if to is not None and to == now:
        return None
    if now is not None:
        now.ended_at = deed.at
        now.save(update_fields=["ended_at"])
    if to is not None:
        to.started_at, to.ended_at = deed.at, None
        to.save(update_fields=["started_at", "ended_at"])
    deed.touch_room(agenda_now=to)
    return deed.record("agenda", note=str(to or "")[:500])


def send_notice(deed: Deed, *, text: str, language: str, to: str = To.EVERYBODY) -> tuple[Notice, Act]:
    """A line to everybody, staff or speakers; with the act that an undo names."""
    person = deed.require("notice")
    text = unturned(text).strip()
    if not text:
        raise Refused("empty")
    if len(text) > MAX_NOTICE:
        raise Refused("too_long", limit=MAX_NOTICE, length=len(text))
    if to not in To.values or not valid(language):
        raise Refused("malformed")
    notice = Notice.objects.create(
        webinar=deed.webinar, to=to, text=Names.of(language, text), by=person, at=deed.at
    )
    deed.touch_room()
    return notice, deed.record("notice", note=text[:500], before={"sent": notice.pk})


def withdraw_notice(deed: Deed, notice_id: int) -> Act | None:
    """Take a notice off the screens."""
    deed.require("notice_off")
    shown = Notice.objects.filter(webinar=deed.webinar, pk=notice_id, withdrawn_at=None)
    if not shown.update(withdrawn_at=deed.at):
        return None
    deed.touch_room()
    return deed.record("notice_off", before={"taken_off": notice_id})


def undo_notice(deed: Deed, act: Act) -> None:
    """A notice sent too soon goes off the screens; one taken off by a slip comes back."""
    here = Notice.objects.filter(webinar=deed.webinar)
    if sent := act.before.get("sent"):
        here.filter(pk=sent, withdrawn_at=None).update(withdrawn_at=deed.at)
    if taken_off := act.before.get("taken_off"):
        here.filter(pk=taken_off, withdrawn_at=act.at).update(withdrawn_at=None)
