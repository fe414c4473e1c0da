"""The wiring: a normalized article in, an extracted one out."""

from __future__ import annotations

from functools import partial

from schemas.articles_extracted import ExtractedArticle
from schemas.articles_normalized import NormalizedArticle
from services.extraction.article import extract
from services.extraction.engine import Engine
from services.runtime.articles import article_stage
from services.runtime.step import Stage
from services.runtime.topics import EXTRACTED, NORMALIZED

BATCH_RECORDS = 32  # about 5 ms an article, more for a long one
_BATCH_RECORDS = {"camel": 1}  # seconds an article without a GPU: the time that a step may take is for one


def batch_records(engine: Engine) -> int:
    """The records of one step with this engine."""
    return _BATCH_RECORDS.get(engine.name, BATCH_RECORDS)


def stage(engine: Engine) -> Stage[NormalizedArticle, ExtractedArticle, None]:
    """`articles.normalized` to `articles.extracted`."""
    return article_stage("extraction", NORMALIZED, NormalizedArticle, partial(extract, engine=engine), EXTRACTED)
