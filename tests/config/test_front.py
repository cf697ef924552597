"""Static files: one address per release, kept for ever; everything about them decided before Django."""

import asyncio
import gzip
from pathlib import Path
from typing import Any

import brotli
import pytest

from config.front import Collected, Front, Sources, refuse_socket
from config.security import static_headers
from config.static import collect, tree_hash

CSS = b"body { color: black }\n" * 100


@pytest.fixture
def front(tmp_path: Path) -> Front:
    root = tmp_path / "0123456789ab"
    (root / "css").mkdir(parents=True)
    (root / "css" / "base.css").write_bytes(CSS)
    (root / "css" / "base.css.br").write_bytes(brotli.compress(CSS))
    (root / "css" / "base.css.gz").write_bytes(gzip.compress(CSS))
    (root / "icon.svg").write_bytes(b"<svg/>")
    (tmp_path / "secret_key").write_text("secret")

    async def django(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b"Django"})

    return Front(
        django,
        tree="0123456789ab",
        files=Collected(root),
        headers=static_headers(),
        pictures=tmp_path / "hls",
    )


def ask(front: Any, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer."""
    messages: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    pairs = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(front({"type": "http", "path": path, "method": method, "headers": pairs}, None, send))
    start, body = messages
    return start["status"], {k.decode(): v.decode() for k, v in start["headers"]}, body["body"]


NEW, OLD = "/static/0123456789ab", "/static/ba9876543210"


def test_a_file_of_this_release_may_be_kept_for_ever(front: Front) -> None:
    status, headers, body = ask(front, f"{NEW}/css/base.css")
    assert (status, body) == (200, CSS)
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-type"] == "text/css; charset=utf-8"
    assert headers["content-length"] == str(len(CSS))


def test_a_page_from_before_the_release_gets_the_current_file_and_asks_again(front: Front) -> None:
    status, headers, body = ask(front, f"{OLD}/css/base.css")
    assert (status, body) == (200, CSS)
    assert headers["cache-control"] == "no-cache"


def test_who_has_it_already_is_told_so(front: Front) -> None:
    tag = ask(front, f"{OLD}/css/base.css")[1]["etag"]
    status, headers, body = ask(front, f"{OLD}/css/base.css", If_None_Match=f'"other", W/{tag}')
    assert (status, body) == (304, b"")
    assert headers["etag"] == tag
    assert "content-length" not in headers


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, br", "br"), ("gzip", "gzip"), ("BR;q=0, gzip;q=0.5", "gzip"), ("identity", None), ("", None)],
)
def test_it_is_sent_as_small_as_the_browser_can_take(
    front: Front, accepted: str, encoding: str | None
) -> None:
    _, headers, body = ask(front, f"{NEW}/css/base.css", Accept_Encoding=accepted)
    assert headers.get("content-encoding") == encoding
    assert headers["vary"] == "Accept-Encoding"
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert unpack(body) == CSS


def test_each_encoding_has_a_tag_of_its_own(front: Front) -> None:
    tags = {ask(front, f"{NEW}/css/base.css", Accept_Encoding=name)[1]["etag"] for name in ("br", "gzip", "")}
    assert len(tags) == 3


def test_head_says_the_same_without_the_body(front: Front) -> None:
    whole, head = ask(front, f"{NEW}/css/base.css"), ask(front, f"{NEW}/css/base.css", "HEAD")
    assert head == (*whole[:2], b"")


def test_nothing_can_be_posted_to_a_file(front: Front) -> None:
    status, headers, _ = ask(front, f"{NEW}/css/base.css", "POST")
    assert (status, headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/0123456789ab",
        "/static/0123456789ab/",
        "/static/0123456789ab/css",
        "/static/0123456789ab/css/",
        "/static/0123456789ab/nothing.css",
        "/static/0123456789ab/../secret_key",
        "/static/0123456789ab/css/../../../secret_key",
        "/static/0123456789ab//etc/passwd",
        "/static/../secret_key",
        "/static/0123456789ab/css/base.css\0",
        "/static/0123456789ab/..\\secret_key",
    ],
)
def test_what_is_no_file_is_a_404_in_plain_text(front: Front, path: str) -> None:
    for files in (front.files, Sources()):
        front.files = files
        status, headers, body = ask(front, path)
        assert (status, body) == (404, b"Not found\n")
        assert headers["content-type"] == "text/plain; charset=utf-8"
        assert headers["cache-control"] == "no-store"


def test_every_answer_of_the_front_carries_the_safety_headers(front: Front) -> None:
    wanted = {name.lower(): value for name, value in static_headers().items()}
    assert wanted["x-content-type-options"] == "nosniff"
    assert wanted["cross-origin-resource-policy"] == "same-origin"
    for path in (f"{NEW}/icon.svg", f"{NEW}/nothing", "/healthz"):
        assert wanted.items() <= ask(front, path)[1].items()


def test_health_is_answered_without_django(front: Front) -> None:
    status, headers, body = ask(front, "/healthz")
    assert (status, headers["content-type"], body) == (200, "text/plain; charset=utf-8", b"ok\n")


def test_everything_else_is_djangos(front: Front) -> None:
    for path in ("/", "/en/", "/staticx/a.css", "/healthz/", "/en/static/a.css"):
        assert ask(front, path)[0] == 299


def test_where_files_are_edited_they_are_read_anew_and_never_kept(front: Front) -> None:
    editing = Front(
        front.application, tree="0123456789ab", files=Sources(), headers={}, pictures=Path("/nowhere")
    )
    status, headers, body = ask(editing, f"{NEW}/img/icons.svg", Accept_Encoding="br")
    assert (status, headers["cache-control"]) == (200, "no-cache")
    assert headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert body.lstrip().startswith(b"<svg")


async def test_a_socket_nobody_knows_is_refused_before_it_opens() -> None:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await refuse_socket({"type": "websocket"}, receive, send)
    assert [message["type"] for message in sent] == ["websocket.close"]


# --- the tree -------------------------------------------------------------------------------------------


def test_the_trees_name_changes_with_any_content_or_name_and_with_nothing_else(tmp_path: Path) -> None:
    def name_of(files: dict[str, bytes]) -> str:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return tree_hash(folder)

    first = name_of({"a.js": b"1", "b/c.js": b"2"})
    assert len(first) == 12
    assert first == name_of({"b/c.js": b"2", "a.js": b"1"})
    others = [{"a.js": b"1", "b/c.js": b"3"}, {"a.js": b"1", "b/d.js": b"2"}, {"a.js": b"12", "b/c.js": b""}]
    assert len({first, *(name_of(files) for files in others)}) == 4


def test_collecting_makes_a_whole_tree_once_and_removes_old_ones(tmp_path: Path, settings: Any) -> None:
    source = tmp_path / "source"
    (source / "css").mkdir(parents=True)
    (source / "css" / "base.css").write_bytes(CSS)
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    trees = [tmp_path / "static" / (digit * 12) for digit in "123"]
    for tree in trees:
        settings.STATIC_ROOT = tree
        assert collect() == tree
        names = sorted(path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file())
        assert names == ["css/base.css", "css/base.css.br", "css/base.css.gz"]
    assert gzip.decompress((tree / "css" / "base.css.gz").read_bytes()) == CSS
    assert sorted((tmp_path / "static").iterdir()) == trees[1:]
    (tree / "css" / "base.css").write_bytes(b"left alone")
    collect()
    assert (tree / "css" / "base.css").read_bytes() == b"left alone"
