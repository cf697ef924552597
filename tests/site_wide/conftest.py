"""What everybody sees of the demo: one walk for each kind of visitor, shared by all tests that judge it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.demo_site import EMAILS, DemoSite
from tests.site_wide.crawl import NOWHERE, Crawl

# Together they read in all four languages.
WALKS = {
    "anonymous": ("en", "mn"),
    "participant": ("mn",),
    "moderator": ("uk",),
    "speaker": ("et",),
    "host": ("en",),
    "expert": ("en",),
    "administrator": ("en",),
}


@pytest.fixture(scope="session")
def walked(demo_site: DemoSite) -> Iterator[Callable[[str], Crawl]]:
    """walked("host") is everything a host can reach from the front page; walked once."""
    done: dict[str, Crawl] = {}
    with demo_site.visitor() as forgetful:  # so that there is a letter to read
        assert forgetful.post("/en/accounts/password/reset/", {"email": EMAILS["speaker"]}).status == 302
    with ExitStack() as open_visitors:

        def walk(who: str) -> Crawl:
            if who not in done:
                visitor = open_visitors.enter_context(demo_site.visitor(who))
                visitor.keeps_cookies = (
                    who != "anonymous"
                )  # on every page somebody who comes for the first time
                done[who] = Crawl(visitor, WALKS[who]).walk("/mail/", NOWHERE)
            return done[who]

        yield walk


@pytest.fixture(params=WALKS)
def crawl(request: pytest.FixtureRequest, walked: Callable[[str], Crawl]) -> Crawl:
    return walked(request.param)
