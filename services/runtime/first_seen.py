"""When a record first came in: one that comes again keeps its first `fetched_at`, and so is the same byte for byte."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from schemas.articles_raw import RawArticle

REMEMBERED_SECONDS = 14 * 24 * 3600


class FirstSeenTimes:
    """The times in Redis, one key a record, kept for REMEMBERED_SECONDS."""

    def __init__(self, redis: Any, prefix: str) -> None:
        """`redis` is an asynchronous client, bytes in and bytes out."""
        self._redis, self._prefix = redis, prefix

    async def __call__(self, articles: Sequence[RawArticle]) -> list[RawArticle]:
        """The articles, in order, with the `fetched_at` that their record ids came with first.

        Raises:
            redis.RedisError, OSError: Redis is away; asking again does no harm.
        """
        async with self._redis.pipeline(transaction=False) as asked:
            for article in articles:
                key = f"{{{self._prefix}}}:fetched:{article.record_id}"
                asked.set(key, article.fetched_at.isoformat(), nx=True, get=True, ex=REMEMBERED_SECONDS)
            answers = await asked.execute()
        return [
            article
            if first is None
            else article.model_copy(update={"fetched_at": datetime.fromisoformat(first.decode())})
            for article, first in zip(articles, answers, strict=True)
        ]
