"""Redis, the broker and the webhook receiver away for a while: everything waits, nothing is skipped."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from services.runtime.topics import DEDUPLICATED
from tests.support.articles import articles
from tests.support.brokers import Kafka
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
