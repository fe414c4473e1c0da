"""Alerts for a webhook that was removed from the rule file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from redis.asyncio import Redis

from schemas.alerts_log import DeliveryAttempt
from services.alerting.parking import NOT_NAMED, park_unknown
from services.alerting.schedule import UNCLAIMED, Delivery, DeliverySchedule, Waiting

NOW = datetime(2024, 3, 5, 9, 30, tzinfo=UTC)
LATER = NOW + UNCLAIMED
LEASE = 60.0


class Log:
    """Stands for `alerts.log`; refuses the attempts of which it was told to."""

    def __init__(self) -> None:
        self.attempts: list[DeliveryAttempt] = []
        self.refused: set[UUID] = set()

    async def publish(self, attempt: DeliveryAttempt) -> None:
        if attempt.alert_id in self.refused:
            raise ConnectionError("Kafka is away")
        self.attempts.append(attempt)


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
async def schedule(valkey_url: str):
    async with Redis.from_url(valkey_url) as client:
        schedule = DeliverySchedule(client, "test")
        await schedule.add([Delivery(UUID(int=n), "removed", b"payload %d" % n) for n in (1, 2)], NOW)
        await schedule.add([Delivery(UUID(int=1), "desk", b"payload 1")], NOW)
        yield schedule


async def parked(
    schedule: DeliverySchedule, log: Log, at: datetime = LATER, known: tuple[str, ...] = ("desk",), at_once: int = 10
) -> list[DeliveryAttempt]:
    return await park_unknown(schedule, known, log.publish, clock=lambda: at, lease_seconds=LEASE, at_once=at_once)


async def test_it_is_parked_and_logged_and_what_is_known_stays(schedule: DeliverySchedule, log: Log) -> None:
    said = await parked(schedule, log)
    assert said == log.attempts
    assert [(one.alert_id.int, one.webhook, one.attempt, one.outcome, one.error) for one in said] == [
        (1, "removed", 1, "parked", NOT_NAMED),
        (2, "removed", 1, "parked", NOT_NAMED),
    ]
    assert await schedule.waiting(["removed", "desk"]) == {"removed": Waiting(0, 2), "desk": Waiting(1, 0)}
    assert await parked(schedule, log, LATER + timedelta(days=1)) == []


async def test_it_is_delivered_when_the_webhook_is_back(schedule: DeliverySchedule, log: Log) -> None:
    await parked(schedule, log)
    assert await schedule.redeliver("removed", await schedule.parked("removed"), LATER) == 2
    taken = await schedule.take_due(["removed"], LATER, 10, LEASE)
    assert [(due.payload, due.attempt) for due in taken] == [(b"payload 1", 1), (b"payload 2", 1)]


async def test_a_webhook_that_is_back_in_time_loses_nothing(schedule: DeliverySchedule, log: Log) -> None:
    assert await parked(schedule, log, LATER - timedelta(seconds=1)) == []
    assert await parked(schedule, log, known=("desk", "removed")) == []
    assert len(await schedule.take_due(["removed"], LATER, 10, LEASE)) == 2


async def test_earlier_attempts_count_and_a_retry_is_awaited(schedule: DeliverySchedule, log: Log) -> None:
    for due in await schedule.take_due(["removed"], NOW, 10, LEASE):
        await schedule.retry_at(due, NOW + timedelta(hours=4))
    assert await parked(schedule, log) == []
    assert [one.attempt for one in await parked(schedule, log, LATER + timedelta(hours=4))] == [2, 2]


async def test_what_could_not_be_logged_is_not_parked_and_comes_again(schedule: DeliverySchedule, log: Log) -> None:
    log.refused = {UUID(int=2)}
    with pytest.raises(ConnectionError):
        await parked(schedule, log)
    assert await schedule.waiting(["removed"]) == {"removed": Waiting(1, 1)}
    log.refused.clear()
    again = await parked(schedule, log, LATER + UNCLAIMED + timedelta(seconds=LEASE))
    assert [(one.alert_id.int, one.attempt) for one in again] == [(2, 1)]
    assert await schedule.waiting(["removed"]) == {"removed": Waiting(0, 2)}


async def test_much_of_it_is_parked_round_by_round(schedule: DeliverySchedule, log: Log) -> None:
    while await parked(schedule, log, at_once=1):
        pass
    assert [one.alert_id.int for one in log.attempts] == [1, 2]
