"""One letter by the configured way, and in words what became of it: on the first day, and when mail is doubted."""

import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from config.site_settings import current

SECONDS = 10  # somebody waits for the answer
FILES = "django.core.mail.backends.filebased.EmailBackend"
NOWHERE = ("console", "dummy", "locmem")
LONGEST_QUOTE = 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """`said`: what happened; `hint`: what to do about it; `quote`: the mail server's own words."""

    ok: bool
    said: str
    hint: str = ""
    quote: str = ""
    letters: bool = False  # it lies where quickstart keeps them


def try_mail(to: str, *, language: str) -> Outcome:
    """Sends a test letter to this address and tells what became of it. Never raises for what a mail server may do."""
    name = current().called(language)
    letter = EmailMessage(
        _("%(site)s: a test letter") % {"site": name},
        _("This letter was sent to see whether %(site)s can send letters. It can.") % {"site": name} + "\n",
        to=[to],
    )
    try:
        letter.connection = get_connection(timeout=SECONDS) if _is_smtp() else get_connection()
        letter.send()
    except Exception as error:  # whatever it is, the reader of this page is the one who can mend it
        return _explained(error, to)
    if settings.EMAIL_BACKEND == FILES:
        return Outcome(
            True,
            _("The letter was written into a folder instead of being sent, as quickstart does."),
            _("You can read it on this computer, under “Letters”."),
            letters=settings.QUICKSTART,
        )
    if settings.EMAIL_BACKEND.split(".")[-2] in NOWHERE:
        return Outcome(
            False,
            _("This site sends no letters at all."),
            _("Say in EMAIL_URL which mail server it should use."),
        )
    return Outcome(
        True,
        _("The mail server has taken the letter for %(address)s.") % {"address": to},
        _(
            "If it does not arrive in a few minutes, look among the unwanted mail and into the mail server’s log."
        ),
    )


def server() -> str:
    """The mail server as the settings name it."""
    return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"


def _is_smtp() -> bool:
    return settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")


def _explained(error: Exception, to: str) -> Outcome:
    for kinds, words in EXPLAINED:
        if isinstance(error, kinds):
            said, hint = words()
            facts = {
                "server": server(), "host": settings.EMAIL_HOST, "address": to, "signs": "%40 %3A %2F %23",
                "sender": settings.DEFAULT_FROM_EMAIL, "seconds": SECONDS,
            }  # fmt: skip
            return Outcome(False, said % facts, hint % facts, _quoted(error))
    return Outcome(
        False,
        _("The letter could not be sent."),
        _("The words below are the mail program’s own: whoever looks after the mail server may know them."),
        _quoted(error),
    )


def _quoted(error: Exception) -> str:
    """What the server said, in one line and without what we sent it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        text = f"{code} {_text(said)}"
    elif isinstance(error, smtplib.SMTPResponseException):
        text = f"{error.smtp_code} {_text(error.smtp_error)}"
    else:
        text = str(error) or type(error).__name__
    return " ".join(text.split())[:LONGEST_QUOTE]


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


Words = Callable[[], tuple[str, str]]
# The first that fits speaks: the narrower before the wider.
EXPLAINED: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Words], ...] = (
    (
        smtplib.SMTPAuthenticationError,
        lambda: (
            _("The mail server %(server)s does not accept the user name or the password."),
            _("Look at both in EMAIL_URL. Signs such as @ : / # must stand there as %(signs)s."),
        ),
    ),
    (
        smtplib.SMTPRecipientsRefused,
        lambda: (
            _("The mail server %(server)s does not take letters for %(address)s."),
            _(
                "Is the address right? If it is: the server must be told that it may pass on letters from this site."
            ),
        ),
    ),
    (
        smtplib.SMTPSenderRefused,
        lambda: (
            _("The mail server %(server)s does not take letters from %(sender)s."),
            _("Set DEFAULT_FROM_EMAIL to an address that this server may send for."),
        ),
    ),
    (
        smtplib.SMTPNotSupportedError,
        lambda: (
            _("The mail server %(server)s cannot do what EMAIL_URL asks of it."),
            _(
                "Without encryption it begins with smtp://, with STARTTLS with smtp+tls://, with TLS with smtp+ssl://."
            ),
        ),
    ),
    (
        ssl.SSLError,
        lambda: (
            _("The encrypted connection to the mail server %(server)s could not be made."),
            _(
                "The port may want another kind of encryption (587: smtp+tls://, 465: smtp+ssl://), "
                "or its certificate is not one this machine trusts."
            ),
        ),
    ),
    (
        socket.gaierror,
        lambda: (
            _("There is no machine called %(host)s."),
            _("Look at the name of the mail server in EMAIL_URL."),
        ),
    ),
    (
        ConnectionRefusedError,
        lambda: (
            _("Nobody answers at %(server)s: no mail server is running there."),
            _("Say in EMAIL_URL which mail server this site should use."),
        ),
    ),
    (
        (TimeoutError, smtplib.SMTPServerDisconnected),
        lambda: (
            _("The mail server %(server)s did not answer within %(seconds)s seconds, or hung up."),
            _("A firewall may stand between, or the port is another: 25, 587 and 465 are usual."),
        ),
    ),
    (
        smtplib.SMTPException,
        lambda: (
            _("The mail server %(server)s did not take the letter."),
            _("Its own words are below."),
        ),
    ),
    (
        OSError,
        lambda: (
            _("The mail server %(server)s cannot be reached, or the letter could not be written down."),
            _("Look at EMAIL_URL, the network and the disk."),
        ),
    ),
)
