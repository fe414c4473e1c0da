"""Who holds an office in an article: «وزير الخارجية الروسي» without a name is whom the text named with that office."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from schemas.articles_extracted import Entity
from services.extraction.gazetteer import load_gazetteer
from services.extraction.line import key
from services.extraction.lists import word_list
from services.extraction.remembered import remembered

_OFFICES = word_list("office")
_RANKS = word_list("rank or address")
_FORMER = frozenset(key("سابق سابقة أسبق راحل راحلة").split())
_LINKS = frozenset(key("باسم بلسان في لدى إلى من على عن ل ب و").split())
_ONLY_DEFINITE = frozenset(key("رئيس رئيسة ملك أمير").split())
"""«الرئيس» alone is not «رئيس الوزراء»."""


class _Held(NamedTuple):
    """An office as a text gives it: its first word with or without the article, all its words, and whose it is."""

    head: str
    definite: bool
    words: frozenset[str]
    holder: int


class Offices:
    """The offices and ranks that the people of one article were given, by `Entity.role`."""

    __slots__ = ("_entities", "_gazetteer", "_held")

    def __init__(self, entities: Sequence[Entity]) -> None:
        self._entities = entities
        self._gazetteer = load_gazetteer()
        self._held: dict[str, list[_Held]] | None = None

    def _by_head(self) -> dict[str, list[_Held]]:
        """The offices by their first words; read when first asked for."""
        if self._held is None:
            self._held = {}
            for n, entity in enumerate(self._entities):
                for office in (entity.role or "").split("،"):
                    words = _words(office)
                    if words:
                        self._enter(self._held, words, n)
        return self._held

    def _enter(self, by_head: dict[str, list[_Held]], words: Sequence[str], holder: int) -> None:
        plain = frozenset(self._plain(word) for word in words) - _LINKS
        for word in words:
            head = _without_article(word)
            if word == words[0] or word in _RANKS:
                by_head.setdefault(head, []).append(_Held(head, word.startswith("ال"), plain, holder))

    def holder(self, phrase: Sequence[str]) -> int | None:
        """The index of the one person whose office a definite phrase names («المتحدث», «الرئيس السوري»), or None.

        `phrase` are folded words. It may say less than the office did; it may say more only of which country, and if the person is of it.
        """
        words = _words(" ".join(form for form in phrase if form.isalnum()))
        head = _without_article(words[0]) if words else ""
        if not (head in _OFFICES or (words and words[0] in _RANKS)) or not _is_definite(words):
            return None
        asked = frozenset(self._plain(word) for word in words) - _LINKS
        fitting = [held for held in self._by_head().get(head, ()) if self._fits(asked, words, held)]
        exact = [held for held in fitting if held.words == asked] if len(asked) > 1 else []
        names = {self._entities[held.holder].canonical: held.holder for held in reversed(exact or fitting)}
        return next(iter(names.values())) if len(names) == 1 else None

    def _fits(self, asked: frozenset[str], words: Sequence[str], held: _Held) -> bool:
        if held.head in _ONLY_DEFINITE and words[0].startswith("ال") != held.definite:
            return False
        if (held.words & _FORMER) != (asked & _FORMER):
            return False
        more = asked - held.words
        if not more:
            return True
        if held.words - asked:
            return False
        country = self._country(held.holder)
        return country is not None and more == {country}

    def _country(self, n: int) -> str | None:
        """Of which country a known person is."""
        for form in self._gazetteer.forms(key(self._entities[n].text)):
            if form.entry.type == "PER" and form.entry.country:
                return form.entry.country
        return None

    def _plain(self, word: str) -> str:
        """A word to compare by: the country for an adjective of nationality, else without preposition and article."""
        nationality = self._gazetteer.nationalities.get(word)
        if nationality is not None:
            return nationality.country
        if word.startswith("لل"):
            return word[2:]
        return _without_article(word.removeprefix("و") if word.startswith("وال") else word)


@remembered(1 << 12)
def _words(phrase: str) -> tuple[str, ...]:
    """The words of a phrase as they stand in the lists; the commonest phrases are remembered."""
    return tuple(key(phrase).split())


def _without_article(word: str) -> str:
    return word.removeprefix("ال") if len(word) > 4 else word


def _is_definite(words: Sequence[str]) -> bool:
    """Whether a phrase is about somebody known: «المتحدث», «وزير الخارجية», not «متحدث», «مسؤول في الوزارة»."""
    if words[0].startswith("ال"):
        return True
    for word in words[1:]:
        if word in _LINKS:
            return False
        if word.startswith("ال"):
            return True
    return False
