"""What was put off is done by whoever serves: once, again when it failed, and not twice at once."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from config import jobs
from config.models import Job
from tests.site import Site


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the handler of the kind "note" was given; a payload with `fails` raises."""
    given: list[Any] = []

    def handler(payload: dict[str, Any]) -> None:
        given.append(payload)
        if payload.get("fails"):
            raise ValueError(payload["fails"])

    monkeypatch.setitem(jobs._handlers, "note", handler)
    return given


@pytest.mark.django_db
def test_what_is_due_is_done_once(done: list[Any]) -> None:
    jobs.enqueue("note", {"n": 1}, key="one")
    jobs.enqueue("note", {"n": 2}, key="one")  # wanted twice before it was done is one job
    assert jobs.work_due() == 1
    assert done == [{"n": 2}]
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_what_is_not_due_waits(done: list[Any]) -> None:
    jobs.enqueue("note", {}, key="later", due_in=timedelta(hours=1))
    assert jobs.work_due() == 0
    assert done == []


@pytest.mark.django_db
def test_what_failed_is_visible_and_due_again_later(done: list[Any]) -> None:
    jobs.enqueue("note", {"fails": "no paper"}, key="sad")
    assert jobs.work_due() == 1
    job = Job.objects.get()
    assert (job.tries, job.error, job.lease_until) == (1, "ValueError('no paper')", None)
    assert job.due_at > timezone.now()


@pytest.mark.django_db
def test_what_somebody_holds_is_left_to_them_until_their_lease_runs_out(done: list[Any]) -> None:
    jobs.enqueue("note", {}, key="held")
    Job.objects.update(lease_until=timezone.now() + timedelta(minutes=1))
    assert jobs.work_due() == 0
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.work_due() == 1
    assert len(done) == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_serves_does_it(tmp_path: Path) -> None:
    Job.objects.create(kind="nobody knows this", key="here")
    site = Site(tmp_path)
    site.start()
    try:
        ends = time.monotonic() + 60
        while not Job.objects.get().error:
            assert time.monotonic() < ends, site.logged()
            time.sleep(0.1)
    finally:
        site.stop()
    assert Job.objects.get().error == "LookupError('nobody does nobody knows this')"


@pytest.mark.django_db
def test_what_is_wanted_again_while_it_runs_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []

    def handler(payload: dict[str, Any]) -> None:
        given.append(payload["n"])
        if payload["n"] == 1:
            jobs.enqueue("note", {"n": 2}, key="one")

    monkeypatch.setitem(jobs._handlers, "note", handler)
    jobs.enqueue("note", {"n": 1}, key="one")
    assert jobs.work_due() == 2
    assert given == [1, 2]
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_what_never_works_is_given_up_and_stays_to_be_seen(done: list[Any]) -> None:
    jobs.enqueue("note", {"fails": "always"}, key="poison")
    jobs.enqueue("note", {"n": 1}, key="good")
    for _ in range(jobs.MAX_TRIES * 2):
        jobs.work_due()
        Job.objects.update(due_at=timezone.now())
    assert (Job.objects.get().key, Job.objects.get().tries) == ("poison", jobs.MAX_TRIES)
    assert {"n": 1} in done
    jobs.enqueue("note", {"n": 2}, key="poison")  # wanted anew, it gets new tries
    assert jobs.work_due() == 1


@pytest.mark.django_db
def test_a_worker_that_was_too_slow_does_not_end_the_lease_of_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    later = timezone.now() + timedelta(hours=1)

    def slow(payload: dict[str, Any]) -> None:
        """Meanwhile the lease ran out, somebody wanted it again, and another worker took it."""
        jobs.enqueue("note", {}, key="one")
        Job.objects.update(lease_until=later)
        if payload:
            raise ValueError("too late, too")

    monkeypatch.setitem(jobs._handlers, "note", slow)
    for payload in ({}, {"fails": True}):
        jobs.enqueue("note", payload, key="one")
        Job.objects.update(lease_until=None)
        assert jobs.work_due() == 1
        assert Job.objects.get().lease_until == later
