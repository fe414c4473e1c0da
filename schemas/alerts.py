"""`alerts`: what a rule found; also the body of every webhook."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from schemas.articles_deduplicated import Relation
from schemas.articles_extracted import Claim, Entity, Event
from schemas.record import Part, Record

Severity = Literal["info", "warning", "critical"]


class Reason(Part):
    """One condition of the rule, and the words that met it."""

    condition: Annotated[str, Field(description="as in the rule file: «place: Idlib»")]
    matched: Annotated[str, Field(description="the words of the article")]
    start: Annotated[int | None, Field(ge=0)] = None
    end: Annotated[int | None, Field(ge=0)] = None


class AlertArticle(Part):
    """The article that fired the rule."""

    id: str
    record_id: UUID
    source: str
    url: str | None
    title: str
    excerpt: Annotated[str, Field(max_length=600)]
    published_at: AwareDatetime | None
    fetched_at: AwareDatetime
    relation: Relation


class Alert(Record):
    """A rule's finding in one story. Made from the article alone, so that a repeat is the same to the byte."""

    schema_name: ClassVar[str] = "rasid.alerts"
    schema_version: ClassVar[int] = 1

    alert_id: Annotated[UUID, Field(description="uuid5(rule, story, change); the webhook-id")]
    rule: str
    title: str
    severity: Severity
    labels: dict[str, str] = {}
    story_id: str
    change: Annotated[str, Field(description="why now: `first` for the story's first alert under this rule")]
    reasons: list[Reason]
    article: AlertArticle
    entities: list[Entity] = []
    events: list[Event] = []
    claims: list[Claim] = []
    webhooks: Annotated[list[str], Field(description="names of the endpoints it goes to")] = []
