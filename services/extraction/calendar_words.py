"""The words dates are made of: months in the Levant, Egypt and the Maghreb, Hijri months, weekdays, parts of the day.

All in folded spelling.
"""

from __future__ import annotations

from typing import Literal

from services.extraction.words import word_set

PartOfDay = Literal["dawn", "morning", "noon", "afternoon", "evening", "night"]

# Gregorian months: Levantine, Egyptian and Maghrebi names, in folded spelling.
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "يناير جانفي", "شباط فبراير فيفري", "اذار مارس", "نيسان ابريل افريل", "ايار مايو ماي", "حزيران يونيو يونيه جوان",
            "تموز يوليو يوليه يوليوز جويليه", "اب اغسطس اوت غشت", "ايلول سبتمبر شتنبر", "اكتوبر اوكتوبر", "نوفمبر نونبر",
            "ديسمبر دجنبر",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
TWO_WORD_MONTHS = {
    ("كانون", "الثاني"): 1, ("كانون", "ثاني"): 1, ("تشرين", "الاول"): 10, ("تشرين", "اول"): 10, ("تشرين", "الثاني"): 11,
    ("تشرين", "ثاني"): 11, ("كانون", "الاول"): 12, ("كانون", "اول"): 12,
}  # fmt: skip
# Words and names as well: months only beside a day, a year, another month name or «شهر».
AMBIGUOUS = word_set("اب ماي مارس جوان اوت غشت نيسان")
HIJRI = {
    "محرم": 1, "المحرم": 1, "صفر": 2, "رجب": 7, "شعبان": 8, "رمضان": 9, "شوال": 10,
}  # fmt: skip
HIJRI_PAIRS = {
    ("ربيع", "الاول"): 3, ("ربيع", "الثاني"): 4, ("ربيع", "الاخر"): 4, ("جمادي", "الاولي"): 5, ("جمادي", "الاول"): 5,
    ("جمادي", "الثانيه"): 6, ("جمادي", "الاخره"): 6, ("جمادي", "الاخر"): 6, ("جمادي", "الثاني"): 6,
    **{(lead, name): month for lead in ("ذو", "ذي") for name, month in (("القعده", 11), ("الحجه", 12))},
}  # fmt: skip
HIJRI_EPITHETS = word_set("المبارك الكريم الفضيل المعظم الحرام الخير الانور المكرم")
HIJRI_ERA = word_set("ه هـ هجري هجريه الهجري الهجريه للهجره")
WEEKDAYS = {"الاثنين": 0, "الثلاثاء": 1, "الاربعاء": 2, "الخميس": 3, "الجمعه": 4, "السبت": 5, "الاحد": 6}
PARTS: dict[str, PartOfDay] = {
    "فجر": "dawn", "فجرا": "dawn", "صباح": "morning", "صباحا": "morning", "ظهر": "noon", "ظهرا": "noon", "عصر": "afternoon",
    "عصرا": "afternoon", "مساء": "evening", "ليل": "night", "ليله": "night", "ليلا": "night", "الليله": "night",
    "ضحي": "morning", "ظهيره": "noon",
}  # fmt: skip
DAYS_AWAY = {"اليوم": 0, "الليله": 0, "امس": -1, "البارحه": -1, "غدا": 1}
# Only behind a part of the day or a preposition: «مساء الغد», «بالأمس».
DAYS_AWAY_LED = {"الامس": -1, "الغد": 1, "غد": 1}
ABOUT = word_set("نحو حوالي قرابه زهاء")
PAST = word_set("الماضي الماضيه الفائت الفائته المنصرم المنصرمه السابق")
NEXT = word_set("المقبل المقبله القادم القادمه")
THIS = word_set("الجاري الجاريه الحالي الحاليه")
SAME = word_set("نفسه نفسها ذاته ذاتها")
PERIODS = {"الشهر": "month", "العام": "year", "السنه": "year", "الاسبوع": "week"}
SPANS = {
    "يوم": 1, "يوما": 1, "ايام": 1, "يومين": 2, "اسبوع": 7, "اسبوعين": 14, "اسابيع": 7, "شهر": 30, "شهرين": 60, "اشهر": 30,
    "شهور": 30, "شهرا": 30, "عام": 365, "عامين": 730, "اعوام": 365, "عاما": 365, "سنه": 365, "سنتين": 730, "سنوات": 365,
}  # fmt: skip
DUAL_SPANS = frozenset(("يومين", "اسبوعين", "شهرين", "عامين", "سنتين"))
ORDINALS = {
    "الاول": 1, "الثاني": 2, "الثالث": 3, "الرابع": 4, "الخامس": 5, "السادس": 6, "السابع": 7, "الثامن": 8, "التاسع": 9,
    "العاشر": 10, "الحادي": 1, "العشرين": 20, "الثلاثين": 30,
}  # fmt: skip
HOURS = {
    "الواحده": 1, "الثانيه": 2, "الثالثه": 3, "الرابعه": 4, "الخامسه": 5, "السادسه": 6, "السابعه": 7, "الثامنه": 8,
    "التاسعه": 9, "العاشره": 10,
}  # fmt: skip
HOURS_OF_TWO_WORDS = {
    ("الحاديه", "عشره"): 11, ("الحاديه", "عشر"): 11, ("الثانيه", "عشره"): 12, ("الثانيه", "عشر"): 12,
}  # fmt: skip
TEENS_OF_HOURS = frozenset(first for first, _ in HOURS_OF_TWO_WORDS)
YEAR_WORDS = frozenset(("عام", "سنه", "العام", "عامي"))
BEHIND_NUMBERS = frozenset(
    {*MONTHS, *HIJRI, *HIJRI_ERA, *(first for first, _ in (*TWO_WORD_MONTHS, *HIJRI_PAIRS))}
) | word_set("/ - – ( الي و حتي من شهر تغ ت GMT UTC Z بتوقيت توقيت بالتوقيت غرينتش جرينتش")
"""What makes a whole number before it a date or a time."""
LEADS = ("و", "ف", "ب", "ل", "ك")


STARTS = frozenset(
    {
        *MONTHS,
        *WEEKDAYS,
        *PARTS,
        *DAYS_AWAY,
        *PERIODS,
        *ORDINALS,
        *YEAR_WORDS,
        *HIJRI,
        *DAYS_AWAY_LED,
        *HOURS,
        *TEENS_OF_HOURS,
    }
    | {first for first, _ in HIJRI_PAIRS}
    | {"اول", "كانون", "تشرين", "الساعه", "يوم", "قبل", "منذ", "بعد", "هذا", "هذه", "شهر"}
)


def bare_date_word(form: str) -> str:
    """The folded word without a conjunction or preposition in front, if that makes it a word of dates."""
    if form in STARTS or len(form) < 3 or form[0] not in LEADS or form == "لامس":  # «touched»
        return form
    if form.startswith("لل") and "ال" + form[2:] in STARTS:
        return "ال" + form[2:]
    return form[1:] if form[1:] in STARTS else form
