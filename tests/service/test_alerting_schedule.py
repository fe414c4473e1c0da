from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from redis.asyncio import Redis

from services.alerting.schedule import KEEP_FINISHED, UNCLAIMED, Delivery, DeliverySchedule, DueDelivery, Waiting

NOW = datetime(2024, 3, 5, 9, 30, tzinfo=UTC)
LEASE = 60.0


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def delivery(number: int = 1, webhook: str = "desk", payload: bytes = b'{"n":1}') -> Delivery:
    return Delivery(UUID(int=number), webhook, payload)


@pytest.fixture
def schedule(redis: Redis) -> DeliverySchedule:
    return DeliverySchedule(redis, "test")


async def take(schedule: DeliverySchedule, at: datetime = NOW, limit: int = 100) -> list[DueDelivery]:
    return await schedule.take_due(["desk", "field"], at, limit, LEASE)


async def test_what_is_added_is_due_with_its_exact_bytes(schedule: DeliverySchedule) -> None:
    payload = '{"title":"غارة"}\x00\n'.encode()
    assert await schedule.add([delivery(payload=payload), delivery(2, "field")], NOW) == [True, True]
    one, other = await take(schedule)
    assert (one.alert_id, one.webhook, one.payload, one.attempt) == (UUID(int=1), "desk", payload, 1)
    assert (other.alert_id, other.webhook) == (UUID(int=2), "field")
    assert await schedule.waiting(["desk", "field"]) == {"desk": Waiting(1, 0), "field": Waiting(1, 0)}


async def test_adding_again_changes_nothing_not_even_the_payload(schedule: DeliverySchedule) -> None:
    await schedule.add([delivery(payload=b"first")], NOW)
    assert await schedule.add([delivery(payload=b"second")], later(-100)) == [False]
    (due,) = await take(schedule)
    assert due.payload == b"first"
    assert await schedule.add([], NOW) == []


async def test_a_lease_keeps_others_away_until_it_has_run_out(schedule: DeliverySchedule) -> None:
    await schedule.add([delivery()], NOW)
    (first,) = await take(schedule)
    assert await take(schedule, later(LEASE - 1)) == []
    (second,) = await take(schedule, later(LEASE))
    assert (second.payload, second.attempt) == (first.payload, 1)


async def test_a_delivered_alert_is_never_due_again(schedule: DeliverySchedule, redis: Redis) -> None:
    await schedule.add([delivery()], NOW)
    (due,) = await take(schedule)
    await schedule.delivered(due, NOW)
    await schedule.delivered(due, NOW)
    assert await schedule.add([delivery()], later(60)) == [False]
    assert await take(schedule, later(10**6)) == []
    assert await schedule.waiting(["desk"]) == {"desk": Waiting(0, 0)}
    (key,) = await redis.keys("*:item:*")
    assert await redis.ttl(key) > timedelta(days=14).total_seconds()
    assert await redis.hget(key, "payload") is None


async def test_what_is_pending_never_expires(schedule: DeliverySchedule, redis: Redis) -> None:
    await schedule.add([delivery()], NOW)
    (due,) = await take(schedule)
    await schedule.retry_at(due, later(10))
    assert {await redis.ttl(key) for key in await redis.keys("*")} == {-1}


async def test_a_failed_delivery_is_due_again_when_it_was_put_off_to(schedule: DeliverySchedule) -> None:
    await schedule.add([delivery()], NOW)
    (due,) = await take(schedule)
    assert await schedule.retry_at(due, later(300))
    assert await take(schedule, later(299)) == []
    (again,) = await take(schedule, later(300))
    assert (again.attempt, again.payload) == (2, due.payload)


async def test_a_mark_made_twice_counts_once(schedule: DeliverySchedule) -> None:
    await schedule.add([delivery()], NOW)
    (due,) = await take(schedule)
    assert await schedule.retry_at(due, later(10))
    assert not await schedule.retry_at(due, later(500))
    (again,) = await take(schedule, later(10))
    assert again.attempt == 2


async def test_who_lost_the_lease_cannot_put_off_or_park(schedule: DeliverySchedule) -> None:
    await schedule.add([delivery()], NOW)
    (slow,) = await take(schedule)
    (quick,) = await take(schedule, later(LEASE))
    assert not await schedule.retry_at(slow, later(10**6))
    assert not await schedule.park(slow, later(61))
    assert await schedule.retry_at(quick, later(70))


async def test_delivered_is_final_whoever_says_it(schedule: DeliverySchedule) -> None:
    await schedule.add([delivery()], NOW)
    (slow,) = await take(schedule)
    (quick,) = await take(schedule, later(LEASE))
    await schedule.delivered(slow, later(61))
    assert not await schedule.retry_at(quick, later(70))
    assert not await schedule.park(quick, later(70))
    assert await take(schedule, later(10**6)) == []


