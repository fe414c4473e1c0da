"""Our own sentences, for the tests of the producer."""

from __future__ import annotations

from datetime import UTC, datetime

from schemas.articles_raw import RawArticle
from services.producer.admission import Admission, admit
from services.producer.candidate import Candidate

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT = "أعلنت بلدية المدينة افتتاح جسر جديد فوق النهر بعد عامين من العمل، وقال رئيس البلدية إن الجسر يخفف الازدحام."
PERSIAN = "گروهی از پژوهشگران گزارش دادند که چند پروژه بزرگ در شهرهای گوناگون آغاز شده و پیشرفت چشمگیری داشته است."
URDU = "حکومت نے کہا ہے کہ شہر میں نئے ہسپتال کی تعمیر کا کام اگلے مہینے شروع ہو گا اور لوگوں کو سہولت ملے گی۔"
ADMISSION = Admission(max_text_bytes=256 * 1024, min_arabic_share=0.5)


def candidate(**fields: object) -> Candidate:
    """A candidate that would be admitted, but for what the fields change."""
    return Candidate("here", {"source": "wakala", "title": "جسر جديد", "text": TEXT} | fields)


def admitted(**fields: object) -> RawArticle:
    """The article of such a candidate."""
    return admit(candidate(**fields), max_text_bytes=256 * 1024, min_arabic_share=0.5, fetched_at=NOON)
