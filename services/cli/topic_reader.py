"""Reading a topic for people's eyes: no group, nothing committed, nothing created."""

from __future__ import annotations

import difflib
import time
from collections.abc import AsyncIterator
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError

from services.cli.connections import admin
from services.cli.errors import WRONG_USAGE, fail
from services.runtime.settings import Settings
from services.runtime.topics import TOPICS

GIVE_UP_SECONDS = 30.0
IDLE_SECONDS = 1.0  # how long nothing more must come before a topic counts as read: some brokers tell their end too low
LINGER_SECONDS = 3.0  # where more keeps coming, the end of then is the end
POLL_MS = 250


async def require_topic(settings: Settings, topic: str) -> None:
    """End the command where there is no such topic; a broker might make one by itself, with the wrong retention."""
    async with admin(settings) as client:
        _require(topic, set(await client.list_topics()))


async def partitions_of(consumer: Any, topic: str) -> list[TopicPartition]:
    """The partitions of a topic; ends the command where there is no such topic."""
    _require(topic, set(await consumer.topics()))
    return [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or {0})]


def _require(topic: str, names: set[str]) -> None:
    if topic in names:
        return
    known = [plan.name for plan in TOPICS]
    if topic in known:
        fail(f"the topic {topic} is not there yet: run rasid topics create", WRONG_USAGE)
    near = difflib.get_close_matches(topic, [*known, *names], 1)
    advice = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    fail(f"there is no topic {topic}: {advice}", WRONG_USAGE)


async def records(
    consumer: Any, topic: str, *, from_beginning: bool, follow: bool, limit: int | None = None
) -> AsyncIterator[Any]:
    """The records of a topic; without `follow` up to its present end, and of one partition in order of offsets."""
    partitions = await partitions_of(consumer, topic)
    consumer.assign(partitions)
    await (consumer.seek_to_beginning if from_beginning else consumer.seek_to_end)(*partitions)
    for partition in partitions:
        await consumer.position(partition)  # so that «the end» is the end of now
    ends = {} if follow else await consumer.end_offsets(partitions)
    count, idle_since, reached_at = 0, time.monotonic(), None
    while limit is None or count < limit:
        batches = await consumer.getmany(*partitions, timeout_ms=POLL_MS)
        for partition in sorted(batches):
            for record in batches[partition]:
                yield record
                count += 1
                if limit is not None and count >= limit:
                    return
        now = time.monotonic()
        idle_since = now if batches else idle_since
        if follow:
            continue
        positions = [await consumer.position(partition) for partition in partitions]
        if all(position >= ends[partition] for position, partition in zip(positions, partitions, strict=True)):
            reached_at = reached_at or now
            if now - idle_since >= IDLE_SECONDS or now - reached_at >= LINGER_SECONDS:
                return
        elif now - idle_since >= GIVE_UP_SECONDS:
            raise KafkaConnectionError(f"{topic} has more records, but none came for {GIVE_UP_SECONDS:.0f} s")
