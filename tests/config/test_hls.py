"""Pictures as files: what a player asks for, and nothing beside it."""

import asyncio
import os
import urllib.request
from pathlib import Path

import pytest

from config import hls
from config.hls import Answer, Pictures
from tests.site import Site

STREAM = "Qw3rTyUiOpAsDfGhJkLz"


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    folder = tmp_path / "hls" / STREAM
    folder.mkdir(parents=True)
    (folder / "live.m3u8").write_text("#EXTM3U\n")
    (folder / "part1.m4s").write_bytes(bytes(range(200)))
    (folder / "whole.mp4").write_bytes(b"0123456789")
    (folder / "notes.txt").write_text("not a picture")
    (folder / "link.mp4").symlink_to(tmp_path / "secret")
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "hls" / "secret.mp4").write_text("secret")
    return Pictures(tmp_path / "hls")


def ask(pictures: Pictures, name: str, stream: str = STREAM, **headers: str) -> Answer:
    told = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
    return asyncio.run(pictures.answer(f"/hls/{stream}/{name}", told))


def test_a_segment_may_be_kept_and_a_playlist_is_asked_about(pictures: Pictures) -> None:
    segment, playlist = ask(pictures, "part1.m4s"), ask(pictures, "live.m3u8")
    assert (segment.status, segment.body) == (200, bytes(range(200)))
    assert b"immutable" in dict(segment.headers)[b"cache-control"]
    assert dict(playlist.headers)[b"cache-control"] == b"no-cache"
    assert dict(playlist.headers)[b"content-type"] == b"application/vnd.apple.mpegurl"


def test_a_playlist_that_was_written_anew_is_given_anew(pictures: Pictures) -> None:
    first = ask(pictures, "live.m3u8")
    tag = dict(first.headers)[b"etag"].decode()
    assert ask(pictures, "live.m3u8", if_none_match=tag).status == 304
    (pictures.root / STREAM / "live.m3u8").write_text("#EXTM3U\n#EXTINF:1,\npart1.m4s\n")
    again = ask(pictures, "live.m3u8", if_none_match=tag)
    assert (again.status, b"part1.m4s" in again.body) == (200, True)


@pytest.mark.parametrize(
    ("wanted", "span", "body"),
    [
        ("bytes=0-3", b"bytes 0-3/10", b"0123"),
        ("bytes=7-", b"bytes 7-9/10", b"789"),
        ("bytes=-2", b"bytes 8-9/10", b"89"),
        ("bytes=5-500", b"bytes 5-9/10", b"56789"),
        ("bytes=-500", b"bytes 0-9/10", b"0123456789"),
    ],
)
def test_a_player_jumps_by_asking_for_a_part(
    pictures: Pictures, wanted: str, span: bytes, body: bytes
) -> None:
    answer = ask(pictures, "whole.mp4", range=wanted)
    assert (answer.status, answer.body) == (206, body)
    assert dict(answer.headers)[b"content-range"] == span


@pytest.mark.parametrize("wanted", ["bytes=10-", "bytes=5-2", "bytes=-0", "bytes=-"])
def test_a_part_that_does_not_exist_is_said_so(pictures: Pictures, wanted: str) -> None:
    answer = ask(pictures, "whole.mp4", range=wanted)
    assert answer.status == 416
    assert dict(answer.headers)[b"content-range"] == b"bytes */10"


@pytest.mark.parametrize("wanted", ["bytes=0-1,3-4", "lines=1-2", "bytes=a-b", ""])
def test_a_range_nobody_understands_is_the_whole(pictures: Pictures, wanted: str) -> None:
    assert ask(pictures, "whole.mp4", range=wanted)[:3:2] == (200, b"0123456789")


def test_a_player_gets_a_long_recording_in_parts(pictures: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hls, "LONGEST", 4)
    assert ask(pictures, "whole.mp4", range="bytes=2-")[:3:2] == (206, b"2345")


def test_whoever_wants_a_long_recording_whole_gets_it_whole(site_server: Site) -> None:
    folder = site_server.data / "hls" / STREAM
    folder.mkdir(parents=True, exist_ok=True)
    words = os.urandom(hls.LONGEST * 2 + 5)
    (folder / "long.mp4").write_bytes(words)
    site_server.ensure()
    with urllib.request.urlopen(f"{site_server.url}/hls/{STREAM}/long.mp4", timeout=60) as answer:
        assert answer.status == 200
        assert answer.read() == words


@pytest.mark.parametrize(
    ("stream", "name"),
    [
        (STREAM, "../../secret"),
        (STREAM, "..%2f..%2fsecret"),
        (STREAM, "notes.txt"),
        (STREAM, "link.mp4"),
        (STREAM, "missing.m4s"),
        (STREAM, ".mp4"),
        (STREAM, ""),
        (STREAM, "part1.m4s\n"),
        ("..", "secret.mp4"),
        (".", "secret.mp4"),
        ("short", "part1.m4s"),
        (f"{STREAM}/x", "part1.m4s"),
    ],
)
def test_nothing_but_pictures_of_a_stream_whose_name_one_knows(
    pictures: Pictures, stream: str, name: str
) -> None:
    assert ask(pictures, name, stream).status == 404


def test_memory_for_segments_has_an_end(pictures: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hls, "KEPT", 1000)
    for n in range(50):
        (pictures.root / STREAM / f"s{n}.m4s").write_bytes(bytes(200))
        assert ask(pictures, f"s{n}.m4s").status == 200
    assert sum(map(len, pictures._kept.values())) <= 1000
