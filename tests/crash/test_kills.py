"""Processes stopped and killed while they work: nothing is lost, repeats are identical."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from services.runtime.topics import DEDUPLICATED
from tests.support.articles import articles
from tests.support.brokers import Kafka, Tansu
from tests.support.run import STAGES, Run, running

pytestmark = pytest.mark.crash


async def _under_load(run: Run, names: set[str], seen: int, seconds: float = 90) -> None:
    await run.until(lambda: len(run.account.seen[DEDUPLICATED]) >= min(seen, len(names)), f"article {seen}", seconds)


@pytest.mark.kafka
@pytest.mark.parametrize("sig", [signal.SIGKILL, signal.SIGTERM], ids=["kill -9", "SIGTERM"])
async def test_every_service_ended_under_load_loses_nothing(kafka: Kafka, tmp_path: Path, sig: signal.Signals) -> None:
    async with running(kafka, tmp_path) as run:
        names = await run.publish(articles(1500))
        await _under_load(run, names, 60)
        for name in STAGES:
            run.pipeline.children[f"{name}-0"].send(sig)
            await asyncio.sleep(1.0)
            more = await run.publish(articles(150, seed=10 + len(name)))
            names |= more
        await run.until_through(names, 150)
        run.assert_nothing_lost(names)
        assert len(run.restarts) >= len(STAGES)


async def test_a_second_worker_joins_and_the_first_is_killed(broker: Kafka | Tansu, tmp_path: Path) -> None:
    async with running(broker, tmp_path) as run:
        names = await run.publish(articles(800))
        await _under_load(run, names, 40)
        for name in ("normalization", "deduplication"):
            run.pipeline.start(name, 1)
        names |= await run.publish(articles(400, seed=2))
        await _under_load(run, names, 600, 120)
        for name in ("normalization", "deduplication"):
            run.pipeline.children[f"{name}-0"].kill()
        names |= await run.publish(articles(200, seed=3))
        await run.until_through(names, 150)
        run.assert_nothing_lost(names)


@pytest.mark.kafka
@pytest.mark.chaos
@pytest.mark.timeout(900)
async def test_ten_minutes_of_kills(kafka: Kafka, tmp_path: Path) -> None:
    import random

    dice = random.Random(7)
    async with running(kafka, tmp_path) as run:
        names: set[str] = set()
        for round_ in range(40):
            names |= await run.publish(articles(300, seed=100 + round_))
            child = run.pipeline.children[dice.choice(list(run.pipeline.children))]
            child.send(dice.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM]))
            await asyncio.sleep(dice.uniform(1, 12))
        await run.until_through(names, 400)
        run.assert_nothing_lost(names)
