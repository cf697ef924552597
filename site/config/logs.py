"""What a log line looks like: one line of JSON each, or one for people; never a secret, never somebody's own line.

Both know the request they belong to (`request_id`, the number a reader sees on the page for failures).
"""

import logging
import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

FORMS = ("line", "json")
# The way in for whoever reads them: passwords, cookies, tokens, personal links.
SECRETS = re.compile(
    r"""(?ix)
    (?P<name>
      ["']? \b [\w-]* (?: password | passwd | secret | token | cookie | sessionid | authorization | api[_-]?key )
      \w* ["']? \s* [:=] \s* ["']? (?: (?:bearer|basic) \s+ )? )
    [^\s"'&;,)}\]]+
    | (?P<link> /p/ ) [\w~-]{8,}
    """
)


def logging_settings(level: str, form: str) -> dict[str, Any]:
    """Django's LOGGING: everything on stderr, in one form."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": Line},
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _facts(),
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    structlog.processors.EventRenamer("message"),
                    hide_secrets,
                    structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
                    one_line,
                ],
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["stderr"], "level": level},
        # Django's own handlers would say some things twice, and mail others.
        "loggers": {name: {"handlers": [], "propagate": True} for name in ("django", "django.server")},
    }


def _facts() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(["ms", "status_code"]),  # and nobody's whole request
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]


def hide_secrets(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """In every text of the line, whoever wrote it."""
    return {key: _hidden(value) if isinstance(value, str) else value for key, value in event.items()}


def one_line(logger: WrappedLogger, name: str, line: str) -> str:
    """JSON lets some characters stand that others take for the end of a line."""
    return line.translate(_UNSEEN)


def _hidden(text: str) -> str:
    return SECRETS.sub(lambda found: f"{found['name'] or found['link']}…", text)


class Line(logging.Formatter):
    """`2026-11-22 16:49:09,061 ERROR sild.server 3f2a…: words`: what somebody else wrote cannot begin a line."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s%(number)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        number = structlog.contextvars.get_contextvars().get("request_id", "")
        record.number = f" {number}" if number else ""
        said = super().format(record)
        lines = _hidden(said).splitlines()
        return "\n    | ".join(line.translate(_UNSEEN) for line in lines)


# Control characters as their pictures, so that a terminal obeys none.
_UNSEEN = {code: 0x2400 + code for code in range(32)} | {0x7F: 0x2421} | dict.fromkeys(range(128, 160), 65533)
