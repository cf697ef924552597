"""What a first visit brings over the line, by a real browser with an empty cache: bytes by kind, and when words show.

Called by `bench pages`; BUDGETS are the house's promises to people on a poor line.
"""

from typing import Any

from tests.bench.sides import Server

KINDS = {"document": "html", "script": "js", "stylesheet": "css", "font": "fonts", "image": "images"}
# KB as they go over the line.
BUDGETS: dict[str, dict[str, int]] = {
    "room": {"all": 150, "js": 60, "fonts": 45},
    "room_text": {"all": 50},
    "join": {"all": 15},
}


def weights(server: Server, pages: dict[str, str], cookies: dict[str, str]) -> dict[str, dict[str, Any]]:
    """By page: KB of all and of each kind, requests, DOM nodes, first paint of words in ms, and what is over budget."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        found = {name: _weigh(browser, server, path, cookies[name]) for name, path in pages.items()}
        browser.close()
    for name, figures in found.items():
        budget = BUDGETS.get(name, {})
        figures["over_budget"] = {
            kind: top for kind, top in budget.items() if figures.get(f"{kind}_kb", 0) > top
        }
    return found


def _weigh(browser: Any, server: Server, path: str, cookie: str) -> dict[str, Any]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="light")
    if cookie:
        name, value = cookie.split("=", 1)
        context.add_cookies([{"name": name, "value": value, "url": f"http://localhost:{server.port}"}])
    page = context.new_page()
    answers: list[Any] = []
    page.on("requestfinished", lambda request: answers.append(request))
    page.goto(
        f"http://localhost:{server.port}{path}", wait_until="networkidle" if "room" not in path else "load"
    )
    page.wait_for_timeout(1500)
    size = dict.fromkeys((*KINDS.values(), "other"), 0)
    for request in answers:
        sizes = request.sizes()
        size[KINDS.get(request.resource_type, "other")] += (
            sizes["responseBodySize"] + sizes["responseHeadersSize"]
        )
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
    figures = {
        "all_kb": round(sum(size.values()) / 1024, 1),
        **{f"{kind}_kb": round(size[kind] / 1024, 1) for kind in size},
        "requests": len(answers),
        "nodes": page.evaluate("document.querySelectorAll('*').length"),
        "first_words_ms": round(painted),
    }
    context.close()
    return figures
