"""R14: hostile texts cannot stop the renderer, and the renderer can die without anybody noticing."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.markdown import TooComplex, render, renderer
from knowledge.rendering import limits
from knowledge.rendering.process import ROOT, ChildDied, Renderer, TookTooLong

BOMBS = {
    "20 kB of [": "[" * 20_000,
    "20 kB of ![": "![" * 10_000,
    "5,000 asterisks": "*" * 5_000,
    "5,000 asterisks in a sentence": "a " + "*" * 5_000 + " b",
    "a list 300 deep": "\n".join("    " * depth + "- a" for depth in range(300)),
    "a quote 300 deep": ">" * 300 + " a",
    "wide table, short rows": "|" * 999 + "\n" + "-|" * 999 + "\n" + "|\n" * 4_000,
    "brackets in many blocks": "\n\n".join(["[" * 99] * 100),
    "half a megabyte": "word " * 100_000,
    "one endless word": "a" * 9_000,
    "every line a heading": "# a\n" * 50_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_r14_a_bomb_is_refused_with_a_sentence_and_the_next_text_is_rendered(bomb: str) -> None:
    with pytest.raises(TooComplex, match=r"^[A-Z].+\.$"):
        render(BOMBS[bomb])
    assert render("*after*").html == "<p><em>after</em></p>"


def test_r14_a_text_at_the_limits_is_rendered_by_the_same_child() -> None:
    render("warm")
    child = renderer.pid()
    render("\n\n".join(["[" * 100] * 20))
    render("\n".join("    " * depth + "- a" for depth in range(19)))
    render("|" + "a|" * 20 + "\n|" + "-|" * 20 + "\n" + ("|" + "b|" * 20 + "\n") * 200)
    assert renderer.pid() == child


def test_a_child_that_is_killed_has_a_successor() -> None:
    render("warm")
    child = renderer.pid()
    assert child
    os.kill(child, signal.SIGKILL)
    assert render("*x*").html == "<p><em>x</em></p>"
    assert renderer.pid() not in (None, child)


def test_a_child_that_stands_still_is_killed_in_time() -> None:
    render("warm")
    child = renderer.pid()
    assert child
    os.kill(child, signal.SIGSTOP)
    with pytest.raises(TooComplex, match="too long"):
        render("x")
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    assert render("*x*").html == "<p><em>x</em></p>"


def test_r14_what_the_guard_does_not_know_is_stopped_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "check", lambda source: None)
    with pytest.raises(TooComplex, match="too long"):
        render("[" * 20_000)
    with pytest.raises(TooComplex, match="nested"):
        render("\n".join("    " * depth + "- a" for depth in range(300)))
    assert render("*x*").html == "<p><em>x</em></p>"


def test_many_threads_get_their_own_texts_back() -> None:
    wrong: list[str] = []

    def work(name: int) -> None:
        for turn in range(10):
            if render(f"{name}-{turn}").html != f"<p>{name}-{turn}</p>":
                wrong.append(f"{name}-{turn}")

    threads = [threading.Thread(target=work, args=[name]) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_child_that_cannot_start_is_an_error_and_not_a_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    lonely = Renderer()
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises((ChildDied, TookTooLong)):
        lonely.ask({"source": "x", "known": [], "labels": {}})
    end = time.monotonic() + 30
    while lonely.pid() is not None and time.monotonic() < end:
        time.sleep(0.01)  # the system takes a moment to bury it
    assert lonely.pid() is None


def test_the_child_knows_nothing_of_the_site() -> None:
    listing = "import sys, knowledge.rendering.child as c; c.Dialect(); print('\\n'.join(sys.modules))"
    modules = subprocess.run(
        [sys.executable, "-c", listing], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in modules.stdout.split()}
    assert {"markdown", "nh3", "pymdownx"} <= loaded
    assert not loaded & {"django", "config", "accounts", "webinars", "taggit"}


def test_the_child_gets_none_of_the_sites_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "do-not-tell")
    renderer.stop()
    render("x")
    assert b"do-not-tell" not in Path(f"/proc/{renderer.pid()}/environ").read_bytes()


def test_the_child_goes_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import time; from knowledge.rendering.process import Renderer; r = Renderer();"
            "r.ask({'source': 'x', 'known': [], 'labels': {}}); print(r.pid(), flush=True); time.sleep(600)",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 30
    while Path(f"/proc/{child}").exists() and "State:\tZ" not in Path(f"/proc/{child}/status").read_text():
        assert time.monotonic() < deadline, "the child outlived its parent"
        time.sleep(0.05)


PIECES = [
    "[",
    "]",
    "(",
    ")",
    "*",
    "_",
    "`",
    "~",
    ">",
    "-",
    "1.",
    "#",
    "|",
    "\n",
    "\n\n",
    "    ",
    "\t",
    "!",
    "[^1]",
    "[^1]: ",
    "<",
    "&",
]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from([*PIECES, "a", " ", "é", "ө", "[@A]", "{#x}", "http://a.b", "\x00", "\ud800"]),
        max_size=300,
    )
)
def test_r14_no_text_that_passes_the_guard_takes_the_child_down(pieces: list[str]) -> None:
    render("warm")
    child = renderer.pid()
    with contextlib.suppress(TooComplex):
        render("".join(pieces))
    assert renderer.pid() == child


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=500))
def test_nor_does_any_other_text(text: str) -> None:
    render("warm")
    child = renderer.pid()
    render(text)
    assert renderer.pid() == child
