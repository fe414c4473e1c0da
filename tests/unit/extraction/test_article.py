"""A normalized article in, an extracted one out."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import orjson

from schemas.articles_extracted import Extraction
from schemas.articles_normalized import NormalizedArticle
from schemas.articles_raw import RawArticle
from services.extraction.article import extract
from services.normalization.article import normalize

FOUND = Extraction(engine="silent", entities=[], dates=[], quantities=[], events=[], claims=[])


class Silent:
    """An engine that finds nothing."""

    name, version = "silent", "1"

    def extract(self, article: NormalizedArticle) -> Extraction:
        return FOUND


def test_fields_of_any_name_are_carried_on_and_never_hide_what_was_found() -> None:
    more = {"cls": 1, "self": 2, "_fields_set": ["x"], "values": 4}
    raw = {
        "id": "a-1",
        "record_id": UUID(int=7),
        "source": "wakala",
        "text": "أعلنت البلدية افتتاح السوق.",
        "fetched_at": datetime(2026, 3, 1, tzinfo=UTC),
    }
    article = normalize(RawArticle.model_validate(raw | more | {"entities": "stale"}))
    found = extract(article, Silent())
    assert found.model_extra == more
    assert orjson.loads(found.model_dump_json())["entities"] == []
