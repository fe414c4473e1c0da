"""What a real Valkey answers, and whether it is worth waiting for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.runtime.state import is_transport


@pytest.fixture
async def redis(valkey_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(valkey_url)
    await client.set("text", "كلمة")
    yield client
    await client.aclose()


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.incr("text"),
        lambda client: client.execute_command("NOSUCHCOMMAND"),
        lambda client: client.lpush("text", "x"),
        lambda client: client.eval("return nothing.here", 0),
        lambda client: client.eval("return redis.error_reply('ERR no')", 0),
    ],
    ids=["no number", "no command", "another type", "a fault in a script", "a script's own answer"],
)
async def test_what_no_waiting_would_better_is_not_waited_for(
    redis: Redis, ask: Callable[[Redis], Awaitable[Any]]
) -> None:
    with pytest.raises(RedisError) as raised:
        await ask(redis)
    assert not is_transport(raised.value)


async def test_keys_of_two_slots_are_not_waited_for(valkey_cluster_url: str) -> None:
    client = Redis.from_url(valkey_cluster_url)
    with pytest.raises(RedisError) as raised:
        await client.mget("{one}:a", "{two}:a")
    await client.aclose()
    assert not is_transport(raised.value)


async def test_a_server_that_is_full_or_away_is_waited_for(redis: Redis) -> None:
    await redis.config_set("maxmemory", 1)
    try:
        with pytest.raises(RedisError) as raised:
            await redis.set("more", "x" * 100)
    finally:
        await redis.config_set("maxmemory", 0)
    assert is_transport(raised.value)
    with pytest.raises((RedisError, OSError)) as away:
        await Redis.from_url("unix:///nowhere/valkey.sock").ping()
    assert is_transport(away.value)
