"""Each service's own agent, on its own stage and a real Valkey, without a broker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY

from schemas.alerts import Alert
from schemas.articles_deduplicated import DeduplicatedArticle
from schemas.articles_extracted import ExtractedArticle
from schemas.articles_normalized import NormalizedArticle
from schemas.stories import Story
from services.alerting.agent import BackfillGuard, evaluation_stage, scheduling_stage
from services.alerting.firing import FiringLedger
from services.alerting.rulefile import read_rules
from services.alerting.schedule import DeliverySchedule
from services.deduplication import agent as deduplication
from services.deduplication.deduplicator import Deduplicator
from services.extraction import agent as extraction
from services.extraction.engine import load_engine
from services.normalization import agent as normalization
from services.runtime.articles import article_record
from services.runtime.faust_app import Service
from services.runtime.settings import Settings
from services.runtime.step import Outgoing, Stage
from services.runtime.topics import ALERTS, DEADLETTERS, DEDUPLICATED, EXTRACTED, NORMALIZED, RAW, STORIES
from services.runtime.wire import decode
from tests.support.articles import articles
from tests.support.run import RULES

LOST, SINCE = "rasid_deduplication_memory_lost_total", "rasid_deduplication_memory_since_timestamp_seconds"


class Agent:
    """A stage as an agent of a Faust app; what it sends is kept."""

    def __init__(self, valkey_url: str, make: Callable[[Service], Stage[Any, Any, Any]]) -> None:
        self.service = Service("test", Settings(redis=valkey_url))
        self.sent: list[Outgoing] = []
        self.service.send = self._send  # type: ignore[method-assign]
        self.agent = self.service.agent(make(self.service), 8)

    async def _send(self, outgoing: Sequence[Outgoing]) -> None:
        self.sent += outgoing

    async def gives(
        self, records: Sequence[Outgoing], count: int, done: Callable[[], bool] | None = None
    ) -> list[Outgoing]:
        """Put the records in; what was sent when there are `count` outputs, or when `done` holds."""
        async with self.agent.test_context() as context:
            for record in records:
                await context.put(record.value, key=record.key, headers=record.headers, wait=False)
            for _ in range(300):
                if done() if done else len(self.sent) >= count:
                    break
                await asyncio.sleep(0.02)
        await self.service.redis.aclose()
        return self.sent


@pytest.fixture
def raw() -> list[Outgoing]:
    return [article_record(RAW, article) for article in articles(12)]


async def _normalized(valkey_url: str, raw: list[Outgoing]) -> list[Outgoing]:
    return await Agent(valkey_url, lambda _: normalization.stage()).gives(raw, len(raw))


async def _extracted(valkey_url: str, raw: list[Outgoing]) -> list[Outgoing]:
    records = await _normalized(valkey_url, raw)
    return await Agent(valkey_url, lambda _: extraction.stage(load_engine("lexicon"))).gives(records, len(raw))


async def _deduplicated(valkey_url: str, records: list[Outgoing]) -> list[Outgoing]:
    """What deduplication gives for the records: articles and states of stories."""
    agent = Agent(valkey_url, _deduplication)
    return await agent.gives(records, 0, lambda: len(on(DEDUPLICATED, agent.sent)) >= len(records))


def on(topic: str, sent: Sequence[Outgoing]) -> list[Outgoing]:
    return [one for one in sent if one.topic == topic]


def _deduplication(service: Service) -> Stage[Any, Any, Any]:
    return deduplication.stage(Deduplicator(service.redis, "rasid", 14, 30))


async def test_normalization_gives_every_article_on(valkey_url: str, raw: list[Outgoing]) -> None:
    sent = await _normalized(valkey_url, raw)
    assert [one.topic for one in sent] == [NORMALIZED] * len(raw)
    assert [one.key for one in sent] == [one.key for one in raw]
    first = decode(NormalizedArticle, sent[0].value)
    assert first.normalized.sentences
    assert dict(sent[0].headers)["schema"] == b"rasid.articles.normalized/1"


async def test_extraction_names_its_engine(valkey_url: str, raw: list[Outgoing]) -> None:
    sent = await _extracted(valkey_url, raw)
    assert [one.topic for one in sent] == [EXTRACTED] * len(raw)
    found = [decode(ExtractedArticle, one.value) for one in sent]
    assert {one.engine for one in found} != {""}
    assert any(one.entities for one in found)


async def test_deduplication_gives_the_same_verdict_to_a_replay(valkey_url: str, raw: list[Outgoing]) -> None:
    records = await _extracted(valkey_url, raw)
    first = on(DEDUPLICATED, await _deduplicated(valkey_url, records))
    again = on(DEDUPLICATED, await _deduplicated(valkey_url, records))
    assert len(first) == len(raw)
    assert [one.value for one in first] == [one.value for one in again]
    assert decode(DeduplicatedArticle, first[0].value).relation == "new"


async def test_deduplication_gives_the_state_of_each_story_beside_its_article(
    valkey_url: str, raw: list[Outgoing]
) -> None:
    sent = await _deduplicated(valkey_url, await _extracted(valkey_url, raw))
    told = {one.key: decode(Story, one.value) for one in on(STORIES, sent)}
    assert {key.decode() for key in told if key} == {story.story_id for story in told.values()}
    articles = [decode(DeduplicatedArticle, one.value) for one in on(DEDUPLICATED, sent)]
    assert {one.story_id for one in articles} == {story.story_id for story in told.values()}
    assert sum(story.articles for story in told.values()) == len(raw)
    [header] = {dict(one.headers)["schema"] for one in on(STORIES, sent)}
    assert header == b"rasid.stories/1"


async def test_a_redis_that_was_emptied_is_announced_and_the_work_goes_on(valkey_url: str, raw: list[Outgoing]) -> None:
    service = Service("test", Settings(redis=valkey_url))
    stage = _deduplication(service)
    assert stage.together is not None
    articles = [stage.prepare(decode(ExtractedArticle, one.value)) for one in await _extracted(valkey_url, raw)]
    before = REGISTRY.get_sample_value(LOST)
    assert before is not None

    async def relations() -> list[str]:
        assert stage.together is not None
        return [one.verdict.relation for one in await stage.together(articles)]

    first = await relations()
    since = REGISTRY.get_sample_value(SINCE)
    assert since is not None
    assert await relations() == first
    assert REGISTRY.get_sample_value(LOST) == before  # a new worker that finds a memory has lost none

    await service.redis.flushall()
    await service.redis.script_flush()
    await service.redis.set("{rasid}:dedup:2:since", int(since) + 5)  # by another worker, five seconds later
    assert await relations() == first
    assert REGISTRY.get_sample_value(LOST) == before + 1
    assert REGISTRY.get_sample_value(SINCE) == since + 5
    assert await relations() == first
    assert REGISTRY.get_sample_value(LOST) == before + 1  # once
    await service.redis.aclose()


async def test_alerts_go_to_their_topic_first_and_then_into_the_schedule(valkey_url: str, raw: list[Outgoing]) -> None:
    records = on(DEDUPLICATED, await _deduplicated(valkey_url, await _extracted(valkey_url, raw)))
    book = read_rules(RULES)

    def evaluation(service: Service) -> Stage[Any, Any, Any]:
        return evaluation_stage(book, FiringLedger(service.redis, "rasid", _month()), BackfillGuard(None))

    alerts = await Agent(valkey_url, evaluation).gives(records, 2)
    assert len(alerts) >= 2
    assert {one.topic for one in alerts} == {ALERTS}
    assert len({decode(Alert, one.value).alert_id for one in alerts}) == len(alerts)
    rung = 0

    def scheduling(service: Service) -> Stage[Any, Any, Any]:
        def ring() -> None:
            nonlocal rung
            rung += 1

        return scheduling_stage(DeliverySchedule(service.redis, "rasid"), _now, ring)

    agent = Agent(valkey_url, scheduling)
    assert await agent.gives(alerts, 0, lambda: rung > 0) == []
    schedule = DeliverySchedule(Service("test", Settings(redis=valkey_url)).redis, "rasid")
    assert (await schedule.waiting(["desk"]))["desk"].pending == len(alerts)


async def test_an_archive_pages_nobody(valkey_url: str, raw: list[Outgoing]) -> None:
    records = on(DEDUPLICATED, await _deduplicated(valkey_url, await _extracted(valkey_url, raw)))

    def evaluation(service: Service) -> Stage[Any, Any, Any]:
        guard = BackfillGuard(_month() / 30)
        return evaluation_stage(read_rules(RULES), FiringLedger(service.redis, "rasid", _month()), guard)

    assert await Agent(valkey_url, evaluation).gives(records, 1) == []


async def test_what_is_no_record_is_set_aside(valkey_url: str, raw: list[Outgoing]) -> None:
    broken = Outgoing(RAW, b"key", b"not json", [("schema", b"rasid.articles.raw/1")])
    sent = await Agent(valkey_url, lambda _: normalization.stage()).gives([raw[0], broken, raw[1]], 3)
    assert sorted(one.topic for one in sent) == sorted([NORMALIZED, NORMALIZED, DEADLETTERS])
    (dead,) = [one for one in sent if one.topic == DEADLETTERS]
    assert (dead.key, dead.value) == (b"key", b"not json")
    assert dict(dead.headers)["rasid-error-class"] == b"WireError"


def _now() -> datetime:
    return datetime(2026, 6, 1, tzinfo=UTC)


def _month() -> Any:
    from datetime import timedelta

    return timedelta(days=30)


def test_the_rules_of_these_tests_load() -> None:
    assert Path(RULES).exists()
    assert {rule.name for rule in read_rules(RULES).rules} == {"strikes", "fires"}
