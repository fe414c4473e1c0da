"""Which records are in flight: how a record that ends or hangs its process is found and set aside.

A hash in Redis for each consumer group: topic/partition/offset -> how often the record was tried alone. A place that is
there already when a batch begins was in flight when a process ended; such suspects are tried alone, and counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.runtime.deadletters import Origin

# Marks the places as in flight; answers the count of tries alone of each that was so already, -1 for the others.
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
    """The in-flight marks of one consumer group. One call marks a whole batch, one takes the marks away."""

    def __init__(self, client: Any, prefix: str, group: str) -> None:
        self._client = client
        self._key = f"{{{prefix}}}:flight:{group}"
        self._begin = client.register_script(BEGIN)

    async def begin(self, places: Sequence[Origin]) -> list[int]:
        """Mark places; for each, -1 where it is new, else how often it was tried alone."""
        answer = await self._begin(keys=[self._key], args=[KEEP_SECONDS, *map(_field, places)])
        return [int(count) for count in answer]

    async def alone(self, place: Origin) -> int:
        """Count one more try alone; returns the count."""
        return int(await self._client.hincrby(self._key, _field(place), 1))

    async def innocent(self, place: Origin) -> None:
        """The record went through alone: whatever ends the process next, it was not this one."""
        await self._client.hset(self._key, _field(place), 0)

    async def done(self, places: Sequence[Origin]) -> None:
        """The records are through: forget them."""
        await self._client.hdel(self._key, *map(_field, places))


def _field(place: Origin) -> str:
    return f"{place.topic}/{place.partition}/{place.offset}"
