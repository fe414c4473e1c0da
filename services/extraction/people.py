"""People whom no list has: by the words of their names, by their titles, and by having been named in full before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import log

from services.extraction.clitics import readings
from services.extraction.gazetteer import Gazetteer, load_gazetteer
from services.extraction.line import Line, key
from services.extraction.lists import word_list
from services.extraction.mentions import Mention
from services.extraction.remembered import remembered
from services.extraction.vocabulary import Vocabulary, load_vocabulary

RANK = 4
_LONGEST = 6
_CONNECTORS = word_list("connects a name")
_BINDING = word_list("binds a name")
# Offices, ranks, callings and forms of address that stand before a name, outside it.
_TITLES = word_list("title")
_SPEECH_BEFORE = word_list("said, before a name")
_SPEECH_AFTER = word_list("said, after a name")
# A group's name, or a man's of that family.
_FAMILIES = {key("الحوثي"): 0.55, key("الأسد"): 0.6, key("الصدر"): 0.6}
_TITLE, _NATIONALITY, _SPEECH = 1.6, 0.7, 0.6
_SINGLE, _SEVERAL = -1.8, 0.7
_LEAST_FIRST, _LEAST_NEXT, _LEAST_LAST, _LEAST_BOUND = 0.34, 0.16, 0.3, 0.03
_LEAST_GIVEN, _SURNAME, _KNOWN = 0.7, 0.35, 0.9
_RARE = 2
_REMEMBERED = 1 << 14
_ACCEPTED = 0.2


class NameWords:
    """What single words say for a person's name."""

    def __init__(self, gazetteer: Gazetteer, vocabulary: Vocabulary) -> None:
        self._gazetteer = gazetteer
        self._vocabulary = vocabulary
        self.likely = remembered(_REMEMBERED)(self._likely)
        self.reading = remembered(_REMEMBERED)(self._reading)

    def _likely(self, form: str) -> float:
        """How likely it is that a folded word is part of a person's name, by the word alone."""
        if len(form) < 2 or not form.isalpha() or form[-1] < "ء" or form in self._gazetteer.nationalities:
            return 0.0
        if form in _FAMILIES:
            return _FAMILIES[form]
        word = self._vocabulary.word(form)
        part = self._vocabulary.name_part(form)
        if word is not None and word.occurrences >= 16:
            return min(0.97, word.person + (0.5 / word.occurrences if part else 0.0))
        if part and not (part <= _RARE and self._vocabulary.is_inflected(form)):
            prior = min(0.9, 0.5 + 0.05 * part)
        elif form.startswith("ال"):
            prior = 0.3 if form.endswith("ي") else 0.1
        else:
            prior = 0.1 if self._vocabulary.is_inflected(form) else 0.3
        return prior if word is None else 0.5 * prior + 0.5 * word.person

    def _reading(self, form: str) -> tuple[int, float]:
        """How a word begins a name: the letters cut off before it, a clitic's, and how likely the rest is a name."""
        word = self._vocabulary.word(form)
        if word is None or word.person >= 0.3:
            part = self._vocabulary.name_part(form)
            for cut, rest, _ in readings(form)[1:]:
                clitic = form[cut - 1]
                least = 1 if clitic == "و" and rest[0] != "و" else 4 if clitic in "وبلف" else 10
                if self._vocabulary.name_part(rest) >= max(least, part + 2 * (part > 0)):
                    likely = self.likely(rest)
                    if likely >= 0.5:
                        return cut, likely
        return 0, max(self.likely(form), 0.5 if form in _BINDING else 0.0)


@cache
def load_name_words() -> NameWords:
    """The shared `NameWords`."""
    return NameWords(load_gazetteer(), load_vocabulary())


