"""People, bodies and countries around a harbour, and what sentences of our own have them say."""

from __future__ import annotations

from schemas.articles_extracted import Claim
from tests.unit.extraction.writing import Name, claims_of, said_of

NAMES: list[Name] = [
    ("سامر الخطيب", "PER", "Samer al-Khatib"),
    ("ليلى مراد", "PER", "Layla Murad"),
    ("رابطة الصيادين", "ORG", "Fishermen's League"),
    ("مجلس الموانئ", "ORG", "Ports Council"),
    ("هيئة السواحل", "ORG", "Coast Authority"),
    ("وكالة النور", "ORG", "Al-Nour Agency"),
    ("خفر السواحل", "ORG", "Coast Guard"),
    ("الأمم المتحدة", "ORG", "United Nations"),
    ("نابلس", "LOC", "Nablus"),
    ("النرويج", "LOC", "Norway"),
    ("فنلندا", "LOC", "Finland"),
    ("العراق", "LOC", "Iraq"),
]


def claims(text: str) -> list[Claim]:
    """The claims of this text."""
    return claims_of(text, NAMES)


def said(text: str) -> list[tuple[str, str]]:
    """Speaker and content of every claim of this text."""
    return said_of(text, NAMES)
