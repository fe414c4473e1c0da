from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from schemas.alerts import Alert
from services.alerting.evaluate import evaluate
from services.alerting.firing import FiringLedger, alert_bytes
from tests.unit.alerting.examples import book, strike

TTL = timedelta(days=30)


def alert(story: str = "story-1", name: str = "wire-1", title: str = "غارة", rule: str = "watched") -> Alert:
    (found,) = evaluate(strike(story_id=story, name=name), book("{place: إدلب}", title=title))
    return found if rule == "watched" else found.model_copy(update={"rule": rule, "alert_id": uuid4()})


@pytest.fixture
def ledger(redis: Redis) -> FiringLedger:
    return FiringLedger(redis, "test", TTL)


async def claim(ledger: FiringLedger, *alerts: Alert) -> list[bytes | None]:
    return await ledger.claim(alerts, [one.article.record_id for one in alerts])


async def test_the_first_record_of_a_story_tells_and_the_others_stay_silent(ledger: FiringLedger) -> None:
    first, second = alert(name="wire-1"), alert(name="wire-2")
    assert await claim(ledger, first) == [alert_bytes(first)]
    assert await claim(ledger, second) == [None]


async def test_a_replay_goes_on_with_the_same_bytes(ledger: FiringLedger) -> None:
    first = alert()
    assert await claim(ledger, first) == await claim(ledger, first) == [alert_bytes(first)]


async def test_a_replay_after_the_rule_was_edited_gets_the_bytes_of_the_first_time(ledger: FiringLedger) -> None:
    before, after = alert(title="غارة"), alert(title="غارة جوية")
    assert alert_bytes(before) != alert_bytes(after)
    await claim(ledger, before)
    assert await claim(ledger, after) == [alert_bytes(before)]


async def test_a_batch_is_answered_in_order(ledger: FiringLedger) -> None:
    one, copy, other = alert(), alert(name="wire-2"), alert(story="story-2")
    assert await claim(ledger, one, copy, other) == [alert_bytes(one), None, alert_bytes(other)]
    assert await claim(ledger, other, copy, one) == [alert_bytes(other), None, alert_bytes(one)]
    assert await claim(ledger) == []


async def test_other_stories_and_other_prefixes_are_told_for_themselves(redis: Redis, ledger: FiringLedger) -> None:
    first = alert()
    await claim(ledger, first)
    assert await claim(ledger, alert(story="story-2"))
    assert await claim(FiringLedger(redis, "other", TTL), first) == [alert_bytes(first)]


async def test_of_many_records_at_once_exactly_one_tells(valkey_url: str) -> None:
    clients = [Redis.from_url(valkey_url) for _ in range(8)]
    records = [alert(name=f"wire-{n}") for n in range(64)]
    answers = await asyncio.gather(
        *(claim(FiringLedger(clients[n % 8], "test", TTL), one) for n, one in enumerate(records))
    )
    assert sum(answer != [None] for answer in answers) == 1
    for client in clients:
        await client.aclose()


async def test_what_was_told_is_remembered_for_as_long_as_the_story_goes_on(redis: Redis, ledger: FiringLedger) -> None:
    await claim(ledger, alert())
    (key,) = await redis.keys("*")
    assert key.startswith(b"{test}:")
    await redis.expire(key, 60)
    assert await claim(ledger, alert(name="wire-2")) == [None]
    assert await redis.ttl(key) > TTL.total_seconds() - 60


async def test_memory_outlives_what_can_be_replayed_however_short_it_is_set(redis: Redis) -> None:
    await claim(FiringLedger(redis, "test", timedelta(days=1)), alert())
    (key,) = await redis.keys("*")
    assert await redis.ttl(key) > timedelta(days=21).total_seconds()


async def test_the_ledger_survives_forgotten_scripts(redis: Redis, ledger: FiringLedger) -> None:
    first = alert()
    await claim(ledger, first)
    await redis.script_flush()
    assert await claim(ledger, first) == [alert_bytes(first)]


async def test_every_alert_needs_its_record(ledger: FiringLedger) -> None:
    with pytest.raises(ValueError, match="shorter"):
        await ledger.claim([alert()], list[UUID]())
