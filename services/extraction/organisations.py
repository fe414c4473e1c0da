"""Organisations and groups that no list has, by the word that heads their name and what follows it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from functools import cache
from typing import NamedTuple, cast

from schemas.articles_extracted import EntityType
from services.extraction.gazetteer import Gazetteer, Nationality
from services.extraction.line import Line, key
from services.extraction.lists import read_list, word_list
from services.extraction.mentions import Mention
from services.extraction.places import HONOURS
from services.extraction.vocabulary import Vocabulary

RANK = 2
_LONGEST = 9
_LONGEST_QUOTED = 7

OFFICIAL = word_list("official")
_AFTER_NATIONALITY = word_list("after nationality")
_FOR_SPORT = word_list("for sport")
_STOPS = word_list("ends a description")
# An organisation of its own, so that the name before it has ended.
_OTHERS = word_list("another organisation")
_CONSTRUCTS = word_list("construct")
_MINISTERS = word_list("minister")
_NOT_NAMED = word_list("not a proper name")
_ORDINALS = word_list("ordinal")
_CENTRE = key("مركز")
_OPEN_ENDED = frozenset("capqo")
_CONFIDENCE = {"n": 0.89, "f": 0.7, "l": 0.8, "m": 0.93, "b": 0.88, "c": 0.68, "a": 0.6, "p": 0.68, "q": 0.5, "o": 0.7}


class Head(NamedTuple):
    """A word or words that head names. `follow` says what may follow (data/organisation_heads.tsv)."""

    words: tuple[str, ...]
    type: EntityType
    english: str
    follow: str


@cache
def _heads() -> Mapping[str, tuple[Head, ...]]:
    """Heads by their first word, the longest first."""
    found: dict[str, list[Head]] = {}
    for words, type_, english, follow in read_list("organisation_heads.tsv", 4):
        head = Head(tuple(key(words).split()), cast(EntityType, type_), english, follow)
        found.setdefault(head.words[0], []).append(head)
    return {word: tuple(sorted(heads, key=lambda head: -len(head.words))) for word, heads in found.items()}


def is_head(form: str) -> bool:
    """Whether a folded word can head the name of an organisation."""
    return form in _heads()


@cache
def _portfolios() -> Mapping[str, str]:
    return {key(portfolio): english for portfolio, english in read_list("portfolios.tsv", 2)}


class Organisations:
    """Finds names of organisations in one line.

    `places` and `people` are the ends of the names of those that begin at a word, `listed` the words of names of several
    words that the lists have: where those begin and end is known better.
    """

    def __init__(
        self,
        line: Line,
        gazetteer: Gazetteer,
        vocabulary: Vocabulary,
        places: Mapping[int, int],
        people: Mapping[int, int],
        listed: Container[int],
    ) -> None:
        self._line = line
        self._gazetteer = gazetteer
        self._vocabulary = vocabulary
        self._places = places
        self._people = people
        self._listed = listed

    def find(self) -> Iterator[Mention]:
        """Mentions, at most one for each word that heads a name."""
        heads = _heads()
        for k, ways in enumerate(self._line.readings):
            for cut, form, _ in ways:
                mention = self._headed(k, cut, heads[form]) if form in heads else None
                if mention is not None:
                    yield mention
                    break

    def _headed(self, k: int, cut: int, heads: tuple[Head, ...]) -> Mention | None:
        forms = self._line.forms
        for head in heads:
            after = k + len(head.words)
            if tuple(forms[k + 1 : after]) == head.words[1:]:
                for kind in head.follow:
                    if kind in _OPEN_ENDED and k in self._listed:
                        continue
                    mention = self._followed(head, k, after, cut, kind)
                    if mention is not None:
                        return mention
        return None

    def _followed(self, head: Head, k: int, after: int, cut: int, kind: str) -> Mention | None:
        """The mention that the head at word k makes with what follows it at word `after`, if that is of this kind."""
        named = self._named(head, k, after, kind) if kind in "nflmb" else None
        last, country, name = named or (self._described(after, kind), None, None)
        if last is None or last - k > _LONGEST or not self._line.together(k, last):
            return None
        return Mention(k, last, cut, head.type, _CONFIDENCE[kind], RANK, name=name, country=country)

    def _named(self, head: Head, k: int, after: int, kind: str) -> tuple[int, str | None, str | None] | None:
        """End, country and English name of an organisation that a nationality, place or portfolio tells from others."""
        if kind in "nf":
            found = self._nationality(after)
            if found is None or (kind == "f" and not (found[0].feminine and self._no_minister(k))):
                return None
            nationality, last = found
            return last, nationality.country, f"{nationality.adjective} {head.english}" if head.english else None
        if kind == "l":
            return self._of_place(head, after)
        if kind == "m":
            return self._portfolio(after)
        return after, None, head.english or None

    def _described(self, after: int, kind: str) -> int | None:
        """The end of a name that the head's own words make: a description, adjectives, a proper or quoted name."""
        match kind:
            case "c":
                return self._description(after)
            case "a":
                return self._adjectives(after)
            case "p":
                return self._quoted(after) or self._proper(after)
            case "q":
                return self._quoted(after)
            case "o":
                return after + 1 if self._form(after) in _ORDINALS or self._form(after).isdigit() else None
        return None

    def _form(self, k: int) -> str:
        return self._line.forms[k] if k < len(self._line) else ""

    def _no_minister(self, k: int) -> bool:
        return k == 0 or all(form not in _MINISTERS for _, form, _ in self._line.readings[k - 1])

    def nationality_at(self, k: int) -> tuple[Nationality, int] | None:
        """The definite adjective of nationality at word k, and where it ends."""
        known = self._gazetteer.nationalities
        for length in (2, 1):
            if k + length <= len(self._line):
                nationality = known.get(" ".join(self._line.forms[k : k + length]))
                if nationality is not None and nationality.definite:
                    return nationality, k + length
        return None

    def _nationality(self, k: int) -> tuple[Nationality, int] | None:
        """The nationality that follows a head, other adjectives between them or after."""
        for _ in range(3):
            found = self.nationality_at(k)
            if found is not None:
                nationality, last = found
                while self._form(last) in _AFTER_NATIONALITY:
                    last += 1
                if self._form(last) in _FOR_SPORT and self._is_definite(last + 1):
                    last += 2
                return nationality, last
            if self._form(k) not in OFFICIAL:
                return None
            k += 1
        return None

    def _of_place(self, head: Head, k: int) -> tuple[int, str | None, str | None] | None:
        last = self._places.get(k)
        if last is None:
            return None
        forms = self._gazetteer.forms(" ".join(self._line.forms[k:last]))
        place = next((form.entry for form in forms if form.entry.type == "LOC"), None)
        if place is None or not head.english:
            return last, None, None
        whose = self._gazetteer.adjectives.get(place.country or "") if place.precision == "country" else None
        return last, place.country, f"{whose or place.name} {head.english}"

    def _is_definite(self, k: int) -> bool:
        form = self._form(k)
        return form.startswith("ال") and len(form) > 3 and form not in _STOPS and form not in _OTHERS

    def _portfolio(self, k: int) -> tuple[int, str | None, str | None] | None:
        """«الدفاع الروسيه», «التربيه والتعليم», «شوون المراه»: the end, the country and the English name of the ministry."""
        start = k
        if not self._is_definite(k):
            if self._form(k) not in _CONSTRUCTS:
                return None
            joined = self._form(k + 1)
            k += 2 if joined.startswith("و") and joined[1:] in _CONSTRUCTS else 1
        if not self._is_definite(k):
            return None
        found = None
        while k < len(self._line) and k - start < _LONGEST - 1:
            found = self.nationality_at(k)
            if found is not None:
                break
            joined = self._form(k)
            if k > start and self._is_definite(k) and joined not in OFFICIAL and self._ends_portfolio(start, k):
                break
            if self._is_definite(k) or (joined.startswith("وال") and self._is_portfolio(joined[1:])):
                k += 1
            elif joined.startswith("و") and joined[1:] in _CONSTRUCTS and self._is_definite(k + 1):
                k += 2
            else:
                break
        english = _portfolios().get(" ".join(self._line.forms[start:k]))
        name = f"Ministry of {english}" if english else None
        if found is None:
            return k, None, name
        nationality, last = found
        return last, nationality.country, f"{nationality.adjective} {name}" if name else None

    def _ends_portfolio(self, start: int, k: int) -> bool:
        """Whether the words to word k are a known portfolio, and with word k none."""
        forms = self._line.forms
        return " ".join(forms[start:k]) in _portfolios() and " ".join(forms[start : k + 1]) not in _portfolios()

    def _is_portfolio(self, form: str) -> bool:
        word = self._vocabulary.word(form)
        return form not in _STOPS and form not in _OTHERS and (word is None or word.place < 0.3)

    def _description(self, k: int) -> int | None:
        """«حقوق الانسان», «الامن القومي», «الملك سلمان للاغاثه»: the end of a definite description."""
        start = k
        if self._form(k) in _CONSTRUCTS and k + 1 < len(self._line):
            k += 1
        place = self._places.get(k)
        if self._form(k) in HONOURS and k + 1 in self._people:
            k = self._people[k + 1]
        elif place is not None and self._form(start - 1) != _CENTRE:
            k = place
        elif self._is_definite(k):
            k += 1
        else:
            return None
        return self._rest_of_description(k, start)

    def _rest_of_description(self, k: int, start: int) -> int:
        """On to the end: adjectives, what it is for («للرياضه», «لحقوق الانسان», «والثقافه»), a nationality last."""
        purpose = False
        while k < len(self._line) and k - start < _LONGEST - 1:
            form = self._form(k)
            nationality = self.nationality_at(k)
            if nationality is not None:
                k = nationality[1]
                if purpose:
                    break
            elif form.startswith("لل") and len(form) > 4:
                purpose = True
                k += 1
            elif form.startswith("ل") and form[1:] in _CONSTRUCTS and self._is_definite(k + 1):
                purpose = True
                k += 2
            elif self._goes_on(k, form, purpose):
                k += 1
            else:
                break
        return k

    def _goes_on(self, k: int, form: str, purpose: bool) -> bool:
        """Whether word k goes on with a description; after what it is for, an adjective or another purpose does."""
        if self._is_definite(k):
            return not purpose or form.endswith(("ي", "يه")) or form in OFFICIAL
        return purpose and form.startswith("وال") and self._is_portfolio(form[1:])

    def _adjectives(self, k: int) -> int | None:
        """«العامه للرياضه», «الاعلي للقضاء», «الوطنيه للانتخابات»: at least one adjective, and what it is for."""
        if self._form(k) not in OFFICIAL and self.nationality_at(k) is None:
            found = self._nationality(k + 1) if self._is_definite(k) else None
            return None if found is None else found[1]
        last = self._rest_of_description(k, k)
        return last if last > k + 1 or self.nationality_at(k) is not None else None

    def _quoted(self, k: int) -> int | None:
        """The end of the quotation that opens before word k, if it is short enough to be a name."""
        if k >= len(self._line) or not self._line.opens(k):
            return None
        for last in range(k, min(k + _LONGEST_QUOTED, len(self._line))):
            if self._line.closes(last):
                return None if self._line.crosses_quotation(k, last + 1) else last + 1
        return None

    def _proper(self, k: int) -> int | None:
        """The end of a run of words that are hardly ever but names."""
        start = k
        while k < len(self._line) and k - start < 4 and self._is_proper(k, k == start):
            k += 1
            if self._line.closes(k - 1) or (k < len(self._line) and self._line.opens(k)):
                break
        return k if k > start else None

    def _is_proper(self, k: int, at_head: bool) -> bool:
        form = self._form(k)
        if not form.isalpha() or form in _NOT_NAMED or form in _STOPS or form in _heads():
            return False
        if self._gazetteer.nationalities.get(form) is not None or len(form) < 2:
            return False
        word = self._vocabulary.word(form)
        if word is None:
            return self._vocabulary.is_foreign(form)
        if word.occurrences < 16 and self._vocabulary.name_part(form):
            return True
        return word.organisation >= (0.15 if at_head else 0.3) or (at_head and word.place >= 0.5)
