"""The last step: the article with its verdict."""

from __future__ import annotations

from schemas.articles_deduplicated import DeduplicatedArticle, Verdict
from schemas.articles_extracted import ExtractedArticle


def deduplicated(article: ExtractedArticle, verdict: Verdict) -> DeduplicatedArticle:
    """The article, unknown fields included, with what deduplication says of it."""
    return DeduplicatedArticle.of_validated(article.__dict__ | verdict.__dict__, article.model_extra)
