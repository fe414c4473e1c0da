"""The seed articles as deduplication gets them, and variants of them such as outlets make of each other's texts."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from schemas.articles_extracted import ExtractedArticle
from schemas.articles_raw import RawArticle
from services.extraction.article import extract
from services.extraction.engine import load_engine
from services.normalization.article import normalize
from services.producer.admission import admit
from services.producer.candidate import Candidate
from services.producer.readers import read

SEEDS = Path(__file__).parents[2] / "seeds" / "articles"
OUTLETS = ("وكالة الأفق", "صدى الوادي", "بريد الشمال")
EDITS = ("cut", "led anew", "edited", "mixed", "turned", "as it is")


@cache
def seed_articles() -> tuple[RawArticle, ...]:
    """All of them, admitted as the producer does, in the order of their files."""
    fetched = datetime(2026, 3, 8, tzinfo=UTC)
    candidates = [one for one in read([SEEDS], source="seeds") if isinstance(one, Candidate)]
    return tuple(admit(one, max_text_bytes=256 * 1024, min_arabic_share=0.5, fetched_at=fetched) for one in candidates)


def extracted(article: RawArticle) -> ExtractedArticle:
    """The article through normalization and the engine of lists and rules."""
    return extract(normalize(article), load_engine("lexicon"))


def variant(of: RawArticle, other: RawArticle, dice: random.Random) -> RawArticle:
    """The article as another desk might have made it of this one, perhaps with parts of the other."""
    lines = [line for line in of.text.splitlines() if line.strip()]
    others = [line for line in other.text.splitlines() if line.strip()]
    how = dice.choice(EDITS)
    if how == "cut":
        lines = lines[: max(1, len(lines) * dice.randrange(1, 4) // 4)]
    elif how == "led anew":
        lines = [others[0], *lines[1:]]
    elif how == "edited":
        words = " ".join(lines).split(" ")
        for _ in range(len(words) // dice.randrange(4, 30) + 1):
            words[dice.randrange(len(words))] = dice.choice(others[0].split(" "))
        lines = [" ".join(words)]
    elif how == "mixed":
        lines = dice.sample([*lines, *others], max(1, (len(lines) + len(others)) // 2))
    elif how == "turned":
        lines = lines[::-1]
    text = "\n".join(lines)
    id = f"{of.id}-{dice.randrange(10**9)}"
    return of.model_copy(
        update={
            "id": id,
            "record_id": uuid5(NAMESPACE_URL, id + text),
            "text": text,
            "title": dice.choice((of.title, other.title, "")),
            "source": dice.choice((of.source, *OUTLETS)),
            "published_at": (of.published_at or of.fetched_at) + timedelta(minutes=dice.randrange(-6000, 6000)),
        }
    )
