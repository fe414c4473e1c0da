"""The wiring: an extracted article in, the same with its verdict out."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.articles_deduplicated import Verdict
from schemas.articles_extracted import ExtractedArticle
from services.deduplication.article import deduplicated
from services.deduplication.fingerprint import Fingerprint, fingerprint
from services.deduplication.index import DeduplicationIndex
from services.runtime.articles import article_record, reading
from services.runtime.step import Outgoing, Stage
from services.runtime.topics import DEDUPLICATED, EXTRACTED

BATCH_RECORDS = 128


def stage(index: DeduplicationIndex) -> Stage[ExtractedArticle, Fingerprint, Verdict]:
    """`articles.extracted` to `articles.deduplicated`."""

    def finish(article: ExtractedArticle, _print: Fingerprint, verdict: Verdict | None) -> Sequence[Outgoing]:
        if verdict is None:
            raise ValueError("the index gave no verdict")
        return [article_record(DEDUPLICATED, deduplicated(article, verdict))]

    return Stage("deduplication", EXTRACTED, reading(ExtractedArticle), fingerprint, index.judge, finish)
