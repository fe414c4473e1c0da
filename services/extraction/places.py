"""Places: which of the names in the lists are meant as places here, which place of several of one name, and sites."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from services.extraction.gazetteer import Entry, Form, Gazetteer, Hit
from services.extraction.line import Line, key
from services.extraction.lists import word_list
from services.extraction.mentions import Mention
from services.extraction.setting import Setting
from services.extraction.vocabulary import Vocabulary

RANK = 1
_SITE_RANK = 2
_FAR = 5
_LARGE, _TOWN = 300_000, 20_000
# The word before says that a place is named; it stays outside the name.
KINDS = word_list("kind of place")
_NEAR = word_list("near")
# The word belongs to the name of a site.
_SITES = word_list("site")
# «تبة السوداء», «جبل الظهر»: whatever follows is the name, an ordinary word too.
_LANDFORMS = word_list("landform")
_SEVERAL = word_list("several villages")
_SITE_ADJECTIVES = word_list("adjective of a site")
_NOT_A_SITE = word_list("not a site")
# First words of names of villages: «بني وهب», «بيت سحم».
_COMPOUND = word_list("first of a compound")
HONOURS = word_list("honour")
_FEMININE = word_list("feminine")
_IN = key("في")
_LIES = word_list("lies")
_DIRECTIONS = word_list("direction")


def is_named_as_place(line: Line, k: int, cut: int) -> float:
    """How much the words around say that word k begins a place's name: 0 nothing, 1 a preposition, 2 «مدينة» and such."""
    if k and any(form in KINDS for _, form, _ in line.readings[k - 1]):
        return 2.0
    if cut and line.forms[k][cut - 1] == "ب":
        return 1.0
    if k and any(form in _NEAR for _, form, _ in line.readings[k - 1]):
        return 1.0
    return 0.0


def is_said_to_be_in(line: Line, k: int, cut: int) -> bool:
    """Whether the word before or the clitic says «in»: «في روما», «بروما», «مدينه روما»."""
    if cut and line.forms[k][cut - 1] == "ب":
        return True
    return k > 0 and any(form == _IN or form in KINDS for _, form, _ in line.readings[k - 1])


