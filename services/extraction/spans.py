"""Spans of time: «يومين», «ثلاثة أسابيع», «5 أعوام»."""

from __future__ import annotations

from collections.abc import Sequence

from services.extraction.calendar_words import DUAL_SPANS, SPANS
from services.extraction.numerals import read_numeral

_SINGLE = ("يوم", "اسبوع", "شهر", "عام", "سنه")
_LONGEST = 10_000


def read_span(forms: Sequence[str], k: int) -> tuple[int, int] | None:
    """The span named at token k in days (a month as 30, a year as 365), and the token behind it."""
    unit = forms[k] if k < len(forms) else ""
    if unit in DUAL_SPANS or unit in _SINGLE:
        return SPANS[unit], k + 1
    numeral = read_numeral(forms, k) if unit and (unit[0].isdigit() or unit.isalpha()) else None
    if numeral is None or numeral.most is None or numeral.end >= len(forms) or forms[numeral.end] not in SPANS:
        return None
    if numeral.least != int(numeral.least) or numeral.least > _LONGEST:
        return None
    return int(numeral.least) * SPANS[forms[numeral.end]], numeral.end + 1