async def test_a_parked_delivery_rests_until_it_is_asked_for(schedule: DeliverySchedule) -> None:
    await schedule.add([delivery(), delivery(2)], NOW)
    for due in await take(schedule):
        assert await schedule.park(due, NOW)
    assert await take(schedule, later(10**6)) == []
    assert await schedule.add([delivery()], NOW) == [False]
    assert await schedule.waiting(["desk"]) == {"desk": Waiting(0, 2)}
    assert await schedule.parked("desk") == [UUID(int=1), UUID(int=2)]

    assert await schedule.redeliver("desk", [UUID(int=1), UUID(int=99)], later(5)) == 1
    (again,) = await take(schedule, later(5))
    assert (again.alert_id, again.payload, again.attempt) == (UUID(int=1), b'{"n":1}', 1)
    assert await schedule.waiting(["desk"]) == {"desk": Waiting(1, 1)}
    assert await schedule.redeliver("desk", [], NOW) == 0


async def test_a_parked_delivery_that_arrived_after_all_is_delivered(schedule: DeliverySchedule) -> None:
    await schedule.add([delivery()], NOW)
    (slow,) = await take(schedule)
    (quick,) = await take(schedule, later(LEASE))
    await schedule.park(quick, later(61))
    await schedule.delivered(slow, later(62))
    assert await schedule.waiting(["desk"]) == {"desk": Waiting(0, 0)}
    assert await schedule.redeliver("desk", [UUID(int=1)], later(63)) == 0


async def test_each_webhook_has_its_own_limit(schedule: DeliverySchedule) -> None:
    await schedule.add([delivery(n) for n in range(50)] + [delivery(99, "field")], NOW)
    taken = Counter(due.webhook for due in await take(schedule, limit=4))
    assert taken == {"desk": 4, "field": 1}


async def test_the_longest_due_comes_first(schedule: DeliverySchedule) -> None:
    for number, seconds in ((3, 0.0), (1, 1.0), (2, 2.0)):
        await schedule.add([delivery(number)], later(seconds))
    assert [due.alert_id.int for due in await take(schedule, later(5), limit=2)] == [3, 1]


async def test_concurrent_takers_share_the_work_without_doubling_it(valkey_url: str) -> None:
    clients = [Redis.from_url(valkey_url) for _ in range(6)]
    schedules = [DeliverySchedule(client, "test") for client in clients]
    adding = [delivery(n) for n in range(300)]
    await asyncio.gather(*(schedule.add(adding, NOW) for schedule in schedules))
    seen: list[UUID] = []

    async def work(schedule: DeliverySchedule) -> None:
        while batch := await take(schedule, limit=7):
            for due in batch:
                seen.append(due.alert_id)
                await schedule.delivered(due, NOW)

    await asyncio.gather(*map(work, schedules))
    assert len(seen) == 300
    assert set(seen) == {one.alert_id for one in adding}
    for client in clients:
        await client.aclose()


async def test_nothing_is_taken_for_no_webhook(schedule: DeliverySchedule) -> None:
    await schedule.add([delivery()], NOW)
    assert await schedule.take_due([], NOW, 10, LEASE) == []


async def test_each_webhook_that_ever_got_a_delivery_is_known(schedule: DeliverySchedule) -> None:
    assert await schedule.webhooks() == []
    await schedule.add([delivery(), delivery(2), delivery(3, "field")], NOW)
    for due in await take(schedule):
        await schedule.delivered(due, NOW)
    assert await schedule.webhooks() == ["desk", "field"]


async def test_only_what_no_known_webhook_has_claimed_for_long_is_taken_as_unknown(schedule: DeliverySchedule) -> None:
    await schedule.add([delivery(), delivery(2, "field")], NOW)
    hour = UNCLAIMED.total_seconds()
    assert await schedule.take_unknown(["desk"], later(hour - 1), 10, LEASE) == []
    assert await schedule.take_unknown(["desk", "field"], later(hour), 10, LEASE) == []
    (due,) = await schedule.take_unknown(["desk"], later(hour), 10, LEASE)
    assert (due.alert_id, due.webhook, due.attempt) == (UUID(int=2), "field", 1)
    assert await schedule.take_due(["field"], later(hour + LEASE - 1), 10, LEASE) == []
    (back,) = await schedule.take_due(["field"], later(hour + LEASE), 10, LEASE)
    assert back.payload == due.payload


async def test_what_is_parked_is_forgotten_with_the_last_of_it(schedule: DeliverySchedule, redis: Redis) -> None:
    await schedule.add([delivery()], NOW)
    (due,) = await take(schedule)
    await schedule.park(due, NOW)
    (item,), (parked,) = await redis.keys("*:item:*"), await redis.keys("*:parked:*")
    assert 0 < await redis.ttl(item) <= await redis.ttl(parked) <= KEEP_FINISHED.total_seconds()
    await schedule.redeliver("desk", [UUID(int=1)], NOW)
    assert await redis.ttl(item) == -1


async def test_all_keys_lie_in_one_slot_of_a_cluster(valkey_cluster_url: str) -> None:
    async with Redis.from_url(valkey_cluster_url) as client:
        schedule = DeliverySchedule(client, "test")
        await schedule.add([delivery(), delivery(2, "field")], NOW)
        (due,) = await schedule.take_unknown(["desk"], NOW + UNCLAIMED, 10, LEASE)
        assert await schedule.park(due, NOW)
        assert await schedule.parked("field") == [UUID(int=2)]
        assert await schedule.webhooks() == ["desk", "field"]
