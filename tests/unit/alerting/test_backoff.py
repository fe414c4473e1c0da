from __future__ import annotations

from random import Random

import pytest

from services.alerting.backoff import LONGEST_SECONDS, MAX_ATTEMPTS, wait_before_next

DAY = 24 * 3600


def waits(rng: Random) -> list[float]:
    return [wait for attempt in range(1, MAX_ATTEMPTS) if (wait := wait_before_next(attempt, rng)) is not None]


def test_ten_attempts_take_about_three_days() -> None:
    for seed in range(50):
        assert 2.4 * DAY < sum(waits(Random(seed))) < 3.6 * DAY


def test_after_the_last_attempt_there_is_none() -> None:
    assert len(waits(Random(0))) == MAX_ATTEMPTS - 1
    assert wait_before_next(MAX_ATTEMPTS, Random(0)) is None
    assert wait_before_next(MAX_ATTEMPTS, Random(0), retry_after=5.0) is None


def test_waits_grow_from_seconds_to_a_day() -> None:
    first, second, *_, last = waits(Random(1))
    assert 10 < first < 20 < second < 120
    assert last > 0.8 * DAY


def test_failures_at_the_same_moment_do_not_come_back_together() -> None:
    rng = Random(2)
    assert len({wait_before_next(1, rng) for _ in range(100)}) == 100
    assert waits(Random(3)) == waits(Random(3))


def test_a_receiver_can_lengthen_the_wait_but_not_shorten_it_or_go_beyond_a_day() -> None:
    assert wait_before_next(1, Random(0), retry_after=600.0) == pytest.approx(600.0)
    assert wait_before_next(5, Random(0), retry_after=1.0) == wait_before_next(5, Random(0))
    assert wait_before_next(1, Random(0), retry_after=10.0**9) == LONGEST_SECONDS
