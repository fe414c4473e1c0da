"""The rules of one file, indexed by what can fire them, so that an article costs by its matches and not by the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import get_args

from schemas.articles_deduplicated import DeduplicatedArticle
from schemas.articles_extracted import Entity, Event, EventType
from services.alerting.rules import Condition, EventCondition, PlaceCondition, Rule, Webhook, WordsCondition
from services.alerting.words import Found, WordFinder, name_key
from services.normalization.search import search_form_with_map

Key = tuple[str, str]
"""Something an article can have: ("word", a term), ("name", a folded name), ("country", a code), …"""

CanonicalNames = Callable[[str], Collection[str]]
"""The canonical names that another name may stand for."""

EVENT_TYPES: tuple[EventType, ...] = get_args(EventType)

# How common a key is among articles; of several conditions that must all hold, the rarest finds the rule.
_COMMON = {"word": 1, "name": 1, "place": 1, "source": 5, "country": 5, "event": 10, "type": 50}


class Facts:
    """What rules ask about an article, gathered once."""

    def __init__(self, article: DeduplicatedArticle, finder: WordFinder) -> None:
        self.article = article
        self.in_text: Mapping[str, Found] = finder.find(article.normalized.search.text)
        title, self._title_map = search_form_with_map(article.title)
        self.in_title: Mapping[str, Found] = finder.find(title)
        self.named: dict[str, list[Entity]] = defaultdict(list)
        self.typed: dict[str, list[Entity]] = defaultdict(list)
        self.in_country: dict[str, list[Entity]] = defaultdict(list)
        self.places: dict[str, list[Entity]] = defaultdict(list)
        for entity in article.entities:
            for key in {name_key(entity.canonical), name_key(entity.text)}:
                self.named[key].append(entity)
            self.typed[entity.type].append(entity)
            if entity.type == "LOC":
                self.places[entity.canonical].append(entity)
                if entity.country:
                    self.in_country[entity.country].append(entity)

    def in_own_title(self, found: Found) -> str:
        """The words of the title as published, for a place in its search form."""
        start, end = self._title_map.to_original(found.start, found.end)
        return self.article.title[start:end]

    def all_keys(self) -> Iterator[Key]:
        """Every key that the article has; some come more than once."""
        for term in (*self.in_text, *self.in_title):
            yield "word", term
        for name, entities in self.named.items():
            yield "name", name
            if any(entity.type == "LOC" for entity in entities):
                yield "place", name
        for kind in self.typed:
            yield "type", kind
        for country in self.in_country:
            yield "country", country
        for event in self.article.events:
            yield "event", event.type
        yield "source", name_key(self.article.source)

    def names_of_place(self, event: Event) -> Iterator[tuple[set[str], set[str]]]:
        """For each place of an event the folded names it goes by in the article, and the countries it is put in."""
        for place in event.places:
            mentions = self.places.get(place, [])
            names = {name_key(place), *(name_key(entity.text) for entity in mentions)}
            yield names, {entity.country for entity in mentions if entity.country}


class RuleBook:
    """Rules and webhooks, ready to be asked. Immutable; the order of the rules is that of the file."""

    def __init__(
        self, rules: Sequence[Rule], webhooks: Sequence[Webhook] = (), canonical_names: CanonicalNames = lambda _: ()
    ) -> None:
        self.rules, self.webhooks = tuple(rules), tuple(webhooks)
        self._canonical_names = canonical_names
        self._names: dict[str, frozenset[str]] = {}
        self.finder = WordFinder(term for rule in rules for term in _terms(rule.when))
        self._found_by: dict[Key, list[int]] = defaultdict(list)
        for number, rule in enumerate(self.rules):
            for key in self._keys(rule.when) or ():
                self._found_by[key].append(number)

    def names_for(self, name: str) -> frozenset[str]:
        """The folded names by which an entity may be recognized that the file calls `name`."""
        if name not in self._names:
            self._names[name] = frozenset(map(name_key, (name, *self._canonical_names(name))))
        return self._names[name]

    def candidates(self, facts: Facts) -> list[Rule]:
        """The rules that can fire, in the order of the file; all others cannot."""
        numbers = {number for key in facts.all_keys() for number in self._found_by.get(key, ())}
        return [self.rules[number] for number in sorted(numbers)]

    def _keys(self, when: Condition) -> set[Key] | None:
        """Keys of which an article must have one at least to meet the condition; None where it may have none."""
        found: list[set[Key]] = []
        if when.entity:
            names = {("name", key) for name in when.entity.name or () for key in self.names_for(name)}
            found.append(names or {("type", kind) for kind in when.entity.type or ()})
        if when.place:
            found.append(self._place_keys(when.place))
        if when.event:
            found.append(self._event_keys(when.event))
        if when.words:
            found += _word_keys(when.words)
        if when.source:
            found.append({("source", name_key(source)) for source in when.source})
        found += [keys for part in when.all_of or () if (keys := self._keys(part)) is not None]
        if when.any_of:
            parts = [self._keys(part) for part in when.any_of]
            if all(keys is not None for keys in parts):
                found.append({key for keys in parts for key in keys or ()})
        return min(found, key=_cost, default=None)

    def _place_keys(self, place: PlaceCondition) -> set[Key]:
        names: set[Key] = {("place", key) for name in place.name or () for key in self.names_for(name)}
        return names | {("country", country) for country in place.country or ()}

    def _event_keys(self, event: EventCondition) -> set[Key]:
        return {("event", kind) for kind in event.type or EVENT_TYPES}


def _word_keys(words: WordsCondition) -> list[set[Key]]:
    found: list[set[Key]] = [{("word", term)} for term in words.all_of or ()]
    if words.any_of:
        found.append({("word", term) for term in words.any_of})
    return found


def _cost(keys: set[Key]) -> int:
    return sum(_COMMON[kind] for kind, _ in keys)


def _terms(when: Condition) -> Iterable[str]:
    if when.words:
        for terms in (when.words.any_of, when.words.all_of, when.words.none_of):
            yield from terms or ()
    for part in (*(when.all_of or ()), *(when.any_of or ()), *((when.not_this,) if when.not_this else ())):
        yield from _terms(part)
