"""What words are in the news: how often each is part of a name, and of whose. Measured, not judged."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from services.extraction.lists import read_list

_CLITICS = ("وال", "بال", "فال", "كال", "لل", "و", "ف", "ب", "ل", "ك", "س")
_ARTICLES = ("ال", "وال", "بال", "فال", "كال", "لل")
_PRONOUNS = ("هما", "ها", "هم", "نا", "ه")
_ENDINGS = (*_PRONOUNS, "وا", "ون", "ين", "ان", "ات", "يه", "ا")
_SHORTEST_STEM = 3


class Word(NamedTuple):
    """A folded word: the shares of its occurrences (0 to 1) inside names of persons, places and organisations.

    `occurrences` are of some six million words of news, rounded down to a power of two.
    """

    occurrences: int
    person: float
    place: float
    organisation: float


class Vocabulary:
    """The words of the news, and parts of personal names from Wikidata. Immutable."""

    def __init__(self) -> None:
        self._words: dict[str, Word] = {}
        kinds: dict[tuple[str, ...], Word] = {}
        for form, *shares in read_list("words.tsv", 5):
            kind = kinds.get(tuple(shares))
            if kind is None:
                count, person, place, organisation = map(int, shares)
                kind = kinds[tuple(shares)] = Word(2**count, person / 20, place / 20, organisation / 20)
            self._words[form] = kind
        self._name_parts: dict[str, int] = {form: int(weight) for form, weight in read_list("name_parts.tsv", 2)}

    def word(self, form: str) -> Word | None:
        """What is known of a folded word; None where the news hardly has it."""
        return self._words.get(form)

    def name_part(self, form: str) -> int:
        """How common a folded word is in personal names: 0 not at all, to 9."""
        return self._name_parts.get(form, 0)

    def is_foreign(self, form: str) -> bool:
        """Whether a word that the news hardly has looks like a name from another language, or is in Latin script."""
        if form.isascii():
            return form.isalpha()
        if form in self._words or not form.isalpha() or len(form) < 3:
            return False
        return form in self._name_parts or not (form.startswith(_ARTICLES) or self.is_inflected(form))

    def is_inflected(self, form: str) -> bool:
        """Whether a word that the news hardly has is one that it has, with clitics or another ending."""
        if self._is_stem(form, _ENDINGS):
            return True
        return any(form.startswith(clitic) and self._is_stem(form[len(clitic) :], _PRONOUNS) for clitic in _CLITICS)

    def _is_stem(self, form: str, endings: tuple[str, ...]) -> bool:
        """Whether the word, as it is or less an ending, is an ordinary word of the news."""
        stems = [form, *(form[: -len(ending)] for ending in endings if form.endswith(ending))]
        for stem in stems:
            if len(stem) >= _SHORTEST_STEM:
                word = self._words.get(stem) or self._words.get(f"{stem}ه")
                if word is not None and word.person < 0.3:
                    return True
        return False


@cache
def load_vocabulary() -> Vocabulary:
    """The vocabulary, read once in a process."""
    return Vocabulary()
