"""The lists of names, and one automaton over all their forms.

Forms are in ordinary spelling and are folded when loaded, so that each stands in its list once whatever its hamzas and
final letters. What the lists mean by `*`, `^` and brackets: `Form`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from schemas.articles_extracted import EntityType
from services.extraction.clitics import with_article
from services.extraction.line import Line, key
from services.extraction.lists import MalformedList, read_list

Precision = Literal["exact", "town", "region", "country"]
Use = Literal["always", "supported", "sport"]
_PRECISION: dict[str, Precision] = {
    "country": "country", "region": "region", "water": "region", "city": "town", "village": "town", "site": "exact",
}  # fmt: skip
_USES: dict[str, Use] = {"*": "supported", "^": "sport"}


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """Something with a name. `lat`, `lon` in degrees; `curated` says that a person chose it, not a census or a count.

    An empty `name` is that of somebody known only as the article writes the name.
    """

    type: EntityType
    name: str
    wikidata: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    precision: Precision | None = None
    population: int = 0
    curated: bool = True


class Form(NamedTuple):
    """One way to write an entry's name.

    A form of `use` «supported» (`*` in the lists) is an ordinary word or others' name too and counts only with other
    evidence; one of «sport» (`^`) only in sports reports. Its first `lead` words (in brackets in the lists) are context
    and stay outside the name.
    """

    entry: Entry
    use: Use
    lead: int
    words: int


class Hit(NamedTuple):
    """Forms that stand at the half-open range of words, `cut` letters of the first word before the name."""

    first: int
    last: int
    cut: int
    forms: tuple[Form, ...]


class Found(NamedTuple):
    """What stands in a line: forms of names in reading order, and the phrases that only look like names."""

    hits: list[Hit]
    phrases: list[tuple[int, int]]


class Nationality(NamedTuple):
    """What an adjective of nationality says: of which country, in English, and its own form."""

    country: str
    adjective: str
    feminine: bool
    definite: bool


_SOMEBODY = Entry("PER", "", curated=False)
_NOBODY = Entry("ORG", "", curated=False)


class Gazetteer:
    """All names with their forms. Immutable; one serves all articles."""

    def __init__(self) -> None:
        self._forms: dict[str, tuple[Form, ...]] = {}
        self.adjectives: dict[str, str] = {}
        self.nationalities: dict[str, Nationality] = {}
        for entry, forms in _entries():
            for form in forms:
                self._add(entry, form)
        for country, adjective, nisba in _nisbas():
            self.adjectives.setdefault(country, adjective)
            self._add_nationality(country, adjective, nisba)
        for (phrase,) in read_list("not_names.tsv", 1):
            self._add(_NOBODY, phrase)
        self._found = list(self._forms.values())
        self._automaton = AhoCorasick(
            [_pattern(form) for form in self._forms],
            matchkind=MatchKind.Standard,
            implementation=Implementation.ContiguousNFA,
        )

    def _add(self, entry: Entry, form: str) -> None:
        use = _USES.get(form[-1], "always")
        form = form.rstrip("*^")
        lead = 0
        if form[0] == "[":
            context, form = form[1:].split("]", 1)
            lead = len(key(context).split())
            form = context + form
        folded = key(form)
        for way in _ways(folded) if entry.type == "PER" else (folded,):
            known = self._forms.get(way, ())
            if not any(other.entry is entry for other in known):
                self._forms[way] = (*known, Form(entry, use, lead, way.count(" ") + 1))

    def _add_nationality(self, country: str, adjective: str, nisba: str) -> None:
        first, *rest = key(nisba).split()
        for ending, feminine in (("", False), ("ه", True), ("ين", False), ("ون", False), ("ات", True)):
            for article in ("", "ال"):
                words = [article + first + ending, *(article + word + ("ه" if ending == "ه" else "") for word in rest)]
                nationality = Nationality(country, adjective, feminine, bool(article))
                self.nationalities.setdefault(" ".join(words), nationality)

    def __len__(self) -> int:
        return len(self._forms)

    def forms(self, folded: str) -> tuple[Form, ...]:
        """What is written like this."""
        return self._forms.get(folded, ())

    def place_forms(self) -> Iterator[tuple[str, Form]]:
        """All folded forms of places, the words before them included."""
        for folded, forms in self._forms.items():
            for form in forms:
                if form.entry.type == "LOC":
                    yield folded, form

    def find(self, line: Line) -> Found:
        """All names in the line that begin at a word or after its clitics and end with a word, in reading order.

        Phrases that only look like names (not_names.tsv) cover what is no longer than they are.
        """
        hits: list[Hit] = []
        covers: list[tuple[int, int]] = []
        starts, found = line.starts, self._found
        for pattern, start, _ in self._automaton.find_matches_as_indexes(line.text, overlapping=True):
            begin = starts.get(start)
            if begin is None:
                continue
            first, cut = begin
            forms = found[pattern]
            last = first + forms[0].words
            if forms[0].entry is _NOBODY:
                covers.append((first, last))
            elif last - first == 1 or (line.together(first, last) and not line.crosses_quotation(first, last)):
                hits.append(Hit(first, last, cut, forms))
        if covers:
            covered = {k for first, last in covers for k in range(first, last)}
            longest = max(last - first for first, last in covers)
            hits = [
                hit for hit in hits
                if hit.last - hit.first > longest or not any(k in covered for k in range(hit.first, hit.last))
            ]  # fmt: skip
        hits.sort(key=lambda hit: (hit.first, hit.cut, -hit.last))
        return Found(hits, covers)


def _pattern(form: str) -> str:
    """The form as it stands in `Line.text`, to the end of its last word."""
    first, *rest = form.split(" ")
    return " ".join([first, *map(with_article, rest), ""])


def _ways(folded: str) -> Iterator[str]:
    """عبد الله and عبدالله, ابو بكر and ابوبكر."""
    yield folded
    joined = folded.replace("عبد ال", "عبدال").replace("ابو ", "ابو")
    if joined != folded:
        yield joined
    parted = folded.replace("عبدال", "عبد ال")
    if parted != folded:
        yield parted


def _nisbas() -> Iterator[tuple[str, str, str]]:
    for code, _, _, adjective, _, nisbas in read_list("countries.tsv", 6):
        for nisba in nisbas.split("|"):
            yield code, adjective, nisba


def _entries() -> Iterator[tuple[Entry, list[str]]]:
    yield from _aliases()
    yield from _places()
    for (name,) in read_list("people.tsv", 1):
        yield _SOMEBODY, [name]


def _aliases() -> Iterator[tuple[Entry, list[str]]]:
    for kind, name, wikidata, country, forms in read_list("aliases.tsv", 5):
        match kind:
            case "PER" | "ORG" | "GRP":
                yield Entry(kind, name, wikidata or None, country or None), forms.split("|")
            case _:
                raise MalformedList(f"aliases.tsv: {name} is of type {kind}, not PER, ORG or GRP")


def _places() -> Iterator[tuple[Entry, list[str]]]:
    centres = {code: (float(lat), float(lon)) for code, lat, lon in read_list("centres.tsv", 3)}
    for code, name, wikidata, _, forms, _ in read_list("countries.tsv", 6):
        lat, lon = centres.get(code, (None, None))
        yield Entry("LOC", name, wikidata or None, code, lat, lon, "country"), forms.split("|")
    for code, name, form in read_list("territories.tsv", 3):
        lat, lon = centres.get(code, (None, None))
        yield Entry("LOC", name, None, code, lat, lon, "country"), [form]
    for name, kind, country, latitude, longitude, forms in read_list("places.tsv", 6):
        place = Entry("LOC", name, None, country or None, float(latitude), float(longitude), _PRECISION[kind])
        yield place, forms.split("|")
    for name, country, latitude, longitude, population, forms in read_list("cities.tsv", 6):
        yield (
            Entry("LOC", name, None, country, float(latitude), float(longitude), "town", int(population), False),
            forms.split("|"),
        )


@cache
def load_gazetteer() -> Gazetteer:
    """The gazetteer, read once in a process."""
    return Gazetteer()
