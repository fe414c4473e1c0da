"""The Arabic words of the page."""

from __future__ import annotations

from schemas.articles_extracted import EntityType, EventType
from services.cli.explain_findings import ParagraphKind, Precision

TYPES: dict[EntityType, str] = {"PER": "أشخاص", "ORG": "مؤسسات", "GRP": "جماعات مسلحة", "LOC": "أماكن"}

EVENTS: dict[EventType, str] = {
    "air_strike": "غارة جوية",
    "missile_attack": "هجوم صاروخي",
    "drone_attack": "هجوم بطائرة مسيّرة",
    "shelling": "قصف",
    "bombing": "تفجير",
    "armed_attack": "هجوم مسلح",
    "armed_clash": "اشتباك مسلح",
    "seizure": "سيطرة على أرض",
    "abduction": "اختطاف",
    "arrest": "اعتقال",
    "protest": "احتجاج",
    "agreement": "اتفاق",
    "sanction": "عقوبات",
    "meeting": "اجتماع",
    "other_violence": "عنف آخر",
}

STANCES = {"statement": "تصريح", "denial": "نفي", "confirmation": "تأكيد", "accusation": "اتهام"}

PRECISIONS: dict[Precision, str] = {
    "exact": "الموقع نفسه",
    "town": "وسط البلدة",
    "near": "عند أقرب موقع معروف",
    "region": "وسط المنطقة",
    "country": "وسط البلد",
}

PARAGRAPHS: dict[ParagraphKind, str] = {
    "boilerplate": "من عبارات الموقع الثابتة",
    "repeated": "مكرّر في المقال",
    "between": "خارج الفقرات",
}

PARTS_OF_DAY = {
    "dawn": "فجراً",
    "morning": "صباحاً",
    "noon": "ظهراً",
    "afternoon": "عصراً",
    "evening": "مساءً",
    "night": "ليلاً",
}

UNITS = {"killed": "قتلى", "wounded": "جرحى", "missing": "مفقودون", "displaced": "نازحون", "arrested": "معتقلون"}

OR_MORE = "فأكثر"


def counted(count: int, none: str, one: str, two: str, few: str, many: str) -> str:
    """A number with what it counts, in the form that Arabic asks for."""
    if count <= 2:
        return (none, one, two)[count]
    return f"{count} {few if 3 <= count % 100 <= 10 else many}"
