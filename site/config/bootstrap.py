"""Finds the environment this program runs in, or makes it. Standard library only: a bare Python can run it.

Either everything needed can be imported here, or `.venv` was finished by this file (its stamp tells), or, for the
verbs that may, an environment is built as `.venv.new` from the hashed locks and renamed when it is complete. So
whatever goes wrong half-way, the next try starts from a whole environment or from none.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata, util
from pathlib import Path
from typing import NoReturn

from config.steps import step

# The verbs that may make an environment, and the lock each of them needs. dev.txt holds all of run.txt.
MAKES = {"quickstart": "run.txt", "testall": "dev.txt", "bench": "dev.txt"}
STAMP = "made-by-manage.py"


def enter(root: Path, argv: list[str]) -> None:
    """Returns when this Python can do what `argv` asks; else goes on in another one, or stops with a sentence."""
    verb = argv[1] if len(argv) > 1 else "help"
    lock = MAKES.get(verb, "run.txt")
    if not absent(root / "requirements" / lock.replace(".txt", ".in")):
        return
    venv = root / ".venv"
    inside = Path(sys.prefix) == venv
    if not inside and is_finished(venv, root, lock):
        run_in(venv, argv)
    if verb in MAKES:
        make(venv, root, lock)
        run_in(venv, argv)
    if not inside and is_finished(venv, root, lock=None):
        print(
            "Note: requirements/ changed since .venv was made; `python3 manage.py quickstart` renews it.",
            file=sys.stderr,
        )
        run_in(venv, argv)
    sys.exit(
        "The packages Sild is built on are not here yet. Type this once: python3 manage.py quickstart --no-serve"
    )


def absent(wanted: Path) -> list[str]:
    """The packages named in a requirements/*.in file (and those it includes) that this Python does not have."""
    missing = []
    for line in wanted.read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            missing += absent(wanted.with_name(line[3:].strip()))
        elif name := re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", line):
            try:
                metadata.distribution(name[0])
            except metadata.PackageNotFoundError:
                missing.append(name[0])
    return missing


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


def run_in(venv: Path, argv: list[str]) -> NoReturn:
    python = str(venv / "bin" / "python")
    sys.stdout.flush()
    os.execv(python, [python, *argv])


def make(venv: Path, root: Path, lock: str) -> None:
    """Builds the environment beside its place and moves it there; another process doing the same is waited for."""
    new = venv.with_name(".venv.new")
    try:
        with alone(venv.with_name(".venv.lock")):
            if is_finished(venv, root, lock):
                return
            with step("environment") as says:
                remove(new)
                installer = build(new, root / "requirements", lock)
                relocate(new, venv)
                python = os.path.realpath(new / "bin" / "python")
                (new / STAMP).write_text(f"{lock}\n{fingerprint(root, lock)}\n{python}\n", encoding="utf-8")
                kept = put_in_place(new, venv)
                says(f".venv from requirements/{lock}, with {installer}")
                if kept:
                    says(f"yours is kept as {kept.name}")
    except KeyboardInterrupt:
        remove(new)
        print("\nStopped. Nothing half-made was left.", file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        remove(new)
        sys.exit(sentence(str(error), root))
    except subprocess.CalledProcessError as error:
        remove(new)
        sys.exit(sentence(f"{error.stdout or ''}{error.stderr or ''}", root))


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Holds a lock that the system itself lets go when a process dies, so that none is ever left behind."""
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("environment   another manage.py is making it; waiting for that one", flush=True)
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
    """Renames `new` to `venv`. One that somebody made by hand is kept, and its new place given back."""
    old = venv.with_name(".venv.old")
    remove(old)
    kept = None
    if venv.exists() and not (venv / STAMP).exists():
        number = 1
        while (kept := venv.with_name(f".venv.yours-{number}")).exists():
            number += 1
        venv.rename(kept)
    elif venv.exists():
        venv.rename(old)
    new.rename(venv)
    remove(old)
    return kept


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def cause(said: str) -> str:
    """What stood in the way, by what venv, pip, uv or the system said about it."""
    signs = {
        "venv": r"ensurepip|python3[.\d]*-venv",
        "disk": r"No space left on device|Disk quota exceeded|Errno 28",
        "folder": r"Read-only file system|Permission denied|Errno 13|Errno 30",
        "hash": r"DO NOT MATCH THE HASHES|Hash mismatch",
        "network": r"NewConnectionError|ConnectTimeout|ReadTimeout|Connection refused|name resolution|Name or service not"
        r" known|Network is unreachable|Max retries exceeded|ProxyError|SSLError|timed out",
        "wheel": r"No matching distribution|no usable wheels|only-binary",
    }
    return next((name for name, sign in signs.items() if re.search(sign, said)), "")


def sentence(said: str, root: Path) -> str:
    """One clear sentence about what to do next."""
    version = ".".join(str(part) for part in sys.version_info[:2])
    advice = {
        "venv": "Python's venv module is not installed. On Debian and Ubuntu: sudo apt install python3-venv",
        "disk": f"The disk is full: free about 700 MB where {root} is, then type the same again.",
        "folder": f"{root} cannot be written to, and the environment is made there: copy the project to a folder of your"
        " own and type the same again (--data may stay where it is).",
        "hash": "A package that came is not the one that was locked, so nothing was installed: try again, and if it stays"
        " so, ask whoever runs your package index.",
        "network": "The packages could not be fetched: check the network (or the proxy and index that pip is set to use),"
        " then type the same again.",
        "wheel": f"There is no ready-made package for Python {version} on this machine: try Python 3.11, 3.12 or 3.13.",
    }
    why = cause(said)
    last = [line.strip() for line in said.splitlines() if line.strip()][-3:]
    return advice.get(why) or "The environment could not be made: " + " / ".join(last)
