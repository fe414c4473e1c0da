"""Dates and times of day as an article states them, resolved against the time of publication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from schemas.articles_extracted import DateMention
from schemas.articles_normalized import NormalizedArticle
from services.extraction import calendar_words as cal
from services.extraction.calendar_words import PartOfDay, bare_date_word
from services.extraction.clock import read_clock
from services.extraction.coming_days import is_to_come
from services.extraction.hijri import (
    SIGHTING_DAYS,
    era_end,
    hijri_day,
    is_hijri_year,
    nearest_hijri_day,
    read_hijri_month,
    span_of_month,
)
from services.extraction.months import begins_range_of_days, is_year, read_figures, read_month, read_year_behind
from services.extraction.nearest_day import nearest_day, valid_day
from services.extraction.spans import read_span
from services.extraction.words import Words, read_words

_ADVERBS = ("صباحا", "ظهرا", "عصرا", "مساء", "ليلا", "فجرا")
_BETWEEN_CALENDARS = frozenset(("الموافق", "الموافقه", "موافق", "ل", "لـ", "(", ")", "،", "/", "-", "–"))


@dataclass(frozen=True, slots=True)
class _Found:
    """What stands at a token: a date in parts, the token behind it, and whether it is of the Hijri calendar."""

    end: int
    day: date | None = None
    text: str | None = None
    time: str | None = None
    part: PartOfDay | None = None
    hijri: bool = False


class _Calendar:
    """Reads dates at tokens of one article."""

    def __init__(self, words: Words, published: date | None) -> None:
        self.words = words
        self.forms = words.forms
        self.published = published
        self._first, self._bare_first = -1, ""

    def word(self, i: int) -> str:
        """The folded token (nothing beyond the text); the one being read at, without its clitic."""
        if i == self._first:
            return self._bare_first
        return self.forms[i] if 0 <= i < len(self.forms) else ""

    def read(self, i: int) -> _Found | None:
        """The date that begins at token i."""
        self._first, self._bare_first = i, bare_date_word(self.forms[i])
        bare = self._bare_first
        if bare[0].isdigit():
            if bare.isdecimal() and self.word(i + 1) not in cal.BEHIND_NUMBERS:
                return None
            return self._clock(i) or self._numeric(i) or self._day_of_month(i) or self._hijri_year(i)
        if bare in cal.PARTS:
            return self._with_part(i, cal.PARTS[bare])
        if bare == "الساعه":
            return self._clock(i)
        if bare in cal.WEEKDAYS:
            return self._weekday(i, cal.WEEKDAYS[bare])
        if bare in ("يوم", "اليوم") and self.word(i + 1) in cal.WEEKDAYS:
            return self._weekday(i + 1, cal.WEEKDAYS[self.word(i + 1)])
        if bare in cal.DAYS_AWAY or (bare == "اول" and "امس" in (self.word(i + 1), self.word(i + 2))):
            return self._relative_day(i)
        if bare in cal.DAYS_AWAY_LED:
            return self._relative_day(i, led=True) if self.forms[i] == "بالامس" else None
        if bare in ("قبل", "بعد") and self.word(i + 1) == "ظهر":
            found = self._with_part(i + 1, "afternoon" if bare == "بعد" else "morning")
            return found if found is not None and found.day is not None else None
        if bare in ("قبل", "منذ") or (bare == "بعد" and self.word(i + 1) == "غد"):
            return self._ago(i, bare)
        if bare in cal.PERIODS or (bare in ("هذا", "هذه") and self.word(i + 1) in cal.PERIODS):
            return self._period(i)
        if bare in cal.ORDINALS:
            return self._day_of_month(i)
        if bare in cal.YEAR_WORDS:
            return self._year(i + 1)
        if bare in cal.HOURS or bare in cal.TEENS_OF_HOURS:
            return self._clock(i)
        return self._month_alone(i, bare)

    def _clock(self, i: int) -> _Found | None:
        clock = read_clock(self.word, i)
        return None if clock is None else _Found(clock.end, None, None, clock.time, clock.part)

    # -- days -------------------------------------------------------------------

    def _found(self, end: int, day: date | None, part: PartOfDay | None = None, hijri: bool = False) -> _Found:
        return _Found(end, day, None if day is None else day.isoformat(), None, part, hijri)

    def _with_part(self, i: int, part: PartOfDay) -> _Found | None:
        """«مساء الخميس», «فجر اليوم», «ليل الأحد الاثنين»; the part alone only as an adverb («مساءً»)."""
        k = i + 1
        if self.word(i) == "الليله" and self.word(k) == "الماضيه":
            return self._found(k + 1, self._shift(-1), part)
        if self.word(i) == "الليله" and self.word(k) == "قبل" and self.word(k + 1) == "الماضيه":
            return self._found(k + 2, self._shift(-2), part)
        if self.word(k) in ("يوم", "نهار"):
            k += 1
        following = self.word(k)
        if following in cal.WEEKDAYS:
            found = self._weekday(k, cal.WEEKDAYS[following])
            morrow = self._morrow(found.end, cal.WEEKDAYS[following]) if part == "night" else None
            return replace(found if morrow is None else self._weekday(*morrow), part=part)
        away = self._day_away(k, led=True)
        if away is not None:
            return replace(self._relative_day(k, led=True), part=part)
        if following and (following[0].isdigit() or following in cal.ORDINALS):
            day = self._day_of_month(k)
            return None if day is None else replace(day, part=part)
        if self.word(i) == "الليله":
            return self._found(i + 1, self._shift(0), part)
        return None

    def _morrow(self, end: int, weekday: int) -> tuple[int, int] | None:
        """The second day of a night («ليل السبت - الأحد»), which is the one that events of it are dated by."""
        k = end + 1 if self.word(end) in ("-", "–", "/") else end
        following = cal.WEEKDAYS.get(self.word(k))
        return (k, following) if following is not None and following == (weekday + 1) % 7 else None

    def _shift(self, days: int) -> date | None:
        try:
            return None if self.published is None else self.published + timedelta(days=days)
        except OverflowError:
            return None

    def _weekday(self, k: int, weekday: int) -> _Found:
        """A day of the week: the latest one up to publication, or the next of a plan or term; «الماضي», «المقبل»."""
        following = self.word(k + 1)
        end = k + 1
        ahead = False
        back_from = 0
        if following in cal.PAST:
            end, back_from = k + 2, 1
        elif following in cal.NEXT:
            end, ahead = k + 2, True
        stated = self._stated_behind(end)
        if stated is not None:
            return stated
        if self.published is None:
            return self._found(end, None)
        away = self.published.weekday() - weekday
        days = (-away) % 7 or 7 if ahead else -((away - back_from) % 7 + back_from)
        if days < 0 and not back_from and is_to_come(self.forms, k, self.published.weekday()):
            days += 7
        part = cal.PARTS.get(self.word(end)) if self.word(end) in _ADVERBS else None
        return self._found(end + (1 if part else 0), self._shift(days), part)

    def _stated_behind(self, k: int) -> _Found | None:
        """The full date that explains a weekday: «الأحد الموافق 22 أبريل 2018»."""
        if self.word(k) in ("،", "("):
            k += 1
        if self.word(k) in ("الموافق", "الموافقه"):
            k += 1
        form = self.word(k)
        if form and (form[0].isdigit() or form in cal.ORDINALS):
            found = self._numeric(k) or self._day_of_month(k)
            return found if found is not None and found.day is not None else None
        return None

    def _day_away(self, i: int, led: bool) -> tuple[int, int] | None:
        """Days from publication that a word or a few say («أول من أمس»), and the token behind."""
        form = self.word(i)
        if form == "اول":
            k = i + 2 if self.word(i + 1) == "من" else i + 1
            return (-2, k + 1) if self.word(k) == "امس" else None
        if led and form in cal.DAYS_AWAY_LED:
            days = cal.DAYS_AWAY_LED[form]
        elif form in cal.DAYS_AWAY:
            days = cal.DAYS_AWAY[form]
        else:
            return None
        return (-2, i + 2) if days == -1 and self.word(i + 1) == "الاول" else (days, i + 1)

    def _relative_day(self, i: int, led: bool = False) -> _Found:
        away = self._day_away(i, led)
        if away is None:
            return _Found(i)
        days, end = away
        following = self.word(end)
        if following in cal.WEEKDAYS:
            found = self._weekday(end, cal.WEEKDAYS[following])
            day = self._shift(days)
            if days > 0 and found.end == end + 1 and day is not None and day.weekday() == cal.WEEKDAYS[following]:
                return self._found(end + 1, day)
            return found
        part = cal.PARTS.get(following) if following in _ADVERBS else None
        return self._found(end + (1 if part else 0), self._shift(days), part)

    def _ago(self, i: int, word: str) -> _Found | None:
        """«قبل يومين», «منذ ثلاثة أيام», «قبل نحو شهرين», «بعد غد»."""
        if word == "بعد":
            return self._found(i + 2, self._shift(2))
        if word == "قبل" and self.word(i + 1) == "امس":
            return self._found(i + 2, self._shift(-2))
        about = self.word(i + 1) in cal.ABOUT
        k = i + 2 if about else i + 1
        span = read_span(self.forms, k)
        if span is None:
            return None
        days, end = span
        if self.word(end) in ("من", "علي") or is_year(self.word(end)):
            return None
        day = self._shift(-days)
        if day is None or days < 14:
            return self._found(end, None if about else day)
        return _Found(end, None, day.isoformat()[:7] if days < 365 else day.isoformat()[:4])

    # -- months and years ---------------------------------------------------------

    def _day_of_month(self, k: int) -> _Found | None:
        """«30 ايلول/سبتمبر 2018», «السادس من شباط الجاري», «الخامس عشر من رمضان», «العاشر من الشهر الماضي»."""
        form = self.word(k)
        if begins_range_of_days(self.word, k):
            last = self._day_of_month(k + 2)
            month = None if last is None else last.day
            return None if month is None else self._found(k + 1, valid_day(month.year, month.month, int(form)))
        if form[0].isdigit():
            day, end = (int(form) if form.isdecimal() and len(form) <= 2 else 0), k + 1
        else:
            day, end = self._ordinal(k)
        if not 1 <= day <= 31:
            return None
        told = end
        if self.word(end) == "من" or (self.word(end) == "شهر"):
            end += 1
        if self.word(end) == "شهر":
            end += 1
        month_name = read_month(self.word, end)
        if month_name is None:
            return self._day_of_hijri_month(day, told, end) or (self._day_of_period(day, end) if end > told else None)
        number, end = month_name
        year, end, away = read_year_behind(self.word, end, self.published)
        return self._found(end, self._resolve(day, number, year, away))

    def _ordinal(self, k: int) -> tuple[int, int]:
        value, end = cal.ORDINALS[self.word(k)], k + 1
        if self.word(end) == "عشر" and value < 10:
            return value + 10, end + 1
        if self.word(end) in ("والعشرين", "والعشرون") and value < 10:
            return value + 20, end + 1
        if self.word(end) in ("والثلاثين", "والثلاثون") and value == 1:
            return 31, end + 1
        return value, end

    def _day_of_period(self, day: int, k: int) -> _Found | None:
        """«العاشر من الشهر الجاري», «15 من هذا الشهر»; «من الشهر نفسه» leaves the month open."""
        this = self.word(k) == "هذا"
        k += this
        if self.word(k) != "الشهر":
            return None
        following = self.word(k + 1)
        if not this and following in cal.SAME:
            return _Found(k + 2)
        if this or following in cal.THIS or following in cal.PAST or following in cal.NEXT:
            step = 0 if this else -1 if following in cal.PAST else 1 if following in cal.NEXT else 0
            end = k + 1 if this else k + 2
            if self.published is None:
                return _Found(end)
            months = self.published.year * 12 + self.published.month - 1 + step
            return self._found(end, valid_day(months // 12, months % 12 + 1, day))
        return None

    def _resolve(self, day: int, month: int, year: int | None, away: int) -> date | None:
        """The day; without a year the nearest one to publication, looking back or ahead where the text says so."""
        if year is not None:
            return valid_day(year, month, day)
        if self.published is None:
            return None
        return nearest_day((valid_day(self.published.year + n, month, day) for n in (-1, 0, 1)), self.published, away)

    def _month_alone(self, i: int, bare: str) -> _Found | None:
        """«ديسمبر 2017», «أبريل/نيسان الماضي», «شهر مارس»."""
        named = bare == "شهر"
        k = i + 1 if named else i
        month = read_month(self.word, k)
        if month is None:
            hijri = read_hijri_month(self.word, k)
            if hijri is None or not (named or hijri.certain or hijri.away):
                return None
            return _Found(hijri.end, None, span_of_month(hijri, self.published), hijri=True)
        number, end = month
        year, end, away = read_year_behind(self.word, end, self.published)
        if bare in cal.AMBIGUOUS and not named and end == k + 1:
            return None
        if year is None and self.published is not None:
            first = self._resolve(1, number, None, away)
            ahead = first is not None and first > self.published and away <= 0
            year = None if first is None else first.year - (1 if ahead and self.word(k - 1) == "منذ" else 0)
        return _Found(end, None, None if year is None else f"{year:04d}-{number:02d}")

    def _period(self, i: int) -> _Found | None:
        """«الشهر الماضي», «هذا العام»; a week has no ISO form of its own here and stays null."""
        this = self.word(i) in ("هذا", "هذه")
        k = i + 1 if this else i
        kind, following = cal.PERIODS[self.word(k)], self.word(k + 1)
        step = -1 if following in cal.PAST else 1 if following in cal.NEXT else 0
        if not this and step == 0 and following not in cal.THIS:
            return self._year(k + 1) if kind == "year" else None
        end = k + 1 if this else k + 2
        if self.published is None or kind == "week":
            return _Found(end)
        if kind == "year":
            return _Found(end, None, f"{self.published.year + step:04d}")
        months = self.published.year * 12 + self.published.month - 1 + step
        return _Found(end, None, f"{months // 12:04d}-{months % 12 + 1:02d}")

    def _year(self, k: int) -> _Found | None:
        return _Found(k + 1, None, self.word(k)) if is_year(self.word(k)) else self._hijri_year(k)

    def _numeric(self, i: int) -> _Found | None:
        """Dates in figures: a year that only the Hijri calendar has now makes it one of that calendar."""
        figures = read_figures(self.word, i)
        if figures is None:
            return None
        year, month, day, end = figures
        if is_hijri_year(str(year)):
            end = era_end(self.word, end)
            return self._found(end, hijri_day(year, month, day), hijri=True)
        found = valid_day(year, month, day) if 1800 <= year <= 2200 else None
        return None if found is None else self._found(end, found)

    # -- the Hijri calendar -------------------------------------------------------

    def _day_of_hijri_month(self, day: int, told: int, k: int) -> _Found | None:
        month = read_hijri_month(self.word, k)
        if month is None or (k == told and not self.word(told - 1).isdecimal() and not month.certain):
            return None  # «السلطان مراد الثاني رمضان»: an ordinal takes «من» before a name that people bear
        if month.year is not None:
            found = hijri_day(month.year, month.month, day)
        elif self.published is not None:
            found = nearest_hijri_day(month.month, day, self.published, month.away)
        else:
            found = None
        return self._found(month.end, found, hijri=True)

    def _hijri_year(self, k: int) -> _Found | None:
        """«1439 هـ»: it spans two years of the other calendar, and stays null."""
        end = era_end(self.word, k + 1)
        return _Found(end, hijri=True) if end > k + 1 and is_hijri_year(self.word(k)) else None


def _of_four_figures(day: str | None) -> str | None:
    """Not «next year» of an article from 9999."""
    return day if day is not None and len(day.split("-", 1)[0]) == 4 else None


def find_dates(article: NormalizedArticle) -> list[DateMention]:
    """Dates, months, years, weekdays and times of day in text order, without overlaps.

    Weekdays mean the latest such day up to publication, or of a plan or term the next; a month without a year the one nearest to it. Hijri dates are
    converted by the table of Umm al-Qura, or by the date of the other calendar that stands beside them. What cannot be
    known (no publication time, a year outside of that table, a week) has a null `date`.
    """
    words = read_words(article)
    calendar = _Calendar(words, article.published_at.date() if article.published_at else None)
    found: list[tuple[int, _Found]] = []
    i = 0
    forms = words.forms
    while i < len(forms):
        form = forms[i]
        if not (form[0].isdigit() or form in cal.STARTS or (form[0] in "وفبلك" and bare_date_word(form) in cal.STARTS)):
            i += 1
            continue
        date_here = calendar.read(i)
        if date_here is None or date_here.end <= i:
            i += 1
            continue
        found.append((i, date_here))
        i = date_here.end
    return [
        DateMention(
            text=article.text[words.starts[first] : words.ends[stated.end - 1]],
            start=words.starts[first],
            end=words.ends[stated.end - 1],
            date=_of_four_figures(_beside(forms, found, n)),
            time=stated.time,
            part_of_day=stated.part,
        )
        for n, (first, stated) in enumerate(found)
    ]


def _beside(forms: Sequence[str], found: Sequence[tuple[int, _Found]], n: int) -> str | None:
    """The date of a mention; of a Hijri one the Gregorian day that stands beside it, where the moon explains the gap."""
    stated = found[n][1]
    if stated.hijri and stated.day is not None:
        for before, behind, other in ((n - 1, n, n - 1), (n, n + 1, n + 1)):
            if before >= 0 and behind < len(found):
                day, between = found[other][1].day, forms[found[before][1].end : found[behind][0]]
                near = day is not None and abs((day - stated.day).days) <= SIGHTING_DAYS
                if near and not found[other][1].hijri and len(between) <= 3 and _BETWEEN_CALENDARS.issuperset(between):
                    return found[other][1].text
    return stated.text
