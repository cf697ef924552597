"""A bare Python, a folder and one command: the environment is made whole or not at all."""

import ast
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The Python under the environment, with none of the environment's packages.
BARE = [sys._base_executable, "-S"]
DJANGO = "ModuleNotFoundError: No module named 'config.settings'"
NOWHERE = "http://127.0.0.1:9/simple"
# Stands where uv would: "installs" by lending the packages that this test run has, without any network.
LENDS = """#!/bin/sh
echo "$@" >> {log}
{first}
while [ "$1" != "--python" ]; do shift; done
echo {packages} > "$(dirname "$2")/../lib/python{version}/site-packages/lent.pth"
printf '#!%s\\nprint("here")\\n' "$2" > "$(dirname "$2")/greet"
"""


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder with only what the making of an environment needs; its name has a space and Cyrillic."""
    folder = tmp_path / "Sild мост"
    (folder / "site" / "config").mkdir(parents=True)
    for name in (
        "manage.py",
        "site/config/__init__.py",
        "site/config/bootstrap.py",
        "site/config/environment.py",
    ):
        shutil.copy(ROOT / name, folder / name)
    shutil.copy(ROOT / "site/config/steps.py", folder / "site/config/steps.py")
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    return folder


@pytest.fixture
def installer(tmp_path: Path) -> Callable[..., Path]:
    """Puts an installer named uv into a folder for PATH; gives the file in which it notes every call."""

    def put(first: str = "") -> Path:
        folder, log = tmp_path / "programs", tmp_path / "calls"
        folder.mkdir(exist_ok=True)
        version = "{}.{}".format(*sys.version_info)
        packages = sysconfig.get_path("purelib")
        text = LENDS.format(log=f"'{log}'", first=first, packages=f"'{packages}'", version=version)
        (folder / "uv").write_text(text)
        (folder / "uv").chmod(0o755)
        return log

    return put


def outside(tmp_path: Path, **more: str) -> dict[str, str]:
    """An environment in which no package can be fetched from anywhere."""
    return {
        "PATH": f"{tmp_path / 'programs'}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": NOWHERE,
        "PIP_RETRIES": "1",
        "PIP_NO_CACHE_DIR": "1",
        **more,
    }


def manage(
    folder: Path, *words: str, python: list[str] = BARE, **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*python, "manage.py", *words],
        cwd=folder,
        env=outside(folder.parent, **more),
        capture_output=True,
        text=True,
        timeout=300,
    )


def environments(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob(".venv*") if path.is_dir())


# `bench` stands for all verbs that may make an environment, `check` for those that may not. Neither gets
# further than Django here, for the copy has no settings: what it says about that shows it got there.
def reached_django(done: subprocess.CompletedProcess[str]) -> bool:
    return DJANGO in done.stderr


def test_a_bare_folder_gets_an_environment_and_goes_on_in_it(
    bare: Path, installer: Callable[..., Path]
) -> None:
    log = installer()
    done = manage(bare, "bench")
    assert reached_django(done), done.stderr
    assert ".venv from requirements/dev.txt, with uv" in done.stdout
    assert environments(bare) == [".venv"]
    assert log.read_text().count("\n") == 1


def test_the_next_start_makes_nothing(bare: Path, installer: Callable[..., Path]) -> None:
    log = installer()
    manage(bare, "bench")
    again = manage(bare, "bench")
    assert reached_django(again), again.stderr
    assert "environment" not in again.stdout
    assert log.read_text().count("\n") == 1


def test_scripts_in_the_environment_know_its_final_place(bare: Path, installer: Callable[..., Path]) -> None:
    installer()
    manage(bare, "bench")
    script = (bare / ".venv" / "bin" / "greet").read_text()
    assert script.startswith(f"#!{bare}/.venv/bin/python")
    config = (bare / ".venv" / "pyvenv.cfg").read_text()
    assert ".venv.new" not in config


def test_an_ordinary_verb_uses_the_environment(bare: Path, installer: Callable[..., Path]) -> None:
    installer()
    manage(bare, "bench")
    assert reached_django(manage(bare, "check"))


def test_an_ordinary_verb_makes_none_and_says_what_to_type(
    bare: Path, installer: Callable[..., Path]
) -> None:
    log = installer()
    done = manage(bare, "check")
    assert done.returncode == 1
    assert done.stderr.strip().endswith("Type this once: python3 manage.py quickstart --no-serve")
    assert environments(bare) == []
    assert not log.exists()


def test_packages_that_are_here_already_are_used_as_they_are(
    bare: Path, installer: Callable[..., Path]
) -> None:
    log = installer()
    done = manage(bare, "bench", python=[sys.executable])
    assert reached_django(done), done.stderr
    assert environments(bare) == []
    assert not log.exists()


def test_a_run_environment_grows_into_one_for_tests_and_never_back(
    bare: Path, installer: Callable[..., Path]
) -> None:
    log = installer()
    manage(bare, "quickstart")
    assert (bare / ".venv" / "made-by-manage.py").read_text().startswith("run.txt")
    manage(bare, "bench")
    assert (bare / ".venv" / "made-by-manage.py").read_text().startswith("run.txt") is False
    manage(bare, "quickstart")
    assert (bare / ".venv" / "made-by-manage.py").read_text().startswith("dev.txt")
    assert log.read_text().count("\n") == 2


def test_changed_requirements_renew_the_environment(bare: Path, installer: Callable[..., Path]) -> None:
    log = installer()
    manage(bare, "quickstart")
    with (bare / "requirements" / "run.txt").open("a") as lock:
        lock.write("# changed\n")
    noted = manage(bare, "check")
    assert reached_django(noted)
    assert "requirements/ changed" in noted.stderr
    manage(bare, "quickstart")
    assert "requirements/ changed" not in manage(bare, "check").stderr
    assert log.read_text().count("\n") == 2


def test_a_python_that_went_away_renews_the_environment(bare: Path, installer: Callable[..., Path]) -> None:
    log = installer()
    manage(bare, "bench")
    python = bare / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/usr/bin/python3.none")
    assert reached_django(manage(bare, "bench"))
    assert log.read_text().count("\n") == 2


def test_a_kill_in_the_middle_breaks_nothing(bare: Path, installer: Callable[..., Path]) -> None:
    installer("kill -9 $PPID; exit 1")
    assert manage(bare, "bench").returncode == -signal.SIGKILL
    assert environments(bare) == [".venv.new"]
    installer()
    assert reached_django(manage(bare, "bench"))
    assert environments(bare) == [".venv"]


def test_ctrl_c_in_the_middle_leaves_nothing(bare: Path, installer: Callable[..., Path]) -> None:
    log = installer("sleep 60")
    process = subprocess.Popen(
        [*BARE, "manage.py", "bench"],
        cwd=bare,
        env=outside(bare.parent),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    wait_for(log.exists)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.strip() == "Stopped. Nothing half-made was left."
    assert environments(bare) == []


def test_two_at_once_make_one_environment(bare: Path, installer: Callable[..., Path]) -> None:
    log = installer("sleep 1")
    command = [*BARE, "manage.py", "bench"]
    pair = [
        subprocess.Popen(
            command,
            cwd=bare,
            env=outside(bare.parent),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = "".join(text for process in pair for text in process.communicate(timeout=120))
    assert "Waiting: another manage.py is making the environment." in said
    assert said.count(DJANGO) == 2, said
    assert log.read_text().count("\n") == 1


def test_an_environment_made_by_hand_is_kept_aside(bare: Path, installer: Callable[..., Path]) -> None:
    installer()
    (bare / ".venv").mkdir()
    (bare / ".venv" / "mine").write_text("precious")
    done = manage(bare, "bench")
    assert reached_django(done)
    assert "yours is now .venv.yours-1" in done.stdout
    assert (bare / ".venv.yours-1" / "mine").read_text() == "precious"


def test_without_a_network_one_sentence_says_so_and_nothing_is_left(bare: Path) -> None:
    done = manage(bare, "quickstart")
    assert done.returncode == 1
    assert done.stderr.startswith("The packages could not be fetched: check the network")
    assert done.stderr.count("\n") == 1
    assert environments(bare) == []


def test_an_installer_that_fails_leaves_the_last_word_to_pip(
    bare: Path, installer: Callable[..., Path]
) -> None:
    log = installer("exit 2")
    done = manage(bare, "quickstart")
    assert log.exists()
    assert done.stderr.startswith("The packages could not be fetched")  # pip's trouble, not uv's
    assert environments(bare) == []


def test_without_debians_venv_package_its_name_is_said(bare: Path) -> None:
    hidden = "import runpy, sys; sys.modules['ensurepip'] = None; sys.argv = sys.argv[1:];"
    hidden += "runpy.run_path('manage.py', run_name='__main__')"
    done = manage(bare, "quickstart", python=[*BARE, "-c", hidden])
    assert done.returncode == 1
    assert done.stderr.strip().endswith("sudo apt install python3-venv")
    assert environments(bare) == []


def test_a_read_only_folder_is_named(bare: Path, tmp_path: Path) -> None:
    # Root may write anywhere, so somebody else has to try, with a Python that they may run.
    python = "/usr/bin/python3" if os.geteuid() == 0 else sys._base_executable
    if not os.access(python, os.X_OK):
        pytest.skip("no Python that another user may run")
    for path in [bare, *bare.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    for parent in bare.parents:
        if parent.is_relative_to(tmp_path.parents[1]) and parent != parent.parent:
            parent.chmod(0o755)
    done = subprocess.run(
        [python, "-S", "manage.py", "quickstart", "--data", str(tmp_path / "data")],
        cwd=bare,
        env=outside(tmp_path, PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
        user="nobody" if os.geteuid() == 0 else None,
    )
    for path in [bare, *bare.rglob("*")]:
        path.chmod(0o755)
    assert done.returncode == 1
    assert done.stderr.startswith(
        f"The environment is made in {bare}, which cannot be written to: copy the project"
    )
    assert environments(bare) == []


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "The disk is full",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "A package that came is not",
        ),
        (
            "ERROR: No matching distribution found for nh3==0.3.8",
            "No ready-made package was found",
        ),
        (
            "a\nb\nsomething nobody foresaw",
            "The environment could not be made: a / b / something nobody foresaw",
        ),
    ],
)
def test_every_trouble_has_its_sentence(said: str, begins: str) -> None:
    from config.environment import sentence

    assert sentence(said, Path("/srv/sild")).startswith(begins)


def test_an_old_python_is_told_which_one_is_needed() -> None:
    ast.parse((ROOT / "manage.py").read_text(), feature_version=(3, 6))
    old = (
        "import runpy, sys; sys.version_info = (3, 9, 2, 'final', 0); sys.argv = ['manage.py', 'quickstart'];"
    )
    old += f"runpy.run_path({str(ROOT / 'manage.py')!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", old], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("Sild needs Python 3.11 or newer and this is Python 3.9.")


def test_the_lock_for_tests_holds_all_that_the_product_runs_on() -> None:
    run, dev = pins("run"), pins("dev")
    assert run
    assert {name: dev.get(name) for name in run} == run


@pytest.mark.parametrize("name", ["run", "dev", "uv"])
def test_every_locked_package_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert "://" not in text
    for entry in text.replace("\\\n", " ").splitlines():
        assert entry.startswith("#") or not entry.strip() or "--hash=sha256:" in entry, entry


def test_everything_asked_for_is_locked() -> None:
    from config.bootstrap import absent

    assert absent(ROOT / "requirements" / "dev.in") == []  # what runs these tests has what they need
    for name in ("run", "dev", "uv"):
        lines = (ROOT / "requirements" / f"{name}.in").read_text().splitlines()
        asked = {line.split("[")[0].split("<")[0].split(">")[0].strip().lower() for line in lines}
        asked = {word for word in asked if word and not word.startswith(("#", "-r"))}
        assert asked <= pins(name).keys(), asked - pins(name).keys()


def test_git_ignores_nothing_of_the_site_folder() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "site"], cwd=ROOT, capture_output=True, text=True
    ).stdout.split("\n")
    probes = [
        *filter(None, tracked),
        "site/new.py",
        "site/static/js/new.js",
        "site/locale/et/LC_MESSAGES/django.po",
    ]
    said = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin"],
        cwd=ROOT,
        input="\n".join(probes),
        capture_output=True,
        text=True,
    )
    assert said.stdout == ""
    assert said.returncode == 1  # git's word for "none of them"


@pytest.mark.parametrize(
    "name", ["data/db.sqlite3", ".venv/bin/python", ".venv.new/x", ".venv.lock", "x/django.mo"]
)
def test_git_ignores_what_running_leaves_behind(name: str) -> None:
    assert subprocess.run(["git", "check-ignore", "-q", "--no-index", name], cwd=ROOT).returncode == 0


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
    found = [
        line.rstrip(" \\").split("==", 1)
        for line in lines
        if "==" in line and not line.startswith((" ", "#"))
    ]
    return {package.split("[")[0]: version for package, version in found}


def wait_for(happened: Callable[[], bool], seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends, "it never happened"
        time.sleep(0.05)
