"""Every page that links lead to, as seven kinds of people see it: whole, safe, and of this site alone."""

from collections.abc import Callable

import pytest
from django.conf import settings

from config.security import permissions_policy
from tests.demo_site import Answer, DemoSite, Visitor
from tests.factories import make_person, make_webinar
from tests.site import Site, session_of
from tests.site_wide.crawl import NOWHERE, Crawl, parts_of
from tests.site_wide.markup import Page

POLICY = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "permissions-policy": permissions_policy(),
}


def policy_of(answer: Answer) -> dict[str, list[str]]:
    parts = (
        one.split() for one in answer.headers.get("content-security-policy", "").split(";") if one.strip()
    )
    return {name: values for name, *values in parts}


def wrong_headers(answer: Answer) -> dict[str, str | None]:
    found = {name: answer.headers.get(name) for name in ALWAYS}
    return {name: value for name, value in found.items() if value != ALWAYS[name]}


def wrong_of_a_file(answer: Answer) -> dict[str, str | None]:
    """A file opened by itself runs nothing, so that its policy is another (and it is no page to be framed)."""
    wrong = {name: value for name, value in wrong_headers(answer).items() if name != "x-frame-options"}
    sandboxed = "sandbox" in policy_of(answer) and policy_of(answer)["default-src"] == ["'none'"]
    return wrong if sandboxed else wrong | {"content-security-policy": "no sandbox"}


def ours(crawl: Crawl) -> list[str]:
    """Paths of the pages we write; the administration's markup is Django's."""
    return [path for path in crawl.pages if "/admin/" not in path]


def test_no_page_fails_and_no_link_leads_nowhere(crawl: Crawl) -> None:
    bad = {
        path: (answer.status, crawl.named_by[path])
        for path, answer in crawl.answers.items()
        if answer.status >= 400 and path[3:] != NOWHERE[3:]
    }
    assert bad == {}
    assert crawl.answers[NOWHERE].status == 404
    assert len(ours(crawl)) > 40
    assert any(path.startswith("/mail/2") for path in crawl.pages)  # a letter


def test_s2_s5_every_answer_carries_the_policy_and_the_headers(crawl: Crawl) -> None:
    bad = {
        path: (policy, wrong)
        for path, answer in crawl.answers.items()
        if ((policy := policy_of(answer)) != POLICY) | bool(wrong := wrong_headers(answer))
    }
    assert bad == {}


def test_s2_no_page_holds_what_the_policy_forbids_or_a_reader_stumbles_over(crawl: Crawl) -> None:
    bad = {path: faults for path in ours(crawl) if (faults := crawl.pages[path].faults)}
    assert bad == {}


def test_every_page_is_in_the_language_its_address_says(crawl: Crawl) -> None:
    languages = {
        path: crawl.pages[path].language
        for path in ours(crawl)
        if path.split("/")[1] in dict(settings.LANGUAGES)
    }
    assert {path: code for path, code in languages.items() if code != path.split("/")[1]} == {}


def test_s58_nothing_is_asked_of_another_host(crawl: Crawl) -> None:
    assert crawl.outside == {}


def test_s5_every_file_that_pages_name_is_there_and_carries_the_headers(crawl: Crawl) -> None:
    waiting, seen = dict(crawl.parts), set()
    missing = {}
    while waiting:
        path, by = waiting.popitem()
        seen.add(path)
        if not path.startswith("/"):
            missing[path] = (by, "on another host")
            continue
        answer = crawl.visitor.get(path)
        kept = answer.headers.get("cache-control", "")
        if answer.status != 200 or (path.startswith("/static/") and "immutable" not in kept):
            missing[path] = (by, answer.status)
            continue
        if wrong := wrong_headers(answer) if not path.startswith("/static/") else wrong_of_a_file(answer):
            missing[path] = (by, wrong)
        waiting |= {one: path for one in parts_of(path, answer) if one not in seen}
    assert missing == {}
    assert any(path.endswith(".js") for path in seen)


def test_a_browser_that_asks_by_itself_for_an_icon_gets_one(demo_site: DemoSite) -> None:
    with demo_site.visitor() as stranger:
        icon = stranger.get(stranger.get("/favicon.ico").headers["location"])
    assert (icon.status, icon.headers["content-type"]) == (200, "image/x-icon")
    assert icon.body[:4] == b"\x00\x00\x01\x00"


def test_s9_pages_of_a_session_are_never_stored(crawl: Crawl) -> None:
    if settings.SESSION_COOKIE_NAME not in crawl.visitor.cookies:
        return
    kept = {path: answer.headers.get("cache-control", "") for path, answer in crawl.answers.items()}
    assert {path: value for path, value in kept.items() if value != "private, no-store"} == {}


def test_s9_strangers_get_a_cookie_only_with_a_form_that_posts(walked: Callable[[str], Crawl]) -> None:
    crawl = walked("anonymous")
    bad = {}
    # A secret link out of a letter moves its key from the address into a session, by our will.
    public = {path: answer for path, answer in crawl.answers.items() if "/password/reset/key/" not in path}
    for path, answer in public.items():
        page, kept = crawl.pages.get(path), answer.headers["cache-control"]
        posts = page is not None and page.posts
        right = "no-store" in kept if posts else "public" in kept
        if not right or bool(answer.cookies) != posts:
            bad[path] = (kept, answer.cookies)
    assert bad == {}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/en/accounts/login/", 403),
        ("PUT", "/en/", 403),
        ("GET", "/en/webinars/1-x/leave/", 405),
        ("GET", "/en/webinars/9999-x/room/", 404),
        ("GET", "/en/admin/no-such-table/", 302),
        ("GET", "/no/such/page", 404),
        ("GET", "/mail/../../etc/passwd", 404),
    ],
)
def test_s2_refusals_carry_the_policy_too(demo_site: DemoSite, method: str, path: str, status: int) -> None:
    with demo_site.visitor() as stranger:
        answer = stranger.send(method, path, "" if method != "GET" else None)
    assert answer.status == status
    assert policy_of(answer) == POLICY
    assert wrong_headers(answer) == {}


def test_only_the_room_with_a_picture_may_show_a_frame_and_of_that_host_alone(live_site: Site) -> None:
    webinar = make_webinar(picture_provider="youtube", picture_id="abc_DEF-123")
    person = make_person(webinar, way="picture")
    seat = Visitor(live_site, "anonymous", {settings.SESSION_COOKIE_NAME: session_of(person)})
    with seat as visitor:
        pages = {
            page: visitor.get(f"/en/webinars/{webinar.pk}-x/{page}/")
            for page in ("room", "room/text", "join")
        }
    host = ["https://www.youtube-nocookie.com"]
    assert {page: answer.status for page, answer in pages.items()} == dict.fromkeys(pages, 200)
    assert policy_of(pages["room"]) == POLICY | {"frame-src": host}
    assert policy_of(pages["room/text"]) == policy_of(pages["join"]) == POLICY
    # The player refuses to play where it is not told which site shows it.
    assert wrong_headers(pages["room"]) == {"referrer-policy": "strict-origin-when-cross-origin"}
    page = Page(pages["room"].text)
    assert page.faults == []
    assert all(part.startswith(("/", "data:")) for part in page.parts)
