"""Opinions as pages show them: with one's own stand in the room, by groups on a page of their own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.languages import country_name
from webinars.addresses import slug_of
from webinars.agreement import OTHERS, Group, Kind, Split, split_of, what_unites, where_we_differ
from webinars.live.opinions import PUT_ASIDE, thing_of
from webinars.models import NameShown, Opinion, OpinionState, Role, Side, Stand, Webinar
from webinars.models.events import PAST
from webinars.policies import STAFF

from .joining import reads_of
from .seats import find_webinar, seat_of

Json = dict[str, Any]
A_PAGE = 50
FATES = ("waiting", "published", "returned", "declined", "hidden", "unsent")
NAMED = 5  # of what unites and what divides
KEPT = 300  # seconds the figures of a moment are kept: a hall opens them at once


@dataclass(frozen=True, slots=True)
class Statement:
    """An opinion as its card is drawn; the script draws the same from the same row (static/js/live/opinions.js)."""

    row: Json
    side: str  # where its reader stands
    own: bool

    @property
    def sides(self) -> list[tuple[str, int, bool]]:
        """(side, how many, is it the reader's)."""
        return [(side, self.row[side], side == self.side) for side in Side.values]

    @property
    def people(self) -> int:
        """How many took a side."""
        return int(self.row["agree"] + self.row["disagree"])

    @property
    def share(self) -> int:
        return share_of(self.row)


@dataclass(frozen=True, slots=True)
class Statements:
    """What a page of the room shows of the opinions."""

    published: list[Statement]
    review: list[Statement]
    aside: list[Statement]
    mine: list[Json]
    back: str

    @property
    def news(self) -> Json | None:
        """The one of the reader's own that its fold tells of: what came back, else the newest."""
        return next((own for own in self.mine if own["fate"] == "returned"), next(iter(self.mine), None))


def statements_of(snapshot: Json, own: Json, *, back: str) -> Statements:
    """Those of a snapshot, from any audience's; `own` as the part tells it (live/opinions.py)."""
    part = snapshot.get("opinions", {})
    items = {item["id"]: item for item in part.get("items", ())}
    said = {one["id"] for one in own["said"]}
    found: dict[str, list[Statement]] = {}
    for pk in part.get("order", ()):
        row = items[pk]
        stands = row.get("visibility", OpinionState.PUBLISHED)
        found.setdefault(stands, []).append(Statement(row, own["stands"].get(str(pk), ""), pk in said))
    aside = [one for stands in PUT_ASIDE for one in found.get(stands, ())]
    return Statements(
        found.get(OpinionState.PUBLISHED, []),
        found.get(OpinionState.SUBMITTED, []),
        sorted(aside, key=lambda one: -one.row["id"]),
        [one | {"fate": fate(one)} for one in own["said"]],
        back,
    )


def as_everybody_sees(statements: Statements) -> Statements:
    """For a screen that others look at: the desk's rows without names that are not for them."""
    published = [
        Statement(_unnamed(one.row), one.side, one.own)
        if one.row.get("name_shown", NameShown.ALL) != NameShown.ALL
        else one
        for one in statements.published
    ]
    return Statements(published, [], [], statements.mine, statements.back)


def fate(own: Json) -> str:
    """Where an opinion of one's own stands, in one word (static/js/live/opinions.js says the same)."""
    return "waiting" if own["visibility"] == OpinionState.SUBMITTED else str(own["visibility"])


def facts_of(snapshot: Json, own: Json, path: str) -> Json:
    """What the templates of a room need beside the questions."""
    whole = statements_of(snapshot, own, back=f"{path}?show=opinions")
    return {
        "opinions": as_everybody_sees(whole),
        "desk_opinions": whole,
        "opinion_id": str(uuid4()),
        "opinion_fates": FATES,
        "sides": Side.values,
    }


# --- by groups ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Named:
    """A group with its name in the reader's language."""

    group: Group
    name: str  # of a country; a part's name stands in the template


@dataclass(frozen=True, slots=True)
class Drawn:
    """An opinion with its figure: by kind of group, those that have something to compare."""

    row: Json
    share: int
    kinds: list[tuple[Kind, list[Named]]]
    furthest: tuple[Named, Named] | None


@require_safe
def opinions(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """What unites us, where we differ, and every opinion by groups; for whoever may read the questions."""
    webinar = find_webinar(request, pk)
    if slug != slug_of(webinar):
        return redirect("webinars:opinions", pk=pk, slug=slug_of(webinar))
    person = seat_of(request, webinar)
    if person is None and not webinar.is_open_book:
        return redirect("webinars:join", pk=pk, slug=slug)
    published = Opinion.objects.filter(webinar=webinar).published().select_related("participant")
    page = Paginator(published, A_PAGE).get_page(request.GET.get("page"))
    splits = splits_of(webinar)
    named = [*what_unites(splits.values())[:NAMED], *where_we_differ(splits.values())[:NAMED]]
    wanted = {split.opinion for split in named} - {one.pk for one in page.object_list}
    rows = {one.pk: public_row(one, webinar) for one in (*page.object_list, *published.filter(pk__in=wanted))}
    context = {
        "section": "webinars",
        "webinar": webinar,
        "slug": slug,
        "seat": person,
        "page": page,
        "drawn": [drawn(rows[one.pk], splits.get(one.pk)) for one in page.object_list],
        "uniting": [drawn(rows[one.opinion], one) for one in what_unites(splits.values())[:NAMED]],
        "differing": [drawn(rows[one.opinion], one) for one in where_we_differ(splits.values())[:NAMED]],
        "compared": any(split.can_be_compared for split in splits.values()),
        "reads": reads_of(request),
        "room_url": f"{reverse('webinars:room', args=(pk, slug))}?show=opinions",
    }
    return render(request, "webinars/opinions.html", context)


def splits_of(webinar: Webinar) -> dict[int, Split]:
    """Every published opinion by groups, as the webinar stands now."""
    key = f"agreement-{webinar.pk}-{webinar.epoch}-{webinar.opinions_seq}"
    found: dict[int, Split] | None = cache.get(key)
    if found is None:
        found = _splits(webinar.pk)
        cache.set(key, found, KEPT)
    return found


def _splits(webinar: int) -> dict[int, Split]:
    sums: dict[int, dict[Kind, dict[str, tuple[int, int]]]] = {}
    for opinion, side, country, roles, people in Stand.objects.sides_by_country_and_roles(webinar):
        groups = sums.setdefault(opinion, {"country": {}, "part": {}})
        more = (people, 0) if side == Side.AGREE else (0, people)
        for codes, code in ((groups["country"], country), (groups["part"], part_of(roles))):
            agree, disagree = codes.get(code, (0, 0))
            codes[code] = (agree + more[0], disagree + more[1])
    return {opinion: split_of(opinion, groups) for opinion, groups in sums.items()}


def part_of(roles: Iterable[str]) -> str:
    """In which part somebody takes a stand: a speaker who also moderates speaks as a speaker."""
    here = set(roles)
    if Role.SPEAKER in here:
        return "speakers"
    return "staff" if here & STAFF else "participants"


def public_row(opinion: Opinion, webinar: Webinar) -> Json:
    """A published opinion for everybody; after the end with the name only where its owner lets the archive keep it."""
    row: Json = dict(thing_of(opinion).views["everyone"])
    if webinar.state in PAST and not opinion.archive_keeps_name:
        return _unnamed(row)
    return row


def kept(webinar: Webinar) -> list[Statement]:
    """The published for the archive."""
    found = Opinion.objects.filter(webinar=webinar).published().select_related("participant")
    return [Statement(public_row(opinion, webinar), "", own=False) for opinion in found[:A_PAGE]]


def drawn(row: Json, split: Split | None) -> Drawn:
    """An opinion with its groups named for the reader; without any where none is large enough."""
    language = get_language() or "en"

    def named(group: Group) -> Named:
        known = group.kind == "country" and group.code != OTHERS
        return Named(group, country_name(group.code, language) if known else "")

    shown: Mapping[Kind, Any] = split.groups if split else {}
    kinds = [
        (kind, [named(group) for group in groups])
        for kind, groups in shown.items()
        if len(groups) > 1 or (kind == "country" and groups)
    ]
    furthest = split.furthest if split else None
    pair = (named(furthest[0]), named(furthest[1])) if furthest else None
    return Drawn(row, share_of(row), kinds, pair)


def share_of(row: Json) -> int:
    """Percent who agree, of those who took a side."""
    people = row["agree"] + row["disagree"]
    return round(100 * row["agree"] / people) if people else 0


def _unnamed(row: Json) -> Json:
    return row | {"name": "", "organisation": "", "place": "", "speaker": False}
