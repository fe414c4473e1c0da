"""Articles that went through normalization and extraction, as a page or a terminal shows them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from schemas.articles_extracted import ExtractedArticle
from services.cli.explain_reading import explained
from services.extraction.engine import Engine, load_engine
from services.producer.admission import Admission
from services.producer.candidate import Candidate
from services.producer.readers import read

SEEDS = Path(__file__).parents[3] / "seeds" / "articles"
STRIKES = SEEDS / "01-daraa-strikes.json"
ADMISSION = Admission(256 * 1024, 0.5)
NOW = datetime(2026, 3, 2, tzinfo=UTC)


@cache
def engine() -> Engine:
    return load_engine("lexicon")


@cache
def seed(path: Path) -> ExtractedArticle:
    """The first article of one of our seed files."""
    return explained(ADMISSION.article(next(read([path], source="wakala")), NOW), engine())


def article(text: str, **fields: object) -> ExtractedArticle:
    """An article with this text."""
    given = {"text": text, "source": "wakala", "published_at": "2026-03-01T12:00:00Z"} | fields
    return explained(ADMISSION.article(Candidate("test", given), NOW), engine())
