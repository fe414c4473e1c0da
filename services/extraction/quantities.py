"""Quantities with what they count; the dead, wounded, missing, displaced and arrested by their own units."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.articles_extracted import Quantity
from schemas.articles_normalized import NormalizedArticle
from services.extraction.bounds import approximate, at_least
from services.extraction.calendar_words import HIJRI, HIJRI_ERA, HIJRI_PAIRS, MONTHS, WEEKDAYS, bare_date_word
from services.extraction.counts import Count
from services.extraction.governors import CLAUSE_ENDS, CLITICS, REACH, governor
from services.extraction.hijri import is_hijri_year
from services.extraction.months import begins_range_of_days, is_year
from services.extraction.numerals import DEFINITE_PLURALS, STARTS, Numeral, read_numeral
from services.extraction.toll_words import (
    CASUALTY_UNITS,
    CASUALTY_WORDS,
    COUNTED,
    CURRENCIES,
    NEVER_CASUALTIES,
    NOT_UNITS,
    NOUNS_IN_WAW,
)
from services.extraction.unnumbered import Unnumbered
from services.extraction.whom import find_whom
from services.extraction.words import Words, read_words, shown, word_set

_PERCENT = (("في", "المئه"), ("في", "المائه"), ("في", "المايه"))
_BEFORE_YEARS = word_set("عام سنه العام السنه منذ بحلول مطلع بدايه نهايه اوائل اواخر منتصف صيف شتاء خريف ربيع")
_PERCENT_WORDS = word_set("% ٪ بالمئه بالمائه")


class _Counter:
    """Reads the quantities of one article from left to right."""

    def __init__(self, article: NormalizedArticle, words: Words) -> None:
        self.text = article.text
        self.words = words
        self.forms = words.forms
        self.unnumbered = Unnumbered(words.forms)
        self.word = self.unnumbered.word

    def bare_at(self, i: int) -> str:
        """The token without «و», where it counts someone by itself («وجرحى»)."""
        form = self.word(i)
        return form[1:] if form[:1] == "و" and form[1:] in CASUALTY_WORDS else form

    def read(self) -> list[Count]:
        counts: list[Count] = []
        i = 0
        while i < len(self.forms):
            form = self.forms[i]
            count = None
            if form[0].isdigit() or form in STARTS:
                count = self._number(i, 0, counts)
            if count is None and form in CASUALTY_WORDS:
                count = self.unnumbered.read(i, form, counts)
            elif count is None and form[0] in CLITICS and len(form) > 2:
                if form[1:] in STARTS:
                    count = self._number(i, 1, counts)
                if count is None and form[1:] in CASUALTY_WORDS:
                    count = self.unnumbered.read(i, form[1:], counts)
            if count is None:
                i += 1
                continue
            if count.unit != "":
                counts.append(count)
            i = max(i + 1, count.last)
        return counts

    # -- numbers ----------------------------------------------------------------

    def _number(self, i: int, clitic: int, counts: list[Count]) -> Count | None:
        """The number at token i, widened to its approximation, its range and what it counts."""
        numeral = self._numeral(i, clitic)
        if numeral is None or self._is_date(i, numeral.end):
            return None
        first, end = i, numeral.end
        if self.word(i - 1) == "(" and self.word(end) == ")" and self.word(i - 2) == "عدد":
            first, end = i - 1, end + 1  # «عدد (8) أفراد»
        least, most = numeral.least, numeral.most
        upper = self._upper(i, end)
        if upper is not None and upper.least <= least and self.word(end) == "-":
            return Count(i, upper.end, least, most, "")
        if upper is not None and upper.least > least:
            most, end = upper.most, upper.end
            first = i - 1 if self.word(i - 1) in ("بين", "من") else i
            first = first - 1 if first < i and self.word(first - 1) == "ما" else first
        elif first == i:
            first, least, most = approximate(self.word, i, least, most)
        number_end = told = end
        unit, end, behind = self._unit(end)
        if self.word(told - 1) in DEFINITE_PLURALS and not self.word(told).startswith("ال"):
            unit, end = None, number_end  # «العشرات قرب»: round plurals with «ال» count no noun without it
        if behind and self.word(end - 1) not in NEVER_CASUALTIES:
            unit = self.unnumbered.of_number(first, end, counts) or unit
        if numeral.most is not None and unit is not None and unit.startswith("ال") and unit not in CASUALTY_UNITS:
            unit, end = None, number_end  # «الـ24 الأخيرة»: an adjective, nothing counted
        if numeral.least == 1 and unit not in CASUALTY_UNITS and not self.forms[i][0].isdigit():
            return None
        if unit is None and self.word(i - 1) in ("$", "€"):
            first, unit = i - 1, self.word(i - 1)
        if most is not None and at_least(self.word, end):
            end, most = end + 2, None
        elif most is not None and unit in CASUALTY_UNITS and self._at_least_further_on(end):
            most = None
        return Count(first, end, least, most, unit, told)

    def _numeral(self, i: int, clitic: int) -> Numeral | None:
        if not clitic:
            return read_numeral(self.forms, i)
        window = [self.forms[i][clitic:], *self.forms[i + 1 : i + 12]]
        numeral = read_numeral(window, 0)
        return None if numeral is None else Numeral(numeral.least, numeral.most, i + numeral.end)

    def _is_date(self, i: int, end: int) -> bool:
        """Years, days of a month and times of day are dates, no quantities; so are names like «20» in a group."""
        form, following, before = self.forms[i], self.word(end), self.word(i - 1)
        month = following if following not in ("من", "شهر") else self.word(end + 1)
        if month in MONTHS or month in ("كانون", "تشرين") or (following == "/" and self.word(end + 1).isdecimal()):
            return True
        if following in HIJRI or month in HIJRI or (month, self.word(end + 2)) in HIJRI_PAIRS or following in HIJRI_ERA:
            return True
        if (following, self.word(end + 1)) in HIJRI_PAIRS or begins_range_of_days(self.word, i):
            return True
        if is_hijri_year(form) and (before in HIJRI or (self.word(i - 2), before) in HIJRI_PAIRS):
            return True
        if following in ("تغ", "ت") or before in ("الساعه", "رقم", "/"):
            return True
        year = len(form) == 4 and form.isdecimal() and 1800 <= int(form) <= 2100 and end == i + 1
        return year and (
            (following not in COUNTED and not following.endswith("ا"))
            or bare_date_word(before) in _BEFORE_YEARS
            or before.removeprefix("و") in _BEFORE_YEARS
            or before in MONTHS
            or (before in ("في", "وفي") and following not in COUNTED and 1950 <= int(form) <= 2050)
            or self._ends_span_of_years(i)
        )

    def _ends_span_of_years(self, i: int) -> bool:
        """«بين 2014 و2016», «من 2014 إلى 2016»."""
        k = i - 2 if self.word(i - 1) in ("و", "الي", "وحتي", "حتي", "-") else i - 1
        return is_year(self.word(k)) and self.word(k - 1) in ("بين", "من", "منذ", "عامي")

    def _upper(self, i: int, end: int) -> Numeral | None:
        """The upper end of a range: «10 الى 15», «ما بين 10 و15», «10-15», «خمسة أو ستة»."""
        form, before = self.word(end), self.word(i - 1)
        if form in ("الي", "-", "–", "او") or (form == "و" and before == "بين"):
            k = end + 1
            if k < len(self.forms) and (self.forms[k][0].isdigit() or self.forms[k] in STARTS):
                return read_numeral(self.forms, k)
        if before == "بين" and form[:1] == "و" and form[1:] in STARTS:
            return self._numeral(end, 1)
        return None

    def _at_least_further_on(self, k: int) -> bool:
        """«17 من عناصر الأمن على الأقل»: behind the words that say of whom, before the next count or clause."""
        for j in range(k, k + REACH):
            if at_least(self.word, j) or (self.word(j) == "،" and at_least(self.word, j + 1)):
                return True
            form = self.word(j)
            bare = form[1:] if form[:1] == "و" else form
            if (
                not form
                or form in CLAUSE_ENDS
                or form[0].isdigit()
                or bare in STARTS
                or governor(form)
                or bare in COUNTED
            ):
                return False
        return False

    # -- what is counted -----------------------------------------------------------

    def _unit(self, end: int, deferred: bool = False) -> tuple[str | None, int, bool]:
        """The unit behind a number, the token behind it, and whether a governing verb may still say more."""
        form, following = self.word(end), self.word(end + 1)
        if form in _PERCENT_WORDS:
            return "%", end + 1, False
        if (form, following) in _PERCENT:
            return "%", end + 2, False
        if not deferred and at_least(self.word, end):
            unit, _, behind = self._unit(end + 2, deferred=True)
            return (None, end, True) if unit is None else (unit, end, behind)
        skip = end + 1 if form in ("من", "حاله") and end + 1 < len(self.forms) else end
        bare = self.word(skip).removeprefix("ال")
        if bare in COUNTED and not (bare in ("ضحيه", "ضحايا", "اصابه") and form == "حاله"):
            return COUNTED[bare], skip + 1, False
        if form in CURRENCIES:
            return self._original(end, end + 1), end + 1, False
        if not form or not form[0].isalpha() or form in NOT_UNITS or form in WEEKDAYS or form[0].isdigit():
            return None, end, True
        if form[0] == "و" and form not in NOUNS_IN_WAW:
            return None, end, True
        return self._original(end, end + 1), end + 1, True

    def _original(self, first: int, last: int) -> str:
        return shown(self.text[self.words.starts[first] : self.words.ends[last - 1]])


def _whom(article: NormalizedArticle, counter: _Counter, count: Count) -> str | None:
    """Of whom a toll speaks, in words of the text."""
    if count.unit not in CASUALTY_UNITS or count.told < 0:
        return None
    bare = counter.bare_at(count.told)

    def word(i: int) -> str:
        return bare if i == count.told else counter.word(i)

    found = find_whom(word, count.told, counter.word(count.told - 1) in DEFINITE_PLURALS)
    if found is None:
        return None
    starts, ends = counter.words.starts, counter.words.ends
    led = found[0] == count.told and bare != counter.word(count.told)
    return shown(article.text[starts[found[0]] + led : ends[found[1] - 1]])


def find_quantities(article: NormalizedArticle) -> list[Quantity]:
    """Numbers in digits and words in text order: bounds as stated («أكثر من 20» is 21 or more), and what they count.

    `unit` is killed, wounded, missing, displaced or arrested; «%»; a currency or the noun that follows; or null. A part
    of a toll («بينهم ثلاثة أطفال») counts its noun and is no toll of its own. `whom` is filled for tolls.
    """
    words = read_words(article)
    counter = _Counter(article, words)
    counts: Sequence[Count] = counter.read()
    return [
        Quantity(
            text=article.text[words.starts[count.first] : words.ends[count.last - 1]],
            start=words.starts[count.first],
            end=words.ends[count.last - 1],
            least=count.least,
            most=count.most,
            unit=count.unit,
            whom=_whom(article, counter, count),
        )
        for count in counts
    ]
