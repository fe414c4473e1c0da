"""Whether a noun can be the subject of a verb: by the gender that the two show."""

from __future__ import annotations

from services.extraction.reporting import Gender
from services.extraction.words import word_set

_MASCULINE = word_set(
    "مجلس حزب جيش اتحاد برلمان تحالف ائتلاف نظام بنك مصرف صندوق مكتب مركز مرصد حلف معهد نادي فريق تنظيم لواء حرس جهاز "
    "ديوان قصر بيت كونغرس كنيست كرملين بنتاغون مجتمع شعب برنامج رئيس وزير ملك امير شيخ سفير مبعوث مدير قائد امين نائب متحدث "
    "ناطق مفوض منسق مسؤول مصدر زعيم محافظ حاكم نظير"
)
_FEMININE = word_set("امم قوات سلطات حكومات منظمات")
_MASCULINE_LANDS = word_set("العراق لبنان اليمن السودان المغرب الاردن الصومال الفاتيكان")
_PEOPLE = word_set("قاده ساده طلبه ائمه ساسه شيعه سنه خليفه علامه")
"""Nouns in «ة» that are no feminine singular."""


def gender_of(form: str, kind: str, feminine_ending: bool) -> Gender:
    """The gender of a noun phrase by its first word and the type of the name that it begins, if any; "" if unknown.

    `feminine_ending` says that the word is written with «ة», which the folded form does not show.
    """
    if kind == "PER":
        return ""
    if kind == "LOC":
        return "" if form in _MASCULINE_LANDS else "f"
    head = form.removeprefix("ال")
    if head in _MASCULINE:
        return "m"
    return "f" if head in _FEMININE or (feminine_ending and head not in _PEOPLE) else ""


def disagree(verb: Gender, noun: Gender) -> bool:
    """Whether a noun with this gender is certainly not the subject of a verb with that one."""
    return bool(verb) and bool(noun) and verb != noun
