"""Makes the environment: `.venv.new` from the hashed locks, renamed to `.venv` when it is complete.

Whatever goes wrong half-way, the next try starts from a whole environment or none. Standard library only.
"""

import fcntl
import hashlib
import itertools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import util
from pathlib import Path

from config.steps import step

STAMP = "made-by-manage.py"
# What can stand in the way: how venv, pip, uv or the system say it, and what to do about it.
TROUBLES = {
    "venv": (
        r"ensurepip|python3[.\d]*-venv",
        "Python's venv module is not installed. On Debian and Ubuntu: sudo apt install python3-venv",
    ),
    "disk": (
        r"No space left on device|Disk quota exceeded|Errno 28",
        "The disk is full: free about 700 MB where {root} is, then type the same again.",
    ),
    "folder": (
        r"Read-only file system|Permission denied|Errno 13|Errno 30",
        "The environment is made in {root}, which cannot be written to: copy the project to a folder of your "
        "own and type the same again there.",
    ),
    "hash": (
        r"DO NOT MATCH THE HASHES|Hash mismatch",
        "A package that came is not the one that was locked, so nothing was installed: try again, and if it "
        "stays so, ask whoever runs your package index.",
    ),
    "network": (
        r"NewConnectionError|ConnectTimeout|ReadTimeout|Connection refused|name resolution|timed out|"
        r"Name or service not known|Network is unreachable|Max retries exceeded|ProxyError|SSLError",
        "The packages could not be fetched: check the network (or the proxy and the index that pip is set to "
        "use), then type the same again.",
    ),
    "wheel": (
        r"No matching distribution|no usable wheels|only-binary",
        "No ready-made package was found: check the network and the index that pip is set to use, and that "
        "this Python ({python}) is 3.11, 3.12 or 3.13.",
    ),
}


