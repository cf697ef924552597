"""Who was in the room, from when until when."""

from pathlib import Path

from tests.factories import make_person, make_webinar
from tests.site import Site
from webinars.models import Attendance


def test_somebody_who_came_with_two_tabs_and_a_bad_line_was_here_once(
    transactional_db: None, tmp_path: Path
) -> None:
    site = Site(tmp_path)
    site.start()
    webinar = make_webinar()
    person, other = make_person(webinar), make_person(webinar)
    with site.socket(person) as one, site.socket(person) as two:
        one.until("mine")
        two.until("mine")
    with site.socket(person) as back, site.socket(other) as line:  # the line broke for a moment
        back.until("mine")
        line.until("mine")
        assert site.terminate() == 0
    attended = {row.participant_id: row for row in Attendance.objects.all()}
    assert Attendance.objects.count() == 2
    assert attended[person.pk].arrived_at < attended[other.pk].arrived_at
    assert all(row.arrived_at <= row.left_at for row in attended.values())
