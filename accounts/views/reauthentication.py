"""Proving once more who one is, before something that cannot be undone."""

from allauth.account.forms import ReauthenticateForm
from allauth.account.views import ReauthenticateView
from django.http import HttpResponse

from accounts.actions import renew_session


class Reauthenticate(ReauthenticateView):  # type: ignore[misc]
    """allauth's own page; whoever stole the session before has no part in what follows (S26)."""

    def form_valid(self, form: ReauthenticateForm) -> HttpResponse:
        renew_session(self.request.session)
        answer: HttpResponse = super().form_valid(form)
        return answer


reauthenticate = Reauthenticate.as_view()
