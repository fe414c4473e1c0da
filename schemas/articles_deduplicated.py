"""`articles.deduplicated`: the article, and whether it tells anything new. Enough alone for a consumer."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.articles_extracted import ExtractedArticle
from schemas.record import Offset, Part

Relation = Literal["new", "exact", "revision", "near_duplicate", "same_story"]


class Passage(Part):
    """A stretch of the original text, half-open."""

    start: Offset
    end: Offset


class Verdict(Part):
    """What deduplication says of one article."""

    relation: Relation
    duplicate_of: Annotated[
        str | None,
        Field(description="id of the first article that this is an exact copy, revision or near duplicate of"),
    ] = None
    story_id: Annotated[str, Field(description="shared by the articles of one story")]
    similarity: Annotated[
        float, Field(ge=0, le=1, description="estimated Jaccard similarity to what it was compared with")
    ]
    revision: Annotated[int, Field(ge=0, description="0 for the first version of an article")] = 0
    new_passages: Annotated[list[Passage], Field(description="what the stream had not yet seen")] = []


class DeduplicatedArticle(ExtractedArticle):
    """The extracted article and the verdict."""

    schema_name: ClassVar[str] = "rasid.articles.deduplicated"

    relation: Relation
    duplicate_of: str | None
    story_id: str
    similarity: float
    revision: int
    new_passages: list[Passage]
