"""Help in the knowledge base: put there once, renewed while it is ours, found, and reached by short addresses."""

import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from accounts.actions import create_user
from accounts.languages import INTERFACE
from accounts.names import Names
from config import site_settings
from config.models import SiteSettings
from knowledge import pages
from knowledge.actions import Installed, Text, install_pages, publish_revision, withdraw
from knowledge.models import Edition, Guide, Revision, SearchEntry
from knowledge.search import search
from tests.knowledge.writers import make_writer, publish
from webinars.demo.build import build
from webinars.models import Webinar

pytestmark = pytest.mark.django_db

ALL = len(pages.KEYS) * len(INTERFACE)


def everything() -> dict[str, list[Any]]:
    """Every row of the knowledge base and of people."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.app_label in ("accounts", "knowledge")
    }


def edition(key: str, language: str = "en") -> Edition:
    return Edition.objects.select_related("guide", "live").get(guide__key=key, language=language)


@pytest.fixture
def installed() -> None:
    assert install_pages() == Installed(new=ALL)


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The texts as another version of the program has them."""
    folder = tmp_path / "pages"
    shutil.copytree(pages.FOLDER, folder)
    monkeypatch.setattr(pages, "FOLDER", folder)
    return folder


def upgrade(sources: Path, name: str, words: str = "One more sentence.") -> None:
    path = sources / name
    path.write_text(path.read_text(encoding="utf-8") + f"\n{words}\n", encoding="utf-8")


def test_installing_twice_changes_nothing(installed: None) -> None:
    before = everything()
    assert install_pages() == Installed()
    assert everything() == before
    said = StringIO()
    call_command("pages", stdout=said)
    assert said.getvalue() == "as they were\n"


def test_every_page_is_published_in_every_language_and_belongs_to_nobody(installed: None) -> None:
    shown = set(Edition.objects.published().values_list("guide__key", "language"))
    assert shown == {(key, language) for key in pages.KEYS for language in INTERFACE}
    assert set(Guide.objects.values_list("kind", "owner")) == {("page", None)}
    assert set(Revision.objects.values_list("author", flat=True)) == {None}
    assert edition("host", "mn").live.based_on == edition("host").live  # type: ignore[union-attr]


def test_a_page_that_is_still_ours_is_renewed_by_a_new_revision(installed: None, sources: Path) -> None:
    upgrade(sources, "host.en.md", "Press nothing else.")
    assert install_pages() == Installed(renewed=1)
    live = edition("host").live
    assert live is not None
    assert "Press nothing else." in live.html
    assert live.number == 2
    assert live.parent is not None
    assert "Press nothing else." not in live.parent.body
    assert install_pages() == Installed()


def test_what_somebody_edited_is_never_overwritten_and_the_other_languages_are_renewed(
    installed: None, sources: Path
) -> None:
    ours = edition("privacy", "et")
    editor = make_writer("editor")
    mine = publish_revision(ours, editor, Text("Meie privaatsus", "", "Meie sõnad."), base=ours.live)
    for language in INTERFACE:
        upgrade(sources, f"privacy.{language}.md")
    assert install_pages() == Installed(renewed=3, kept=1)
    assert edition("privacy", "et").live == mine
    said = StringIO()
    call_command("pages", stdout=said)
    assert said.getvalue() == "1 kept as edited here\n"


def test_what_was_withdrawn_stays_withdrawn(installed: None, sources: Path) -> None:
    withdraw(edition("host"), why="We do it otherwise here.")
    upgrade(sources, "host.en.md")
    assert install_pages() == Installed(kept=1)
    assert edition("host").state == Edition.State.WITHDRAWN


def test_what_was_cut_short_is_finished_the_next_time(installed: None) -> None:
    Edition.objects.filter(guide__key="speaker", language="uk").delete()
    assert install_pages() == Installed(new=1)


def test_the_demo_does_not_take_them_for_somebodys_content(installed: None) -> None:
    assert build()
    assert Webinar.objects.exists()


def test_the_demo_still_refuses_a_site_with_people_of_its_own(installed: None) -> None:
    create_user("real@example.org", None, name="Real")
    with pytest.raises(CommandError, match="of your own"):
        call_command("demo", verbosity=0)
    assert not Webinar.objects.exists()


@pytest.mark.parametrize(
    ("typed", "language", "key"),
    [
        ("lost personal link of a speaker", "en", "speaker"),
        ("küpsised", "et", "privacy"),
        ("скасувати дію клавіша", "uk", "moderator"),
        ("шинжээч сургамж ноорог", "mn", "expert"),
    ],
)
def test_help_is_found_in_search(installed: None, typed: str, language: str, key: str) -> None:
    found = search(typed, {"public"}, reads=(language,)).hits
    assert f"/knowledge/{edition(key, language).guide_id}-" in "".join(hit.url for hit in found[:3])


