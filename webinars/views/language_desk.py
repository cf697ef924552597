"""The language desk: what there is to translate, the most urgent first, and one text beside one's own words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import languages
from knowledge.glossary import Pair, terms_in
from webinars import policies
from webinars.actions.renditions import mark_of
from webinars.addresses import slug_of
from webinars.live.earlier import Earlier, earlier
from webinars.live.jobs import WHYS, Job, People, jobs_in, there
from webinars.live.part import Json
from webinars.live.protocol import REFUSALS
from webinars.live.service import service
from webinars.models import Participant, Rendition, State, Webinar
from webinars.models.renditions import LEASE

from .room_page import PLURALS, TWO_FORMS
from .seats import find_webinar, seat_of

Lease = Json  # webinars/live/leases.py


@dataclass(frozen=True, slots=True)
class Line:
    """A job in the list: may this person do it, and who has it."""

    job: Job
    mine: bool
    holder: str  # "" while nobody has it
    waited: int  # milliseconds since the question was asked


@dataclass(frozen=True, slots=True)
class Source:
    """Words one may translate from: the original ("") or a rendition."""

    code: str
    lang: str
    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class Work:
    """The text that is open: its sources, what stands there already, and what helps."""

    job: Job
    line: Line
    language: str
    until: int  # ms: how long it is this person's; 0 while it is not
    sources: list[Source]
    source: Source
    done: Json | None
    version: int
    box: str  # what the box begins with
    may_approve: bool
    may_ask: bool
    unclear: Json
    terms: list[Pair]
    earlier: list[Earlier]


@never_cache
@require_safe
def language_desk(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """`?job=question.17.en` opens one, `&from=uk` another rendition to make it from."""
    webinar = find_webinar(request, pk)
    person = seat_of(request, webinar)
    if person is None:
        return redirect("webinars:join", pk=pk, slug=slug)
    if not policies.can(person, "language_desk", webinar):
        raise PermissionDenied
    return render(request, "webinars/language_desk.html", page_of(request, webinar, person))


def page_of(request: HttpRequest, webinar: Webinar, person: Participant) -> Json:
    """Everything the template needs, in a constant number of queries but for what helps with the open text."""
    audience = policies.audience_of(person, speakers_see_pending=webinar.speakers_see_pending) or "staff"
    found = service.page(webinar, audience, person.pk)
    assert found is not None
    snapshot, _ = found
    now = int(timezone.now().timestamp() * 1000)
    held = {key_of(lease): lease for lease in snapshot.get("jobs", {}).get("items", ())}
    jobs = jobs_in(snapshot, People.of(webinar))
    jobs += kept(snapshot, held, {job.key for job in jobs})
    lines = [line_of(job, held, person, now) for job in jobs]
    unsent = _unsent(request, webinar)
    work = work_of(request, webinar, person, lines, held, snapshot, now, unsent)
    slug, language = slug_of(webinar), get_language() or settings.LANGUAGE_CODE
    there_ = {"pk": webinar.pk, "slug": slug}
    reads = tuple(dict.fromkeys([*person.reads, *request.reads]))  # type: ignore[attr-defined]
    return {
        "webinar": webinar,
        "slug": slug,
        "me": person,
        "reads": reads,
        "pairs": list(dict.fromkeys(policies.base_of(code) for code in person.reads)),
        "header": snapshot["webinar"],
        "groups": [
            (why, here) for why in WHYS if (here := [one for one in lines if one.job.why == why and one.mine])
        ],
        "others": [line for line in lines if not line.mine],
        "work": work,
        "is_desk": policies.can(person, "console", webinar),
        "do_url": reverse("webinars:do", kwargs=there_),
        "back": reverse("webinars:desk", kwargs=there_),
        "refusals": sorted(REFUSALS),
        "states": State.values,
        "plurals": PLURALS.get(language, TWO_FORMS),
        "config": {
            "webinar": webinar.pk,
            "participant": person.pk,
            "audience": audience,
            "cursor": snapshot["cursor"],
            "release": settings.STATIC_HASH,
            "now": now,
            "renew": int(LEASE.total_seconds() * 1000 / 6),
            "urls": {
                "socket": f"/ws/webinars/{webinar.pk}/",
                "changes": reverse("webinars:changes", kwargs=there_),
                "do": reverse("webinars:do", kwargs=there_),
                "desk": reverse("webinars:desk", kwargs=there_),
            },
        },
    }


def key_of(lease: Lease) -> str:
    about = "notice" if lease["notice"] else "answer" if lease["answer"] else "question"
    return f"{about}.{lease[about]}.{policies.base_of(lease['to'])}"


def kept(snapshot: Json, held: dict[str, Lease], known: set[str]) -> list[Job]:
    """What somebody took though nobody waits for it any more, or not yet."""
    rows = {row["id"]: row for row in snapshot.get("questions", ())}
    jobs = (job_of(key, rows, snapshot["notices"]) for key in held if key not in known)
    return [job for job in jobs if job is not None]


def job_of(key: str, rows: dict[int, Json], notices: Iterable[Json]) -> Job | None:
    """A job by its key, whether a rule asks for it or not; None where there is no such text before this person."""
    about, _, rest = key.partition(".")
    number, _, to = rest.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 19 and languages.valid(to)):
        return None
    pk, to = int(number), policies.base_of(to)
    if about == "question" and pk in rows:
        row = rows[pk]
        return Job(about, pk, to, "yours", row, row["text"], row["lang"])
    if about == "notice":
        notice = next((one for one in notices if one["id"] == pk), None)
        lang = next(iter(notice["text"]), "") if notice else ""
        return Job(about, pk, to, "yours", notice, notice["text"][lang], lang) if notice else None
    if about == "answer":
        for row in rows.values():
            for answer in row["answers"]:
                if answer["id"] == pk and answer.get("gist"):
                    return Job(about, pk, to, "yours", row, answer["gist"], answer["lang"])
    return None


def line_of(job: Job, held: dict[str, Lease], person: Participant, now: int) -> Line:
    lease = held.get(job.key)
    taken = lease is not None and lease["until"] > now and lease["holder"] != person.pk
    known = [job.lang, *(code for code in job.texts if policies.base_of(code) != job.to)]
    mine = any(policies.may_translate(person, code, job.to) for code in known)
    return Line(job, mine, (lease["name"] or "?") if lease and taken else "", now - job.row.get("asked", now))


def work_of(
    request: HttpRequest,
    webinar: Webinar,
    person: Participant,
    lines: Sequence[Line],
    held: dict[str, Lease],
    snapshot: Json,
    now: int,
    unsent: str,
) -> Work | None:
    """The one that was asked for, else what this person has taken."""
    own = next(
        (key for key, lease in held.items() if lease["holder"] == person.pk and lease["until"] > now), ""
    )
    wanted = request.GET.get("job", own)
    line = next((line for line in lines if line.job.key == wanted), None)
    if line is None:
        rows = {row["id"]: row for row in snapshot.get("questions", ())}
        job = job_of(wanted, rows, snapshot["notices"])
        line = line_of(job, held, person, now) if job else None
    if line is None or not line.mine or policies.base_of(line.job.lang) == line.job.to:
        return None
    job, lease = line.job, held.get(line.job.key)
    sources = sources_of(job)
    source = chosen(sources, request.GET.get("from", ""), person)
    written = rendition_of(job)
    return Work(
        job=job,
        line=line,
        language=written.language if written else job.to,
        until=lease["until"] if lease and lease["holder"] == person.pk else 0,
        sources=sources,
        source=source,
        done=job.done,
        version=written.version if written else 0,
        box=unsent or (written.text if written else ""),
        may_approve=bool(
            written and written.waits and not (job.done or {}).get("stale") and written.by_id != person.pk
        ),
        may_ask=job.about == "question" and job.row.get("visibility") in ("submitted", "published"),
        unclear=job.row.get("unclear", {}) if job.about == "question" else {},
        terms=terms_in(source.text, source.lang, job.to),
        earlier=earlier(webinar, source.text, source.lang, job.to, but=written),
    )


def rendition_of(job: Job) -> Rendition | None:
    """What somebody wrote in this language already."""
    made = Rendition.objects.written().filter(**{f"{job.about}_id": job.id}, language__startswith=job.to)
    if job.about == "question":
        made = made.filter(answer=None)
    return next((one for one in made if policies.base_of(one.language) == job.to), None)


def sources_of(job: Job) -> list[Source]:
    """The original, and every rendition in another language that is not stale."""
    fresh = there(job.lang, job.texts)
    made = [
        Source(code, code, one["text"], mark_of(one["text"]))
        for code, one in job.texts.items()
        if policies.base_of(code) in fresh - {job.to, policies.base_of(job.lang)}
        and one.get("from") != job.to
    ]
    return [Source("", job.lang, job.text, mark_of(job.text)), *made]


def chosen(sources: Sequence[Source], code: str, person: Participant) -> Source:
    """The one that was asked for, else the first this person reads, the original before all."""
    asked = next((source for source in sources if source.lang == code), None)
    reads = {policies.base_of(one) for one in person.reads}
    read = next((source for source in sources if policies.base_of(source.lang) in reads), sources[0])
    return asked or read


def _unsent(request: HttpRequest, webinar: Webinar) -> str:
    """What a refused form held (views/twin.py), once."""
    found = request.session.get("unsent") if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    if not found or found.get("webinar") != webinar.pk or found.get("box") != "translate":
        return ""
    del request.session["unsent"]
    return str(found["text"])
