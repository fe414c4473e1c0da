"""Which rules an article fires, and why. A function of the article and the rules alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from uuid import UUID, uuid5

from schemas.alerts import Alert, AlertArticle, Reason
from schemas.articles_deduplicated import DeduplicatedArticle
from schemas.articles_extracted import Claim, Entity, Event, Toll
from services.alerting.rulebook import Facts, RuleBook
from services.alerting.rules import (
    Condition,
    EntityCondition,
    EventCondition,
    PlaceCondition,
    Rule,
    WordsCondition,
)
from services.alerting.words import name_key
from services.normalization.offsets import OffsetMap

NAMESPACE = UUID("6f1c7a52-8f0d-5f6e-9a53-1f2f0c0e7d11")
"""Of alert ids; never to be changed: it is what makes a repeat recognizable."""

FIRST = "first"
EXCERPT_LENGTH = 600
HEADLINE_LENGTH = 120
MAX_REASONS = 50
MAX_FINDINGS = 100
"""Entities, events and claims that an alert carries at most, each."""

Reasons = list[Reason] | None
"""Why a condition is met, None where it is not."""


def evaluate(article: DeduplicatedArticle, book: RuleBook) -> list[Alert]:
    """The alerts that the article fires, in the order of the rules; equal articles and rules give equal alerts.

    Whether a story has been told already is for the firing ledger to say.
    """
    facts = Facts(article, book.finder)
    alerts = []
    for rule in book.candidates(facts):
        if article.relation in rule.relation:
            reasons = _Asking(facts, book, rule.min_confidence).met(rule.when)
            if reasons is not None:
                alerts.append(_alert(article, rule, reasons))
    return alerts


def alert_id(rule: str, story_id: str, change: str) -> UUID:
    """Names what a rule has to say of a story: one alert, however many articles and replays say it."""
    return uuid5(NAMESPACE, json.dumps([rule, story_id, change], ensure_ascii=False))


def alert_key(alert: Alert) -> bytes:
    """The message key on `alerts`: by rule and story, so that what is said of a story stays in order."""
    return json.dumps([alert.rule, alert.story_id], ensure_ascii=False).encode("utf-8")


class _Asking:
    """A rule's conditions asked of one article."""

    def __init__(self, facts: Facts, book: RuleBook, floor: float) -> None:
        self._facts, self._book, self._floor = facts, book, floor
        self._offsets: OffsetMap | None = None

    def met(self, when: Condition) -> Reasons:
        """The reasons for which all parts of a condition hold."""
        reasons: list[Reason] = []
        for part in self._parts(when):
            if part is None:
                return None
            reasons += part
        return reasons

    def _parts(self, when: Condition) -> Iterator[Reasons]:
        if when.source:
            yield self._source(when.source)
        if when.entity:
            yield self._entity(when.entity)
        if when.place:
            yield self._place(when.place)
        if when.event:
            yield self._event(when.event)
        if when.words:
            yield self._words(when.words)
        if when.not_this:
            yield [] if self.met(when.not_this) is None else None
        for part in when.all_of or ():
            yield self.met(part)
        if when.any_of:
            yield _any(self.met(part) for part in when.any_of)

    def _source(self, sources: tuple[str, ...]) -> Reasons:
        own = self._facts.article.source
        return _any(
            [Reason(condition=f"source: {source}", matched=own)]
            for source in sources
            if name_key(source) == name_key(own)
        )

    def _entity(self, wanted: EntityCondition) -> Reasons:
        types = wanted.type
        if wanted.name is None:
            return _any(self._first(f"entity: {kind}", self._facts.typed.get(kind, ())) for kind in types or ())
        return _any(
            self._first(f"entity: {name}", (one for one in self._named(name) if types is None or one.type in types))
            for name in wanted.name
        )

    def _place(self, wanted: PlaceCondition) -> Reasons:
        by_name = (
            self._first(f"place: {name}", (one for one in self._named(name) if one.type == "LOC"))
            for name in wanted.name or ()
        )
        by_country = (
            self._first(f"country: {country}", self._facts.in_country.get(country, ()))
            for country in wanted.country or ()
        )
        return _any((*by_name, *by_country))

    def _event(self, wanted: EventCondition) -> Reasons:
        return _any(
            self._event_reason(wanted, event) for event in self._facts.article.events if self._is(wanted, event)
        )

    def _is(self, wanted: EventCondition, event: Event) -> bool:
        return (
            event.confidence >= self._floor
            and (wanted.type is None or event.type in wanted.type)
            and _at_least(event.killed, wanted.killed)
            and _at_least(event.wounded, wanted.wounded)
            and (wanted.place is None or self._happened_at(wanted.place, event))
        )

    def _happened_at(self, wanted: PlaceCondition, event: Event) -> bool:
        asked = {key for name in wanted.name or () for key in self._book.names_for(name)}
        countries = set(wanted.country or ())
        return any(
            not asked.isdisjoint(names) or not countries.isdisjoint(lies_in)
            for names, lies_in in self._facts.names_of_place(event)
        )

    def _event_reason(self, wanted: EventCondition, event: Event) -> list[Reason]:
        parts: list[str] = [event.type]
        if wanted.place:
            parts += [f"place: {place}" for place in event.places[:1]]
        for name, least, toll in (("killed", wanted.killed, event.killed), ("wounded", wanted.wounded, event.wounded)):
            if least is not None and toll is not None:
                parts.append(f"{name}: {_stated(toll)} (rule: {least} or more)")
        end = event.start + len(event.trigger)
        return [Reason(condition=f"event: {', '.join(parts)}", matched=event.trigger, start=event.start, end=end)]

    def _words(self, wanted: WordsCondition) -> Reasons:
        if any(self._word(term) for term in wanted.none_of or ()):
            return None
        every = [self._word(term) for term in wanted.all_of or ()]
        some = _any(self._word(term) for term in wanted.any_of) if wanted.any_of else []
        if some is None or None in every:
            return None
        return [reason for reasons in (*every, some) for reason in reasons or ()]

    def _word(self, term: str) -> Reasons:
        article = self._facts.article
        if found := self._facts.in_text.get(term):
            if self._offsets is None:
                self._offsets = OffsetMap(article.normalized.search.runs)
            start, end = self._offsets.to_original(found.start, found.end)
            return [Reason(condition=f"words: {term}", matched=article.text[start:end], start=start, end=end)]
        if found := self._facts.in_title.get(term):
            return [Reason(condition=f"words: {term}", matched=self._facts.in_own_title(found))]
        return None

    def _named(self, name: str) -> Iterator[Entity]:
        for key in sorted(self._book.names_for(name)):
            yield from self._facts.named.get(key, ())

    def _first(self, condition: str, entities: Iterable[Entity]) -> Reasons:
        sure = (one for one in entities if one.confidence >= self._floor)
        first = min(sure, key=lambda one: (one.start, one.end), default=None)
        if first is None:
            return None
        return [Reason(condition=condition, matched=first.text, start=first.start, end=first.end)]