def test_a_short_address_leads_to_the_page_in_the_language_of_the_address(installed: None) -> None:
    for language in INTERFACE:
        answer = Client().get(f"/{language}/help/host/", follow=True)
        assert answer.status_code == 200
        title = edition("host", language).live.title  # type: ignore[union-attr]
        assert f"<h1 lang=\"{language}\" dir=\"auto\">{title}</h1>" in answer.content.decode()  # fmt: skip


def test_without_a_language_in_it_the_reader_is_led_to_their_own(installed: None) -> None:
    browser = Client(headers={"accept-language": "et,en;q=0.5"})
    assert browser.get("/help/host/")["location"] == "/et/help/host/"
    assert browser.get("/help/")["location"] == "/et/help/"
    browser.cookies["reads"] = "mn.en"
    assert browser.get("/help/host/")["location"] == "/mn/help/host/"


def test_a_page_that_is_not_there_yet_leads_to_the_list_and_one_that_never_was_is_not_found() -> None:
    assert Client().get("/en/help/privacy/")["location"] == "/en/help/"
    assert "python3 manage.py pages" in Client().get("/en/help/").content.decode()
    assert Client().get("/en/help/nothing/").status_code == 404


def test_the_list_names_every_page_in_the_readers_language(
    installed: None, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        page = Client().get("/uk/help/").content.decode()
    for key in pages.KEYS:
        assert edition(key, "uk").live.title in page  # type: ignore[union-attr]
    assert "python3 manage.py pages" not in page


def test_the_shelf_the_front_page_and_the_feed_hold_what_people_wrote_alone(installed: None) -> None:
    wrote = publish()
    for place in ("/en/knowledge/", "/en/knowledge/?kind=page", "/en/knowledge/feed/", "/en/"):
        assert "Help for hosts" not in Client().get(place).content.decode()
    for place in ("/en/knowledge/", "/en/knowledge/feed/", "/en/"):
        assert wrote.title in Client().get(place).content.decode()


def test_a_page_of_ours_is_not_called_unreviewed_and_one_somebody_wrote_over_it_is(installed: None) -> None:
    where = f"/en/knowledge/{edition('host').guide_id}/"
    assert "not yet reviewed" not in Client().get(where, follow=True).content.decode()
    publish_revision(
        edition("host"), make_writer("editor"), Text("Ours", "", "Words."), base=edition("host").live
    )
    assert "not yet reviewed" in Client().get(where, follow=True).content.decode()


def privacy(client: Client | None = None) -> str:
    return (client or Client()).get("/en/help/privacy/", follow=True).content.decode()


def test_what_the_site_has_not_said_yet_is_seen_on_the_page_and_told_to_administrators(
    installed: None,
) -> None:
    assert '<mark class="unknown">to be filled in: who runs this site</mark>' in privacy()
    assert "is not settled yet" not in privacy()
    administrator = Client()
    administrator.force_login(make_writer("administrator", is_staff=True))
    assert "is not settled yet" in privacy(administrator)


def test_what_the_site_says_of_itself_stands_in_its_pages_as_plain_words(installed: None) -> None:
    SiteSettings.objects.create(
        pk=SiteSettings.THE_ONE,
        institution=Names.of("en", "Ministry <b>of</b> Bridges", mn="Гүүрийн яам"),
        contact_email="bridge@example.org",
    )
    try:
        site_settings.look_again()
        page = privacy()
        assert "Ministry &lt;b&gt;of&lt;/b&gt; Bridges" in page
        assert '<a href="mailto:bridge@example.org">bridge@example.org</a>' in page
        assert "to be filled in" not in page
        assert "{institution}" not in page
        markdown = Client().get(
            f"/mn/knowledge/{edition('privacy').guide_id}-{edition('privacy', 'mn').slug}.md"
        )
        assert "Гүүрийн яам" in markdown.content.decode()
    finally:
        SiteSettings.objects.all().delete()
        site_settings.look_again()


def test_no_brace_is_left_in_what_the_search_shows(installed: None) -> None:
    assert SearchEntry.objects.filter(object_id=edition("privacy").guide_id).exists()
    assert not [entry.pk for entry in SearchEntry.objects.all() if "{" in entry.plain]


def test_somebody_who_may_translate_is_offered_it_where_the_language_is_missing() -> None:
    wrote = publish()
    where = f"/mn/knowledge/{wrote.edition.guide_id}-{wrote.edition.slug}/"
    translator, reader = Client(), Client()
    translator.force_login(make_writer("translator", name="Bat"))
    reader.force_login(make_writer("reviewer", name="Reader"))
    offer = f"/mn/knowledge/{wrote.edition.guide_id}/edit/mn/"
    assert offer in translator.get(where).content.decode()
    assert translator.get(offer).status_code == 200
    assert offer not in reader.get(where).content.decode()
    assert offer not in translator.get(where.replace("/mn/", "/en/")).content.decode()
