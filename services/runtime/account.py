"""The account of a run: every article that went in came out or was set aside, every alert reached its endpoint."""

from __future__ import annotations

import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from aiokafka import AIOKafkaConsumer

from services.runtime import topics
from services.runtime.wire import header

STAGES = (topics.RAW, topics.NORMALIZED, topics.EXTRACTED, topics.DEDUPLICATED)


def name_of(
    headers: Sequence[tuple[str, bytes | None]], value: bytes | None, topic: str, partition: int, offset: int
) -> str:
    """What names a record on its whole way: its trace, else its record id, else the place where it first stood."""
    trace = header(headers, "traceparent")
    if trace and trace.count("-") == 3:
        return trace.split("-")[1]
    try:
        return UUID(orjson.loads(value or b"")["record_id"]).hex
    except (ValueError, TypeError, KeyError, AttributeError):
        return f"{topic}/{partition}/{offset}"


@dataclass
class Account:
    """What was seen on the topics. Feed it every message once: in any order, but for those of one partition.

    `story_versions`: of each story, in the order of its topic; `stories`: the last record of each.
    """

    seen: dict[str, dict[str, bytes]] = field(default_factory=lambda: defaultdict(dict))
    repeats: Counter[str] = field(default_factory=Counter)
    differing: list[str] = field(default_factory=list)
    dead: dict[str, dict[str, str]] = field(default_factory=dict)
    articles: dict[str, dict[str, Any]] = field(default_factory=dict)
    stories: dict[str, dict[str, Any]] = field(default_factory=dict)
    story_versions: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    alerts: dict[str, dict[str, Any]] = field(default_factory=dict)
    outcomes: dict[tuple[str, str], str] = field(default_factory=dict)
    attempts: Counter[str] = field(default_factory=Counter)
    keep_articles: bool = True
    compare_repeats: bool = True

    def feed(self, message: Any) -> None:
        """Take in one message of any topic (an aiokafka ConsumerRecord)."""
        topic = message.topic
        if topic == topics.DEADLETTERS:
            partition, offset = (int(header(message.headers, f"rasid-{what}") or 0) for what in ("partition", "offset"))
            origin = header(message.headers, "rasid-topic") or ""
            name = name_of(message.headers, message.value, origin, partition, offset)
            self.dead[name] = {
                key: header(message.headers, f"rasid-{key}") or "" for key in ("stage", "error-class", "error", "kind")
            }
        elif topic == topics.ALERTS_LOG:
            attempt = orjson.loads(message.value)
            pair = (attempt["alert_id"], attempt["webhook"])
            self.attempts[attempt["alert_id"]] += 1
            if self.outcomes.get(pair) != "delivered":
                self.outcomes[pair] = attempt["outcome"]
        elif topic == topics.ALERTS:
            alert = orjson.loads(message.value)
            self._note(topic, alert["alert_id"], message.value)
            self.alerts.setdefault(alert["alert_id"], alert)
        elif topic == topics.STORIES:
            # One article may bring about several states, and a worker may publish one that another's article did.
            story = orjson.loads(message.value)
            self._note(topic, f"{story['story_id']}/{story['version']}", message.value)
            self.story_versions[story["story_id"]].append(story["version"])
            if self.keep_articles:
                self.stories[story["story_id"]] = story
        else:
            name = name_of(message.headers, message.value, topic, message.partition, message.offset)
            self._note(topic, name, message.value)
            if topic == topics.DEDUPLICATED and self.keep_articles:
                self.articles[name] = orjson.loads(message.value)

    def _note(self, topic: str, name: str, value: bytes | None) -> None:
        digest = hashlib.blake2b(value or b"", digest_size=16).digest() if self.compare_repeats else b""
        before = self.seen[topic].get(name)
        if before is None:
            self.seen[topic][name] = digest
            return
        self.repeats[topic] += 1
        if before != digest:
            self.differing.append(f"{topic} {name}")

    @property
    def published(self) -> set[str]:
        """Records that stand on articles.raw."""
        return set(self.seen[topics.RAW])

    def missing(self, expected: set[str] | None = None) -> set[str]:
        """Records that went in and are neither out nor set aside."""
        return (self.published if expected is None else expected) - set(self.seen[topics.DEDUPLICATED]) - set(self.dead)

    def stuck_at(self, name: str) -> str:
        """The last topic on which a record was seen."""
        return next((topic for topic in reversed(STAGES) if name in self.seen[topic]), "nowhere")

    def undelivered(self) -> set[tuple[str, str]]:
        """Alert and endpoint of every alert that is neither delivered nor parked."""
        wanted = {(alert_id, webhook) for alert_id, alert in self.alerts.items() for webhook in alert["webhooks"]}
        return {pair for pair in wanted if self.outcomes.get(pair) not in ("delivered", "parked")}

    def outdated(self) -> set[str]:
        """Stories whose last record is not their latest state."""
        return {story for story, versions in self.story_versions.items() if versions[-1] != max(versions)}

    def through(self, stage: str) -> int:
        """Records that are past a stage's topic: on it, or set aside."""
        return len(self.seen[stage].keys() | self.dead.keys())


async def watch(
    consumer: AIOKafkaConsumer, account: Account, *, every: float, idle: float, done: Callable[[], bool]
) -> AsyncIterator[bool]:
    """Feed the account from a started consumer; yields about every `every` seconds whether it is done.

    Ends when `done()` holds, or after `idle` seconds without a message.
    """
    last = time.monotonic()
    while True:
        batches = await consumer.getmany(timeout_ms=int(every * 1000))
        for messages in batches.values():
            for message in messages:
                account.feed(message)
        if batches:
            last = time.monotonic()
        finished = done()
        yield finished
        if finished or time.monotonic() - last > idle:
            return
