"""One article through an engine: the normalized article in, the extracted article out."""

from __future__ import annotations

from schemas.articles_extracted import ExtractedArticle
from schemas.articles_normalized import NormalizedArticle
from services.extraction.engine import Engine


def extract(article: NormalizedArticle, engine: Engine) -> ExtractedArticle:
    """The article with everything that `engine` finds in it. Fields that this version does not know are carried on."""
    found = engine.extract(article)
    known = {field: getattr(article, field) for field in NormalizedArticle.model_fields}
    findings = {field: getattr(found, field) for field in type(found).model_fields}
    return ExtractedArticle.of_validated(known | findings, article.model_extra)
