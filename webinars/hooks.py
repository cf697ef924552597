"""What webinars add to the rest of the site: what happens at sign-in, letters, what is found, what guides mention."""

from django.http import HttpRequest

from accounts import adapter
from accounts.models import User
from webinars import letters
from webinars.actions.people import unite
from webinars.live.admission import SEATS
from webinars.models import Participant


def hang_in() -> None:
    """Called once, when the apps are ready; a second call changes nothing."""
    assert letters.KINDS  # imported for its job handler
    if seats_become_theirs not in adapter.on_sign_in:
        adapter.on_sign_in.append(seats_become_theirs)


def seats_become_theirs(request: HttpRequest, user: User) -> None:
    """A guest signed in: what they did in this browser is theirs. A seat of somebody else's account is given up."""
    seats = dict(request.session.get(SEATS, {}))
    if not seats:
        return
    kept: dict[str, int] = {}
    for guest in Participant.objects.present().filter(pk__in=seats.values()).select_related("user"):
        if guest.user_id in (None, user.pk):
            kept[str(guest.webinar_id)] = unite(guest, user).pk
    request.session[SEATS] = kept
