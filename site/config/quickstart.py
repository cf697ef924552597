"""What quickstart settles before Django reads its settings: data folder, port, secret, translations."""

import argparse
import errno
import os
import platform
import secrets
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from config.environment import alone
from config.steps import step

HOST = "127.0.0.1"
PORT = 8000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=PORT, help="serve on this port (default: 8000)")
    parser.add_argument("--data", metavar="DIR", help="keep everything in this folder (default: ./data)")
    parser.add_argument("--no-demo", action="store_true", help="begin with an empty site")
    parser.add_argument("--no-serve", action="store_true", help="prepare everything, then stop")


def prepare(root: Path, arguments: list[str]) -> None:
    """Reads the options, stops with a sentence if they cannot be met, and tells the settings of them."""
    parser = argparse.ArgumentParser(prog="manage.py quickstart", add_help=False)
    add_arguments(parser)
    options, _ = parser.parse_known_args(arguments)
    data = Path(options.data or os.environ.get("DATA_DIR") or root / "data").expanduser().resolve()
    if not options.no_serve and (trouble := port_trouble(options.port)):
        sys.exit(trouble)
    if trouble := folder_trouble(data):
        sys.exit(trouble)
    os.environ |= {"DATA_DIR": str(data), "QUICKSTART": "1"}
    os.environ.setdefault("SITE_URL", f"http://localhost:{options.port}")
    with step("environment") as says:
        says(f"Python {platform.python_version()} in {os.path.relpath(sys.prefix)}")
    with step("secret") as says, alone(data / ".lock", "another quickstart is busy in this folder"):
        keep_secret(data / "secret_key", says)
    with step("translations") as says:
        from config.translations import compile_stale  # needs Babel, so not before the environment is there

        if compiled := compile_stale(root / "site" / "locale", data / "locale"):
            says(", ".join(compiled))


def port_trouble(port: int) -> str:
    """Why nobody can be served on this port, in one sentence, or nothing.

    Both addresses that `localhost` stands for are tried: a browser asks ::1 first.
    """
    for family, host in ((socket.AF_INET, HOST), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as listener:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind((host, port))
        except OverflowError:
            return f"There is no port {port}: choose one between 1024 and 65535."
        except PermissionError:
            return f"Port {port} needs more rights than you have: choose one between 1024 and 65535."
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return (
                    f"Port {port} is in use by another program: stop that one, or type: "
                    f"python3 manage.py quickstart --port {port + 1}"
                )
    return ""


def folder_trouble(data: Path) -> str:
    """Why nothing can be kept in this folder, in one sentence, or nothing."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        probe = data / f".probe-{os.getpid()}"
        probe.write_bytes(b"?" * 4096)
        probe.unlink()
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return f"The disk is full: free some space where {data} is, then type the same again."
        return (
            f"Nothing can be written to {data} ({error.strerror}): "
            "choose another folder with --data, for example --data ~/sild-data"
        )
    return ""


def keep_secret(path: Path, says: Callable[[str], None]) -> None:
    """The key that signs sessions is made once and readable by its owner only."""
    if path.is_file() and path.read_text(encoding="utf-8").strip():
        return
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(50) + "\n")
    new.replace(path)
    says(f"made, in {path.name}")
