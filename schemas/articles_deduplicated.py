"""`articles.deduplicated`: the article, and whether it tells anything new. Enough alone for a consumer."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.articles_extracted import ExtractedArticle
from schemas.record import Offset, Part
from schemas.stories import Change

RevisionChange = Literal["title", "lead", "numbers", "added", "cut"]
Notice = Literal["correction", "retraction"]
Relation = Literal["new", "exact", "revision", "near_duplicate", "same_story"]


class Passage(Part):
    """A stretch of the original text, half-open."""

    start: Offset
    end: Offset


class StorySoFar(Part):
    """The story as this article left it."""

    version: Annotated[int, Field(ge=1, description="of the story's state on the topic stories")]
    articles: Annotated[int, Field(ge=1, description="in the story, this one included")]
    outlets: Annotated[int, Field(ge=1, description="that tell it, 40 at most")]
    contested: Annotated[bool, Field(description="two sources say incompatible things about one event")]
    changed: Annotated[list[Change], Field(description="what this article changed; empty where it only repeats")] = []


class Verdict(Part):
    """What deduplication says of one article."""

    relation: Relation
    duplicate_of: Annotated[
        str | None,
        Field(description="id of the first article that this is an exact copy, revision or near duplicate of"),
    ] = None
    story_id: Annotated[str, Field(description="shared by the articles of one story")]
    merged_stories: Annotated[
        list[str],
        Field(description="ids of stories that this article showed to be the same one: they went into story_id"),
    ] = []
    similarity: Annotated[
        float, Field(ge=0, le=1, description="estimated Jaccard similarity to what it was compared with")
    ]
    revision: Annotated[int, Field(ge=0, description="0 for the first version of an article")] = 0
    revision_changes: Annotated[
        list[RevisionChange], Field(description="what the revision changed of the version before it")
    ] = []
    notice: Annotated[
        Notice | None, Field(description="the article says of itself that it corrects or takes back an earlier one")
    ] = None
    new_passages: Annotated[list[Passage], Field(description="what the stream had not yet seen")] = []
    story: StorySoFar | None = None


class DeduplicatedArticle(ExtractedArticle):
    """The extracted article and the verdict."""

    schema_name: ClassVar[str] = "rasid.articles.deduplicated"

    relation: Relation
    duplicate_of: str | None
    story_id: str
    merged_stories: list[str] = []
    similarity: float
    revision: int
    revision_changes: list[RevisionChange] = []
    notice: Notice | None = None
    new_passages: list[Passage]
    story: StorySoFar | None = None
