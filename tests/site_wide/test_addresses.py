"""Who is answered what at every address the site has. An address without a row here fails."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.demo_site import DemoSite, Visitor
from tests.site_wide.markup import Page

WHO = ("anonymous", "participant", "moderator", "host", "expert", "administrator")
IN_ADMIN = "en/admin/"
PLACES = re.compile(r"<(?:\w+:)?(\w+)>")
REGEX = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")

# Route → what each of WHO is answered to GET, in that order; one number where all are answered alike.
# 302 from a page one must sign in for leads to signing in; a 405 belongs to what is only posted.
ROUTES = {
    "": "302",
    "token/": "200",
    "favicon.ico": "302",
    "mail/": "200",
    "mail/<name>/<part>/": "404",
    "j/": "302",
    "j": "302",
    "j/<code>/": "302",
    "j/<code>": "302",
    "help/": "302",
    "help/<key>/": "302",
    "en/": "200",
    "en/join/": "200",
    "en/p/<token>/": "410",
    "en/webinars/": "200",
    "en/webinars/new/": "302 403 403 200 403 200",
    "en/webinars/mine/": "302 200 200 200 200 200",
    "en/webinars/mine/questions/": "200",
    "en/webinars/series/<pk>-<slug>/": "200",
    "en/webinars/<pk>/": "302",
    "en/webinars/<pk>-<slug>/": "200",
    "en/webinars/<pk>-<slug>/edit/": "403 403 403 200 403 403",
    "en/webinars/<pk>-<slug>/copy/": "403 403 403 200 403 403",
    "en/webinars/<pk>-<slug>/rehearsal/": "403 403 403 200 403 403",
    "en/webinars/<pk>-<slug>/state/": "405",
    "en/webinars/<pk>-<slug>/people/": "403 403 403 200 403 403",
    "en/webinars/<pk>-<slug>/people/<person>/": "403 403 403 200 403 403",
    "en/webinars/<pk>-<slug>/people.csv": "403 403 403 200 403 403",
    "en/webinars/<pk>-<slug>/questions.csv": "403 403 403 200 403 403",
    "en/webinars/<pk>-<slug>/opinions.csv": "403 403 403 200 403 403",
    "en/webinars/<pk>-<slug>/opinions/": "200",
    "en/webinars/<pk>-<slug>/polls.csv": "403 403 403 200 403 403",
    "en/webinars/<pk>-<slug>/forget/": "302",
    "en/webinars/<pk>-<slug>/draft/": "302 405 405 405 405 405",
    "en/webinars/<pk>-<slug>/ledger/": "200",
    "en/webinars/<pk>-<slug>/calendar.ics": "200",
    "en/webinars/<pk>-<slug>/attend/": "200",
    "en/webinars/<pk>-<slug>/attending/": "302",
    "en/webinars/<pk>-<slug>/join/": "200",
    "en/webinars/<pk>-<slug>/leave/": "405",
    "en/webinars/<pk>-<slug>/link/": "302 200 200 200 302 302",
    "en/webinars/<pk>-<slug>/room/": "302 200 200 200 302 302",
    "en/webinars/<pk>-<slug>/room/text/": "302 200 200 200 302 302",
    "en/webinars/<pk>-<slug>/questions/": "200",
    "en/webinars/<pk>-<slug>/similar/": "405",
    "en/webinars/<pk>-<slug>/missed/": "302 200 200 200 302 302",
    "en/webinars/<pk>-<slug>/console/": "302 403 200 200 302 302",
    "en/webinars/<pk>-<slug>/owed/": "403 403 200 200 403 403",
    "en/webinars/<pk>-<slug>/answers/": "302 403 403 403 302 302",
    "en/webinars/<pk>-<slug>/report/": "403 403 200 200 403 403",
    "en/webinars/<pk>-<slug>/report.csv": "403 403 200 200 403 403",
    "en/webinars/<pk>-<slug>/report.json": "403 403 200 200 403 403",
    "en/webinars/<pk>-<slug>/console/changed/<question>/": "302 403 404 404 302 302",
    "en/webinars/<pk>-<slug>/console/activity/": "302 403 200 200 302 302",
    "en/webinars/<pk>-<slug>/desk/": "302 403 200 200 302 302",
    "en/webinars/<pk>-<slug>/prompter/": "302 403 200 200 302 302",
    "en/webinars/<pk>-<slug>/projector/": "200",
    "en/webinars/<pk>-<slug>/projector/changes/": "200",
    "en/webinars/<pk>-<slug>/changes/": "403 200 200 200 403 403",
    "en/webinars/<pk>-<slug>/do/": "405",
    "setup/": "302",
    "en/setup/": "404",
    "en/settings/": "302 403 403 403 403 200",
    "en/settings/health/": "302 403 403 403 403 200",
    "en/settings/journal/": "302 403 403 403 403 200",
    "en/webinars/<pk>-<slug>/promise/": "403 403 403 200 403 200",
    "en/promises/": "200",
    "en/promises/<pk>/": "302",
    "en/promises/<pk>-<slug>/": "200",
    "en/promises/<pk>-<slug>/stand/": "403 403 403 403 403 302",
    "en/promises/<pk>-<slug>/edit/": "403 403 403 403 403 200",
    "en/search/": "200",
    "en/help/": "200",
    "en/help/<key>/": "302",
    "en/knowledge/": "200",
    "en/knowledge/feed/": "200",
    "en/knowledge/new/": "302 403 403 403 200 200",
    "en/knowledge/preview/": "302 405 405 405 405 405",
    "en/knowledge/<pk>/edit/<language>/": "302 403 403 403 200 200",
    "en/knowledge/<pk>/withdraw/<language>/": "302 403 403 403 200 200",
    "en/knowledge/<pk>-<slug>.md": "200",
    "en/knowledge/<pk>-<slug>/": "200",
    "en/knowledge/<pk>/": "301",
    "en/accounts/profile/": "302 200 200 200 200 200",
    "en/accounts/erase/": "302 200 200 200 200 200",
    "en/accounts/people/<pk>/erase/": "302 403 403 403 403 404",
    "en/accounts/reading/": "200",
    "en/accounts/login/": "200 302 302 302 302 302",
    "en/accounts/logout/": "302 200 200 200 200 200",
    "en/accounts/inactive/": "200",
    "en/accounts/signup/": "200 302 302 302 302 302",
    "en/accounts/reauthenticate/": "302 200 200 200 200 200",
    "en/accounts/email/": "302 200 200 200 200 200",
    "en/accounts/confirm-email/": "302",
    "en/accounts/password/change/": "302 200 200 200 200 200",
    "en/accounts/password/set/": "302",
    "en/accounts/password/reset/": "200",
    "en/accounts/login/code/confirm/": "302",
    "en/accounts/password/reset/key/done/": "200",
    "en/accounts/password/reset/key/<uidb36>-<key>/": "200",
    "en/accounts/password/reset/done/": "200",
    "en/accounts/sessions/": "302 200 200 200 200 200",
    "en/admin/": "302 302 302 302 302 200",
    "en/admin/login/": "302 403 403 403 403 302",
    "en/admin/logout/": "302 302 302 302 302 405",
    "en/admin/password_change/": "302 302 302 302 302 200",
    "en/admin/password_change/done/": "302 302 302 302 302 200",
    "en/admin/autocomplete/": "302 302 302 302 302 403",
    "en/admin/jsi18n/": "302 302 302 302 302 200",
    "en/admin/r/<content_type_id>/<object_id>/": "302 302 302 302 302 404",
    "en/admin/<app_label>/": "302 302 302 302 302 200",
    "en/admin/<url>": "302 302 302 302 302 404",
}

# The tables in the administration: the pages its administrators may open (s: see a row, a: add, c: change, d: delete).
# Everybody else is asked to sign in as somebody who may.
TABLES = {
    "accounts/organisation": "sacd",
    "accounts/user": "sac",
    "knowledge/term": "sacd",
    "knowledge/source": "sacd",
    "webinars/series": "sacd",
    "webinars/commitment": "s",
    "webinars/webinar": "s",
    "webinars/act": "s",
    "account/emailaddress": "sacd",
    "usersessions/usersession": "sacd",
}
IN_A_TABLE = {
    "": "200",
    "add/": "a",
    "<object_id>/history/": "s",
    "<object_id>/delete/": "d",
    "<object_id>/change/": "s",
    "<object_id>/": "302",
}
OTHERS_IN_ADMIN = {
    "en/admin/accounts/user/<id>/password/": "302 302 302 302 302 200",
    # The tags' own table is empty for ever: terms are ours. A row that is not there leads back to the list.
}
# What is only posted, with a token and nothing in it that could be done: who gets as far as being told so?
POSTED = {
    "en/webinars/<pk>-<slug>/state/": "403 403 403 302 403 403",
    "en/webinars/<pk>-<slug>/draft/": "302 302 302 302 302 302",
    "en/webinars/<pk>-<slug>/leave/": "302",
    "en/webinars/<pk>-<slug>/similar/": "403 200 200 200 403 403",
    "en/webinars/<pk>-<slug>/do/": "302",
    "en/knowledge/preview/": "302 403 403 403 200 200",
}


def routes() -> dict[str, URLPattern]:
    """Every pattern the resolver knows, in English, written with the names of its parts only."""

    def walk(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
        for one in resolver.url_patterns:
            route = before + REGEX.sub(r"<\1>", str(one.pattern)).replace("^", "").rstrip("$")
            if isinstance(one, URLResolver):
                yield from walk(one, route)
            else:
                yield PLACES.sub(r"<\1>", route), one

    return dict(walk(get_resolver()))


def table() -> dict[str, list[int]]:
    """Route → the status of each of WHO."""
    rows = dict(ROUTES)
    for name, may in TABLES.items():
        for page, needs in IN_A_TABLE.items():
            status = needs if needs.isdigit() else "200" if needs in may else "403"
            rows[f"{IN_ADMIN}{name}/{page}"] = f"302 302 302 302 302 {status}"
    return {route: _each(statuses) for route, statuses in (rows | OTHERS_IN_ADMIN).items()}


def _each(statuses: str) -> list[int]:
    numbers = [int(one) for one in statuses.split()]
    return numbers if len(numbers) > 1 else numbers * len(WHO)


@pytest.fixture(scope="module")
def address(demo_site: DemoSite) -> Callable[[str], str]:
    """address(route) is that route for the live webinar, a published guide, somebody in the room."""
    with demo_site.visitor() as stranger:
        live = demo_site.webinars["live"]
        slug = stranger.get(f"/en/webinars/{live}/").headers["location"].split("-", 1)[1].rstrip("/")
        listed = stranger.get("/en/").text + stranger.get(f"/en/webinars/{live}-{slug}/").text
        promises = stranger.get("/en/promises/").text
    guide = demo_site.one(
        "SELECT guide_id FROM knowledge_edition JOIN knowledge_guide ON guide_id = knowledge_guide.id"
        " WHERE language = 'mn' AND key IS NULL"
    )
    read = demo_site.one("SELECT slug FROM knowledge_edition WHERE guide_id = ? AND language = 'en'", guide)
    series = re.search(r"/en/webinars/series/(\d+)-([\w-]+)/", listed)
    person = demo_site.one(
        "SELECT id FROM webinars_participant WHERE webinar_id = ? AND user_id IS NULL", live
    )
    promised = re.search(r"/en/promises/(\d+)-([\w-]+)/", promises)
    assert series is not None
    assert promised is not None
    common = {
        "name": "none.log", "part": "1", "code": "000000000", "token": "nobody", "person": str(person),
        "language": "en", "uidb36": "1", "key": "abc-def", "app_label": "accounts", "url": "nothing",
        "content_type_id": "1", "pk": "0", "question": "0", "object_id": "1", "id": "1",
    }  # fmt: skip
    places = {
        "help/": {"key": "host"},
        "en/help/": {"key": "host"},
        "en/webinars/series/": {"pk": series[1], "slug": series[2]},
        "en/webinars/": {"pk": str(live), "slug": slug},
        "en/promises/": {"pk": promised[1], "slug": promised[2]},
        "en/knowledge/": {"pk": str(guide), "slug": read},
    }

    def fill(route: str) -> str:
        here = next((facts for start, facts in places.items() if route.startswith(start)), {})
        facts = common | here
        if route.startswith(IN_ADMIN) and "<object_id>" in route:
            facts["object_id"] = str(_a_row(demo_site, route))
        return "/" + PLACES.sub(lambda place: facts[place[1]], route)

    return fill


def _a_row(site: DemoSite, route: str) -> object:
    """The key of a row of the table this page of the administration is about."""
    model = "_".join(route.removeprefix(IN_ADMIN).split("/")[:2])
    if route.count("/") < 4 or model.startswith("r_"):
        return 1
    rows = site.rows(f"SELECT id FROM {model} ORDER BY id LIMIT 1")
    return rows[0][0] if rows else 1


@pytest.fixture(scope="module", params=WHO)
def visitor(request: pytest.FixtureRequest, demo_site: DemoSite) -> Iterator[Visitor]:
    with demo_site.visitor(request.param) as one:
        yield one


def test_s60_every_address_has_a_row() -> None:
    assert sorted(set(routes()) - set(table())) == []
    assert sorted(set(table()) - set(routes())) == []


def test_s60_everybody_is_answered_what_the_table_says(
    visitor: Visitor, address: Callable[[str], str]
) -> None:
    column = WHO.index(visitor.who)
    found = {route: visitor.get(address(route)) for route in table()}
    said = {route: statuses[column] for route, statuses in table().items()}
    assert {route: one.status for route, one in found.items() if one.status != said[route]} == {}
    pages = {route: Page(one.text) for route, one in found.items() if one.is_html and one.body}
    faults = {route: page.faults for route, page in pages.items() if not route.startswith(IN_ADMIN)}
    assert {route: bad for route, bad in faults.items() if bad} == {}


def test_s60_what_is_only_posted_is_refused_to_the_same_people(
    visitor: Visitor, address: Callable[[str], str]
) -> None:
    column = WHO.index(visitor.who)
    only = {
        route for route, statuses in table().items() if 405 in statuses and not route.startswith(IN_ADMIN)
    }
    assert only == set(POSTED)
    found = {
        route: visitor.post(address(route), {"question": "0", "do": "nothing"}).status for route in POSTED
    }
    assert found == {route: _each(statuses)[column] for route, statuses in POSTED.items()}


def test_s10_nothing_is_done_without_a_token(
    visitor: Visitor, address: Callable[[str], str], demo_site: DemoSite
) -> None:
    before = everything(demo_site)
    found = {
        route: visitor.post(
            address(route), {"do": "remove", "person": "1", "name": "Another"}, token=False
        ).status
        for route in routes()
    }
    assert {route: status for route, status in found.items() if status != 403} == {}
    assert everything(demo_site) == before


def everything(site: DemoSite) -> dict[str, list[tuple[object, ...]]]:
    """All that people made or decided, by table."""
    tables = site.rows(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    )
    return {
        name: site.rows(f'SELECT * FROM "{name}"')
        for (name,) in tables
        if name.partition("_")[0] in ("webinars", "knowledge", "accounts", "account", "auth", "taggit")
    }