class People:
    """Finds names of people in one line, around the mentions that the lists have `taken` (by word)."""

    def __init__(self, line: Line, words: NameWords, gazetteer: Gazetteer, taken: Mapping[int, Mention]) -> None:
        self._line = line
        self._words = words
        self._gazetteer = gazetteer
        self._taken = taken

    def find(self) -> Iterator[Mention]:
        """Runs of words that look like names and stand where names stand."""
        k = 0
        while k < len(self._line):
            taken = self._taken.get(k)
            if taken is None:
                mention = self._starting(k)
            elif self._counted(k) is not None:
                mention = self._run(k, taken.cut, [_KNOWN] * (taken.last - k), 0.0)
            else:
                mention = None
            if mention is not None:
                yield mention
                k = mention.last
            else:
                k += 1

    def _starting(self, k: int) -> Mention | None:
        form = self._line.forms[k]
        cut, first = self._words.reading(form)
        if first < _LEAST_NEXT or form in _TITLES:
            return None
        context = self._context(k)
        if cut and context and form[cut - 1] != "و":
            cut, first = 0, self._words.likely(form)
        elif cut:
            context = 0.0
        if first < _LEAST_FIRST and context < _TITLE:
            return None
        return self._run(k, cut, [first], context)

    def _context(self, k: int) -> float:
        """What the words before say for a name at word k: a title at once or after adjectives of nationality, speech."""
        evidence = 0.0
        for back in range(k - 1, max(-1, k - 4), -1):
            readings = self._line.readings[back]
            if any(form in _TITLES for _, form, _ in readings):
                return evidence + _TITLE
            if readings[0][1] in _SPEECH_BEFORE:
                return evidence + _SPEECH
            if any(form in self._gazetteer.nationalities for _, form, _ in readings):
                evidence = _NATIONALITY
            elif not readings[0].form.startswith("ال"):
                break
        return evidence

    def _run(self, k: int, cut: int, shares: list[float], context: float) -> Mention | None:
        """The name that begins at word k with as many words as there are `shares`: those go on that may."""
        line = self._line
        forms = line.forms
        last = k + len(shares)
        while last < len(forms) and last - k < _LONGEST:
            counted = self._counted(last)
            if counted is not None:
                shares += [_KNOWN] * (counted.last - last)
                last = counted.last
                continue
            share = self._continues(last, bound=forms[last - 1] in _BINDING)
            if share is None:
                break
            shares.append(share)
            last += 1
            if last - 1 in self._taken:
                break
        if len(shares) == 1 and context >= _TITLE and shares[0] >= _LEAST_GIVEN and self._is_surname(last):
            shares.append(_SURNAME)
            last += 1
        while last - k > 1 and (shares[-1] < _LEAST_LAST or forms[last - 1] in _BINDING):
            shares.pop()
            last -= 1
        if not line.together(k, last) or line.crosses_quotation(k, last):
            return None
        if is_accusative(forms[k:last]):
            return None
        score = context + sum(map(_logit, shares)) + (_SINGLE if len(shares) == 1 else _SEVERAL)
        if last < len(forms) and forms[last] in _SPEECH_AFTER:
            score += _SPEECH
        if cut and forms[k][cut - 1] != "و" and (shares[0] < 0.6 or min(shares) < 0.3):
            return None
        if score <= _ACCEPTED or (len(shares) == 1 and (len(forms[k]) - cut < 3 or context == _SPEECH)):
            return None
        return Mention(k, last, cut, "PER", round(min(0.88, 0.6 + 0.05 * score), 2), RANK)

    def _is_surname(self, k: int) -> bool:
        """Whether word k may be the surname, an ordinary word otherwise, of somebody whose given name is before it."""
        form = self._line.forms[k] if k < len(self._line) else ""
        if len(form) < 5 or not form.startswith("ال") or form in _TITLES or form in self._gazetteer.nationalities:
            return False
        return k not in self._taken and not form.endswith(("ه", "ات", "ين", "ون"))

    def _counted(self, k: int) -> Mention | None:
        """The name that begins at word k and is known from counting: it may be part of a longer one."""
        taken = self._taken.get(k)
        if taken is None or taken.first != k or taken.cut or taken.entry is None or taken.entry.curated:
            return None
        return taken if taken.type == "PER" else None

    def _continues(self, k: int, bound: bool) -> float | None:
        """How likely word k goes on with the name before it; None where it does not."""
        form = self._line.forms[k]
        taken = self._taken.get(k)
        if taken is not None:
            return 0.9 if taken.type == "PER" and taken.cut == 0 and taken.last - taken.first == 1 else None
        if not form.isalpha() or (form in _TITLES and not bound) or self._line.closes(k - 1):
            return None
        share = self._words.likely(form)
        if bound:
            return None if share < _LEAST_BOUND and not form.startswith("ال") else max(share, 0.5)
        if form in _CONNECTORS and k + 1 < len(self._line):
            after = 0.5 if form in _BINDING else self._words.likely(self._line.forms[k + 1])
            return max(0.5, share) if after >= _LEAST_NEXT else None
        if self._line.forms[k - 1] in _CONNECTORS:
            share = max(share, 0.4 if share >= _LEAST_NEXT else 0.0)
        joined = form[0] == "و" and self._words.reading(form)[0] > 0
        return share if share >= _LEAST_NEXT and not joined else None


def is_accusative(words: Sequence[str]) -> bool:
    """«منظارا ليليا»: a noun and its adjective, both indefinite, the noun no name that anybody bears."""
    if len(words) < 2 or not words[-1].endswith("يا") or not all(len(word) > 3 and word[-1] == "ا" for word in words):
        return False
    vocabulary = load_vocabulary()
    word = vocabulary.word(words[0])
    return not vocabulary.name_part(words[0]) and (word is None or word.person < _LEAST_NEXT)


def _logit(share: float) -> float:
    share = min(0.97, max(0.03, share))
    return log(share / (1.0 - share))


def family_names(words: Sequence[str]) -> list[tuple[str, ...]]:
    """The ways in which an article calls somebody after the full name: by the last part of it, with its «بن» or «ال»."""
    if len(words) < 2:
        return []
    start = len(words) - 1
    while start > 1 and words[start - 1] in _CONNECTORS:
        start -= 1
    ways = [tuple(words[start:])]
    if start < len(words) - 1 and words[start] not in _BINDING:
        ways.append((words[-1],))
    return ways
