"""Publishing articles on `articles.raw`: acknowledged by the brokers, patiently, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from schemas.articles_raw import RawArticle
from services.runtime import telemetry
from services.runtime.articles import article_record
from services.runtime.kafka import open_producer
from services.runtime.settings import Settings
from services.runtime.topics import RAW


class Publisher:
    """Publishes articles; opens its producer at the first ones."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._producer: AIOKafkaProducer | None = None
        self._opening = asyncio.Lock()

    async def __call__(self, articles: Sequence[RawArticle]) -> None:
        """Publish and await every acknowledgement, trying again for `retry_seconds`.

        Some may stand twice on the topic after an error; a repeat has the same record id.

        Raises:
            KafkaError: the brokers did not acknowledge in that time; none of the articles may be counted as published.
        """
        records = [article_record(RAW, article) for article in articles]
        try:
            async for attempt in AsyncRetrying(
                retry=retry_if_exception_type((KafkaError, OSError)),
                wait=wait_random_exponential(multiplier=0.1, max=5),
                stop=stop_after_delay(self._settings.retry_seconds),
                reraise=True,
            ):
                with attempt:
                    producer = await self._open()
                    waiting = [
                        await producer.send(one.topic, one.value, key=one.key, headers=one.headers) for one in records
                    ]
                    await asyncio.gather(*waiting)
        except (KafkaError, OSError):
            await self.close()  # an idempotent producer may be beyond repair: the next call opens another
            raise
        telemetry.PUBLISHED.inc(len(articles))

    async def _open(self) -> AIOKafkaProducer:
        async with self._opening:
            if self._producer is None:
                self._producer = await open_producer(self._settings)
            return self._producer

    async def close(self) -> None:
        """Wait for what is under way, and disconnect."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()
