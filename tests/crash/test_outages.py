"""Redis, the broker and the webhook receiver away for a while: everything waits, nothing is skipped."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.runtime.topics import DEDUPLICATED, EXTRACTED
from tests.support.articles import articles
from tests.support.brokers import Kafka
from tests.support.copies import copied_articles
from tests.support.run import running

pytestmark = [pytest.mark.crash, pytest.mark.kafka]


async def test_redis_stopped_for_twenty_seconds(kafka: Kafka, tmp_path: Path) -> None:
    async with running(kafka, tmp_path) as run:
        names = await run.publish(articles(600))
        await run.until(lambda: len(run.account.seen[DEDUPLICATED]) >= 50, "the first articles")
        await asyncio.to_thread(run.valkey.stop)
        names |= await run.publish(articles(100, seed=2))
        await asyncio.sleep(20)
        await asyncio.to_thread(run.valkey.start)
        await run.until_through(names, 120)
        run.assert_nothing_lost(names)


async def test_the_broker_stopped_and_started(kafka: Kafka, tmp_path: Path) -> None:
    async with running(kafka, tmp_path) as run:
        names = await run.publish(articles(600))
        await run.until(lambda: len(run.account.seen[DEDUPLICATED]) >= 50, "the first articles")
        await asyncio.to_thread(run.broker.stop)
        await asyncio.sleep(5)
        await asyncio.to_thread(run.broker.start)
        names |= await run.publish(articles(100, seed=2))
        await run.until_through(names, 180)
        run.assert_nothing_lost(names)


async def test_the_webhook_receiver_down_then_up(kafka: Kafka, tmp_path: Path) -> None:
    async with running(kafka, tmp_path) as run:
        receiver = run.pipeline.receiver
        assert receiver is not None
        port = run.pipeline.env["RASID_WEBHOOK_DESK_URL"].rsplit(":", 1)[1].partition("/")[0]
        await asyncio.to_thread(receiver.kill)
        names = await run.publish(articles(200))
        await run.until(lambda: "retrying" in run.account.outcomes.values(), "a failed delivery")
        receiver.command[receiver.command.index("--port") + 1] = port
        receiver.start()
        await run.until_through(names, 120)
        run.assert_nothing_lost(names)
        assert set(run.account.outcomes.values()) == {"delivered"}
        assert len(run.account.alerts) > 5


async def test_redis_emptied_while_deduplication_works(kafka: Kafka, tmp_path: Path) -> None:
    lost = "rasid_deduplication_memory_lost_total"
    since = "rasid_deduplication_memory_since_timestamp_seconds"
    groups = list(copied_articles(200))
    halves = [[one for four in groups for one in four[:2]], [one for four in groups for one in four[2:]]]
    async with running(kafka, tmp_path, "deduplication") as run:
        run.account.keep_articles = True
        before = await run.publish(halves[0], EXTRACTED)
        await run.until_through(before)
        remembered_from = await run.metric("deduplication-0", since)
        assert remembered_from > 0
        assert await run.metric("deduplication-0", lost) == 0

        await asyncio.sleep(max(0.0, remembered_from + 1.1 - time.time()))  # the beginning is told in seconds
        async with Redis.from_url(run.valkey.url) as redis:
            await redis.flushall()
        after = await run.publish(halves[1], EXTRACTED)
        await run.until_through(before | after)
        assert await run.metric("deduplication-0", lost) == 1
        assert await run.metric("deduplication-0", since) > remembered_from
        assert run.restarts == []
        assert run.account.dead == {}
        # Told as if nothing had been before: one of the two copies is new again, and the other a copy of that one.
        verdicts = {article["id"]: article for article in run.account.articles.values()}
        for four in groups:
            for pair in (four[:2], four[2:]):
                told = sorted((verdicts[one.id] for one in pair), key=lambda article: article["relation"])
                assert [article["relation"] for article in told] == ["near_duplicate", "new"]
                assert told[0]["duplicate_of"] == told[1]["id"]
