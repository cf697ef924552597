"""Erasing an account: one's own, or, for administrators, somebody else's. Whoever does it proves who they are first."""

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.erasing import LastAdministrator, erase_user
from accounts.models import User
from accounts.policies import can


class EraseForm(forms.Form):
    """Nothing is chosen beforehand: it cannot be taken back."""

    words = forms.ChoiceField(
        label=_("The questions asked in webinars"),
        choices=[
            ("keep", _("stay, without a name")),
            ("blank", _("lose their words and disappear")),
        ],
        widget=forms.RadioSelect,
    )
    sure = forms.BooleanField(label=_("This cannot be taken back: I want it erased"))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    assert isinstance(request.user, User)
    me = request.user
    person = me
    if pk not in (None, me.pk):
        if not can(me, "erase"):
            raise PermissionDenied
        person = get_object_or_404(User, pk=pk, erased_at=None)
    answer: HttpResponse = _erase(request, me, person)
    return answer


@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def _erase(request: HttpRequest, me: User, person: User) -> HttpResponse:
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            erase_user(person, by=me, blank_words=form.cleaned_data["words"] == "blank")
        except LastAdministrator:
            form.add_error(
                None, gettext("Nobody else administers this site. Make somebody an administrator first.")
            )
        else:
            if person.pk == me.pk:
                logout(request)
                return render(request, "accounts/erased.html")
            messages.success(request, gettext("The account is erased."))
            return redirect("admin:accounts_user_changelist")
    context = {"form": form, "person_erased": person, "is_own": person.pk == me.pk}
    return render(request, "accounts/erase.html", context, status=422 if form.errors else 200)
