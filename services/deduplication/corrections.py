"""Articles that correct or take back what their outlet said before, as their headline or first words announce it."""

from __future__ import annotations

import re

from schemas.articles_deduplicated import Notice
from services.deduplication.words import folded

_ANNOUNCED = (
    r"(?:\s*(?:خبر|لخبر|لما|في خبر|واعتذار|واستدراك)?\s*[:：)\]»\-–—/|]|\s+(?:خبر|لخبر|صحفي|من (?:الوكاله|التحرير))\b)"
)
_CORRECTION = re.compile(rf"\s*[(\[«/\-–—]*\s*(?:تصحيح|تصويب|استدراك|توضيح|اعتذار وتصحيح){_ANNOUNCED}")
_RETRACTION = re.compile(
    r"\s*[(\[«/\-–—]*\s*(?:"
    r"(?:سحب|الغاء|حذف)\s+(?:ال)?(?:خبر|تقرير|ماده|قصه)\b"
    r"|(?:يرجي|الرجاء|نرجو)\s+(?:الغاء|سحب|عدم استخدام|عدم نشر)\b"
    r"|(?:الغاء|سحب)\s*[:：)\]»]"
    r")"
)
_LOOKED_AT = 80


def correction_mark(title: str, text: str) -> Notice | None:
    """Whether the article announces itself as one, in the first words of title or text.

    The word alone is none: «تصحيح مسار المفاوضات» corrects no article.
    """
    for words in (title, text):
        start = folded(words[:_LOOKED_AT])
        if _RETRACTION.match(start):
            return "retraction"
        if _CORRECTION.match(start):
            return "correction"
    return None
