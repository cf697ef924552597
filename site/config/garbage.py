"""When Python looks for garbage that holds itself: seldom, and never through what stays as long as the process.

A full look goes through all objects there are; with a thousand sockets that took a quarter of a second in which nobody
was answered. Most of them are code that is loaded once.
"""

import gc
from importlib import import_module

from django.conf import settings

# Containers made since the last look at the young, looks at the young before one at the middle-aged, and of those
# before a full one. Python's own 700, 10, 10 are for programs with little in memory.
THRESHOLDS = (2_000, 10, 50)


def set_aside() -> None:
    """Load what the first request would, and take everything there is now out of all later looks."""
    import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
