"""What an article is about, as far as it decides what a name in it means: its countries, and whether it is on sport."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from services.extraction.gazetteer import Gazetteer, Hit
from services.extraction.line import Line
from services.extraction.lists import word_list

_SPORT = word_list("sport")
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
    nationalities = gazetteer.nationalities
    sport = 0
    for form, ways in zip(line.forms, line.readings, strict=True):
        if form in nationalities:
            countries[nationalities[form].country] += 1
        if form in _SPORT or (len(ways) > 1 and not _SPORT.isdisjoint([way.form for way in ways])):
            sport += 1
    return Setting(countries, sport >= _LEAST_SPORT and sport >= _LEAST_SHARE * len(line))
