"""What an article is about, as far as it decides what a name in it means: its countries, and whether it is on sport."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from services.extraction.gazetteer import Gazetteer, Hit
from services.extraction.line import Line, key

_SPORT = frozenset(
    key(
        "مباراة المباراة مباريات المباريات الدوري دوري هدف الهدف أهداف هدفين هداف اللاعب لاعب اللاعبين لاعبي اللاعبون المدرب مدرب "
        "الملعب ملعب ملاعب المنتخب منتخب النادي نادي الأندية كأس الكأس المونديال مونديال البطولة بطولة المهاجم الحارس المرمى "
        "الكرة كرة القدم الفريقين فريق نصف ربع النهائي نهائي الجولة نقاط نقطة الموسم التعادل فوز الفوز خسارة تصفيات "
        "الاتحاد التشكيلة الدقيقة الشوط"
    ).split()
)
_LEAST_SPORT = 6
_LEAST_SHARE = 0.03


@dataclass(frozen=True, slots=True)
class Setting:
    """`countries`: how often each country is meant, by name or by adjective; `sport`: whether this is a sports report."""

    countries: Counter[str]
    sport: bool


def setting_of(line: Line, hits: Iterable[Hit], gazetteer: Gazetteer) -> Setting:
    """The setting of the article whose names are `hits`."""
    countries: Counter[str] = Counter()
    for hit in hits:
        places = [form for form in hit.forms if form.entry.type == "LOC"]
        if len(places) == 1 and places[0].use == "always":
            place = places[0].entry
            if place.curated and place.country:
                countries[place.country] += 1
    sport = 0
    for form in line.forms:
        nationality = gazetteer.nationalities.get(form)
        if nationality is not None:
            countries[nationality.country] += 1
        sport += form in _SPORT
    return Setting(countries, sport >= _LEAST_SPORT and sport >= _LEAST_SHARE * len(line))
