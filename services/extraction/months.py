"""Months of the Gregorian calendar under all their Arabic names, the years behind them, and dates in figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from services.extraction import calendar_words as cal

Word = Callable[[int], str]


def read_month(word: Word, k: int) -> tuple[int, int] | None:
    """The month named at token k, with its other names («ايلول/سبتمبر»), and the token behind."""
    number, end = _name(word, k)
    if number is None:
        return None
    while word(end) in ("/", "(", "-", "،") and _name(word, end + 1)[0] == number:
        end = _name(word, end + 1)[1]
        if word(end) == ")":
            end += 1
    if _name(word, end)[0] == number:
        end = _name(word, end)[1]
    return number, end


def _name(word: Word, k: int) -> tuple[int | None, int]:
    form = word(k)
    pair = cal.TWO_WORD_MONTHS.get((form, word(k + 1)))
    if pair is not None:
        return pair, k + 2
    return cal.MONTHS.get(form), k + 1


def is_year(form: str) -> bool:
    """Whether a token is a year of the Gregorian calendar that the news speaks of."""
    return len(form) == 4 and form.isdecimal() and 1800 <= int(form) <= 2200


def read_year_behind(word: Word, end: int, published: date | None) -> tuple[int | None, int, int]:
    """A year or «الماضي» behind a month: the year, the token behind, and which way to look (-1, 0, 1)."""
    k = end + 1 if word(end) in ("من", "عام", "سنه", "،", "لعام") and is_year(word(end + 1)) else end
    k = k + 2 if word(k) == "من" and word(k + 1) in cal.YEAR_WORDS else k
    form = word(k)
    if is_year(form):
        return int(form), k + 1, 0
    if form in cal.PAST:
        return None, k + 1, -1
    if form in cal.NEXT:
        return None, k + 1, 1
    if form in cal.THIS:
        return (published.year if published else None), k + 1, 0
    of = k + (form == "من")
    if word(of) == "العام" and word(of + 1) in cal.PAST:
        return (published.year - 1 if published else None), of + 2, 0
    return None, end, 0


class Figures(NamedTuple):
    """A date in figures, not yet known to be one of a calendar, and the token behind it."""

    year: int
    month: int
    day: int
    end: int


def read_figures(word: Word, i: int) -> Figures | None:
    """«10/6/2018», «2018-06-10», «10.6.2018»: day, month, year or year, month, day."""
    form, mark = word(i), word(i + 1)
    if form.count(".") == 2:
        parts, end = form.split("."), i + 1
    elif mark in ("/", "-") and word(i + 3) == mark:
        parts, end = [form, word(i + 2), word(i + 4)], i + 5
    else:
        return None
    if not all(part.isdecimal() and len(part) <= 4 for part in parts):
        return None
    first, middle, last = (int(part) for part in parts)
    day, year = (last, first) if first > 31 else (first, last)
    return Figures(year, middle, day, end)


def begins_range_of_days(word: Word, i: int) -> bool:
    """Whether the number at token i is the first of two days of one month: «بين 10 و12 مايو», «من 3 إلى 5 أيار»."""
    if word(i + 1) not in ("-", "–", "الي", "و", "حتي"):
        return False
    first, second = word(i), word(i + 2)
    return (
        first.isdecimal()
        and len(first) <= 2
        and second.isdecimal()
        and len(second) <= 2
        and 1 <= int(first) < int(second) <= 31
        and read_month(word, i + 3) is not None
    )
