"""The two ids: which article it is, and which version of it."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

ARTICLES = uuid5(NAMESPACE_URL, "urn:rasid:article")
VERSIONS = uuid5(NAMESPACE_URL, "urn:rasid:version")


def _joined(*parts: str) -> str:
    """The parts as one string that no other parts give."""
    return json.dumps(parts)


def article_id(source: str, url: str | None, given: str | None, title: str, text: str) -> str:
    """The article's id: the given one, else from source and URL, else from source and content.

    Without id and URL a revision cannot be told from another article: it gets an id of its own.
    """
    if given:
        return given
    if url:
        return str(uuid5(ARTICLES, _joined("url", source, url)))
    return str(uuid5(ARTICLES, _joined("content", source, title, text)))


def record_id(id: str, title: str, text: str, published_at: datetime | None) -> UUID:
    """The version's id: uuid5 in the article's namespace of the hash of its content; `published_at` is aware."""
    moment = published_at.astimezone(UTC).isoformat() if published_at else ""
    content = hashlib.sha256(_joined(title, text, moment).encode("ascii")).hexdigest()
    return uuid5(uuid5(VERSIONS, id), content)
