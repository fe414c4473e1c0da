"""The in-flight marks, in a real Valkey."""

from __future__ import annotations

from redis.asyncio import Redis

from services.runtime.deadletters import Origin
from services.runtime.flight import FlightLedger

PLACES = [Origin("in", 0, 7), Origin("in", 1, 7), Origin("other", 0, 7)]


async def test_places_are_new_once_and_suspect_until_they_are_done(valkey_url: str) -> None:
    async with Redis.from_url(valkey_url) as client:
        ledger = FlightLedger(client, "rasid", "group")
        assert await ledger.begin(PLACES[:2]) == [-1, -1]
        assert await ledger.begin(PLACES) == [0, 0, -1]
        await ledger.done(PLACES)
        assert await ledger.begin(PLACES) == [-1, -1, -1]


async def test_tries_alone_are_counted_until_the_record_is_found_innocent(valkey_url: str) -> None:
    async with Redis.from_url(valkey_url) as client:
        ledger = FlightLedger(client, "rasid", "group")
        await ledger.begin(PLACES)
        assert [await ledger.alone(PLACES[0]), await ledger.alone(PLACES[0])] == [1, 2]
        assert await ledger.begin(PLACES) == [2, 0, 0]
        await ledger.innocent(PLACES[0])
        assert await ledger.begin(PLACES) == [0, 0, 0]


async def test_groups_do_not_see_each_other_and_marks_expire(valkey_url: str) -> None:
    async with Redis.from_url(valkey_url) as client:
        await FlightLedger(client, "rasid", "one").begin(PLACES)
        assert await FlightLedger(client, "rasid", "two").begin(PLACES) == [-1, -1, -1]
        keys = await client.keys("*")
        assert {key.decode() for key in keys} == {"{rasid}:flight:one", "{rasid}:flight:two"}
        assert all([await client.ttl(key) > 0 for key in keys])
