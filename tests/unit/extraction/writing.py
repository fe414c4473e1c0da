"""Articles and names for the tests of extraction: written here, normalized by the real thing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime

from schemas.articles_extracted import Claim, Entity, EntityType
from schemas.articles_normalized import NormalizedArticle
from schemas.articles_raw import RawArticle
from services.extraction.claims import find_claims
from services.normalization.article import normalize

SUNDAY = "2018-09-30T12:00:00+00:00"

Name = tuple[str, EntityType, str] | tuple[str, EntityType, str, str | None]
"""Words, their type, the canonical name, and how precise a place it is."""


def article(text: str, published: str | None = SUNDAY, title: str = "") -> NormalizedArticle:
    """A normalized article of this text, published on Sunday 30 September 2018 unless said otherwise."""
    return normalize(
        RawArticle(
            id="test",
            record_id=uuid.uuid5(uuid.NAMESPACE_URL, text),
            source="وكالة الاختبار",
            title=title,
            text=text,
            published_at=None if published is None else datetime.fromisoformat(published),
            fetched_at=datetime(2018, 10, 1, tzinfo=UTC),
        )
    )


def name(text: str, words: str, kind: EntityType, canonical: str, precision: str | None = None) -> list[Entity]:
    """Every mention of these words as an entity of this type."""
    found = []
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        fields = {"text": words, "start": start, "end": end, "type": kind, "canonical": canonical}
        found.append(Entity.model_validate(fields | {"precision": precision, "confidence": 1.0}))
        start = text.find(words, end)
    return found


def named(text: str, names: Iterable[Name]) -> list[Entity]:
    """Every mention of these names, in text order, the longest first."""
    return sorted((one for given in names for one in name(text, *given)), key=lambda one: (one.start, -one.end))


def claims_of(text: str, names: Iterable[Name]) -> list[Claim]:
    """The claims of an article of this text, in which these names are known."""
    return find_claims(article(text), named(text, names))


def said_of(text: str, names: Iterable[Name]) -> list[tuple[str, str]]:
    """Speaker and content of every claim."""
    return [(claim.speaker, text[claim.start : claim.end]) for claim in claims_of(text, names)]
