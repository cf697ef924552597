"""S46: hosts take people and questions along as tables; nothing in them is a formula or a name that was not allowed."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import JournalLine
from tests.factories import make_person, make_question, make_user, make_webinar
from webinars.addresses import address
from webinars.models import Answer, AnswerKind, NameShown, Role, State, Visibility, Webinar
from webinars.sheets import FORMULA, safe, sheet


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture
def webinar(db: None) -> Webinar:
    return make_webinar(zone="Asia/Hovd")


@pytest.fixture
def host(webinar: Webinar) -> Client:
    user = make_user("Host")
    make_person(webinar, "Host", Role.HOST, user=user)
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.mark.parametrize("start", [*FORMULA, " =", "\u200b=", "\n=", "\ufeff@", "＝", "＋"])
def test_s46_a_cell_never_begins_like_a_formula(start: str) -> None:
    assert safe(f"{start}cmd|' /C calc'!A0").startswith("'")


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_s46_any_words_come_back_as_they_were_but_for_the_mark(cells: list[str]) -> None:
    content = sheet(["head"], [cells])
    assert content.startswith(b"\xef\xbb\xbf")
    [_, row] = rows_of(content)
    assert [one.removeprefix("'") for one in row] == [
        one.replace("\x00", "").removeprefix("'") for one in cells
    ]
    assert not any(one.lstrip().startswith(("=", "+", "-", "@")) for one in row)


def test_s46_what_people_wrote_about_themselves_is_no_formula_in_the_hosts_table(
    webinar: Webinar, host: Client
) -> None:
    make_person(webinar, '=HYPERLINK("https://evil.example";"x")', place="+976 11", email="-1@example.org")
    answer = host.get(address(webinar, "people_sheet"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="webinar-{webinar.pk}-people.csv"'
    assert "no-store" in answer["Cache-Control"]
    rows = rows_of(answer.content)
    assert rows[0][:2] == ["Number", "Name"]
    assert rows[2][1] == '\'=HYPERLINK("https://evil.example";"x")'
    assert rows[2][5:7] == ["'+976 11", "'-1@example.org"]


def test_s46_questions_go_with_their_answers_and_only_with_names_everybody_may_read(
    webinar: Webinar, host: Client
) -> None:
    shown = {name: make_person(webinar, f"Asker {name}") for name in NameShown.values}
    for name, person in shown.items():
        make_question(webinar, f"@asked {name}", participant=person, name_shown=name)
    make_question(webinar, "Taken back", visibility=Visibility.WITHDRAWN)
    question = make_question(webinar, "Given up", participant=shown["all"], archive_keeps_name=False)
    speaker = make_person(webinar, "Speaker, Estonia", Role.SPEAKER)
    Answer.objects.create(question=question, gist="Nobody, at first.", language="en", speaker=speaker)
    Answer.objects.create(question=question, kind=AnswerKind.PROMISED)

    def read() -> list[dict[str, str]]:
        rows = rows_of(host.get(address(webinar, "questions_sheet")).content)
        return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]

    found = read()
    assert [(row["Question"], row["Asked by"]) for row in found] == [
        ("'@asked all", "Asker all"), ("'@asked moderators", ""), ("'@asked nobody", ""), ("Given up", "Asker all"),
    ]  # fmt: skip
    assert (found[3]["Answer"], found[3]["Answered by"]) == ("Nobody, at first.", "Speaker, Estonia")
    assert found[3]["Asked"].endswith("+07:00")
    Webinar.objects.update(state=State.ENDED)
    assert read()[3]["Asked by"] == ""


@pytest.mark.parametrize("page", ["people_sheet", "questions_sheet"])
def test_s46_only_hosts_take_them_along_and_that_is_written_down(
    webinar: Webinar, host: Client, page: str
) -> None:
    for role in (Role.ATTENDEE, Role.SPEAKER, Role.LANGUAGE_DESK, Role.MODERATOR):
        user = make_user("Other")
        make_person(webinar, "Other", role, user=user)
        other = Client()
        other.force_login(user)
        assert other.get(address(webinar, page)).status_code == 403
    assert Client().get(address(webinar, page)).status_code == 403
    assert not JournalLine.objects.filter(what="exported").exists()
    assert host.get(address(webinar, page)).status_code == 200
    line: Any = JournalLine.objects.get(what="exported")
    assert line.by.name == "Host"
    assert line.detail == f"webinar {webinar.pk}: {page.split('_')[0]}"


def test_the_hosts_page_leads_to_both(webinar: Webinar, host: Client) -> None:
    page = host.get(address(webinar, "people")).content.decode()
    assert address(webinar, "people_sheet") in page
    assert address(webinar, "questions_sheet") in page
