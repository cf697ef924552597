"""The pages a browser looks at, as whom, and what makes one of them broken."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.demo_site import DemoSite

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
# (who looks, at what). {live}, {next} and {past} stand for the demo's webinars, {guide} for a guide in four languages.
PAGES = {
    "home": ("anonymous", ""),
    "programme": ("anonymous", "webinars/"),
    "a live webinar": ("anonymous", "webinars/{live}/"),
    "a coming webinar": ("participant", "webinars/{next}/"),
    "a past webinar": ("expert", "webinars/{past}/"),
    "how it is moderated": ("anonymous", "webinars/{live}-x/ledger/"),
    "a series": ("anonymous", "webinars/series/1-x/"),
    "promises": ("anonymous", "promises/"),
    "a promise": ("anonymous", "promises/1/"),
    "a promise that one follows": ("administrator", "promises/1/"),
    "writing down a promise": ("host", "webinars/{live}-x/promise/"),
    "join": ("anonymous", "webinars/{live}-x/join/"),
    "the digits": ("anonymous", "join/?code=1"),
    "attend": ("anonymous", "webinars/{next}-x/attend/"),
    "room": ("participant", "webinars/{live}-x/room/"),
    "text room": ("participant", "webinars/{live}-x/room/text/"),
    "questions through a lens": ("participant", "webinars/{live}-x/questions/?sort=fair"),
    "questions found": ("moderator", "webinars/{live}-x/questions/?q=library"),
    "questions, for a stranger": ("anonymous", "webinars/{live}-x/questions/?sort=newest"),
    "what was missed": ("participant", "webinars/{live}-x/missed/?since=1"),
    "my link": ("participant", "webinars/{live}-x/link/"),
    "console": ("moderator", "webinars/{live}-x/console/"),
    "language desk": ("language desk", "webinars/{live}-x/desk/"),
    "projector": ("anonymous", "webinars/{live}-x/projector/"),
    "projector before": ("moderator", "webinars/{next}-x/projector/?and=uk&look=light"),
    "prompter": ("speaker", "webinars/{live}-x/prompter/"),
    "console of a host": ("host", "webinars/{live}-x/console/"),
    "what is owed": ("host", "webinars/{live}-x/owed/"),
    "report": ("host", "webinars/{live}-x/report/"),
    "my answers": ("speaker", "webinars/{live}-x/answers/"),
    "edit": ("host", "webinars/{live}-x/edit/"),
    "people": ("host", "webinars/{live}-x/people/"),
    "my questions": ("participant", "webinars/mine/questions/"),
    "my questions, for a stranger": ("anonymous", "webinars/mine/questions/"),
    "my webinars": ("host", "webinars/mine/"),
    "knowledge": ("anonymous", "knowledge/"),
    "guide": ("anonymous", "knowledge/{guide}/"),
    "help": ("anonymous", "help/"),
    "a help page with a table": ("anonymous", "help/moderator/"),
    "privacy": ("administrator", "help/privacy/"),
    "new guide": ("expert", "knowledge/new/"),
    "editor": ("expert", "knowledge/{guide}/edit/{language}/"),
    "search": ("anonymous", "search/?q=library"),
    "search finds nothing": ("anonymous", "search/?q=xyzzyx"),
    "sign in": ("anonymous", "accounts/login/"),
    "sign up": ("anonymous", "accounts/signup/"),
    "reset": ("anonymous", "accounts/password/reset/"),
    "profile": ("participant", "accounts/profile/"),
    "sessions": ("participant", "accounts/sessions/"),
    "reading": ("anonymous", "accounts/reading/"),
    "no such page": ("anonymous", "nothing/"),
    "mail": ("anonymous", "/mail/"),
}
# Targets of 24 pixels (WCAG 2.2) are off in axe until asked for.
AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# What sticks out of the page to the side, where the page itself does.
WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const right = (one) => Math.round(one.getBoundingClientRect().right);
  const kept = (one) => one.parentElement && one.parentElement !== document.body
    && (getComputedStyle(one.parentElement).overflowX !== "visible" || kept(one.parentElement));
  const out = [...document.querySelectorAll("body *")].filter((one) => right(one) > wide + 1 && !kept(one));
  return out.slice(0, 8).map((one) => `${one.localName}.${one.className} ${right(one)}`);
}"""


def address(site: DemoSite, path: str, language: str) -> str:
    if path.startswith("/"):
        return path
    guide = site.one("SELECT guide_id FROM knowledge_edition WHERE language = 'mn'")
    webinars = site.webinars
    facts = {
        "live": webinars["live"], "next": webinars["scheduled"], "past": webinars["published"],
        "guide": guide, "language": language,
    }  # fmt: skip
    return f"/{language}/{path.format(**facts)}"


def shuts_out(tab: Page, *only: str) -> list[str]:
    """What axe calls serious or critical, each with the elements it means; of all its rules, or of `only` some."""
    options = AXE | ({"runOnly": list(only)} if only else {})
    found = Axe().run(tab, options=options).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:5]
    ]
