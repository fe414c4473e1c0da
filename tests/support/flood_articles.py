"""Articles of a flood and of what came with it, of our own writing: retold, followed up and told as one."""

from __future__ import annotations

from typing import Any

from schemas.articles_extracted import ExtractedArticle
from tests.support.seeds import OUTLETS
from tests.unit.deduplication.examples import FLOOD, HARBOUR, MATCH, article

HORIZON, ECHO, POST = OUTLETS

FLOOD_RETOLD = (
    "قضى تسعة أشخاص في سيول جارفة ضربت وادي الرمان فجر الخميس، بحسب هيئة الدفاع المدني.",
    "وروى ناجون من قرى الوادي أن المياه دخلت بيوتهم وهم نيام.",
    "وأكد سالم الحداد، المتحدث باسم الهيئة، أن البحث جار عن ثلاثة مفقودين قرب الزيتونة.",
)
FLOOD_TITLE = "تسعة قتلى في سيول وادي الرمان"

VALLEY = (
    "جرفت السيول سيارتين وجسرا صغيرا في وادي الرمان فجر الخميس، وقتل تسعة أشخاص.",
    "وقال المتحدث باسم الدفاع المدني سالم الحداد إن فرق الإنقاذ انتشلت جثتين من تحت الأوحال.",
    "وأغلقت السلطات الطريق الساحلي بين الرمان والزيتونة.",
)
CAMP = (
    "أخلت فرق الطوارئ مخيم الصنوبر بعدما انهارت خيامه تحت المطر ليل الأربعاء.",
    "ونقلت حافلات البلدية أربعمئة عائلة إلى مدارس القرية المجاورة.",
    "وطالب نازحون ببطانيات وحليب للأطفال قبل حلول المساء.",
)
ORCHARD = (
    "أتلف البرد محصول المشمش في بساتين غوطة الزيتون وقدر المزارعون خسائرهم بثلثي الموسم.",
    "وأحصت لجنة زراعية سبعين بستانا تضررت أشجارها وتكسرت أغصانها.",
    "وناشد اتحاد الفلاحين المصرف الزراعي تأجيل أقساط القروض.",
)
VALLEY_TITLE, CAMP_TITLE = "سيول وادي الرمان تقتل تسعة", "إخلاء مخيم الصنوبر بعد المطر"
ORCHARD_TITLE = "البرد يتلف مشمش الغوطة"


def valley(**more: Any) -> ExtractedArticle:
    return article(VALLEY, **({"id": "valley", "source": HORIZON, "title": VALLEY_TITLE} | more))


def camp(**more: Any) -> ExtractedArticle:
    return article(CAMP, **({"id": "camp", "source": ECHO, "title": CAMP_TITLE} | more))


def orchard(**more: Any) -> ExtractedArticle:
    return article(ORCHARD, **({"id": "orchard", "source": ECHO, "title": ORCHARD_TITLE} | more))


def both(one: tuple[str, ...], other: tuple[str, ...], title: str, id: str, **more: Any) -> ExtractedArticle:
    """A round-up that tells two stories as one: half of it is of each."""
    mixed = (one[0], other[0], one[1], other[1])
    return article(mixed, **({"id": id, "source": POST, "title": title} | more))


def valley_and_camp(**more: Any) -> ExtractedArticle:
    return both(VALLEY, CAMP, f"{VALLEY_TITLE} و{CAMP_TITLE}", "round-up", **more)


def follow_up(of: tuple[str, ...], title: str, id: str, source: str = POST, **more: Any) -> ExtractedArticle:
    """Largely the same text, and a sentence of its own."""
    return article((*of, f"وأفاد مراسل {source} بأن الهدوء عاد مساء."), id=id, source=source, title=title, **more)


STREAM = (
    article(FLOOD, id="a", source=HORIZON, title=FLOOD_TITLE),
    article(FLOOD[:4], id="b", source=ECHO, title=FLOOD_TITLE),
    article((*FLOOD[:3], HARBOUR[0]), id="a", source=HORIZON, title=FLOOD_TITLE),
    article(FLOOD_RETOLD, id="c", source=POST, title=FLOOD_TITLE),
    article(FLOOD, id="d", source=HORIZON),
    article(MATCH, id="m", source=ECHO),
)
