"""Who may sign in to the demo, on this computer only: one person for each role."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignIn:
    """A demo account. `person` is its key in the practice webinar's file, "" where it has no part in it."""

    role: str
    email: str
    what: str
    name: str
    site_roles: tuple[str, ...] = ()
    person: str = ""
    country: str = ""
    zone: str = ""
    reads: tuple[str, ...] = ("en",)
    password: str = "bridge-over-river"


SIGN_INS = (
    SignIn("host", "host@example.org", "make and run a webinar, its people, its console",
           "Host", ("host",), "host"),
    SignIn("moderator", "moderator@example.org", "the console of the practice webinar: publish, line up, answer",
           "Moderator", (), "moderator"),
    SignIn("speaker", "speaker@example.org", "the room as the speaker from Estonia",
           "Speaker, Estonia", (), "speaker-ee"),
    SignIn("language desk", "language@example.org", "the language desk of the practice webinar, in all four languages",
           "Language desk", ("translator",), "language-desk"),
    SignIn("expert", "expert@example.org", "turn an answered question into a lesson, publish it",
           "Expert", ("expert",), "", "EE", "Europe/Tallinn", ("en", "et")),
    SignIn("participant", "participant@example.org", "ask in your own language, vote, see what becomes of it",
           "Participant", (), "participant", "MN", "Asia/Hovd", ("mn", "en")),
    SignIn("administrator", "admin@example.org", "everybody's roles, everything in the administration",
           "Administrator", ("administrator", "host"), "", "MN", "Asia/Ulaanbaatar", ("en", "mn")),
)  # fmt: skip
