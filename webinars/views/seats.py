"""Which participant a browser is: one place in the session, for guests and people who signed in alike."""

from django.conf import settings
from django.http import Http404, HttpRequest

from accounts.actions import renew_session
from webinars.live.admission import SEATS
from webinars.models import Participant, Webinar


def find_webinar(request: HttpRequest, pk: int) -> Webinar:
    """The webinar, through what this person may see. Raises Http404."""
    has_session = _has_session(request)
    user = request.user if has_session and request.user.is_authenticated else None
    seen = Webinar.objects.visible_to(user)
    found = seen.filter(pk=pk).first()
    held = request.session.get(SEATS, {}).get(str(pk)) if found is None and has_session else None
    if held is not None:  # who was let into a rehearsal by a link
        found = Webinar.objects.rehearsed_by(held).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def seat_of(request: HttpRequest, webinar: Webinar) -> Participant | None:
    """The participant of this browser in this webinar, or None. Touches no session where there is no cookie."""
    if not _has_session(request):
        return None
    people = Participant.objects.admitted().filter(webinar=webinar).select_related("user")
    if request.user.is_authenticated:
        found = people.filter(user=request.user).first()
        if found is not None:
            return found
    held = request.session.get(SEATS, {}).get(str(webinar.pk))
    return people.filter(pk=held).first() if held else None


def seats_of(request: HttpRequest) -> list[Participant]:
    """Everybody this browser is, in whatever webinar: by the account first, else by a link that was opened in it."""
    if not _has_session(request):
        return []
    people = Participant.objects.admitted().exclude(webinar__state="draft").select_related("webinar", "user")
    held = people.filter(pk__in=list(request.session.get(SEATS, {}).values()))
    mine = people.filter(user=request.user) if request.user.is_authenticated else people.none()
    by_webinar = {one.webinar_id: one for one in (*held, *mine)}
    return [by_webinar[pk] for pk in sorted(by_webinar, reverse=True)]


def take_seat(request: HttpRequest, person: Participant) -> None:
    """Remember in the session that this browser is this participant. The key changes, so a planted one is void.

    Also where it had a seat in another webinar: whoever planted the session may have taken that one.
    """
    seats = request.session.get(SEATS, {})
    if seats.get(str(person.webinar_id)) == person.pk:
        return
    if not request.user.is_authenticated:
        renew_session(request.session)
    request.session[SEATS] = {**seats, str(person.webinar_id): person.pk}


def require_seat(request: HttpRequest, webinar: Webinar) -> Participant:
    person = seat_of(request, webinar)
    if person is None:
        raise Http404
    return person


def _has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES
