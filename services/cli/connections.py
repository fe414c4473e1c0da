"""Kafka and Redis for one command: opened within seconds or not at all, and always closed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaConnectionError, KafkaError
from redis.exceptions import ConnectionError as RedisConnectionError

from services.runtime.kafka import client_options, new_consumer, open_producer
from services.runtime.settings import Settings
from services.runtime.state import new_redis

CONNECT_SECONDS = 10.0

Connected = contextlib.AbstractAsyncContextManager[Any]


@contextlib.asynccontextmanager
async def _started(client: Any) -> AsyncIterator[Any]:
    close = client.close if isinstance(client, AIOKafkaAdminClient) else client.stop
    try:
        try:
            await asyncio.wait_for(client.start(), CONNECT_SECONDS)
        except TimeoutError:
            raise KafkaConnectionError(f"no answer within {CONNECT_SECONDS:.0f} s") from None
        except OSError as error:
            raise KafkaConnectionError(str(error)) from None
        yield client
    finally:
        with contextlib.suppress(KafkaError, OSError):
            await close()


@contextlib.asynccontextmanager
async def producer(settings: Settings) -> AsyncIterator[Any]:
    """A producer, started. Raises KafkaError where Kafka cannot be reached."""
    try:
        client = await asyncio.wait_for(open_producer(settings), CONNECT_SECONDS)
    except TimeoutError:
        raise KafkaConnectionError(f"no answer within {CONNECT_SECONDS:.0f} s") from None
    except OSError as error:
        raise KafkaConnectionError(str(error)) from None
    try:
        yield client
    finally:
        with contextlib.suppress(KafkaError, OSError):
            await client.stop()


def consumer(settings: Settings) -> Connected:
    """A consumer of nothing yet, started. Raises KafkaError where Kafka cannot be reached."""
    return _started(new_consumer(settings))


def admin(settings: Settings) -> Connected:
    """An admin client, started. Raises KafkaError where Kafka cannot be reached."""
    return _started(AIOKafkaAdminClient(**client_options(settings)))


@contextlib.asynccontextmanager
async def redis(settings: Settings) -> AsyncIterator[Any]:
    """A Redis client that has answered. Raises RedisError where it cannot be reached or its URL is wrong."""
    try:
        client = new_redis(settings)
    except (ValueError, OSError) as error:
        raise RedisConnectionError(str(error)) from None
    try:
        await client.ping()
        yield client
    finally:
        await client.aclose()
