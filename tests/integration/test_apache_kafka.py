"""The Kafka node of deploy/kafka: it keeps what it took, takes what is as large as ours, and nothing larger."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import MessageSizeTooLargeError

from services.runtime.kafka import create_topics, new_producer
from services.runtime.settings import Settings
from services.runtime.topics import MAX_MESSAGE_BYTES, RAW, TOPICS
from tests.support.brokers import Kafka

pytestmark = [pytest.mark.integration, pytest.mark.kafka]

LARGEST = MAX_MESSAGE_BYTES - 1024  # the batch's own bytes count too


def settings_for(kafka: Kafka) -> Settings:
    return Settings(kafka=kafka.address, partitions=2)


async def publish(kafka: Kafka, *values: bytes) -> None:
    producer = new_producer(settings_for(kafka))
    await producer.start()
    try:
        for value in values:
            await producer.send_and_wait(RAW, value, key=b"one article", headers=[("schema", b"rasid.articles.raw/1")])
    finally:
        await producer.stop()


async def consume(kafka: Kafka, group: str, wanted: int) -> list[bytes]:
    consumer = AIOKafkaConsumer(
        RAW,
        bootstrap_servers=kafka.address,
        group_id=group,
        session_timeout_ms=6000,
        heartbeat_interval_ms=1500,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
    )
    await consumer.start()
    try:
        async with asyncio.timeout(60):
            records = [await consumer.getone() for _ in range(wanted)]
        await consumer.commit()
        return [record.value or b"" for record in records]
    finally:
        await consumer.stop()


@pytest.mark.parametrize("sig", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "kill -9"])
async def test_what_it_acknowledged_is_there_after_a_stop(kafka: Kafka, sig: int) -> None:
    kafka.start()
    try:
        created = await create_topics(settings_for(kafka))
        assert set(created) == {plan.name for plan in TOPICS}
        largest = os.urandom(LARGEST)
        await publish(kafka, b"first", largest)
        assert await consume(kafka, "a group", 1) == [b"first"]
        with pytest.raises(MessageSizeTooLargeError):
            await publish(kafka, os.urandom(MAX_MESSAGE_BYTES + 8192))

        kafka.child.send(sig)
        kafka.stop()
        kafka.start()

        assert await create_topics(settings_for(kafka)) == []
        await publish(kafka, b"last")
        assert await consume(kafka, "a group", 2) == [largest, b"last"]
    finally:
        kafka.stop()
