"""Writing: beginning a guide, the editor of one edition, its preview, publishing and withdrawing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import languages
from accounts.models import User
from knowledge import actions, lesson
from knowledge.actions import Conflict, Text
from knowledge.desk import Desk
from knowledge.forms import NewGuide, NewSource, Withdrawal
from knowledge.markdown import NotRendered, TooComplex
from knowledge.models import Edition, Guide
from knowledge.policies import can


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """Title, kind and language; a lesson begins with its parts as headings."""
    person = _person(request)
    if not can(person, "create"):
        raise PermissionDenied
    form = NewGuide(request.POST or None)
    if request.method == "POST" and form.is_valid():
        language, kind = form.cleaned_data["language"], form.cleaned_data["kind"]
        body = lesson.template(language) if kind == Guide.Kind.LESSON else ""
        text = Text(form.cleaned_data["title"], body=body)
        draft = actions.create_guide(person, kind=kind, language=language, text=text)
        return redirect("knowledge:edit", pk=draft.edition.guide_id, language=language)
    return render(request, "knowledge/new.html", {"form": form, "section": "knowledge"})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int, language: str) -> HttpResponseBase:
    """The editor. Everything works by its buttons alone; the script adds saving while one types, and the preview."""
    desk = Desk.of(_person(request), _edition(request, pk, language), request.POST or None)
    if request.method != "POST":
        return _page(request, desk)
    do = {"preview": _preview, "publish": _publish, "add-source": _add_source, "discard": _discard}
    try:
        return do.get(request.POST.get("do", "save"), _save)(request, desk)
    except Conflict as conflict:
        if _wants_json(request):
            return JsonResponse({"conflict": True}, status=409)
        desk.meet(conflict)
        return _page(request, desk, status=409)


@login_required
@never_cache
@require_POST
def preview(request: HttpRequest) -> HttpResponseBase:
    """What the text will look like, by the very renderer that publishes. The script puts the parts into the page."""
    if not can(_person(request), "preview"):
        raise PermissionDenied
    language = request.POST.get("language", "en")
    text = Text(request.POST.get("title", ""), request.POST.get("summary", ""), request.POST.get("body", ""))
    language = language if languages.valid(language) else "en"
    return render(request, "knowledge/preview.html", Desk.preview_of(text, language))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int, language: str) -> HttpResponseBase:
    """Asks why, then keeps the text under that notice."""
    published = Edition.objects.published().select_related("guide", "live")
    edition = get_object_or_404(published, guide_id=pk, language=language)
    if not can(_person(request), "withdraw", edition):
        raise PermissionDenied
    form = Withdrawal(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw(edition, why=form.cleaned_data["why"])
        return redirect("knowledge:guide", pk=pk, slug=edition.slug)
    return render(
        request, "knowledge/withdraw.html", {"form": form, "edition": edition, "section": "knowledge"}
    )


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _edition(request: HttpRequest, pk: int, language: str) -> Edition:
    """The edition to write, made in memory when this language has none yet. 404 and 403 as for reading."""
    person = _person(request)
    guide = get_object_or_404(Guide.objects.visible_to(person), pk=pk)
    if not languages.valid(language):
        raise Http404
    edition = guide.editions.select_related("live").filter(language=language).first()
    edition = edition or Edition(guide=guide, language=languages.tidy(language))
    edition.guide = guide
    if not can(person, "write", edition):
        raise PermissionDenied
    return edition


def _save(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    draft = desk.save()
    if _wants_json(request):
        saved = {"version": draft.version, "saved_at": draft.saved_at.isoformat(), "errors": desk.form.errors}
        return JsonResponse(saved)
    if desk.form.errors:
        return _page(request, desk, status=422)
    messages.success(request, _("Saved. Readers see nothing of it yet."))
    return redirect("knowledge:edit", pk=desk.edition.guide_id, language=desk.edition.language)


def _preview(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    return _page(request, desk)


def _publish(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Saves first, so that whatever publishing meets, the text is kept."""
    if not can(desk.person, "publish", desk.edition):
        raise PermissionDenied
    desk.save()
    if not desk.form.ready():
        return _page(request, desk, status=422)
    try:
        desk.publish()
    except (TooComplex, NotRendered) as refused:
        desk.form.add_error("body", str(refused))
        return _page(request, desk, status=422)
    messages.success(request, _("Published. Everybody can read it now."))
    edition = Edition.objects.get(pk=desk.edition.pk)
    return redirect("knowledge:guide", pk=edition.guide_id, slug=edition.slug)


def _add_source(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    if not can(desk.person, "add source"):
        raise PermissionDenied
    source = NewSource(request.POST, prefix="source")
    if not source.is_valid():
        return _page(request, desk, source=source, status=422)
    desk.take_source(actions.add_source(**source.cleaned_data))
    desk.save()
    messages.success(
        request, _("The source is there: cite it as [@%(key)s].") % {"key": source.cleaned_data["key"]}
    )
    return redirect("knowledge:edit", pk=desk.edition.guide_id, language=desk.edition.language)


def _discard(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    draft = desk.draft
    if draft is not None and can(desk.person, "discard draft", draft):
        actions.discard_draft(draft)
        messages.success(request, _("The draft is gone."))
    return redirect("knowledge:index")


def _page(
    request: HttpRequest, desk: Desk, *, source: NewSource | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = desk.context()
    context["source_form"] = source or NewSource(prefix="source")
    context["now"] = timezone.now()
    return render(request, "knowledge/editor.html", context, status=status)


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("accept", "")
