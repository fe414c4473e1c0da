"""Quantities with what they count; the dead, wounded, missing, displaced and arrested by their own units."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.articles_extracted import Quantity
from schemas.articles_normalized import NormalizedArticle
from services.extraction.calendar_words import MONTHS, SPANS, WEEKDAYS, bare_date_word
from services.extraction.numerals import STARTS, Numeral, read_numeral
from services.extraction.words import Words, read_words, word_set

CASUALTY_UNITS = ("killed", "wounded", "missing", "displaced", "arrested")

# What is counted, by the noun itself.
_COUNTED = {
    form: unit
    for unit, forms in {
        "killed": "قتيل قتيلا قتيله قتيلان قتيلين قتلي شهيد شهيدا شهيده شهيدان شهيدين شهداء جثه جثث ضحيه ضحايا",
        "wounded": "جريح جريحا جريحه جريحان جريحين جرحي مصاب مصابا مصابين مصابون اصابه اصابات",
        "missing": "مفقود مفقودا مفقودين مفقودون",
        "displaced": "نازح نازحا نازحين نازحون مهجر مهجرا مهجرين مشرد مشردا مشردين",
        "arrested": "معتقل معتقلا معتقلين موقوف موقوفا موقوفين",
    }.items()
    for form in forms.split()
}  # fmt: skip
# What is counted, by the verb or verbal noun that governs the number.
_GOVERNORS = {
    form: unit
    for unit, forms in {
        "killed": "قتل قتلت قتلوا قتلا قتلتا يقتل مقتل مصرع استشهد استشهدت استشهاد وفاه توفي لقي حتف اعدام اعدم بحياه ارواح اغتيال",
        "wounded": "اصيب اصيبت اصيبوا اصيبا اصابه جرح جرحت جرحوا جرحا بجروح باصابات اصابات",
        "missing": "فقدان فقد فقدوا اختفاء",
        "displaced": "نزوح نزح تهجير هجر تشريد شرد فرار",
        "arrested": "اعتقال اعتقل اعتقلت اعتقلوا توقيف القبض اوقفت اوقف احتجاز",
    }.items()
    for form in forms.split()
}  # fmt: skip
_AFTER = {
    form: unit
    for unit, forms in {
        "killed": "قتلوا قتلا قتلن مصرعهم مصرعهما حتفهم حتفهما قضوا استشهدوا",
        "wounded": "اصيبوا اصيبا جرحوا جرحا",
        "arrested": "اعتقلوا",
    }.items()
    for form in forms.split()
}  # fmt: skip
_DUALS = word_set(
    "شخصان شخصين طفلان طفلين طفلتان طفلتين رجلان رجلين امراتان امراتين جنديان جنديين شرطيان شرطيين ضابطان ضابطين عنصران عنصرين "
    "شابان شابين قياديان قياديين شقيقان شقيقين مدنيان فلسطينيان مسلحان مواطنان متظاهران صحفيان صحافيان قتيلان قتيلين جريحان جريحين "
    "شهيدان شهيدين عاملان عاملين مقاتلان ضحيتان ضحيتين"
)
_SINGLES = word_set(
    "شخص مدني جندي طفل طفله امراه رجل شاب شابه فتاه فتي فلسطيني فلسطينيه متظاهر ضابط شرطي مسلح مواطن سائح عامل طالب صحفي صحافي قيادي "
    "مسؤول محتج مستوطن اسرائيلي قتيل جريح"
)
_BARE_PLURALS = word_set("قتلي جرحي القتلي الجرحي مصابين مصابون شهداء")
_OTHERS: dict[str, tuple[int, int | None]] = {"اخر": (1, 1), "اخري": (1, 1), "اخرين": (2, None), "اخرون": (2, None)}
_FALL = word_set("سقوط سقط وقوع خلف خلفت بسقوط اوقع اوقعت")
_MORE_PHRASES = {("اكثر", "من"), ("ازيد", "من"), ("يزيد", "علي"), ("يزيد", "عن"), ("تزيد", "عن"), ("تزيد", "علي")}
_MORE_WORDS = word_set("يفوق تفوق تجاوز تجاوزت يتجاوز تتجاوز فاق")
_ABOUT_WORDS = word_set("نحو حوالي قرابه زهاء بنحو بحوالي لنحو")
_PERCENT = (("في", "المئه"), ("في", "المائه"), ("في", "المايه"))
_PERCENT_WORDS = word_set("% ٪ بالمئه بالمائه")
_CURRENCIES = word_set(
    "دولار دولارا دولارات يورو جنيه جنيها جنيهات ريال ريالا ريالات درهم درهما دراهم دينار دينارا دنانير ليره ليرات روبل روبلا ين يوان شاقل شيكل "
    "فرنك بيزو روبيه $ €"
)
_CLAUSE_ENDS = word_set(". ، , ؛ ; : ! ؟ ?")
_NOT_UNITS = word_set(
    "من في علي الي عن مع منهم بينهم بينها و او ان انه التي الذي قتلوا قتلا اصيبوا اخرين اخرون ما لا لم قبل بعد خلال هو هي "
    "عبر مثل ضد عدد فقط حتي كما لكن بين منذ او حين"
)
_NEVER_CASUALTIES = frozenset(SPANS) | word_set(
    "ساعه ساعات دقيقه دقائق مره مرات كيلومتر كيلومترا كيلومترات كلم متر مترا امتار نقطه نقاط صاروخ صواريخ صاروخا غاره غارات قذيفه قذائف "
    "سياره سيارات مركبه اليه مركز مراكز منزل منزلا منازل حاله مقعد مقعدا دوله بلدا موقع مواقع هدف هدفا اهداف طائره طائرات تهمه تهم"
)
_REACH = 6


@dataclass(slots=True)
class _Count:
    """A quantity in the making: tokens first to last (half-open), bounds and unit."""

    first: int
    last: int
    least: float
    most: float | None
    unit: str | None


class _Counter:
    """Reads the quantities of one article from left to right."""

    def __init__(self, article: NormalizedArticle, words: Words) -> None:
        self.text = article.text
        self.words = words
        self.forms = words.forms

    def word(self, i: int) -> str:
        return self.forms[i] if 0 <= i < len(self.forms) else ""

    def read(self) -> list[_Count]:
        counts: list[_Count] = []
        i = 0
        while i < len(self.forms):
            form = self.forms[i]
            count = None
            if form[0].isdigit() or form in STARTS:
                count = self._number(i, 0, counts)
            elif form in _CASUALTY_WORDS:
                count = self._unnumbered(i, form, counts)
            elif form[0] in "وبلف" and len(form) > 2:
                if form[1:] in STARTS:
                    count = self._number(i, 1, counts)
                elif form[1:] in _CASUALTY_WORDS:
                    count = self._unnumbered(i, form[1:], counts)
            if count is None:
                i += 1
                continue
            if count.unit != "":
                counts.append(count)
            i = max(i + 1, count.last)
        return counts

    # -- numbers ----------------------------------------------------------------

    def _number(self, i: int, clitic: int, counts: list[_Count]) -> _Count | None:
        """The number at token i, widened to its approximation, its range and what it counts."""
        numeral = self._numeral(i, clitic)
        if numeral is None or self._is_date(i, numeral.end):
            return None
        first, end = i, numeral.end
        least, most = numeral.least, numeral.most
        upper = self._upper(i, end)
        if upper is not None and upper.least <= least and self.word(end) == "-":
            return _Count(i, upper.end, least, most, "")
        if upper is not None and upper.least > least:
            most, end = upper.most, upper.end
            first = i - 1 if self.word(i - 1) in ("بين", "من") else i
            first = first - 1 if first < i and self.word(first - 1) == "ما" else first
        else:
            first, least, most = self._approximation(i, least, most)
        number_end = end
        unit, end, behind = self._unit(end)
        if behind and self.word(end - 1) not in _NEVER_CASUALTIES:
            unit = self._governed(first, end, counts) or unit
        if numeral.most is not None and unit is not None and unit.startswith("ال") and unit not in CASUALTY_UNITS:
            unit, end = None, number_end  # «الـ24 الأخيرة»: an adjective, nothing counted
        if numeral.least == 1 and unit not in CASUALTY_UNITS and not self.forms[i][0].isdigit():
            return None
        if unit is None and self.word(i - 1) in ("$", "€"):
            first, unit = i - 1, self.word(i - 1)
        if most is not None and self._at_least(end):
            end, most = end + 2, None
        return _Count(first, end, least, most, unit)

    def _numeral(self, i: int, clitic: int) -> Numeral | None:
        if not clitic:
            return read_numeral(self.forms, i)
        window = [self.forms[i][clitic:], *self.forms[i + 1 : i + 12]]
        numeral = read_numeral(window, 0)
        return None if numeral is None else Numeral(numeral.least, numeral.most, i + numeral.end)

    def _is_date(self, i: int, end: int) -> bool:
        """Years, days of a month and times of day are dates, no quantities; so are names like «20» in a group."""
        form, following, before = self.forms[i], self.word(end), self.word(i - 1)
        if following in MONTHS or (
            following in ("كانون", "تشرين") or (following == "/" and self.word(end + 1).isdecimal())
        ):
            return True
        if following in ("تغ", "ت") or before in ("الساعه", "رقم", "/"):
            return True
        if following == "من" and self.word(end + 1) in MONTHS:
            return True
        year = len(form) == 4 and form.isdecimal() and 1800 <= int(form) <= 2100 and end == i + 1
        return year and (
            (following not in _COUNTED and not following.endswith("ا"))
            or bare_date_word(before) in ("عام", "سنه", "العام")
            or before in MONTHS
        )

    def _upper(self, i: int, end: int) -> Numeral | None:
        """The upper end of a range: «10 الى 15», «ما بين 10 و15», «10-15»."""
        form, before = self.word(end), self.word(i - 1)
        if form in ("الي", "-", "–") or (form == "و" and before == "بين"):
            k = end + 1
            if k < len(self.forms) and (self.forms[k][0].isdigit() or self.forms[k] in STARTS):
                return read_numeral(self.forms, k)
        if before == "بين" and form[:1] == "و" and form[1:] in STARTS:
            return self._numeral(end, 1)
        return None

    def _approximation(self, i: int, least: float, most: float | None) -> tuple[int, float, float | None]:
        """What stands before a number and moves its bounds: «أكثر من», «أقل من», «ما لا يقل عن», «نحو»."""
        before, second = self.word(i - 1), self.word(i - 2)
        if (second, before) in _MORE_PHRASES or (second[1:], before) in _MORE_PHRASES:
            first = i - 3 if second in ("يزيد", "تزيد") and self.word(i - 3) == "ما" else i - 2
            return first, (least + 1 if most is not None and least == int(least) else least), None
        if before in _MORE_WORDS:
            return (i - 2 if second == "ما" else i - 1), least + 1 if most is not None else least, None
        if before in ("عن", "علي") and second in ("يقل", "تقل") and self.word(i - 3) == "لا":
            return (i - 4 if self.word(i - 4) in ("ما", "بما") else i - 3), least, None
        if before == "من" and second.removeprefix("و") in ("اقل", "باقل"):
            return i - 2, 0.0, max(0.0, least - 1)
        if before in _ABOUT_WORDS:
            return i - 1, least, most
        if before in ("من", "يقارب", "تقارب") and second in ("يقرب", "تقرب", "ما"):
            return (i - 3 if self.word(i - 3) == "ما" else i - 2), least, most
        return i, least, most

    def _at_least(self, k: int) -> bool:
        return self.word(k) == "علي" and self.word(k + 1) == "الاقل"

    # -- what is counted -----------------------------------------------------------

    def _unit(self, end: int, deferred: bool = False) -> tuple[str | None, int, bool]:
        """The unit behind a number, the token behind it, and whether a governing verb may still say more."""
        form, following = self.word(end), self.word(end + 1)
        if form in _PERCENT_WORDS:
            return "%", end + 1, False
        if (form, following) in _PERCENT:
            return "%", end + 2, False
        if not deferred and self._at_least(end):
            unit, _, behind = self._unit(end + 2, deferred=True)
            return (None, end, True) if unit is None else (unit, end, behind)
        skip = end + 1 if form in ("من", "حاله") and end + 1 < len(self.forms) else end
        bare = self.word(skip).removeprefix("ال")
        if bare in _COUNTED and not (bare in ("ضحيه", "ضحايا", "اصابه") and form == "حاله"):
            return _COUNTED[bare], skip + 1, False
        if form in _CURRENCIES:
            return self._original(end, end + 1), end + 1, False
        if not form or not form[0].isalpha() or form in _NOT_UNITS or form in WEEKDAYS or form[0].isdigit():
            return None, end, True
        return self._original(end, end + 1), end + 1, True

    def _original(self, first: int, last: int) -> str:
        return self.text[self.words.starts[first] : self.words.ends[last - 1]]

    def _governed(self, first: int, end: int, counts: list[_Count]) -> str | None:
        """The unit by the nearest verb before the number in its clause, by one behind it, or by the count it joins."""
        forms = self.forms
        for k in range(first - 1, max(-1, first - 1 - _REACH), -1):
            form = forms[k]
            if form in _CLAUSE_ENDS:
                break
            unit = _GOVERNORS.get(form) or (_GOVERNORS.get(form[1:]) if form[0] in "وفبل" else None)
            if unit is not None:
                return None if forms[k - 1] in ("لا", "لم", "دون") and k else unit
            if counts and counts[-1].last > k and counts[-1].unit in CASUALTY_UNITS:
                return (
                    counts[-1].unit
                    if forms[first] == "و" or forms[first][0] == "و" or forms[first - 1] == "و"
                    else None
                )
        for k in range(end, min(len(forms), end + _REACH)):
            form = forms[k]
            if form in _CLAUSE_ENDS:
                break
            if form in _AFTER:
                return _AFTER[form]
        return None

    def _fell(self, i: int) -> bool:
        """«سقوط قتلى», «عدد من الجرحى»."""
        return self.word(i - 1) in _FALL or (self.word(i - 1) == "من" and self.word(i - 2) in ("عدد", "العديد"))

    def _unnumbered(self, i: int, form: str, counts: list[_Count]) -> _Count | None:
        """One or two by the noun's own number («شخصين»), or some («سقوط قتلى»), where a casualty verb governs them."""
        if form in _BARE_PLURALS:
            sort = _COUNTED[form.removeprefix("ال")]
            if counts and counts[-1].last == i and counts[-1].unit in CASUALTY_UNITS and self.forms[i][0] == "و":
                return _Count(i, i + 1, counts[-1].least, counts[-1].most, sort) if counts[-1].most is None else None
            return _Count(i, i + 1, 2, None, sort) if self._fell(i) else None
        if form in _OTHERS:
            governed = _GOVERNORS.get(self.word(i - 1)) or _GOVERNORS.get(self.word(i - 1)[1:])
            return None if governed is None else _Count(i, i + 1, *_OTHERS[form], governed)
        amount = 2 if form in _DUALS else 1
        last = i + 1
        unit: str | None = _COUNTED.get(form)
        if unit is None or amount == 1:
            before = self.word(i - 1)
            unit = (
                _GOVERNORS.get(before)
                or (_GOVERNORS.get(before[1:]) if before[:1] in ("و", "ف", "ب", "ل") else None)
                or unit
            )
            if amount == 1 and before not in _GOVERNORS and before[1:] not in _GOVERNORS and self.word(i + 1) != "واحد":
                return None
        if unit is None and amount == 2:
            unit = next((_AFTER[f] for f in self.forms[i + 1 : i + 5] if f in _AFTER), None)
        if unit not in CASUALTY_UNITS:
            return None
        most: float | None = amount
        if self._at_least(last):
            most, last = None, last + 2
        return _Count(i, last, amount, most, unit)


_CASUALTY_WORDS = _DUALS | _SINGLES | _BARE_PLURALS | frozenset(_OTHERS)


def find_quantities(article: NormalizedArticle) -> list[Quantity]:
    """Numbers in digits and words in text order: bounds as stated («أكثر من 20» is 21 or more), and what they count.

    `unit` is killed, wounded, missing, displaced or arrested; «%»; a currency or the noun that follows; or null.
    """
    words = read_words(article)
    return [
        Quantity(
            text=article.text[words.starts[count.first] : words.ends[count.last - 1]],
            start=words.starts[count.first],
            end=words.ends[count.last - 1],
            least=count.least,
            most=count.most,
            unit=count.unit,
        )
        for count in _Counter(article, words).read()
    ]
