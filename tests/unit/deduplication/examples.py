"""Articles for the tests of deduplication, of our own writing, put through the real normalization."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from schemas.articles_extracted import Entity, Event, ExtractedArticle
from schemas.articles_raw import RawArticle
from services.normalization.article import normalize

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)

FLOOD = (
    "ارتفع عدد ضحايا السيول التي اجتاحت وادي الرمان شمال البلاد فجر الخميس إلى تسعة قتلى، "
    "وفق ما أعلنت هيئة الدفاع المدني.",
    "وقال المتحدث باسم الهيئة سالم الحداد إن فرق الإنقاذ انتشلت جثتين من تحت أنقاض منزل جرفته المياه.",
    "وأغلقت السلطات الطريق الساحلي بين مدينتي الرمان والزيتونة بعدما غمرته الأوحال.",
    "وكانت الأمطار قد هطلت بغزارة طوال الليل فتجاوز منسوب السد الصغير حده الأقصى.",
    "ودعت الهيئة سكان القرى الواقعة أسفل الوادي إلى مغادرة بيوتهم حتى إشعار آخر.",
    "وفتحت البلدية مدرستين لإيواء العائلات التي فقدت منازلها.",
)
HARBOUR = (
    "أعلنت شركة موانئ الخليج الشرقي، الاثنين، توقيع عقد لتوسعة رصيف الحاويات بكلفة أربعين مليون دولار.",
    "وأوضح مدير الشركة رائد النجار أن الأعمال ستبدأ مطلع الشهر المقبل وتستمر عامين.",
    "وستتيح التوسعة استقبال سفن يزيد طولها على ثلاثمئة متر للمرة الأولى في المرفأ.",
    "ويعتمد اقتصاد المدينة على المرفأ الذي يعمل فيه نحو ألفي موظف.",
    "واعترضت نقابة الصيادين على المشروع لأنه يضيق على قواربها مدخل الحوض القديم.",
)
MATCH = (
    "حسم فريق النسور لقب كأس المحافظات بعدما تغلب على ضيفه الأمل بهدفين مقابل هدف في مباراة امتدت إلى شوط إضافي.",
    "وسجل المهاجم باسل عيد هدف الفوز بضربة رأس قبل صافرة النهاية بثلاث دقائق.",
    "وأهدر الأمل ركلة جزاء تصدى لها الحارس المخضرم نبيل زين.",
    "وقال المدرب إن لاعبيه دفعوا ثمن إرهاق الموسم الطويل.",
)


def article(
    sentences: tuple[str, ...] | str,
    *,
    id: str = "a-1",
    source: str = "النهار الجديد",
    title: str = "",
    published_at: datetime | None = NOON,
    entities: list[Entity] | None = None,
    events: list[Event] | None = None,
    **more: Any,
) -> ExtractedArticle:
    """An extracted article; `record_id` follows from id, title and text."""
    text = sentences if isinstance(sentences, str) else "\n".join(sentences)
    record_id = uuid5(NAMESPACE_URL, "\n".join((id, title, text)))
    raw = RawArticle(
        id=id,
        record_id=record_id,
        source=source,
        title=title,
        text=text,
        published_at=published_at,
        fetched_at=NOON,
        **more,
    )
    found = {"entities": entities or [], "dates": [], "quantities": [], "events": events or [], "claims": []}
    return ExtractedArticle.model_validate(dict(normalize(raw)) | {"engine": "none"} | found)
