"""Checks of the machine itself: disk, clock, file system, zones. They matter everywhere."""

import os
import re
import shutil
import time
import zoneinfo
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage
from django.utils.translation import gettext as _

from config.checks import Check, error, warning
from config.health import LITTLE_DISK

COMFORT = 2 * 1024**3  # bytes: a recorded hour is some 700 MB
SKEW = 5.0  # seconds
# SQLite needs locks and shared memory that these do not give (sqlite.org/wal.html: "does not work over a network").
NETWORKED = re.compile(
    r"nfs4?|cifs|smb3|smbfs|9p|afs|ceph|lustre|beegfs|davfs|vboxsf|glusterfs"
    r"|fuse\.(sshfs|ceph|glusterfs|s3fs|rclone|davfs2|vmhgfs-fuse)"
)
MOUNTS = Path("/proc/self/mountinfo")


def folder() -> list[CheckMessage]:
    where = Path(settings.DATA_DIR)
    there = next(path for path in (where, *where.parents) if path.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return []
    return error(
        1,
        _("Nothing can be written to %(folder)s: the site cannot keep anything.") % {"folder": where},
        _("Give this folder to the user the site runs as, or name another one in DATA_DIR."),
    )


def disk() -> list[CheckMessage]:
    where = Path(settings.DATA_DIR)
    there = next(path for path in (where, *where.parents) if path.exists())
    free = shutil.disk_usage(there).free
    facts = {"free": f"{free / 1024**3:.1f}", "folder": where}
    hint = _("Free some space, or put DATA_DIR on a larger disk.")
    if free < LITTLE_DISK:
        return error(
            2, _("The disk is full (%(free)s GB free): questions and votes will not be saved.") % facts, hint
        )
    if free < COMFORT:
        return warning(
            1, _("Only %(free)s GB are free where %(folder)s is: a long event may fill it.") % facts, hint
        )
    return []


def file_system() -> list[CheckMessage]:
    name = str(settings.DATABASES["default"]["NAME"])
    if "sqlite" not in settings.DATABASES["default"]["ENGINE"] or ":memory:" in name:
        return []
    kind = kind_of(Path(name), MOUNTS.read_text() if MOUNTS.exists() else "")
    if not NETWORKED.fullmatch(kind):
        return []
    return error(
        3,
        _("The database lies on a network file system (%(kind)s): SQLite loses data there.") % {"kind": kind},
        _("Put DATA_DIR on a disk of this machine, or use PostgreSQL (DATABASE_URL)."),
    )


def kind_of(path: Path, mounts: str) -> str:
    """The kind of file system a path is on, by /proc/self/mountinfo; "" when that does not say."""
    wanted = os.path.realpath(path)
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields, _dash, rest = line.partition(" - ")
        if len(fields.split()) < 5 or not rest:
            continue
        point = fields.split()[4].encode().decode("unicode_escape")  # a space stands there as \040
        if (wanted == point or wanted.startswith(point.rstrip("/") + "/")) and len(point) > best:
            best, kind = len(point), rest.split()[0]
    return kind


def clock() -> list[CheckMessage]:
    """A file server with a clock of its own makes files that are older or younger than they are."""
    where = Path(settings.DATA_DIR)
    probe = where / f".clock-{os.getpid()}"
    try:
        probe.write_bytes(b"")
        apart = abs(probe.stat().st_mtime - time.time())
    except OSError:
        return []  # whether it can be written is said above
    finally:
        with suppress(OSError):
            probe.unlink()
    if apart < SKEW:
        return []
    return warning(
        2,
        _("The clocks of this machine and of its disk are %(seconds)d seconds apart.") % {"seconds": apart},
        _("Let both follow the same time server (NTP): otherwise events begin at the wrong moment."),
    )


def zones() -> list[CheckMessage]:
    try:
        zoneinfo.ZoneInfo("Asia/Hovd")
    except zoneinfo.ZoneInfoNotFoundError:
        return warning(
            4,
            _("This machine knows no time zones: every time would be in UTC."),
            _("Install them: pip install tzdata, or on Debian: sudo apt install tzdata"),
        )
    return []


CHECKS: tuple[Check, ...] = (folder, disk, file_system, clock, zones)
