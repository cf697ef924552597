"""A guest has themselves erased from a webinar, by the link that makes them who they are there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.actions import renew_session
from accounts.views.erasing import EraseForm
from webinars.actions.erasing import forget_guest
from webinars.addresses import address, slug_of
from webinars.live.admission import SEATS

from .seats import find_webinar, seat_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Whoever has an account is led to where that is erased: it is one person in all webinars."""
    webinar = find_webinar(request, pk)
    person = seat_of(request, webinar)
    if person is None:
        return redirect(address(webinar))
    if person.user_id is not None:
        return redirect("accounts:erase")
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        forget_guest(person, blank_words=form.cleaned_data["words"] == "blank")
        seats = dict(request.session.get(SEATS, {}))
        seats.pop(str(webinar.pk), None)
        request.session[SEATS] = seats
        renew_session(request.session)
        return render(request, "accounts/erased.html", {"webinar": webinar})
    context = {"webinar": webinar, "slug": slug_of(webinar), "form": form}
    return render(request, "webinars/forget.html", context, status=422 if form.errors else 200)
