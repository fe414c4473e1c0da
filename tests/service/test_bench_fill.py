"""The made-up index of `rasid bench dedup`: a day that is moved on is as good as one that was judged."""

from __future__ import annotations

from dataclasses import replace

from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from services.cli.bench_dedup_fill import LaterClock, copy_day, filled
from services.cli.bench_dedup_work import Workers
from services.deduplication.fingerprint import Fingerprint, fingerprint
from services.deduplication.index import DAY_SECONDS, DeduplicationIndex
from services.runtime.wire import encode
from tests.unit.deduplication.examples import FLOOD, HARBOUR, MATCH, article

DAYS = 5


async def judged(index: DeduplicationIndex, prints: list[Fingerprint]) -> list[tuple[str, str | None, float]]:
    return [
        (one.verdict.relation, one.verdict.duplicate_of, one.verdict.similarity) for one in await index.judge(prints)
    ]


async def test_a_day_moved_on_answers_as_if_it_had_come_in_later(valkey_url: str) -> None:
    stored = [fingerprint(article(text, id=f"a-{at}")) for at, text in enumerate((FLOOD, HARBOUR, MATCH))]
    asked = [
        fingerprint(article(FLOOD, id="same", source="صدى الوادي")),
        fingerprint(article((*HARBOUR[:4], "وانتهى البيان."), id="cut", source="صدى الوادي")),
    ]
    async with AsyncRedis.from_url(valkey_url) as client:
        await DeduplicationIndex(client, "one", 14, 30).judge(stored)
        await DeduplicationIndex(client, "other", 14, 30).judge(stored)
        today = int((await client.time())[0]) // DAY_SECONDS
        with Redis.from_url(valkey_url) as plain:
            copy_day(plain, "other", today, DAYS)
            # The terms of an article stand under its own day.
            copy_day(plain, "other", stored[0].day, DAYS)
            for key in plain.scan_iter(match=f"{{other}}:dedup:*:{today}"):
                plain.delete(key)
        at_once = await judged(DeduplicationIndex(client, "one", 14, 30), asked)
        later = [replace(print_, minutes=print_.minutes + DAYS * 24 * 60) for print_ in asked]
        moved = await judged(DeduplicationIndex(LaterClock(client, DAYS), "other", 14, 30), later)
    assert moved == at_once
    assert [duplicate_of for _, duplicate_of, _ in moved] == ["a-0", "a-1"]


def test_as_many_are_put_in_as_were_asked_for_on_fourteen_days(valkey_url: str) -> None:
    lines = [encode(article(text, id=f"a-{at}")) for at, text in enumerate((FLOOD, HARBOUR, MATCH))]
    with Redis.from_url(valkey_url) as client:
        today = int(client.time()[0]) // DAY_SECONDS
        with Workers(2) as workers:
            assert filled(workers, valkey_url, "full", lines, 140, today) > 0
        sizes = {int(key.decode().rpartition(":")[2]): client.hlen(key) - 1 for key in client.scan_iter("*:records:*")}
    assert sizes == {today + day: 10 for day in range(14)}
