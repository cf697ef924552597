"""The demo as `quickstart` shows it: its own database, the real server, and people who visit it by HTTP."""

import http.client
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from http.cookies import SimpleCookie
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from tests.site import PATIENCE, ROOT, Site
from webinars.demo.accounts import SIGN_INS

# Who visits: "anonymous", or a role of the demo's sign-ins.
EMAILS = {one.role: one.email for one in SIGN_INS}
PASSWORDS = {one.role: one.password for one in SIGN_INS}


class DemoSite(Site):
    """`manage.py migrate`, `demo`, `pages` and `serve` in a folder of their own."""

    def __init__(self, data: Path) -> None:
        self.database = data / "db.sqlite3"
        super().__init__(data, DATABASE_URL=f"sqlite:///{self.database}")
        self.environment["SITE_URL"] = self.url

    def start(self) -> None:
        if not self.database.exists():
            for command in ("migrate", "demo", "pages"):
                self._manage(command)
        super().start()

    def _manage(self, command: str) -> None:
        environment = os.environ | {
            "DATA_DIR": str(self.data),
            "SECRET_KEY": settings.SECRET_KEY,
            "QUICKSTART": "1",
            **self.environment,
        }
        subprocess.run([sys.executable, "manage.py", command, "-v0"], cwd=ROOT, env=environment, check=True)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What its database holds. Read only."""
        with closing(
            sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=PATIENCE)
        ) as database:
            return database.execute(query, values).fetchall()

    def one(self, query: str, *values: object) -> Any:
        """The first value of the first row."""
        return self.rows(query, *values)[0][0]

    @cached_property
    def webinars(self) -> dict[str, int]:
        """The demo's webinars by where they stand: live, scheduled, published."""
        return {state: pk for pk, state in self.rows("SELECT id, state FROM webinars_webinar")}

    def visitor(self, who: str = "anonymous") -> "Visitor":
        visitor = Visitor(self, who)
        if who != "anonymous":
            visitor.sign_in()
        return visitor


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; headers with lower-case names."""

    status: int
    headers: dict[str, str]
    cookies: tuple[str, ...]
    body: bytes

    @property
    def is_html(self) -> bool:
        return self.headers.get("content-type", "").startswith("text/html")

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Visitor:
    """One browser without a script: keeps cookies, follows nothing by itself."""

    site: Site
    who: str
    cookies: dict[str, str] = field(default_factory=dict)
    line: http.client.HTTPConnection | None = None
    keeps_cookies: bool = True

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        if self.line is not None:
            self.line.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, **headers)

    def post(
        self, path: str, fields: dict[str, str] | None = None, *, token: bool = True, **headers: str
    ) -> Answer:
        """Post a form, with the token a page would have; without it where a stranger's page would post."""
        fields = dict(fields or {})
        if token:
            fields["csrfmiddlewaretoken"] = self._token()
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self.send("POST", path, urlencode(fields), **headers)

    def send(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        for attempt in (1, 2):
            if self.line is None:
                self.line = http.client.HTTPConnection("localhost", self.site.port, timeout=PATIENCE)
            try:
                self.line.request(method, path, body, headers)
                came = self.line.getresponse()
                break
            except (http.client.RemoteDisconnected, ConnectionError):  # the line had been idle for long
                self.close()
                self.line = None
                if attempt == 2 or method != "GET":
                    raise
        answer = Answer(
            came.status,
            {name.lower(): value for name, value in came.getheaders() if name.lower() != "set-cookie"},
            tuple(came.headers.get_all("set-cookie") or ()),
            came.read(),
        )
        for cookie in answer.cookies if self.keeps_cookies else ():
            for name, morsel in SimpleCookie(cookie).items():
                if morsel.value and morsel["max-age"] != "0":
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
        return answer

    def sign_in(self, email: str = "", password: str = "") -> None:
        """As one of the demo's people, or as somebody else."""
        email, password = email or EMAILS[self.who], password or PASSWORDS[self.who]
        answer = self.post("/en/accounts/login/", {"login": email, "password": password})
        assert answer.status == 302, (email, answer.status)
        assert settings.SESSION_COOKIE_NAME in self.cookies

    @property
    def session(self) -> str:
        """The key of the session this browser is in."""
        return self.cookies[settings.SESSION_COOKIE_NAME]

    def _token(self) -> str:
        found = re.search(r'"token": "(\w+)"', self.get("/token/").text)
        assert found is not None
        return found[1]
