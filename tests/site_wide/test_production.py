"""The server as on the day: its settings from the README's own example, behind a proxy that ends https (S1, S4–S8)."""

import http.client
import os
import re
import shlex
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.cookies import Morsel, SimpleCookie
from pathlib import Path

import pytest
import websockets.exceptions
import websockets.sync.client

from config.security import permissions_policy
from config.translations import compile_stale
from tests.demo_site import Answer, DemoSite, Visitor
from tests.factories import make_webinar
from tests.site import PATIENCE, ROOT, Site
from tests.site_wide.test_crawl import POLICY, policy_of
from webinars.views.joining import WRONG_CODES

NAME = "webinars.example.org"
BEHIND_THE_PROXY = {"Host": NAME, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
FOR_A_YEAR = "max-age=31536000; includeSubDomains; preload"
PASSWORD = "kolm karu ja mesi"
OPENED = f"""
from accounts.actions import create_user
from accounts.names import Names
from config.actions import change_site
admin = create_user("you@example.org", "{PASSWORD}", verified=True, name="You", roles=["administrator"])
change_site(by=admin, institution=Names.of("en", "A ministry"), contact_email="webinars@example.org")
"""


def readme_exports() -> dict[str, str]:
    """What the README tells to export on a server, with a secret where it leaves one out."""
    text = (ROOT / "README.md").read_text()
    lines = [line.strip().removeprefix("export ") for line in text.splitlines() if "    export " in line]
    named = dict(pair.split("=", 1) for line in lines for pair in shlex.split(line))
    assert named["SECRET_KEY"] == "…"
    return named | {"SECRET_KEY": "k" * 30 + "0123456789abcdefghijklmnopqrstuvwxyz"}


class Production(DemoSite):
    """The demo's content, served with what the README tells to export and nothing else."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.database_url = self.environment["DATABASE_URL"]

    def start(self) -> None:
        for command in ("migrate", "demo", "pages"):
            self._manage(command)
        self.environment = {"DATABASE_URL": self.database_url, "QUICKSTART": "0", **readme_exports()}
        self.manage("shell", "-v0", "-c", OPENED)
        compile_stale(ROOT / "site" / "locale", self.data / "locale")
        Site.start(self)

    def manage(self, *words: str, **changed: str) -> "subprocess.CompletedProcess[str]":
        bare = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment = bare | {"DATA_DIR": str(self.data), **self.environment, **changed}
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)


class Guest(Visitor):
    """Somebody who comes by https, through the proxy."""

    def send(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        origin = {"Origin": f"https://{NAME}"} if method == "POST" else {}
        return super().send(method, path, body, **{**BEHIND_THE_PROXY, **origin, **headers})


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    site = Production(tmp_path_factory.mktemp("production"))
    site.start()
    yield site
    site.stop()


@pytest.fixture
def guest(production: Production) -> Iterator[Guest]:
    with Guest(production, "anonymous") as one:
        yield one


def cookies_of(answer: Answer) -> dict[str, "Morsel[str]"]:
    return {name: morsel for one in answer.cookies for name, morsel in SimpleCookie(one).items()}


def come_in(guest: Guest, production: Production) -> Answer:
    """A guest enters the practice webinar."""
    form = {"name": "Oyun", "way": "text", "reads": "mn"}
    return guest.post(f"/en/webinars/{production.webinars['live']}-x/join/", form)


# --- S1 -----------------------------------------------------------------------------------------------------


def test_s1_the_readmes_example_is_a_server_nobody_has_to_be_warned_of(production: Production) -> None:
    checked = production.manage("check", "--deploy", "--fail-level", "WARNING")
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("spoilt", [{"HTTPS": "0"}, {"SECRET_KEY": "short"}, {"DEBUG": "1"}])
def test_s1_and_of_one_that_lacks_something_one_is(production: Production, spoilt: dict[str, str]) -> None:
    checked = production.manage("check", "--deploy", "--fail-level", "WARNING", **spoilt)
    assert checked.returncode == 1
    assert "System check identified" in checked.stderr


def far_too_much(site: Site) -> Answer:
    """What the server itself says to somebody who announces a gigabyte."""
    with closing(http.client.HTTPConnection("localhost", site.port, timeout=PATIENCE)) as line:
        line.putrequest("POST", "/en/accounts/login/", skip_host=True)
        for name, value in {**BEHIND_THE_PROXY, "Content-Length": str(2**30)}.items():
            line.putheader(name, value)
        line.endheaders()
        came = line.getresponse()
        return Answer(
            came.status, {name.lower(): value for name, value in came.getheaders()}, (), came.read()
        )


# --- S4, S5: what every answer carries ------------------------------------------------------------------------


def everything(site: Site, guest: Visitor) -> dict[str, Answer]:
    """One answer of every kind the server gives, by what it is."""
    listed = guest.get("/en/knowledge/").text
    page = re.search(r"/en/knowledge/\d+-[\w-]+/", listed)
    styles = re.search(r"/static/\w+/css/[\w.-]+\.css", listed)
    assert styles is not None
    got = {
        "a page": "/en/", "another language": "/mn/search/?q=1", "a page not found": "/en/nothing/",
        "no language": "/nothing", "a redirect": "/", "a wrong method": "/en/webinars/1-x/leave/",
        "a room that is not there": "/en/webinars/99999-x/room/", "a style sheet": styles[0],
        "no such file": "/static/x/nothing.js", "a logo that is none": "/media/nothing.png",
        "a piece of video that is none": "/hls/1/2.m4s", "alive": "/healthz", "ready": "/readyz",
        "figures": "/metrics", "the feed": "/en/knowledge/feed/", "an icon": "/favicon.ico",
        "a token": "/token/", "the promises": "/en/promises/", "a broken link": "/en/p/nobody/",
        "an address out of bounds": "/../../etc/passwd", "the administration": "/en/admin/",
    }  # fmt: skip
    if page is not None:
        got |= {"a guide": page[0], "a guide as Markdown": page[0].rstrip("/") + ".md"}
    answers = {kind: guest.get(path) for kind, path in got.items()}
    answers["no token"] = guest.send("POST", "/en/accounts/login/", "login=a")
    answers["a wrong name"] = guest.get("/en/", Host="evil.example")
    answers["too much"] = guest.post("/en/accounts/login/", {"login": "a", "password": "x" * 3_000_000})
    answers["far too much"] = far_too_much(site)
    answers["a file is no form"] = guest.send("POST", styles[0], "")
    return answers


def test_s4_with_https_every_answer_asks_for_https_for_a_year(production: Production, guest: Guest) -> None:
    answers = everything(production, guest).items()
    found = {kind: answer.headers.get("strict-transport-security") for kind, answer in answers}
    assert {kind: said for kind, said in found.items() if said != FOR_A_YEAR} == {}


def test_s4_without_it_no_answer_does(live_site: Site) -> None:
    with Visitor(live_site, "anonymous") as guest:
        found = everything(live_site, guest)
    assert [kind for kind, answer in found.items() if "strict-transport-security" in answer.headers] == []


def test_s4_whoever_comes_without_https_is_sent_there_and_gets_no_cookie(production: Production) -> None:
    with Visitor(production, "anonymous") as guest:
        answer = guest.get("/en/accounts/login/", Host=NAME)
    assert (answer.status, answer.headers["location"]) == (301, f"https://{NAME}/en/accounts/login/")
    assert answer.cookies == ()


ALWAYS = {
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": permissions_policy(),
}
# A page behind a secret link does not even tell this site where one came from.
REFERRERS = {"same-origin", "no-referrer"}


def test_s5_every_answer_carries_the_headers(production: Production, guest: Guest) -> None:
    found = everything(production, guest)
    wrong = {
        kind: {name: answer.headers.get(name) for name in ALWAYS if answer.headers.get(name) != ALWAYS[name]}
        for kind, answer in found.items()
    }
    assert {kind: headers for kind, headers in wrong.items() if headers} == {}
    assert {kind: answer.headers.get("referrer-policy") for kind, answer in found.items()
            if answer.headers.get("referrer-policy") not in REFERRERS} == {}  # fmt: skip
    unsafe = [kind for kind, answer in found.items() if "unsafe" in answer.headers["content-security-policy"]]
    assert unsafe == []
    assert {answer.status for answer in found.values()} >= {200, 302, 400, 403, 404, 405, 410, 413}


# --- S6: cookies ----------------------------------------------------------------------------------------------


def test_s6_both_cookies_belong_to_this_host_alone_and_to_no_script(
    production: Production, guest: Guest
) -> None:
    asked = guest.get("/token/")
    entered = come_in(guest, production)
    signed = Guest(production, "you")
    with signed:
        signed.get("/token/")
        answer = signed.post("/en/accounts/login/", {"login": "you@example.org", "password": PASSWORD})
    assert answer.status == 302
    jar = cookies_of(asked) | cookies_of(entered)
    assert {"__Host-csrftoken", "__Host-sessionid"} <= set(jar)
    for name, morsel in [*jar.items(), *cookies_of(answer).items()]:
        assert morsel["secure"], name
        assert morsel["httponly"], name
        assert morsel["samesite"] == "Lax", name
        assert (morsel["path"], morsel["domain"]) == ("/", ""), name
        assert name.startswith("__Host-") or name == "reads", name


def test_s6_only_the_cookie_of_this_host_opens_the_room(production: Production, guest: Guest) -> None:
    """One that a neighbouring host could plant, under the plain name, is nobody's."""
    assert come_in(guest, production).status == 302
    live, key = production.webinars["live"], guest.cookies["__Host-sessionid"]
    assert guest.get(f"/en/webinars/{live}-x/room/text/").status == 200
    with Guest(production, "anonymous", {"sessionid": key}) as planted:
        assert planted.get(f"/en/webinars/{live}-x/room/text/").status == 302

    def opens(cookie: str) -> int:
        with socket.create_connection(("localhost", production.port), PATIENCE) as line:
            try:
                with websockets.sync.client.connect(
                    f"ws://{NAME}/ws/webinars/{live}/",
                    sock=line,
                    origin=f"https://{NAME}",  # type: ignore[arg-type]
                    additional_headers={"Cookie": f"{cookie}={key}", "X-Forwarded-Proto": "https"},
                ):
                    return 101
            except websockets.exceptions.InvalidStatus as refused:
                return refused.response.status_code

    assert opens("__Host-sessionid") == 101
    assert opens("sessionid") == 403


def test_s6_without_https_the_names_are_plain_and_the_rest_is_kept(live_site: Site) -> None:
    webinar = make_webinar()
    with Visitor(live_site, "anonymous") as guest:
        asked = guest.get("/token/")
        entered = guest.post(
            f"/en/webinars/{webinar.pk}-x/join/", {"name": "Oyun", "way": "text", "reads": "mn"}
        )
    jar = cookies_of(asked) | cookies_of(entered)
    assert {"csrftoken", "sessionid"} <= set(jar)
    for name, morsel in jar.items():
        assert morsel["httponly"], name
        assert morsel["samesite"] == "Lax", name
        assert not morsel["secure"], name


# --- S7: who one claims to be ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "claimed",
    [
        {"Host": "evil.example"},
        {"Host": f"{NAME}.evil.example"},
        {"Host": f"{NAME}@evil.example"},
        {"Host": ""},
    ],
)
def test_s7_an_unknown_host_is_refused_and_not_repeated(guest: Guest, claimed: dict[str, str]) -> None:
    answer = guest.get("/en/accounts/login/", **claimed)
    assert answer.status == 400
    assert b"evil" not in answer.body
    assert answer.cookies == ()


