"""The places of the lists by any way to write them: «درعا», «مدينة درعا», «القامشلي» and «قامشلي», «درنة» and «درنا»."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from services.extraction.gazetteer import Entry, Form, Gazetteer, load_gazetteer
from services.extraction.line import key
from services.extraction.lists import MalformedList, read_list, word_list

_KINDS = word_list("kind of place")
_ARTICLE = "ال"
_LEAST_STEM = 3
_LEAST_SOUND = 3
# Letters that one foreign sound is written with: غوادر and جوادر, بطرسبورغ and بترسبورج.
_SOUNDS = str.maketrans("غقكطصظذى", "ججج" + "تسضزي")
_DOUBLED = re.compile(r"(.)\1")
_LAST_VOWEL = re.compile("[اهي]+$")


def ways_to_write(folded: str) -> Iterator[str]:
    """The name itself, then what lists may have in its stead: less its kind, with and without the article."""
    yield folded
    first, _, rest = folded.partition(" ")
    if rest and first in _KINDS:
        yield from ways_to_write(rest)
    if folded.startswith(_ARTICLE):
        if len(folded) >= len(_ARTICLE) + _LEAST_STEM:
            yield folded[len(_ARTICLE) :]
    else:
        yield _ARTICLE + folded


def sound(folded: str) -> str:
    """What different spellings of a name share: no article, no last vowel, one letter for a foreign sound."""
    words = (_LAST_VOWEL.sub("", word.removeprefix(_ARTICLE)) for word in folded.split(" "))
    return _DOUBLED.sub(r"\1", " ".join(words).translate(_SOUNDS))


class Atlas:
    """Looks places up by name. Immutable; one serves all articles."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._sounds: dict[str, list[Entry]] = defaultdict(list)
        named: dict[str, Entry] = {}
        for folded, form in gazetteer.place_forms():
            if form.entry.curated:
                named[form.entry.name] = form.entry
            heard = sound(folded)
            if form.use == "always" and not form.lead and len(heard) >= _LEAST_SOUND:
                self._sounds[heard].append(form.entry)
        self._districts: dict[str, list[Entry]] = defaultdict(list)
        for district, villages in read_list("villages.tsv", 2):
            if district not in named:
                raise MalformedList(f"villages.tsv: {district} is no place of places.tsv")
            for village in villages.split("|"):
                self._districts[key(village)].append(named[district])

    def homonyms(self, folded: str) -> list[Form]:
        """The places that are written exactly like this."""
        return [form for form in self._gazetteer.forms(folded) if form.entry.type == "LOC" and not form.lead]

    def places(self, folded: str) -> list[Entry]:
        """The places that are written like this or nearly so; of the ways to write it, those of the first that is known."""
        for way in ways_to_write(folded):
            forms = self.homonyms(way)
            if forms:
                return [form.entry for form in forms]
        return list(dict.fromkeys(self._sounds.get(sound(folded), ())))

    def districts(self, folded: str) -> list[Entry]:
        """The districts that have a village of this name."""
        for way in ways_to_write(folded):
            if way in self._districts:
                return self._districts[way]
        return []


@cache
def load_atlas() -> Atlas:
    """The atlas of the gazetteer, made once in a process."""
    return Atlas(load_gazetteer())
