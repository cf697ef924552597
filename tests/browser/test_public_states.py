"""The public pages in states the demo does not show: nothing, too much, paused, missed, over, not for strangers."""

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from accounts.models import Organisation
from accounts.names import Names
from tests.browser.conftest import LISTEN
from tests.browser.pages import DESK, PHONE, WIDE, shuts_out
from tests.factories import make_agenda, make_person, make_question, make_webinar
from tests.site import PATIENCE, Site
from webinars.models import (
    Answer,
    AnswerKind,
    Commitment,
    CommitmentStep,
    Entry,
    Series,
    State,
    Turn,
    Webinar,
)

LONG = (
    "What should the smallest municipality do first when the ministry, the bank and the telephone company have each"
    " built a different way to sign in and nobody in the village knows which one to use?"
)
LONG_MN = (
    "Яам, банк, үүрэн холбооны оператор тус бүр өөр өөр нэвтрэх арга бий болгосон бөгөөд суманд алийг нь хэрэглэхээ"
    " хэн ч мэдэхгүй байвал хамгийн жижиг сум юунаас эхлэх вэ?"
)
UNBROKEN = "Riigiametnikeinfotehnoloogiakoolituskavakooskõlastuskomisjon" * 2
_number = itertools.count(1)


def nothing() -> str:
    return ""


def nothing_planned() -> str:
    make_webinar("Long gone", state=State.PUBLISHED, **_dated(-90))
    return ""


def no_programme() -> str:
    return "webinars/"


def no_promises() -> str:
    return "promises/"


def crowd() -> str:
    """Thirty webinars of every state, titles without end."""
    office = Organisation.objects.create(names=Names.of("en", UNBROKEN), country="EE")
    for n, state in enumerate([*[State.LIVE] * 3, State.HOLD, State.LOBBY, State.WRAP_UP]):
        _titled(
            make_webinar(state=state, started_at=timezone.now(), languages=["en", "mn", "uk", "et"])
        ).organisations.add(office)
        _titled(make_webinar(state=State.SCHEDULED, zone="Asia/Ulaanbaatar", **_dated(2 + n)))
        _titled(make_webinar(state=State.PUBLISHED, **_dated(-400 * n - 1))).organisations.add(office)
    make_webinar("Missed", state=State.SCHEDULED, **_dated(-3))
    make_webinar("Called off", state=State.CANCELLED, **_dated(3))
    make_webinar("Put off", state=State.POSTPONED, **_dated(3))
    for n in range(3):
        _promise(Webinar.objects.filter(state=State.PUBLISHED).first() or make_webinar(), n)
    return ""


def crowded_programme() -> str:
    crowd()
    return "webinars/"


def narrowed_to_nothing() -> str:
    crowd()
    return "webinars/?language=fi"


def crowded_promises() -> str:
    crowd()
    return "promises/"


def overdue_promise() -> str:
    return f"promises/{_promise(make_webinar(), 1).pk}/"


def paused() -> str:
    webinar = _titled(make_webinar(state=State.HOLD, started_at=timezone.now(), join_code="123456789"))
    make_question(webinar, LONG)
    return f"webinars/{webinar.pk}/"


def missed() -> str:
    return f"webinars/{_titled(make_webinar(state=State.SCHEDULED, **_dated(-3))).pk}/"


def closed() -> str:
    webinar = make_webinar(state=State.ENDED, entry=Entry.INVITED, **_dated(-3))
    make_question(webinar, "Between us?")
    return f"webinars/{webinar.pk}/"


def archive() -> str:
    """Every part of an archive, with everything that can stand in one."""
    began = timezone.now() - timedelta(days=3)
    webinar = _titled(make_webinar(state=State.PUBLISHED, starts_at=began, started_at=began,
                                   ended_at=began + timedelta(hours=1), day=began.date()))  # fmt: skip
    speaker = make_person(webinar, UNBROKEN, "attendee", "speaker", country="UA", title=Names.of("en", LONG))
    for n, item in enumerate(make_agenda(webinar, "Opening", LONG)):
        item.started_at = began + timedelta(minutes=n * 20)
        item.save()
        item.speakers.add(speaker)
    for n in range(4):
        question = make_question(webinar, LONG_MN if n % 2 else UNBROKEN, language="mn" if n % 2 else "et")
        turn = Turn.objects.create(webinar=webinar, started_at=began + timedelta(minutes=n * 12),
                                   ended_at=began + timedelta(minutes=n * 12 + 5))  # fmt: skip
        Answer.objects.create(question=question, turn=turn, gist=LONG, language="en", speaker=speaker,
                              text=f"{LONG}\n\n{UNBROKEN}" if n else "", given_at=turn.ended_at)  # fmt: skip
    Answer.objects.create(question=make_question(webinar, LONG), kind=AnswerKind.PROMISED, owner=UNBROKEN,
                          due=timezone.localdate() - timedelta(days=1))  # fmt: skip
    make_question(webinar, UNBROKEN)
    _promise(webinar, 1)
    return f"webinars/{webinar.pk}/?question=999999"


