"""Articles judged by an index, for the tests that look at verdicts alone."""

from __future__ import annotations

from schemas.articles_deduplicated import Verdict
from schemas.articles_extracted import ExtractedArticle
from services.deduplication.fingerprint import fingerprint
from services.deduplication.index import DeduplicationIndex


async def judged(index: DeduplicationIndex, *articles: ExtractedArticle) -> list[Verdict]:
    """The verdicts on the articles, as one batch."""
    return [one.verdict for one in await index.judge([fingerprint(one) for one in articles])]
