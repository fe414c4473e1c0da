"""What one article brings to its story."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta

from schemas.articles_deduplicated import Passage, Verdict
from schemas.articles_extracted import Entity, Event, ExtractedArticle
from schemas.stories import Change
from services.deduplication.story_claims import cut, statements
from services.deduplication.story_state import Contribution, Happening, Lead, Name, Place, Range, TollReport

NAMES_OF_ARTICLE = 12
PLACES_OF_ARTICLE = 8
HAPPENINGS_OF_ARTICLE = 8
TOLLS_OF_ARTICLE = 6

SURE_EVENT = 0.5
"""Confidence from which an event's place or toll counts as news; half of the less sure ones are none."""

MOST_DEAD = 10**9
"""A larger number is none that anybody counted."""

AHEAD = timedelta(days=7)
"""Clocks are wrong by hours, scheduled articles come days early; what lies further ahead is no time of publication."""

LONGEST_TITLE = 300
CITED = 3
LONGEST_NAME = 120


def contribution(article: ExtractedArticle, verdict: Verdict) -> Contribution:
    """What the article brings; a function of nothing but the two. An exact copy brings its outlet alone."""
    at = _time_of(article)
    copied = verdict.relation == "exact"
    entities = () if copied else article.entities
    events = () if copied else article.events
    fresh = _In(verdict.new_passages)
    claims, said = ((), ()) if copied else statements(article, at, fresh)
    return Contribution(
        story_id=verdict.story_id,
        lead=Lead(
            article.id,
            article.source,
            article.url,
            cut(article.title, LONGEST_TITLE),
            None if article.published_at is None else seconds(article.published_at),
        ),
        record_id=str(article.record_id),
        at=at,
        mark=_mark(verdict),
        entities=_names(entities),
        places=_places(entities),
        happenings=_happenings(events, article),
        new_places=tuple(
            dict.fromkeys(
                event.places[0][:LONGEST_NAME]
                for event in events
                if event.places and event.confidence >= SURE_EVENT and fresh(event.start)
            )
        )[:PLACES_OF_ARTICLE],
        tolls=_tolls(events, article, at, fresh),
        claims=claims,
        said=said,
    )


def _time_of(article: ExtractedArticle) -> int:
    """The article's own time. One that lies far ahead of its fetching is wrong, and would be the story's last for good."""
    if article.published_at is None or article.published_at > article.fetched_at + AHEAD:
        return seconds(article.fetched_at)
    return seconds(article.published_at)


def seconds(moment: datetime) -> int:
    """Whole seconds since 1970, negative before."""
    return int(moment.timestamp() // 1)


class _In:
    """Whether a place of the text lies in one of the passages, which do not overlap."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, passages: Sequence[Passage]) -> None:
        spans = sorted((passage.start, passage.end) for passage in passages)
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]

    def __call__(self, offset: int) -> bool:
        at = bisect_right(self._starts, offset) - 1
        return at >= 0 and offset < self._ends[at]


def _mark(verdict: Verdict) -> Change | None:
    """A copy of a correction corrects nothing once more."""
    if verdict.relation in ("exact", "near_duplicate"):
        return None
    return verdict.notice or ("revision" if verdict.relation == "revision" else None)


def _names(entities: Sequence[Entity]) -> tuple[Name, ...]:
    """The names most mentioned, places apart; among equals the one that comes first."""
    counts: dict[str, int] = {}
    first: dict[str, Entity] = {}
    for entity in entities:
        if entity.type != "LOC":
            counts[entity.canonical] = counts.get(entity.canonical, 0) + 1
            first.setdefault(entity.canonical, entity)
    kept = sorted(counts, key=lambda canonical: -counts[canonical])[:NAMES_OF_ARTICLE]
    return tuple(
        Name(name[:LONGEST_NAME], first[name].type, first[name].wikidata, first[name].country, 1) for name in kept
    )


def _places(entities: Sequence[Entity]) -> tuple[Place, ...]:
    counts: dict[str, int] = {}
    first: dict[str, Entity] = {}
    for entity in entities:
        if entity.type == "LOC":
            counts[entity.canonical] = counts.get(entity.canonical, 0) + 1
            first.setdefault(entity.canonical, entity)
    kept = sorted(counts, key=lambda canonical: -counts[canonical])[:PLACES_OF_ARTICLE]
    return tuple(_place(first[canonical]) for canonical in kept)


def _place(entity: Entity) -> Place:
    known = entity.lat is not None and entity.lon is not None
    lat, lon = (round(entity.lat or 0.0, 3), round(entity.lon or 0.0, 3)) if known else (None, None)
    return Place(entity.canonical[:LONGEST_NAME], entity.country, lat, lon, entity.precision, 1)


def _most_specific(event: Event) -> str | None:
    return event.places[0][:LONGEST_NAME] if event.places else None


def _short(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name[:LONGEST_NAME] for name in names[:CITED])


def _happenings(events: Sequence[Event], article: ExtractedArticle) -> tuple[Happening, ...]:
    """The surest events, in the order of the text, one of a type at a place on a day."""
    surest = sorted(range(len(events)), key=lambda at: -events[at].confidence)[:HAPPENINGS_OF_ARTICLE]
    found: dict[tuple[str, str | None, str | None], Happening] = {}
    for event in (events[at] for at in sorted(surest)):
        place = _most_specific(event)
        found.setdefault(
            (event.type, place, event.date),
            Happening(
                event.type,
                place,
                event.date,
                1,
                _short(event.actors),
                _short(event.targets),
                _short(event.sources),
                article.source,
                article.id,
            ),
        )
    return tuple(found.values())


def _tolls(events: Sequence[Event], article: ExtractedArticle, at: int, fresh: _In) -> tuple[TollReport, ...]:
    tolls = []
    for event in events:
        told = any(toll is not None and toll[0] > 0 for toll in (event.killed, event.wounded))
        if told and event.confidence >= SURE_EVENT and fresh(event.start):
            tolls.append(
                TollReport(
                    at,
                    event.type,
                    _most_specific(event),
                    event.date,
                    _bounded(event.killed),
                    _bounded(event.wounded),
                    article.source,
                    _short(event.sources),
                    article.id,
                )
            )
    if len(tolls) > TOLLS_OF_ARTICLE:
        highest = sorted(range(len(tolls)), key=lambda place: _weight(tolls[place]), reverse=True)[:TOLLS_OF_ARTICLE]
        tolls = [tolls[place] for place in sorted(highest)]
    return tuple(tolls)


def _bounded(toll: Range | None) -> Range | None:
    if toll is None:
        return None
    least, most = toll
    return min(least, MOST_DEAD), None if most is None else min(most, MOST_DEAD)


def _weight(toll: TollReport) -> tuple[int, int]:
    return (toll.killed[0] if toll.killed else 0, toll.wounded[0] if toll.wounded else 0)