def test_s7_not_even_the_trusted_proxy_says_which_host_was_meant(guest: Guest) -> None:
    told = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Port": "4444", "Forwarded": "host=evil.example"}
    answer = guest.get("/en/accounts/password/reset/", **told)
    assert answer.status == 200
    assert b"evil.example" not in answer.body
    assert b"4444" not in answer.body


def test_s7_nobody_else_is_believed_who_they_are_or_that_they_come_by_https(live_site: Site) -> None:
    """There every guess at a code counts for the address it really comes from."""
    with Visitor(live_site, "anonymous") as guesser:
        for n in range(WRONG_CODES):
            told = {
                "X-Forwarded-For": f"203.0.113.{n}",
                "X-Real-IP": f"198.51.100.{n}",
                "Forwarded": "for=1.2.3.4",
            }
            assert guesser.get(f"/en/join/?code={100_000_000 + n}", **told).status == 404
        late = guesser.get("/en/join/?code=199999999", **{"X-Forwarded-For": "192.0.2.1"})
        assert late.status == 429
        page = guesser.get("/en/accounts/login/", **{"X-Forwarded-Proto": "https"})
        assert not any(morsel["secure"] for morsel in cookies_of(page).values())
    live_site.restart()  # it forgets the guesses


# --- S8: what is given away -----------------------------------------------------------------------------------