class Places:
    """Finds places in one line."""

    def __init__(self, line: Line, gazetteer: Gazetteer, vocabulary: Vocabulary, setting: Setting) -> None:
        self._line = line
        self._gazetteer = gazetteer
        self._vocabulary = vocabulary
        self._setting = setting

    def find(self, hits: Iterable[Hit]) -> Iterator[Mention]:
        """Places among the names that stand in the line."""
        for hit in hits:
            forms = [form for form in hit.forms if form.entry.type == "LOC"]
            if forms:
                usual = any(form.use == "always" and form.entry.curated for form in forms)
                # The town of a club: no ordinary word, only less often told of than the club.
                usual |= not self._setting.sport and any(form.use == "sport" for form in hit.forms)
                mention = self._judged(hit, max(forms, key=self._preference), usual)
                if mention is not None:
                    yield mention

    def _preference(self, form: Form) -> tuple[bool, bool, bool, int, int, str]:
        """Of places of one name: one whose country is told of, then the usual one, the curated, the most told, the largest."""
        place = form.entry
        told = min(self._setting.countries[place.country or ""], 3)
        return told > 0, form.use == "always", place.curated, told, place.population, place.name

    def _judged(self, hit: Hit, form: Form, usual: bool) -> Mention | None:
        """The mention of a place; `usual` says that the words are hardly anything but the name of one."""
        place = form.entry
        first = hit.first + form.lead
        cut = 0 if form.lead else hit.cut
        single = hit.last - first == 1
        if single and self._begins_a_compound(first):
            return None
        confidence = 0.97 if place.curated else 0.9
        if form.use != "always" and not usual:
            if not self._is_supported(hit, place):
                return None
            confidence = 0.7
        elif not place.curated:
            if single and not self._stands_alone(hit, place):
                return None
        elif single and not form.lead and (self._is_adjective(hit) or (cut and self._is_ordinary(hit))):
            return None
        return Mention(first, hit.last, cut, "LOC", confidence, RANK, entry=place)

    def _begins_a_compound(self, k: int) -> bool:
        """«بني» of «بني وهب» is no town."""
        line = self._line
        return line.forms[k] in _COMPOUND and k + 1 < len(line) and line.forms[k + 1].isalpha()

    def _is_supported(self, hit: Hit, place: Entry) -> bool:
        """Whether an ambiguous word is this place here: «مدينه» and such before it, or في and its country told of."""
        word = self._vocabulary.word(self._line.forms[hit.first][hit.cut :])
        if hit.last - hit.first == 1 and word is not None and word.place < 0.1 and word.occurrences >= 64:
            return False
        large = place.population >= _LARGE and word is not None and word.place >= 0.1 and word.person < 0.3
        if large and is_said_to_be_in(self._line, hit.first, hit.cut):
            return True
        context = is_named_as_place(self._line, hit.first, hit.cut)
        return context >= 2.0 or (context >= 1.0 and self._setting.countries[place.country or ""] > 1)

    def _is_adjective(self, hit: Hit) -> bool:
        """«السعوديه» is a country, or the adjective of a feminine noun before it."""
        form = self._line.forms[hit.first]
        nationality = self._gazetteer.nationalities.get(form)
        if nationality is None or hit.first == 0:
            return False
        before = self._line.forms[hit.first - 1]
        return (before.startswith(("ال", "وال", "بال", "لل")) and before.endswith(("ه", "ات"))) or before in _FEMININE

    def _stands_alone(self, hit: Hit, place: Entry) -> bool:
        """Whether one word is a town of the census here: a big one, or one whose country is told of, after في and such."""
        if hit.cut and self._is_ordinary(hit):
            return False
        word = self._vocabulary.word(self._line.forms[hit.first][hit.cut :])
        context = is_named_as_place(self._line, hit.first, hit.cut)
        if (word is not None and word.place >= 0.7) or context >= 2.0:
            return True
        here = self._setting.countries[place.country or ""] > 0
        if place.population >= _LARGE or (here and place.population >= _TOWN):
            return context >= 1.0 or word is None or word.place >= 0.5
        return here and context >= 1.0 and (word is None or word.place >= 0.5)

    def _is_ordinary(self, hit: Hit) -> bool:
        """Whether the word as written, with what was cut off as its own letters, is an ordinary word of the news."""
        form = self._line.forms[hit.first]
        word = self._vocabulary.word(form)
        like = hit.cut and form[hit.cut - 1] == "ك" and self._vocabulary.name_part(form) > 0
        return bool(like) or (word is not None and word.place < 0.4)

    def sites(
        self, ends: Mapping[int, int], people: Mapping[int, int], taken: Mapping[int, Mention]
    ) -> Iterator[Mention]:
        """Sites and landforms: «مطار الحديده», «مخيم اليرموك», «جبل النار»; and the unknown place after «بلده»."""
        line = self._line
        for k in range(len(line) - 1):
            for cut, form, _ in line.readings[k]:
                if form in _SITES:
                    last = self._site_name(k + 1, ends, people, form in _LANDFORMS)
                    if last is not None and line.together(k, last):
                        yield Mention(k, last, cut, "LOC", 0.8, _SITE_RANK, near=self._inside(k + 1, last, taken))
                    break
                if form in KINDS:
                    last = None if k + 1 in taken else self._unknown(k + 1)
                    if last is not None and line.together(k, last):
                        yield Mention(k + 1, last, 0, "LOC", 0.7, _SITE_RANK + 2)
                    if form in _SEVERAL:
                        yield from self._listed_after(k + 1, last or ends.get(k + 1), taken)
                    break

    def _listed_after(self, first: int, last: int | None, taken: Mapping[int, Mention]) -> Iterator[Mention]:
        """The unknown places of «قرى كذا وكذا وكذا» after the first, words that are ordinary elsewhere too."""
        line = self._line
        while last is not None and last < len(line) and line.together(first, last + 1):
            form = line.forms[last]
            known = taken.get(last)
            if known is not None and known.type == "LOC" and known.cut:
                last = known.last
                continue
            name = form[1:]
            if known is not None or form[0] != "و" or not name.startswith("ال") or len(name) < 5:
                return
            if name in _NOT_A_SITE or name in _DIRECTIONS or name in self._gazetteer.nationalities:
                return
            word = self._vocabulary.word(name)
            after = line.forms[last + 1] if last + 1 < len(line) else ""
            if word is not None and word.place < 0.3 and after.startswith("ال"):
                return
            yield Mention(last, last + 1, 1, "LOC", 0.6, _SITE_RANK + 2)
            last += 1

    def _inside(self, first: int, last: int, taken: Mapping[int, Mention]) -> Entry | None:
        """The known place in a site's name: the town of «مطار صنعاء»."""
        inside = (taken[k].entry for k in range(first, last) if k in taken and taken[k].type == "LOC")
        return next(inside, None)

    def _site_name(self, k: int, ends: Mapping[int, int], people: Mapping[int, int], landform: bool) -> int | None:
        """The end of a site's name that begins at word k; None where the word only says something of the site."""
        line = self._line
        if line.opens(k):
            for last in range(k, min(k + 3, len(line))):
                if line.closes(last):
                    return last + 1
        if (line.forms[k] in KINDS and k + 1 in ends) or (line.forms[k] in HONOURS and k + 1 in people):
            k += 1
        found = ends.get(k) or people.get(k)
        if found is not None:
            last = found
        else:
            form = line.forms[k]
            nameable = form.startswith("ال") and len(form) > 3 and form not in _NOT_A_SITE
            word = self._vocabulary.word(form)
            if form in self._gazetteer.nationalities or form in _SITE_ADJECTIVES or not form.isalpha():
                return None
            foreign = self._vocabulary.is_foreign(form) and not form.startswith("م") and not form.endswith(("ي", "يه"))
            if not (nameable and (landform or word is None or word.place >= 0.3)) and not foreign:
                return None
            last = k + 1
        while last < len(line) and line.forms[last] in _SITE_ADJECTIVES:
            last += 1
        return last

    def _unknown(self, k: int) -> int | None:
        """The end of a place's name that no list has."""
        form = self._line.forms[k]
        if not form.isalpha() or form.isascii() or len(form) < 3 or form in self._gazetteer.nationalities:
            return None
        if form in _SITES or form in KINDS or form in _NOT_A_SITE or form in _DIRECTIONS:
            return None
        if form in _COMPOUND and k + 1 < len(self._line) and self._line.forms[k + 1].isalpha():
            return k + 2
        word = self._vocabulary.word(form)
        if word is None:
            return k + 1 if form.startswith("ال") or self._vocabulary.is_foreign(form) else None
        return k + 1 if word.place >= 0.3 else None