def make(venv: Path, root: Path, lock: str) -> None:
    """Builds the environment and moves it to its place; another process doing the same is waited for."""
    try:
        with alone(venv.with_name(".venv.lock"), "another manage.py is making the environment"):
            if not is_finished(venv, root, lock):
                with step("environment") as says:
                    says(made(venv, root, lock))
    except KeyboardInterrupt:
        print("\nStopped. Nothing half-made was left.", file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        sys.exit(sentence(str(error), root))
    except subprocess.CalledProcessError as error:
        sys.exit(sentence(f"{error.stdout or ''}{error.stderr or ''}", root))


def made(venv: Path, root: Path, lock: str) -> str:
    new = venv.with_name(".venv.new")
    remove(new)
    try:
        installer = build(new, root / "requirements", lock)
        relocate(new, venv)
        python = os.path.realpath(new / "bin" / "python")
        (new / STAMP).write_text(f"{lock}\n{fingerprint(root, lock)}\n{python}\n", encoding="utf-8")
        kept = put_in_place(new, venv)
    except BaseException:
        remove(new)
        raise
    return f".venv from requirements/{lock}, with {installer}" + (
        f"; yours is now {kept.name}" if kept else ""
    )


def is_finished(venv: Path, root: Path, lock: str | None) -> bool:
    """Whether `venv` was completed here, for a Python that is still there, from this lock or a larger one.

    With no lock: from any lock, however old.
    """
    try:
        made_from, digest, python = (venv / STAMP).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return False
    if os.path.realpath(venv / "bin" / "python") != python or not os.access(python, os.X_OK):
        return False
    return lock is None or (made_from in {lock, "dev.txt"} and digest == fingerprint(root, made_from))


def fingerprint(root: Path, lock: str) -> str:
    try:
        return hashlib.sha256((root / "requirements" / lock).read_bytes()).hexdigest()
    except OSError:
        return ""


@contextmanager
def alone(path: Path, other: str) -> Iterator[None]:
    """Holds a lock that the system itself lets go when a process dies, so that none is ever left behind."""
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"Waiting: {other}.", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def build(new: Path, requirements: Path, lock: str) -> str:
    """Makes a virtual environment with the locked packages in it. Gives the name of what installed them.

    uv does in two seconds what takes pip half a minute, but it does not read pip's configuration, so where an
    organisation has its own package index pip may get through when uv does not: it always has the last word.
    """
    # Made by the Python underneath: an environment made out of another one breaks when that one goes.
    base = getattr(sys, "_base_executable", None) or sys.executable
    if uv := shutil.which("uv"):
        print("environment   making .venv with uv", flush=True)
        run(base, "-m", "venv", "--without-pip", str(new))
        if install_with_uv(uv, new, requirements / lock):
            return "uv"
        remove(new)
    if util.find_spec("ensurepip") is None:
        raise FileNotFoundError("ensurepip")
    print("environment   making .venv; this takes a minute where the network is slow", flush=True)
    run(base, "-m", "venv", str(new))
    python = str(new / "bin" / "python")
    lent = new / ".uv"
    pip = [python, "-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:"]
    try:
        run(*pip, "--target", str(lent), "-r", str(requirements / "uv.txt"))
    except subprocess.CalledProcessError as error:
        if cause(error.stderr or "") in {"network", "disk"}:
            raise
    else:
        done = install_with_uv(str(lent / "bin" / "uv"), new, requirements / lock)
        remove(lent)
        if done:
            return "uv"
    run(*pip, "-r", str(requirements / lock))
    return "pip"


def install_with_uv(uv: str, new: Path, lock: Path) -> bool:
    hashed = ["--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    try:
        run(uv, "pip", "install", "--quiet", "--python", str(new / "bin" / "python"), *hashed)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def run(*command: str) -> None:
    # These two would send the packages somewhere else than into the environment.
    ours = {name: value for name, value in os.environ.items() if name not in {"PIP_TARGET", "PIP_PREFIX"}}
    ours |= {"PIP_USER": "0", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    # Certificates that the organisation's administrators gave the machine count for uv as they do for pip.
    ours |= {"UV_SYSTEM_CERTS": "1"}
    if index := os.environ.get("PIP_INDEX_URL"):
        ours.setdefault("UV_DEFAULT_INDEX", index)
    subprocess.run(command, check=True, capture_output=True, text=True, env=ours)


def relocate(new: Path, venv: Path) -> None:
    """Writes the final address into the scripts of an environment that is about to be renamed."""
    before, after = os.fsencode(new), os.fsencode(venv)
    for path in [new / "pyvenv.cfg", *(new / "bin").iterdir()]:
        if path.is_symlink() or not path.is_file():
            continue
        content = path.read_bytes()
        if before in content and b"\0" not in content:
            path.write_bytes(content.replace(before, after))


def put_in_place(new: Path, venv: Path) -> Path | None:
    """Renames `new` to `venv`. One that somebody made by hand is kept, and its new name given back."""
    aside = venv.with_name(".venv.old")
    remove(aside)
    ours = (venv / STAMP).exists()
    if venv.exists() and not ours:
        names = (venv.with_name(f".venv.yours-{number}") for number in itertools.count(1))
        aside = next(name for name in names if not name.exists())
    if venv.exists():
        venv.rename(aside)
    new.rename(venv)
    if ours:
        remove(aside)
    return aside if aside.exists() else None


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def cause(said: str) -> str:
    """What stood in the way, by what was said about it: a key of TROUBLES, or nothing known."""
    return next((name for name, (sign, _) in TROUBLES.items() if re.search(sign, said)), "")


def sentence(said: str, root: Path) -> str:
    """One clear sentence about what to do next."""
    if trouble := cause(said):
        python = ".".join(str(part) for part in sys.version_info[:2])
        return TROUBLES[trouble][1].format(root=root, python=python)
    last = [line.strip() for line in said.splitlines() if line.strip()][-3:]
    return "The environment could not be made: " + " / ".join(last)
