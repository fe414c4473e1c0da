"""The backfill guard: archives are processed, but page nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

from schemas.articles_raw import RawArticle


def too_old(article: RawArticle, now: datetime, max_age: timedelta) -> bool:
    """Whether the article was published (fetched, where that is unknown) longer than `max_age` before `now`."""
    return now - (article.published_at or article.fetched_at) > max_age
