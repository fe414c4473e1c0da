"""Dates and times of day as an article states them, resolved against the time of publication."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from schemas.articles_extracted import DateMention
from schemas.articles_normalized import NormalizedArticle
from services.extraction import calendar_words as cal
from services.extraction.calendar_words import PartOfDay, bare_date_word
from services.extraction.clock import read_clock
from services.extraction.numerals import read_numeral
from services.extraction.words import Words, read_words


@dataclass(frozen=True, slots=True)
class _Found:
    """What stands at a token: a date in parts, and the token behind it."""

    end: int
    day: date | None = None
    text: str | None = None
    time: str | None = None
    part: PartOfDay | None = None


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
            return self._clock(i) or self._numeric(i) or self._day_of_month(i) or self._hijri_day(i)
        if bare in cal.PARTS:
            return self._with_part(i, cal.PARTS[bare])
        if bare == "الساعه":
            return self._clock(i)
        if bare in cal.WEEKDAYS:
            return self._weekday(i, cal.WEEKDAYS[bare])
        if bare in ("يوم", "اليوم") and self.word(i + 1) in cal.WEEKDAYS:
            return self._weekday(i + 1, cal.WEEKDAYS[self.word(i + 1)])
        if bare in cal.DAYS_AWAY:
            return self._relative_day(i, bare)
        if bare in ("قبل", "منذ") or (bare == "بعد" and self.word(i + 1) == "غد"):
            return self._ago(i, bare)
        if bare in cal.PERIODS or (bare in ("هذا", "هذه") and self.word(i + 1) in cal.PERIODS):
            return self._period(i)
        if bare in cal.ORDINALS:
            return self._day_of_month(i)
        if bare in cal.YEAR_WORDS:
            return self._year(i + 1)
        return self._month_alone(i, bare)

    def _clock(self, i: int) -> _Found | None:
        clock = read_clock(self.word, i)
        return None if clock is None else _Found(clock.end, None, None, clock.time, clock.part)

    # -- days -------------------------------------------------------------------

    def _iso(self, day: date | None) -> str | None:
        return None if day is None else day.isoformat()

    def _found(self, end: int, day: date | None, part: PartOfDay | None = None) -> _Found:
        return _Found(end, day, self._iso(day), None, part)

    def _with_part(self, i: int, part: PartOfDay) -> _Found | None:
        """«مساء الخميس», «فجر اليوم», «ليل الأحد الاثنين»; the part alone only as an adverb («مساءً»)."""
        k = i + 1
        if self.word(i) == "الليله" and self.word(k) == "الماضيه":
            return self._found(k + 1, self._shift(-1), part)
        if self.word(k) == "يوم":
            k += 1
        following = self.word(k)
        if following in cal.WEEKDAYS:
            found = self._weekday(k, cal.WEEKDAYS[following])
            return replace(found, part=part)
        if following in cal.DAYS_AWAY:
            return replace(self._relative_day(k, following), part=part)
        if following and (following[0].isdigit() or following in cal.ORDINALS):
            day = self._day_of_month(k)
            return None if day is None else replace(day, part=part)
        if self.word(i) in ("الليله",):
            return self._found(i + 1, self._shift(0), part)
        return None

    def _shift(self, days: int) -> date | None:
        try:
            return None if self.published is None else self.published + timedelta(days=days)
        except OverflowError:
            return None

    def _weekday(self, k: int, weekday: int) -> _Found:
        """A day of the week: the latest one up to publication; «الماضي» before it, «المقبل» after it."""
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
        found = self._found(end, self._shift(days))
        after = self.word(end)
        part = cal.PARTS.get(after)
        if (part is not None and after.endswith("ا")) or after == "مساء":
            return replace(found, end=end + 1, part=part)
        return found

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

    def _relative_day(self, i: int, word: str) -> _Found:
        end, days = i + 1, cal.DAYS_AWAY[word]
        if word == "امس" and self.word(end) == "الاول":
            end, days = end + 1, -2
        following = self.word(end)
        if following in cal.WEEKDAYS:
            return replace(self._weekday(end, cal.WEEKDAYS[following]), end=end + 1)
        part = cal.PARTS.get(following) if following in ("صباحا", "ظهرا", "عصرا", "مساء", "ليلا", "فجرا") else None
        return self._found(end + (1 if part else 0), self._shift(days), part)

    def _ago(self, i: int, word: str) -> _Found | None:
        """«قبل يومين», «منذ ثلاثة أيام», «بعد غد»."""
        if word == "بعد":
            return self._found(i + 2, self._shift(2))
        unit = self.word(i + 1)
        if unit in cal.DUAL_SPANS or unit in ("يوم", "اسبوع", "شهر", "عام", "سنه"):
            days, end = cal.SPANS[unit], i + 2
        else:
            numeral = read_numeral(self.forms, i + 1) if unit and (unit[0].isdigit() or unit.isalpha()) else None
            if (
                numeral is None
                or numeral.most is None
                or numeral.end >= len(self.forms)
                or self.word(numeral.end) not in cal.SPANS
            ):
                return None
            if numeral.least != int(numeral.least) or numeral.least > 10_000:
                return None
            days, end = int(numeral.least) * cal.SPANS[self.word(numeral.end)], numeral.end + 1
        if self.word(end) in ("من", "علي"):
            return None
        day = self._shift(-days)
        if day is None or days < 14:
            return self._found(end, day)
        return _Found(end, None, day.isoformat()[:7] if days < 365 else day.isoformat()[:4])

    # -- months and years ---------------------------------------------------------

    def _month(self, k: int) -> tuple[int, int] | None:
        """The month named at token k, with its other names («ايلول/سبتمبر»), and the token behind."""
        number, end = self._month_name(k)
        if number is None:
            return None
        while self.word(end) in ("/", "(", "-", "،") and self._month_name(end + 1)[0] == number:
            end = self._month_name(end + 1)[1]
            if self.word(end) == ")":
                end += 1
        if self._month_name(end)[0] == number:
            end = self._month_name(end)[1]
        return number, end

    def _month_name(self, k: int) -> tuple[int | None, int]:
        form = self.word(k)
        pair = cal.TWO_WORD_MONTHS.get((form, self.word(k + 1)))
        if pair is not None:
            return pair, k + 2
        return cal.MONTHS.get(form), k + 1

    def _day_of_month(self, k: int) -> _Found | None:
        """«30 ايلول/سبتمبر 2018», «السادس من شباط الجاري», «الحادي والعشرين من مايو»."""
        form = self.word(k)
        if form[0].isdigit():
            day, end = (int(form) if form.isdecimal() and len(form) <= 2 else 0), k + 1
        else:
            day, end = self._ordinal(k)
        if self.word(end) == "من" or (self.word(end) == "شهر"):
            end += 1
        if self.word(end) == "شهر":
            end += 1
        month = self._month(end)
        if month is None or not 1 <= day <= 31:
            return None
        number, end = month
        year, end, away = self._year_behind(end)
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

    def _year_behind(self, end: int) -> tuple[int | None, int, int]:
        """A year or «الماضي» behind a month: the year, the token behind, and which way to look (-1, 0, 1)."""
        k = end + 1 if self.word(end) in ("من", "عام", "سنه", "،") and self._is_year(self.word(end + 1)) else end
        k = k + 2 if self.word(k) == "من" and self.word(k + 1) in cal.YEAR_WORDS else k
        form = self.word(k)
        if self._is_year(form):
            return int(form), k + 1, 0
        if form in cal.PAST:
            return None, k + 1, -1
        if form in cal.NEXT:
            return None, k + 1, 1
        if form in cal.THIS:
            return (self.published.year if self.published else None), k + 1, 0
        if (
            form in ("من", "العام")
            and self.word(k + (form == "من")) == "العام"
            and self.word(k + 1 + (form == "من")) in cal.PAST
        ):
            return (self.published.year - 1 if self.published else None), k + 2 + (form == "من"), 0
        return None, end, 0

    def _is_year(self, form: str) -> bool:
        return len(form) == 4 and form.isdecimal() and 1800 <= int(form) <= 2200

    def _resolve(self, day: int, month: int, year: int | None, away: int) -> date | None:
        """The day; without a year the nearest one to publication, looking back or ahead where the text says so."""
        if year is not None:
            return _valid(year, month, day)
        if self.published is None:
            return None
        near = [_valid(self.published.year + n, month, day) for n in (-1, 0, 1)]
        days = [d for d in near if d is not None]
        if away < 0:
            days = [d for d in days if d <= self.published]
        elif away > 0:
            days = [d for d in days if d >= self.published]
        return min(days, key=self._unlikelihood, default=None)

    def _unlikelihood(self, day: date) -> float:
        """Days from publication, those ahead counted half as much again: news looks back more than ahead."""
        away = 0 if self.published is None else (day - self.published).days
        return 1.5 * away if away > 0 else -away

    def _month_alone(self, i: int, bare: str) -> _Found | None:
        """«ديسمبر 2017», «أبريل/نيسان الماضي», «شهر مارس»."""
        if bare == "شهر" and self._month(i + 1) is not None:
            i, named = i + 1, True
        else:
            named = False
        month = self._month(i)
        if month is None:
            return self._hijri(i, bare)
        number, end = month
        year, end, away = self._year_behind(end)
        if bare in cal.AMBIGUOUS and not named and end == i + 1:
            return None
        if year is None and self.published is not None:
            first = self._resolve(1, number, None, away)
            ahead = first is not None and first > self.published and away <= 0
            year = None if first is None else first.year - (1 if ahead and self.word(i - 1) == "منذ" else 0)
        text = None if year is None else f"{year:04d}-{number:02d}"
        return _Found(end, None, text)

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
        return _Found(k + 1, None, self.word(k)) if self._is_year(self.word(k)) else None

    # -- numeric dates, Hijri dates -------------------------------------------

    def _numeric(self, i: int) -> _Found | None:
        """«10/6/2018», «2018-06-10», «10.6.2018»: day, month, year or year, month, day."""
        form, mark = self.word(i), self.word(i + 1)
        if form.count(".") == 2:
            parts, end = form.split("."), i + 1
        elif mark in ("/", "-") and self.word(i + 3) == mark:
            parts, end = [form, self.word(i + 2), self.word(i + 4)], i + 5
        else:
            return None
        if not all(part.isdecimal() and len(part) <= 4 for part in parts):
            return None
        first, middle, last = (int(part) for part in parts)
        day, year = (last, first) if first > 31 else (first, last)
        found = _valid(year, middle, day) if 1800 <= year <= 2200 else None
        return None if found is None else self._found(end, found)

    def _hijri_day(self, i: int) -> _Found | None:
        k = i + 2 if self.word(i + 1) == "من" else i + 1
        end = self._hijri_end(k)
        return None if end is None else _Found(end)

    def _hijri(self, i: int, bare: str) -> _Found | None:
        """A Hijri month by itself, where «شهر» or a Hijri year shows that it is one."""
        k = i + 1 if bare == "شهر" else i
        end = self._hijri_end(k)
        if end is None:
            return None
        return _Found(end) if k > i or self.word(end - 1) in ("ه", "هـ") or self.word(i) in cal.HIJRI_PAIRS else None

    def _hijri_end(self, k: int) -> int | None:
        form = self.word(k)
        if form in cal.HIJRI:
            end = k + 1
        elif self.word(k + 1) in cal.HIJRI_PAIRS.get(form, ()):
            end = k + 2
        else:
            return None
        if len(self.word(end)) == 4 and self.word(end).isdecimal() and 1300 <= int(self.word(end)) <= 1600:
            end += 1
            if self.word(end) in ("ه", "هـ", "للهجره"):
                end += 1
        return end


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find_dates(article: NormalizedArticle) -> list[DateMention]:
    """Dates, months, years, weekdays and times of day in text order, without overlaps.

    Weekdays mean the latest such day up to publication; a month without a year the one nearest to it. What cannot be
    known (no publication time, a Hijri date, a week) has a null `date`.
    """
    words = read_words(article)
    calendar = _Calendar(words, article.published_at.date() if article.published_at else None)
    mentions: list[DateMention] = []
    i = 0
    forms = words.forms
    while i < len(forms):
        form = forms[i]
        if not (form[0].isdigit() or form in cal.STARTS or (form[0] in "وفبلك" and bare_date_word(form) in cal.STARTS)):
            i += 1
            continue
        found = calendar.read(i)
        if found is None or found.end <= i:
            i += 1
            continue
        start, end = words.starts[i], words.ends[found.end - 1]
        mentions.append(
            DateMention(
                text=article.text[start:end],
                start=start,
                end=end,
                date=found.text,
                time=found.time,
                part_of_day=found.part,
            )
        )
        i = found.end
    return mentions