def series() -> str:
    made = Series.objects.create(name=Names.of("en", LONG, mn=LONG_MN), description=Names.of("en", LONG))
    for n, state in enumerate((State.PUBLISHED, State.LIVE, State.SCHEDULED)):
        webinar = make_webinar(LONG, state=state, series=made, **_dated(n - 1))
        webinar.organisations.add(Organisation.objects.create(names=Names.of("en", f"{UNBROKEN} {n}")))
        _promise(webinar, n)
    return f"webinars/series/{made.pk}-x/"


def _titled(webinar: Webinar) -> Webinar:
    webinar.title = Names.of("en", f"{next(_number)} {LONG}", mn=LONG_MN)
    webinar.save()
    return webinar


def _dated(days: float) -> dict[str, object]:
    starts = timezone.now() + timedelta(days=days)
    return {"starts_at": starts, "day": starts.date()}


def _promise(webinar: Webinar, number: int) -> Commitment:
    promise = Commitment.objects.create(
        webinar=webinar, text=Names.of("en", LONG, mn=LONG_MN), owner=UNBROKEN[:150], figure_then=1, figure_now=2,
        figure_goal=1_000_000, due=timezone.localdate() - timedelta(days=number), note=Names.of("en", UNBROKEN),
    )  # fmt: skip
    CommitmentStep.objects.create(commitment=promise, at=timezone.localdate(), standing="partly",
                                  figure_now=2, note=Names.of("en", UNBROKEN))  # fmt: skip
    return promise


STATES: list[Callable[[], str]] = [
    nothing, nothing_planned, no_programme, no_promises, crowd, crowded_programme, narrowed_to_nothing,
    crowded_promises, overdue_promise, paused, missed, closed, archive, series,
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "mn"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_a_public_page_is_whole_in_every_state(
    state: Callable[[], str], language: str, live_site: Site, chromium: Browser
) -> None:
    path = state()
    window = chromium.new_context(base_url=live_site.url)
    window.set_default_timeout(PATIENCE * 1000)
    window.add_init_script(LISTEN)
    tab, faults = window.new_page(), []
    tab.on("pageerror", lambda error: faults.append(f"error: {error}"))
    tab.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    try:
        tab.set_viewport_size(PHONE)
        answer = tab.goto(f"/{language}/{path}", wait_until="load")
        assert answer is not None
        assert answer.status == 200
        for size, colours in ((PHONE, "light"), (DESK, "dark")):
            tab.set_viewport_size(size)
            tab.emulate_media(color_scheme=colours, reduced_motion="reduce")
            faults += [f"{colours} {size['width']}: sticks out: {one}" for one in tab.evaluate(WIDE)]
            faults += [f"{colours} {size['width']}: {one}" for one in shuts_out(tab)]
        faults += [f"refused by the policy: {one}" for one in tab.evaluate("window.refused")]
        assert tab.locator("h1").count() == 1
    finally:
        window.close()
    assert not faults, "\n".join(faults)


def test_a_link_to_a_question_of_the_archive_shows_it_and_a_press_prints(
    live_site: Site, chromium: Browser
) -> None:
    archive()
    webinar = Webinar.objects.get()
    for n in range(60):
        make_question(webinar, f"Number {n}?", votes=100 - n)
    last = webinar.questions.get(text="Number 59?")
    window = chromium.new_context(base_url=live_site.url, viewport=PHONE)  # type: ignore[arg-type]
    window.add_init_script("window.print = () => { document.documentElement.dataset.printed = 'yes'; };")
    tab = window.new_page()
    tab.set_default_timeout(PATIENCE * 1000)
    try:
        tab.goto(f"/en/webinars/{webinar.pk}/?question={last.pk}#q-{last.pk}")
        expect(tab.locator(f"#q-{last.pk}")).to_be_in_viewport()
        tab.locator("[data-print]").click()
        expect(tab.locator("html")).to_have_attribute("data-printed", "yes")
    finally:
        window.close()


def test_a_host_follows_a_promise_without_a_script(live_site: Site, chromium: Browser) -> None:
    from django.conf import settings

    from tests.site import session_of

    promise = _promise(make_webinar(), 1)
    host = make_person(promise.webinar, "Host", "host")
    window = chromium.new_context(base_url=live_site.url, java_script_enabled=False)
    window.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session_of(host), "url": live_site.url}]
    )
    tab = window.new_page()
    tab.set_default_timeout(PATIENCE * 1000)
    try:
        tab.goto(f"/en/promises/{promise.pk}/")
        tab.get_by_role("link", name="Write how it stands").click()
        tab.get_by_label("Source: its title").fill("A report without an address")
        tab.locator("textarea[name=note-text-en]").fill("All of them by spring.")
        tab.get_by_role("button", name="Save").click()
        expect(tab.locator("[role=alert]")).to_be_visible()
        tab.get_by_label("Source: its address").fill("https://example.org/report")
        tab.get_by_label("Done by then").fill("1000000")
        tab.get_by_label("kept", exact=True).check()
        tab.get_by_role("button", name="Save").click()
        expect(tab.locator(".steps")).to_contain_text("All of them by spring.")
        expect(tab.locator(".promise").first).to_contain_text("1,000,000 of 1,000,000")
        expect(tab.locator("main")).not_to_contain_text("overdue")
    finally:
        window.close()
