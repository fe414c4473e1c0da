"""Dates of the Hijri calendar: «15 رمضان 1439», «الخامس عشر من رمضان», «1439/9/15 هـ», by the table of Umm al-Qura."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from hijridate import Gregorian, Hijri

from services.extraction.calendar_words import (
    HIJRI,
    HIJRI_EPITHETS,
    HIJRI_ERA,
    HIJRI_PAIRS,
    NEXT,
    PAST,
    THIS,
    YEAR_WORDS,
)
from services.extraction.nearest_day import nearest_day

Word = Callable[[int], str]
_FIRST_YEAR, _LAST_YEAR = 1300, 1500
SIGHTING_DAYS = 2
"""The month begins when its moon is seen, so the day in use may be this far from the table's."""


@dataclass(frozen=True, slots=True)
class HijriMonth:
    """A month of the Hijri year as stated, 1 to 12: with its year, or which way to look (-1, 0, 1), and the token behind.

    `certain` says that more than the name shows it to be one («رمضان» and «شعبان» are names of people too).
    """

    month: int
    year: int | None
    away: int
    end: int
    certain: bool


def read_hijri_month(word: Word, k: int) -> HijriMonth | None:
    """The Hijri month named at token k, and the year behind it; `word` gives the folded token, "" outside of the text."""
    form = word(k)
    if form in HIJRI:
        month, end = HIJRI[form], k + 1
        certain = False
    elif (form, word(k + 1)) in HIJRI_PAIRS:
        month, end, certain = HIJRI_PAIRS[form, word(k + 1)], k + 2, True
    else:
        return None
    if word(end) in HIJRI_EPITHETS:
        end, certain = end + 1, True
    j = end
    if word(j) in ("من", "،") and word(j + 1) in YEAR_WORDS:
        j += 1
    if word(j) in YEAR_WORDS or word(j) == "لعام":
        j += 1
    if is_hijri_year(word(j)):
        return HijriMonth(month, int(word(j)), 0, era_end(word, j + 1), True)
    if word(end) in PAST or word(end) in NEXT:
        return HijriMonth(month, None, -1 if word(end) in PAST else 1, end + 1, certain)
    return HijriMonth(month, None, 0, end + 1 if word(end) in THIS else end, certain)


def is_hijri_year(form: str) -> bool:
    """Whether a token is a year that only this calendar counts in the news."""
    return len(form) == 4 and form.isdecimal() and _FIRST_YEAR <= int(form) <= _LAST_YEAR


def era_end(word: Word, k: int) -> int:
    """The token behind «هـ», «(هـ)», «للهجرة», «الهجري»; k itself where nothing names the era."""
    if word(k) == "(" and word(k + 1) in HIJRI_ERA and word(k + 2) == ")":
        return k + 3
    return k + 1 if word(k) in HIJRI_ERA else k


def hijri_day(year: int, month: int, day: int) -> date | None:
    """The day in the Gregorian calendar; None where there is none, or where the year is outside of the table."""
    try:
        found = Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None
    return date(found.year, found.month, found.day)


def nearest_hijri_day(month: int, day: int, published: date, away: int = 0) -> date | None:
    """The day of this month that is nearest to publication."""
    try:
        year = Gregorian(published.year, published.month, published.day).to_hijri().year
    except (ValueError, OverflowError):
        return None
    return nearest_day((hijri_day(y, month, day) for y in (year - 1, year, year + 1)), published, away)


def span_of_month(found: HijriMonth, published: date | None) -> str | None:
    """The ISO month or year that holds the whole Hijri month; None where it straddles a new year or is unknown."""
    if found.year is not None:
        first = hijri_day(found.year, found.month, 1)
    elif published is not None:
        first = nearest_hijri_day(found.month, 1, published, found.away)
    else:
        first = None
    if first is None:
        return None
    last = first + timedelta(days=28)
    if first.year != last.year:
        return None
    return first.isoformat()[:7] if first.month == last.month else first.isoformat()[:4]
