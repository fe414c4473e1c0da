"""`articles.raw`: an article as it came in, validated and named."""

from __future__ import annotations

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from schemas.record import Record


class RawArticle(Record):
    """One version of one article, as published by its outlet."""

    schema_name: ClassVar[str] = "rasid.articles.raw"
    schema_version: ClassVar[int] = 1

    id: Annotated[str, Field(min_length=1, max_length=512, description="names the article; the same for its revisions")]
    record_id: Annotated[UUID, Field(description="names this version: uuid5(id, content hash); the key of idempotence")]
    source: Annotated[str, Field(min_length=1, max_length=200, description="the outlet")]
    url: Annotated[str | None, Field(max_length=4096)] = None
    title: Annotated[str, Field(max_length=4096)] = ""
    text: Annotated[str, Field(min_length=1, description="as published; all offsets point into it")]
    published_at: Annotated[AwareDatetime | None, Field(description="unknown stays null")] = None
    fetched_at: Annotated[AwareDatetime, Field(description="when it came in")]
    language: Annotated[str, Field(max_length=16, description="ISO 639 code of the text")] = "ar"
