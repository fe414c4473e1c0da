"""Deduplication workers killed while they share copies out: nothing lost, each article counted once in its story."""

from __future__ import annotations

import asyncio
from itertools import cycle
from pathlib import Path

import pytest

from schemas.articles_extracted import ExtractedArticle
from services.runtime.topics import DEDUPLICATED, EXTRACTED
from tests.support.brokers import Kafka
from tests.support.copies import assert_told_once, copied_articles
from tests.support.run import Run, running

pytestmark = [pytest.mark.crash, pytest.mark.kafka]

PARTITIONS = 4
POINTS = ("judged", "entered", "published", "published again")


async def _publish(run: Run, groups: list[list[ExtractedArticle]]) -> set[str]:
    """The copies of each article to four partitions, one after the other."""
    return await run.publish((one for four in groups for one in four), EXTRACTED, cycle(range(PARTITIONS)))


async def test_workers_killed_at_every_point_count_each_article_once(kafka: Kafka, tmp_path: Path) -> None:
    killed = tmp_path / "killed"
    killed.mkdir()
    every, told, names = iter(copied_articles(4000)), [], set()
    env = {"RASID_TEST_KILLED": str(killed), "RASID_BATCH_RECORDS": "16"}
    async with running(kafka, tmp_path, "deduplication", **env) as run:
        run.account.keep_articles = True
        run.pipeline.start("deduplication", 1, app="tests.crash.deduplication_faults")
        await run.until_shared_out("deduplication", 2)
        # One worker dies by itself, again and again, and always at another point; the other takes over.
        for point in POINTS:
            while not (killed / point).exists():
                groups = [next(every) for _ in range(25)]
                told += groups
                names |= await _publish(run, groups)
                await asyncio.sleep(0.5)
        # Then both at once, wherever they are.
        seen = len(run.account.seen[DEDUPLICATED])
        groups = [next(every) for _ in range(300)]
        told += groups
        names |= await _publish(run, groups)
        await run.until(lambda: len(run.account.seen[DEDUPLICATED]) > seen + 100, "the next articles")
        for child in list(run.pipeline.children.values()):
            child.kill()
        await run.until_through(names, 150)
        run.assert_nothing_lost(names)
        assert run.account.dead == {}
        assert run.account.repeats[DEDUPLICATED] > 0
        assert_told_once(told, run.account)
        assert len(run.restarts) >= len(POINTS) + 2
