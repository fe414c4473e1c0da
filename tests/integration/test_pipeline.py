"""The five services over the seeds, on each broker: what a consumer of the topics sees."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.producer.readers import read
from services.runtime.topics import DEDUPLICATED, RAW
from tests.support.brokers import Kafka, Tansu
from tests.support.run import STAGES, running

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds" / "articles"


async def test_the_seeds_come_through_and_a_second_time_the_same(broker: Kafka | Tansu, tmp_path: Path) -> None:
    seeds = {"RASID_RULES": str(ROOT / "seeds" / "rules.yaml"), "RASID_PRODUCER_PATHS": str(SEEDS)}
    count = sum(1 for _ in read([SEEDS], source="unknown"))
    async with running(broker, tmp_path, "producer", *STAGES, **seeds) as run:
        run.account.keep_articles = True
        await run.until(lambda: len(run.account.published) >= count, "the last seed")
        names = run.account.published
        assert len(names) == count
        await run.until_through(names)
        run.assert_nothing_lost(names)
        assert run.account.dead == {}
        assert run.account.alerts
        delivered = set(run.pipeline.verified())

        run.pipeline.children["producer-0"].kill()  # its supervisor starts it again: it publishes everything again
        await run.until(lambda: run.account.repeats[RAW] >= count, "the repeats")
        await run.until(lambda: run.account.repeats[DEDUPLICATED] >= count, "the repeats' way")
        await run.until_through(names)
        run.assert_nothing_lost(names)
        assert set(run.pipeline.verified()) == delivered  # nobody is told twice
        _assert_relations(list(run.account.articles.values()))


def _assert_relations(articles: list[dict[str, Any]]) -> None:
    """What seeds/README.md says of the groups."""
    by_text = {article["text"]: article for article in articles}

    def seed(number: str) -> dict[str, Any]:
        (path,) = SEEDS.glob(f"{number}-*.json")
        return by_text[json.loads(path.read_text("utf-8"))["text"]]

    # Workers see neighbours in any order: which of a group is the first, nobody knows.
    assert sorted(seed(number)["relation"] for number in ("01", "03")) != ["new", "new"]
    assert seed("01")["story_id"] == seed("03")["story_id"]
    assert {seed("06")["revision"], seed("07")["revision"]} == {0, 1}
    first, second = sorted((seed("06"), seed("07")), key=lambda article: article["revision"])
    assert second["relation"] == "revision"
    assert second["duplicate_of"] == first["id"]
