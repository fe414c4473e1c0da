"""A pipeline of real processes under test, with its account."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import repeat
from pathlib import Path
from typing import Any

import httpx
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from schemas.articles_raw import RawArticle
from services.runtime import topics
from services.runtime.account import Account, name_of
from services.runtime.articles import article_record
from services.runtime.kafka import client_options, create_topics, new_consumer, open_producer
from services.runtime.pipeline import Pipeline
from services.runtime.settings import Settings
from tests.support.brokers import Kafka, Tansu, Valkey

RULES = Path(__file__).with_name("rules.yaml")
STAGES = ("normalization", "extraction", "deduplication", "alerting")


class Run:
    """Broker, Valkey, services and the account of what passed through."""

    def __init__(self, broker: Kafka | Tansu, valkey: Valkey, folder: Path, **env: str) -> None:
        self.broker, self.valkey, self.folder = broker, valkey, folder
        partitions = env.setdefault("RASID_PARTITIONS", "4")
        self.settings = Settings(kafka=broker.address, redis=valkey.url, partitions=int(partitions))
        self.account = Account(keep_articles=False)
        self.pipeline = Pipeline(
            folder,
            {
                "RASID_KAFKA": broker.address,
                "RASID_REDIS": valkey.url,
                "RASID_RULES": str(RULES),
                "RASID_ALERT_BACKFILL": "true",
            }
            | env,
        )
        self.restarts: list[str] = []
        self._supervising = True
        self._producer: Any = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, services: Sequence[str] = STAGES, **env: str) -> None:
        """Topics, receiver, services, and the account's own eyes on every topic."""
        await create_topics(self.settings)
        self.pipeline.start_receiver()
        for name in services:
            self.pipeline.start(name, **env)
        self._producer = await open_producer(self.settings)
        self._tasks = [asyncio.create_task(self._watch()), asyncio.create_task(self._supervise())]

    async def stop(self) -> None:
        self._supervising = False
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._producer is not None:
            await self._producer.stop()
        await asyncio.to_thread(self.pipeline.stop)

    async def _watch(self) -> None:
        while True:
            consumer = new_consumer(self.settings, *(plan.name for plan in topics.TOPICS))
            fresh = Account(keep_articles=False)  # a broker that was away: read from the beginning again
            try:
                await consumer.start()
                fresh.keep_articles = self.account.keep_articles
                self.account = fresh
                while True:
                    for messages in (await consumer.getmany(timeout_ms=200)).values():
                        for message in messages:
                            fresh.feed(message)
            except (KafkaError, OSError):
                await asyncio.sleep(0.5)
            finally:
                await consumer.stop()

    async def _supervise(self) -> None:
        """Starts again what ended, as compose and Kubernetes do."""
        while True:
            for label, child in list(self.pipeline.children.items()):
                if self._supervising and child.poll() is not None:
                    self.restarts.append(f"{label}: {child.poll()}")
                    child.start()
            await asyncio.sleep(0.2)

    async def publish(
        self, articles: Iterable[RawArticle], topic: str = topics.RAW, partitions: Iterable[int | None] = repeat(None)
    ) -> set[str]:
        """Publish and await every acknowledgement; returns the names of the records.

        `partitions`: where each goes; by its key where nothing is said.
        """
        names, waiting = set(), []
        for article, partition in zip(articles, partitions, strict=False):
            record = article_record(topic, article)
            waiting.append(
                await self._producer.send(
                    record.topic, record.value, key=record.key, headers=record.headers, partition=partition
                )
            )
            names.add(article.record_id.hex)
        await asyncio.gather(*waiting)
        return names

    async def publish_bytes(self, value: bytes | None, key: bytes = b"raw") -> str:
        """Publish any bytes; returns the name under which the account knows them."""
        placed = await self._producer.send_and_wait(topics.RAW, value, key=key)
        return name_of([], value, placed.topic, placed.partition, placed.offset)

    async def until(self, condition: Callable[[], bool], what: str, seconds: float = 90.0) -> None:
        """Wait for a condition; fails with what is missing and the ends of the logs."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                logs = "\n".join(f"--- {name}\n{child.tail(12)}" for name, child in self.pipeline.children.items())
                seen = {topic: len(names) for topic, names in self.account.seen.items()}
                raise AssertionError(
                    f"{what} did not come within {seconds:.0f} s: seen {seen}, dead {len(self.account.dead)}, "
                    f"missing {len(self.account.missing())}, undelivered {len(self.account.undelivered())}, "
                    f"restarts {self.restarts}\n{logs}"
                )
            await asyncio.sleep(0.1)

    async def until_shared_out(self, service: str, workers: int, seconds: float = 90.0) -> None:
        """Wait until Kafka has shared out the service's topic among so many workers."""
        admin = AIOKafkaAdminClient(**client_options(self.settings))
        await admin.start()
        try:
            deadline, found = time.monotonic() + seconds, "not there"
            while found != f"Stable, {workers} workers":
                assert time.monotonic() < deadline, f"the group of {service} is {found}"
                await asyncio.sleep(0.1)
                with suppress(KafkaError):  # nobody has asked for the group's coordinator yet
                    [answer] = await admin.describe_consumer_groups([f"rasid-{service}"])
                    [(_, _, state, _, _, members, *_)] = answer.groups
                    found = f"{state}, {len(members)} workers"
        finally:
            await admin.close()

    async def metric(self, label: str, series: str) -> float:
        """A figure of a process' /metrics, as `rasid_records_total{outcome="done",service="deduplication"}`."""
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"{self.pipeline.health[label]}/metrics", timeout=10)
        [figure] = [line.split()[-1] for line in answer.text.splitlines() if line.startswith(f"{series} ")]
        return float(figure)

    async def until_through(self, names: set[str], seconds: float = 90.0) -> None:
        """Wait until every record is out or set aside, and every alert delivered."""
        await self.until(
            lambda: not self.account.missing(names) and not self.account.undelivered(), "the end of the run", seconds
        )
        # Alerts of the last articles, and the last states of their stories, may still be on their way.
        quiet_since, count = time.monotonic(), -1
        while time.monotonic() - quiet_since < 1.5:
            now = len(self.account.alerts) + len(self.account.outcomes) + len(self.account.seen[topics.STORIES])
            now += self.account.repeats[topics.STORIES]
            if now != count:
                quiet_since, count = time.monotonic(), now
            await asyncio.sleep(0.1)
        await self.until(lambda: not self.account.undelivered(), "the last delivery", 30)

    def assert_nothing_lost(self, names: set[str]) -> None:
        """Out or set aside, each; repeats identical; stories left at their latest state; no alert id with two payloads."""
        assert not self.account.missing(names)
        assert self.account.differing == []
        assert self.account.outdated() == set()
        assert not self.account.undelivered()
        verified = self.pipeline.verified()
        delivered = {alert for (alert, _), outcome in self.account.outcomes.items() if outcome == "delivered"}
        assert delivered <= set(verified)
        assert {alert for alert, payloads in verified.items() if len(payloads) > 1} == set()


@asynccontextmanager
async def running(broker: Kafka | Tansu, folder: Path, *services: str, **env: str) -> AsyncIterator[Run]:
    """Broker, Valkey and the services, stopped at the end whatever happens."""
    valkey = Valkey(folder)
    run: Run | None = None
    try:
        broker.start()
        valkey.start()
        run = Run(broker, valkey, folder, **env)
        await run.start(services or STAGES)
        yield run
    finally:
        if run is not None:
            await run.stop()
        broker.stop()
        valkey.stop()


__all__ = ["Run", "running"]
