"""The journal of what concerns safety, for those who administer the site: to read, and nothing else."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import JournalLine
from config.views.settings import for_administrators

A_PAGE = 100


@for_administrators
@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    page = Paginator(JournalLine.objects.newest(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "site/journal.html", {"page": page, "tab": "journal"})
