"""The wiring: a raw article in, a normalized one out."""

from __future__ import annotations

from schemas.articles_normalized import NormalizedArticle
from schemas.articles_raw import RawArticle
from services.normalization.article import normalize
from services.runtime.articles import article_stage
from services.runtime.step import Stage
from services.runtime.topics import NORMALIZED, RAW

BATCH_RECORDS = 128  # well under 1 ms an article


def stage() -> Stage[RawArticle, NormalizedArticle, None]:
    """`articles.raw` to `articles.normalized`."""
    return article_stage("normalization", RAW, RawArticle, normalize, NORMALIZED)
