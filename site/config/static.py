"""Static files have one address per release: the hash of the tree names it, and collecting fills it once."""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# Assets that come with packages (the admin's, mostly) change only with the package's version.
PACKAGES = ("django", "django-allauth", "django-taggit")
HASH_LENGTH = 12
# An older tree stays this many releases, so that a process which is still draining can finish its answers.
KEPT = 2
HALF_MADE = ".collecting-"


@cache
def tree_hash(*folders: Path) -> str:
    """Twelve hex digits that change with any file under the folders, its name, or a package's assets."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        digest.update(f"{package}={_version(package)}\n".encode())
    for folder in folders:
        for path in _files(folder):
            name = path.relative_to(folder).as_posix()
            digest.update(f"{name}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:HASH_LENGTH]


def collect(says: Callable[[str], None] = lambda line: None) -> Path:
    """Fills STATIC_ROOT with every static file and its .br and .gz beside it, all or nothing; returns it.

    A tree that is already there is complete, because it was renamed into place when it was.
    """
    from django.conf import settings

    root = Path(settings.STATIC_ROOT)
    if root.is_dir():
        return root
    root.parent.mkdir(parents=True, exist_ok=True)
    half_made = Path(tempfile.mkdtemp(prefix=HALF_MADE, dir=root.parent))
    try:
        count = _copy_all(half_made)
        _compress_all(half_made)
        half_made.chmod(0o755)
        _put_in_place(half_made, root)
    finally:
        shutil.rmtree(half_made, ignore_errors=True)
    _remove_older(root)
    says(f"{count} static files")
    return root


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path


def _copy_all(target: Path) -> int:
    from django.contrib.staticfiles.finders import get_finders

    done: set[str] = set()
    for finder in get_finders():
        for name, storage in finder.list([".*", "CVS", "*~"]):
            name = name.replace("\\", "/")
            if name in done:  # the first finder wins, as in Django's own collectstatic
                continue
            done.add(name)
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with storage.open(name) as source:
                path.write_bytes(source.read())
    return len(done)


def _compress_all(root: Path) -> None:
    from whitenoise.compress import Compressor

    compressor = Compressor(quiet=True)
    paths = [str(path) for path in _files(root) if compressor.should_compress(path.name)]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for _ in pool.map(compressor.compress, paths):
            pass


def _put_in_place(half_made: Path, root: Path) -> None:
    try:
        half_made.rename(root)
    except OSError:
        if not root.is_dir():  # else another process collected the very same tree meanwhile
            raise


def _remove_older(root: Path) -> None:
    folders = [path for path in root.parent.iterdir() if path.is_dir() and path != root]
    trees = [path for path in folders if len(path.name) == HASH_LENGTH]
    trees.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    left_over = [path for path in folders if path.name.startswith(HALF_MADE) and _is_left_over(path)]
    for path in [*trees[KEPT - 1 :], *left_over]:
        shutil.rmtree(path, ignore_errors=True)


def _is_left_over(path: Path) -> bool:
    """Collecting takes seconds: what is an hour old was killed half-way."""
    return time.time() - path.stat().st_mtime > 3600