@contextmanager
def a_table_less(site: DemoSite, table: str) -> Iterator[None]:
    """Something is broken that nobody foresaw."""
    with closing(sqlite3.connect(site.database, timeout=PATIENCE, isolation_level=None)) as database:
        database.execute(f"ALTER TABLE {table} RENAME TO {table}_gone")
        try:
            yield
        finally:
            database.execute(f"ALTER TABLE {table}_gone RENAME TO {table}")


def test_s8_a_failure_shows_a_number_and_nothing_else(production: Production, guest: Guest) -> None:
    with a_table_less(production, "webinars_series"):
        answer = guest.get("/en/webinars/series/1-x/")
    number = answer.headers["x-request-id"]
    assert answer.status == 500
    assert number in answer.text
    told = answer.text.lower()
    inside = (
        "traceback",
        "sqlite",
        "webinars_series",
        "no such table",
        "django",
        "python",
        str(ROOT).lower(),
    )
    assert [word for word in inside if word in told] == []
    assert policy_of(answer) == POLICY
    assert "no-store" in answer.headers["cache-control"]
    assert number in production.logged()
    assert "no such table" in production.logged()


def test_s8_no_answer_says_what_it_is_made_with(production: Production, guest: Guest) -> None:
    for kind, answer in everything(production, guest).items():
        assert not {"server", "x-powered-by", "via"} & set(answer.headers), kind
        if not answer.headers.get("content-type", "").startswith("text/css"):
            assert not re.search(r"daphne|twisted|django-|using the urlconf|DEBUG", answer.text), kind


def test_s8_a_page_that_is_not_there_lists_no_addresses(guest: Guest) -> None:
    answer = guest.get("/en/nothing/at/all/")
    assert answer.status == 404
    assert "urlconf" not in answer.text.lower()
    assert "^" not in answer.text