def _any(parts: Iterable[Reasons]) -> Reasons:
    """The reasons of all that are met, None where nothing is."""
    met = [part for part in parts if part is not None]
    return [reason for part in met for reason in part] if met else None


def _stated(toll: Toll) -> str:
    least, most = toll
    return str(least) if least == most else f"{least} or more" if most is None else f"{least} to {most}"


def _at_least(toll: Toll | None, least: int | None) -> bool:
    return least is None or (toll is not None and toll[0] >= least)


def _alert(article: DeduplicatedArticle, rule: Rule, reasons: list[Reason]) -> Alert:
    return Alert(
        alert_id=alert_id(rule.name, article.story_id, FIRST),
        rule=rule.name,
        title=rule.title or rule.name,
        severity=rule.severity,
        labels=rule.labels,
        story_id=article.story_id,
        change=FIRST,
        reasons=_once_each(reasons)[:MAX_REASONS],
        article=AlertArticle(
            id=article.id,
            record_id=article.record_id,
            source=article.source,
            url=article.url,
            title=article.title or _headline(article),
            excerpt=excerpt(article),
            published_at=article.published_at,
            fetched_at=article.fetched_at,
            relation=article.relation,
        ),
        entities=_first_mentions(article.entities)[:MAX_FINDINGS],
        events=article.events[:MAX_FINDINGS],
        claims=[_within(claim) for claim in article.claims[:MAX_FINDINGS]],
        webhooks=list(rule.webhooks),
    )


def _headline(article: DeduplicatedArticle) -> str:
    """The first line of a text that came without a title."""
    first = article.normalized.display.text.strip().partition("\n")[0]
    return first if len(first) <= HEADLINE_LENGTH else first[: HEADLINE_LENGTH - 1].rpartition(" ")[0] + "…"


def excerpt(article: DeduplicatedArticle) -> str:
    """The beginning of the text as displayed, in one line, cut after a word."""
    words = " ".join(article.normalized.display.text[: EXCERPT_LENGTH * 4].split())
    if len(words) <= EXCERPT_LENGTH:
        return words
    cut = words[: EXCERPT_LENGTH - 1]
    return (cut[: cut.rfind(" ")] if " " in cut else cut) + "…"


def _once_each(reasons: list[Reason]) -> list[Reason]:
    return list({(reason.condition, reason.start, reason.matched): reason for reason in reasons}.values())


def _first_mentions(entities: list[Entity]) -> list[Entity]:
    """Of each entity its first mention: enough to know who and where it is about."""
    first: dict[tuple[str, str], Entity] = {}
    for entity in entities:
        first.setdefault((entity.type, entity.canonical), entity)
    return list(first.values())


def _within(claim: Claim) -> Claim:
    """The claim, without its reference to an event that the alert does not carry."""
    return claim if claim.about is None or claim.about < MAX_FINDINGS else claim.model_copy(update={"about": None})
