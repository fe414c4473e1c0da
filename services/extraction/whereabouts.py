"""Where the named places are: which of several of one name, by what else is told of; and whose part an unknown one is."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import asin, cos, log10, radians, sin, sqrt

from services.extraction.atlas import Atlas
from services.extraction.gazetteer import Entry
from services.extraction.line import Line, key
from services.extraction.lists import word_list
from services.extraction.mentions import Mention
from services.extraction.places import is_said_to_be_in
from services.extraction.setting import Setting

_FAR = 5
_LONG_LIST = 12
_MOST_ANCHORS = 64
_NEIGHBOURS = 12
"""Known places on each side of an unknown one that are looked at."""
# So many words nearer is a place that is only named, «واشنطن» the government, than one that something is said to be in.
_ONLY_NAMED = 12
_CITY = 300_000
_EARTH_KM = 12_742
# How much it says for a place that another one of the article is so near, in km.
_NEARNESS = ((60.0, 1.0), (150.0, 0.6), (400.0, 0.3))
_SAME_AREA_KM = 90.0
_LIES = word_list("lies")
_WITH = key("مع")
_VILLAGES = word_list("village")
# «ساحة الأندلس» and «مستشفى شهداء الأقصى» stand in no Andalusia; «مطار صنعاء» does in Sanaa.
_NAMED_FOR_OTHERS = word_list("site named for others")


def located(line: Line, mentions: Sequence[Mention], setting: Setting, atlas: Atlas) -> list[Mention]:
    """The mentions; of those of places, the lists' entry that is meant, or the known place they are at, or the country.

    A place that no list has under any spelling gets the place that the text says it is in, else (`guessed`) the nearest
    town or region of its sentence, of the one before or of the article, in the country that is told of there. One
    surface means one place in an article.
    """
    return _Whereabouts(line, mentions, setting, atlas).located()


def km(a: Entry, b: Entry) -> float:
    """The distance of two places' centres; infinite where one has none."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return float("inf")
    lat, lon, other_lat, other_lon = map(radians, (a.lat, a.lon, b.lat, b.lon))
    h = sin((other_lat - lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin((other_lon - lon) / 2) ** 2
    return _EARTH_KM * asin(min(1.0, sqrt(h)))


class _Whereabouts:
    def __init__(self, line: Line, mentions: Sequence[Mention], setting: Setting, atlas: Atlas) -> None:
        self._line = line
        self._mentions = mentions
        self._countries = setting.countries
        self._atlas = atlas
        self._groups: dict[tuple[str, Entry | None], list[Mention]] = defaultdict(list)
        for mention in mentions:
            if mention.type == "LOC":
                self._groups[self._surface(mention), mention.entry].append(mention)
        self._choices = {group: self._candidates(*group) for group in self._groups}
        # Places that can be no others: what is near them is meant. The first so many, that a gazetteer be no torment.
        self._anchors: dict[Entry, None] = {}
        self._anchors_of: dict[int, dict[Entry, None]] = defaultdict(dict)
        for group, choice in self._choices.items():
            if len(choice) == 1 and choice[0].precision != "country":
                if len(self._anchors) < _MOST_ANCHORS:
                    self._anchors[choice[0]] = None
                for mention in self._groups[group]:
                    here = self._anchors_of[self._line.sentence(mention.first)]
                    if len(here) < _MOST_ANCHORS:
                        here[choice[0]] = None
        self._ends_at = {mention.last: mention.first for mention in mentions if mention.type == "LOC"}

    def located(self) -> list[Mention]:
        meant = {group: self._meant(group) for group in self._groups}
        twins: dict[str, Entry] = {}
        for (surface, _), entry in meant.items():
            if entry is not None:
                twins.setdefault(surface, entry)
        for (surface, listed), entry in meant.items():
            if listed is None and entry is None:
                meant[surface, listed] = twins.get(surface)
        found = [
            mention._replace(entry=meant[self._surface(mention), mention.entry]) if mention.type == "LOC" else mention
            for mention in self._mentions
        ]
        unknown: dict[str, list[Mention]] = defaultdict(list)
        for mention in found:
            if mention.type == "LOC" and mention.entry is None:
                unknown[self._surface(mention)].append(mention)
        if not unknown:
            return found
        parents = _Parents(self._line, found, self._countries, self._atlas)
        placed = {surface: parents.of(surface, group) for surface, group in unknown.items()}
        return [
            mention._replace(near=there.near, guessed=there.guessed, country=there.country)
            if mention.type == "LOC" and mention.entry is None and (there := placed[self._surface(mention)])
            else mention
            for mention in found
        ]

    def _surface(self, mention: Mention) -> str:
        return surface(self._line, mention)

    def _candidates(self, folded: str, listed: Entry | None) -> list[Entry]:
        """The places that the words may mean, likely or not."""
        if listed is not None:
            same = [form.entry for form in self._atlas.homonyms(folded)]
            return same if listed in same else [listed]
        first = self._groups[folded, None][0]
        if first.near is not None:
            return []
        choice = self._atlas.places(folded)
        part = self._line.first_part(first.first, first.last)
        if not choice and part < first.last:
            choice = self._atlas.places(" ".join(folded.split()[: part - first.first]))
        return [place for place in choice if self._told(place) or place.population >= _CITY]

    def _told(self, place: Entry, times: int = 0) -> int:
        """How often the place's country is told of, other than by these many mentions of the place itself."""
        told = self._countries[place.country or ""]
        return max(0, told - times) if place.curated else told

    def _meant(self, group: tuple[str, Entry | None]) -> Entry | None:
        """The place that a surface means in this article; None where it can be none of the lists'."""
        choice, mentions = self._choices[group], self._groups[group]
        likely = [place for place in choice if not self._is_far_fetched(place, mentions)]
        if len(likely) < 2:
            return likely[0] if likely else None
        beside = {other: None for mention in mentions for other in self._anchors_of[self._line.sentence(mention.first)]}
        chosen = {form.entry: form.use == "always" for form in self._atlas.homonyms(group[0])}
        contested = any(place.curated and chosen.get(place, False) for place in likely)

        def fit(place: Entry) -> tuple[float, str]:
            told = self._told(place)
            score = 1.3 if place.curated else log10(place.population + 1) / 14
            score += chosen.get(place, False)
            if told:
                score += (2.0 if place.curated or not contested else 0.5) + 0.3 * min(told, 3)
            score += 3.0 * _nearness(place, (other for other in beside if other is not place))
            score += 1.5 * _nearness(place, (other for other in self._anchors if other is not place))
            return score, place.name

        return max(likely, key=fit)

    def _is_far_fetched(self, place: Entry, mentions: Sequence[Mention]) -> bool:
        """Whether a small place of a country that is never told of would be named in news about others."""
        if place.precision == "country" or self._told(place, len(mentions)) or not place.country:
            return False
        if sum(self._countries.values()) - self._countries[place.country] < 1:
            return False
        if not place.curated:
            return place.population < _CITY
        return place.precision == "town" and any(self._is_among_villages(mention) for mention in mentions)

    def _is_among_villages(self, mention: Mention) -> bool:
        """«قرية كذا», «قرى كذا وكذا وكذا»."""
        forms, readings = self._line.forms, self._line.readings
        k = mention.first
        while k and self._line.together(k - 1, k + 1):
            if any(form in _VILLAGES for _, form, _ in readings[k - 1]):
                return True
            if not forms[k].startswith("و") or mention.first - k > _LONG_LIST:
                return False
            k = self._ends_at.get(k, k - 1)
        return False


def surface(line: Line, mention: Mention) -> str:
    """The folded words of a mention, without clitics and with its article."""
    first = next(way.form for way in line.readings[mention.first] if way.cut == mention.cut)
    return " ".join([first, *line.forms[mention.first + 1 : mention.last]])


def _nearness(place: Entry, others: Iterable[Entry]) -> float:
    nearest = min((km(place, other) for other in others), default=float("inf"))
    return next((weight for distance, weight in _NEARNESS if nearest <= distance), 0.0)


class _Parents:
    """The known places of an article as parents of the unknown."""

    def __init__(self, line: Line, mentions: Sequence[Mention], countries: Counter[str], atlas: Atlas) -> None:
        self._line = line
        self._atlas = atlas
        self._countries = countries
        self._known = [
            (mention, mention.entry)
            for mention in mentions
            if mention.type == "LOC" and mention.entry is not None and mention.entry.country
        ]
        self._places_at = [mention.first for mention, _ in self._known]
        self._towns: dict[tuple[str | None, int], list[tuple[Mention, Entry]]] = defaultdict(list)
        named: dict[str | None, Counter[Entry]] = defaultdict(Counter)
        for mention, place in self._known:
            if place.precision != "country":
                self._towns[place.country, line.sentence(mention.first)].append((mention, place))
                named[place.country][place] += 1
        self._most_named = {country: towns.most_common(1)[0][0] for country, towns in named.items()}
        self._about = countries.most_common(1)[0][0] if countries else None

    def of(self, folded: str, mentions: Sequence[Mention]) -> Mention:
        """One of the mentions of an unknown place, with where it is."""
        for mention in mentions:
            if mention.near is not None and not self._is_named_for(mention.near, mention, folded):
                return mention
        said = next((there for mention in mentions for there in self._said(mention)), None)
        there = said or self._guessed(mentions[0])
        district = self._district(folded, there)
        return there._replace(near=district, guessed=False) if district is not None else there

    def _said(self, mention: Mention) -> Iterator[Mention]:
        """«كنيسة كذا في سورابايا»: where the words after a place say that it is."""
        country = None
        after = bisect_left(self._places_at, mention.last)
        for side, place in self._known[after : after + _FAR + 1]:
            if side.first - mention.last > _FAR:
                break
            if self._line.together(mention.first, side.last):
                if not self._lies_there(side):
                    continue
                if place.precision != "country" and country in (None, place.country):
                    yield mention._replace(near=place, country=place.country)
                    return
                country = country or place.country
        if country is not None:
            yield self._in_country(mention, country)

    def _guessed(self, mention: Mention) -> Mention:
        """In the country of the nearest known place of the sentence, or the one that the article is about."""
        at = bisect_left(self._places_at, mention.first)
        around = self._known[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS]
        sides = [known for known in around if self._together(mention, known[0]) and not self._borders(known[0])]
        nearest = min(sides, key=lambda known: self._distance(mention, known[0]), default=None)
        return self._in_country(mention, nearest[1].country if nearest else self._about)

    def _in_country(self, mention: Mention, country: str | None) -> Mention:
        """At the nearest town or region of the country: in the sentence, in the one before, most often named."""
        here = self._line.sentence(mention.first)
        for sentence in (here, here - 1):
            there = self._towns.get((country, sentence), [])
            at = bisect_left(there, mention.first, key=lambda known: known[0].first)
            there = there[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS]
            if there:
                _, near = min(there, key=lambda known: self._distance(mention, known[0]))
                return mention._replace(near=near, guessed=True, country=country)
        most_named = self._most_named.get(country)
        if most_named is not None:
            return mention._replace(near=most_named, guessed=True, country=country)
        return mention._replace(near=None, country=country)

    def _district(self, folded: str, there: Mention) -> Entry | None:
        """The district with a village of this name: the one near what is told of, or the only one."""
        districts = [place for place in self._atlas.districts(folded) if place.country == there.country]
        if not districts:
            return None
        if there.near is None:
            return districts[0] if len(districts) == 1 else None
        near = there.near
        nearest = min(districts, key=lambda place: (km(place, near), place.name))
        return nearest if km(nearest, near) <= _SAME_AREA_KM else None

    def _is_named_for(self, place: Entry, mention: Mention, folded: str) -> bool:
        """Whether the known place in a site's name only gave the name: it is elsewhere than what is told of."""
        if folded.split(" ", 1)[0] not in _NAMED_FOR_OTHERS or place.precision == "exact":
            return False
        if place.precision != "town":
            return True
        told = self._countries[place.country or ""] > 1
        return not told and self._guessed(mention).country not in (None, place.country)

    def _lies_there(self, side: Mention) -> bool:
        """Whether the words before a place say that something lies in it or next to it."""
        before = self._line.readings[side.first - 1] if side.first else ()
        return is_said_to_be_in(self._line, side.first, side.cut) or any(form in _LIES for _, form, _ in before)

    def _borders(self, side: Mention) -> bool:
        """«قرب الحدود مع العراق» lies outside Iraq."""
        before = self._line.forms[max(0, side.first - 2) : side.first]
        return before[-1:] == [_WITH] and any(form.endswith("حدود") for form in before)

    def _together(self, mention: Mention, side: Mention) -> bool:
        return self._line.sentence(mention.first) == self._line.sentence(side.first)

    def _distance(self, mention: Mention, side: Mention) -> int:
        """How many words stand between them, and as many more where nothing is said to lie at the side."""
        gap = max(side.first - mention.last, mention.first - side.last)
        return gap if self._lies_there(side) else gap + _ONLY_NAMED
