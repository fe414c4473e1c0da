"""Which time a record keeps, on a real Valkey."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from schemas.articles_raw import RawArticle
from services.producer.admission import Admission
from services.producer.candidate import Candidate
from services.runtime.first_seen import REMEMBERED_SECONDS, FirstSeenTimes
from services.runtime.wire import encode

NOON = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
LATER = NOON + timedelta(hours=3)


def article(text: str, fetched_at: datetime) -> RawArticle:
    fields = {"source": "wakala", "url": "https://wakala.example/1", "text": text, "desk": "محليات"}
    return Admission(64 * 1024, 0.5).article(Candidate("here", fields), fetched_at)


async def test_a_record_that_comes_again_is_the_same_byte_for_byte(redis: Redis) -> None:
    times = FirstSeenTimes(redis, "rasid")
    first = await times([article("فتحت البلدية الجسر.", NOON)])
    again = await times([article("فتحت البلدية الجسر.", LATER)])
    assert [encode(one) for one in again] == [encode(one) for one in first]
    assert again[0].fetched_at == NOON


async def test_a_revision_is_a_record_of_its_own(redis: Redis) -> None:
    times = FirstSeenTimes(redis, "rasid")
    await times([article("فتحت البلدية الجسر.", NOON)])
    revised, first = await times([article("فتحت البلدية الجسر الجديد.", LATER), article("فتحت البلدية الجسر.", LATER)])
    assert (revised.fetched_at, first.fetched_at) == (LATER, NOON)


async def test_of_repeats_in_one_batch_the_first_counts(redis: Redis) -> None:
    found = await FirstSeenTimes(redis, "rasid")(
        [article("فتحت البلدية الجسر.", NOON), article("فتحت البلدية الجسر.", LATER)]
    )
    assert [one.fetched_at for one in found] == [NOON, NOON]
    assert await FirstSeenTimes(redis, "rasid")([]) == []


async def test_times_are_kept_for_two_weeks_from_the_first(redis: Redis) -> None:
    times = FirstSeenTimes(redis, "rasid")
    (one,) = await times([article("فتحت البلدية الجسر.", NOON)])
    key = f"{{rasid}}:fetched:{one.record_id}"
    assert REMEMBERED_SECONDS - 60 < await redis.ttl(key) <= REMEMBERED_SECONDS
    await redis.expire(key, 1000)
    await times([article("فتحت البلدية الجسر.", LATER)])
    assert await redis.ttl(key) <= 1000


async def test_without_redis_nothing_is_given(tmp_path: object) -> None:
    async with Redis.from_url(f"unix://{tmp_path}/none.sock") as away:
        with pytest.raises((RedisError, OSError)):
            await FirstSeenTimes(away, "rasid")([article("فتحت البلدية الجسر.", NOON)])
