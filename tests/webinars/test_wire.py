"""What is on the wire is text that every pen can write: half characters stay outside, whoever sends them."""

import json
from uuid import UUID, uuid4

import pytest

from tests.factories import make_person, make_question, make_webinar
from tests.site import Site
from webinars.live.protocol import Malformed, checked, parse

# json.loads makes of this half a character, which UTF-8 cannot say.
HALF = "\\ud800"


@pytest.mark.parametrize(
    "bad",
    [
        '{"ref":"a\\u0000","do":"vote","question":1,"on":true}',
        '{"do":"gist","question":1,"gist":"x\\u0000","language":"en"}',
        '{"do":"vote","question":9223372036854775808,"on":true}',
        f'{{"do":"vote","question":{"9" * 5000},"on":true}}',
        '{"do":"vote","question":1.5,"on":true}',
        '{"do":"vote","question":NaN,"on":true}',
        f'{{"ref":{"9" * 65},"do":"vote","question":1,"on":true}}',
        f'{{"ref":"{"x" * 65}","do":"vote","question":1,"on":true}}',
    ],
)
def test_what_no_column_and_no_frame_can_hold_is_malformed(bad: str) -> None:
    with pytest.raises(Malformed):
        parse(bad)


@pytest.mark.parametrize(
    ("sent", "name", "held"),
    [
        (f'{{"do":"ask","client_id":"{UUID(int=7)}","text":"Why{HALF}?","language":"en"}}', "text", "Why?"),
        (f'{{"do":"notice","text":"Soon{HALF}","language":"en"}}', "text", "Soon"),
        (f'{{"do":"gist","question":1,"gist":"{HALF}So","language":"en{HALF}"}}', "gist", "So"),
    ],
)
def test_half_a_character_is_left_out(sent: str, name: str, held: str) -> None:
    """A box that counts to 500 may cut an emoji in two; the rest of what was typed is not lost for it."""
    assert parse(sent).args[name] == held
    assert parse(f'{{"ref":"7{HALF}","do":"interrupt"}}').ref == "7"


def test_of_a_key_that_comes_twice_the_last_counts_and_only_once() -> None:
    command = parse('{"do":"vote","do":"vote","question":1,"question":2,"on":true}')
    assert command.args == {"question": 2, "on": True}


def test_a_name_setting_nobody_knows_is_never_taken_for_everybody() -> None:
    fields = {"do": "ask", "client_id": str(uuid4()), "text": "Why?", "language": "en"}
    assert checked({**fields, "name_shown": "nobody"}).args["name_shown"] == "nobody"
    with pytest.raises(Malformed):
        checked({**fields, "name_shown": "Nobody "})


def test_half_a_character_harms_neither_its_sender_nor_those_in_the_same_batch(live_site: Site) -> None:
    webinar = make_webinar()
    question = make_question(webinar)
    with live_site.socket(make_person(webinar)) as bad, live_site.socket(make_person(webinar)) as good:
        bad.until("mine")
        good.until("mine")
        bad.ws.send(f'{{"ref":"7{HALF}","do":"vote","question":{question.pk},"on":true}}')
        assert "ok" in good.ask_for("vote", question=question.pk, on=True)
        assert bad.until("ok", ref="7") == {"ref": "7", "ok": {}}
        assert "ok" in bad.ask_for("vote", question=question.pk, on=False)
    assert "Traceback" not in live_site.logged()


def test_many_well_made_refusals_are_all_answered(live_site: Site) -> None:
    webinar = make_webinar()
    with live_site.socket(make_person(webinar)) as line:
        line.until("mine")
        refs = [line.say("vote", question=10**6, on=True) for _ in range(50)]
        for ref in refs:
            assert line.until(ref=ref)["error"] == "not_found"
    assert json.dumps(line.heard).count("not_found") == 50
