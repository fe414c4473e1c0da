"""Eight deduplication workers over copies of the same articles: exactly one of each is new, and each counts once."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import pytest

from services.runtime.topics import EXTRACTED
from tests.support.brokers import Kafka
from tests.support.copies import COPIES, assert_told_once, copied_articles
from tests.support.run import running

pytestmark = [pytest.mark.integration, pytest.mark.kafka]

WORKERS = 8
ARTICLES = 2000
DONE = 'rasid_records_total{outcome="done",service="deduplication"}'


async def test_of_copies_that_eight_workers_take_at_once_exactly_one_is_new(kafka: Kafka, tmp_path: Path) -> None:
    groups = list(copied_articles(ARTICLES))
    async with running(kafka, tmp_path, "deduplication", RASID_PARTITIONS=str(WORKERS)) as run:
        run.account.keep_articles = True
        for replica in range(1, WORKERS):
            run.pipeline.start("deduplication", replica)
        await run.until_shared_out("deduplication", WORKERS)
        # The copies of an article follow one another, each to a partition, and so to a worker, of its own.
        names = await run.publish((one for four in groups for one in four), EXTRACTED, cycle(range(WORKERS)))
        assert len(names) == ARTICLES * COPIES
        await run.until_through(names)
        run.assert_nothing_lost(names)
        assert run.account.dead == {}
        assert_told_once(groups, run.account)
        for versions in run.account.story_versions.values():
            assert set(versions) == set(range(1, COPIES + 1))
        for worker in run.pipeline.health:
            assert await run.metric(worker, DONE) > 0
