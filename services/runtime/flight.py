"""Which records are in flight: how a record that ends or hangs its process is found and set aside.

A hash in Redis a consumer group and partition: offset -> how often the record was tried alone. An offset that is
already there when a batch begins was in flight when a process ended; such suspects are tried alone, and counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

# Marks the offsets as in flight; answers the count of tries alone of each that was so already, -1 for the others.
BEGIN = """
local answer = {}
for i = 2, #ARGV do
  if redis.call('HSETNX', KEYS[1], ARGV[i], 0) == 1 then
    answer[#answer + 1] = -1
  else
    answer[#answer + 1] = tonumber(redis.call('HGET', KEYS[1], ARGV[i]))
  end
end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return answer
"""

KEEP_SECONDS = 7 * 24 * 3600  # as long as a batch can wait for redelivery: the retention of articles.raw


class FlightLedger:
    """The in-flight marks of one service."""

    def __init__(self, client: Any, prefix: str, group: str) -> None:
        self._client = client
        self._base = f"{{{prefix}}}:flight:{group}"
        self._begin = client.register_script(BEGIN)

    def _key(self, topic: str, partition: int) -> str:
        return f"{self._base}:{topic}:{partition}"

    async def begin(self, topic: str, partition: int, offsets: Sequence[int]) -> list[int]:
        """Mark offsets; for each, -1 where it is new, else how often it was tried alone."""
        answer = await self._begin(keys=[self._key(topic, partition)], args=[KEEP_SECONDS, *offsets])
        return [int(count) for count in answer]

    async def alone(self, topic: str, partition: int, offset: int) -> int:
        """Count one more try alone; returns the count."""
        return int(await self._client.hincrby(self._key(topic, partition), str(offset), 1))

    async def innocent(self, topic: str, partition: int, offset: int) -> None:
        """The record went through alone: whatever ends the process next, it was not this one."""
        await self._client.hset(self._key(topic, partition), str(offset), 0)

    async def done(self, topic: str, partition: int, offsets: Sequence[int]) -> None:
        """The records are through: forget them."""
        await self._client.hdel(self._key(topic, partition), *map(str, offsets))
