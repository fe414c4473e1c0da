"""When a worker counts as dead."""

from __future__ import annotations

from services.runtime.deadletters import Origin
from services.runtime.health import stuck_reason
from services.runtime.step import Incoming, Progress


def test_an_idle_worker_is_healthy() -> None:
    assert stuck_reason(Progress("in"), lag=0, now=10_000.0, limit=60) is None


def test_a_worker_with_lag_that_acknowledges_nothing_is_dead() -> None:
    progress = Progress("in")
    assert stuck_reason(progress, lag=7, now=1_000.0, limit=60) is None
    reason = stuck_reason(progress, lag=9, now=1_061.0, limit=60)
    assert reason is not None
    assert "9 records of in wait" in reason


def test_a_worker_that_was_idle_for_long_has_time_for_its_first_record() -> None:
    progress = Progress("in")
    assert stuck_reason(progress, lag=0, now=10_000.0, limit=60) is None
    assert stuck_reason(progress, lag=1, now=20_000.0, limit=60) is None


def test_a_worker_with_lag_that_gets_on_is_healthy() -> None:
    progress = Progress("in")
    for now in range(0, 600, 10):
        assert stuck_reason(progress, lag=7_000, now=float(now), limit=60) is None
        progress.acknowledge([Incoming(Origin("in", 0, now), b"k", b"v")])


def test_a_step_that_takes_too_long_is_dead_without_lag() -> None:
    assert stuck_reason(Progress("in", busy_since=10.0), lag=0, now=100.0, limit=60) is not None


def test_progress_forgets_partitions_that_were_taken_away() -> None:
    progress = Progress("in")
    progress.acknowledge([Incoming(Origin("in", 3, 41), b"k", b"v")])
    assert progress.next_offsets == {("in", 3): 42}
    progress.start_over()
    assert progress.next_offsets == {}
