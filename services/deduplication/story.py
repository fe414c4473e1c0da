"""The state of a story, article by article: pure, bounded, and the same wherever it is computed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TypeVar

from schemas.stories import (
    MOST_ABSORBED,
    MOST_ENTITIES,
    MOST_EVENTS,
    MOST_OUTLETS,
    MOST_PLACES,
    Change,
)
from services.deduplication.contested import bounded_contested, contested_with, within_a_day
from services.deduplication.story_claims import (
    MOST_HEARD,
    bounded_claims,
    changes_of,
    claims_with,
    firsts,
    heard_with,
    unheard,
)
from services.deduplication.story_state import Contribution, Happening, Name, Outlet, Place, Story
from services.deduplication.story_tolls import contains, rises, tolls_with

Counted = TypeVar("Counted", Name, Place)


class MergedStoryError(ValueError):
    """The story went into another one, which the message names: its articles belong there."""


def story_with(story: Story | None, brought: Contribution) -> Story:
    """The story after one more article; None opens it, under the contribution's story id.

    The version rises by one. The order of arrival decides what is new and which article leads; first and last time are by
    the articles' own times. That each version of an article comes once is the caller's to see to.

    Raises:
        MergedStoryError: the story is merged into another.
    """
    if story is None:
        return _opened(brought)
    if story.merged_into is not None:
        raise MergedStoryError(f"story {story.id} went into {story.merged_into}")
    places = _counted(story.places, brought.places, MOST_PLACES)
    known_places = {place.canonical: place for place in (*story.places, *brought.places)}
    new_claims = unheard(brought.claims, brought.said, story.heard, story.claims)
    contested, newly = contested_with(
        story.contested,
        (story.tolls, brought.tolls),
        (story.claims, brought.claims),
        (story.happenings, brought.happenings),
        known_places,
    )
    changed: list[Change] = []
    outlets = _outlets_with(story.outlets, brought)
    if len(outlets) > len(story.outlets):
        changed.append("outlet")
    if _new_place(story, brought, known_places):
        changed.append("place")
    if rises(brought.tolls, story.tolls, known_places):
        changed.append("toll")
    changed += changes_of(new_claims)
    if newly:
        changed.append("contested")
    if brought.mark is not None:
        changed.append(brought.mark)
    return Story(
        id=story.id,
        version=story.version + 1,
        merged_into=None,
        merged_from=story.merged_from,
        lead=story.lead,
        articles=story.articles + 1,
        outlets=outlets,
        first_at=min(story.first_at, brought.at),
        last_at=max(story.last_at, brought.at),
        entities=_counted(story.entities, brought.entities, MOST_ENTITIES),
        places=places,
        happenings=_happenings_with(story.happenings, brought.happenings),
        tolls=tolls_with(story.tolls, brought.tolls),
        claims=claims_with(story.claims, new_claims),
        contested=contested,
        heard=heard_with(story.heard, brought.said),
        changed=tuple(changed),
        article_id=brought.lead.id,
        record_id=brought.record_id,
    )


def story_merged(into: Story, absorbed: Story, article_id: str, record_id: str) -> tuple[Story, Story]:
    """The story that goes on and the last state of the one that it took in, by the article that showed them to be one.

    Raises:
        MergedStoryError: one of them is merged already.
    """
    for story in (into, absorbed):
        if story.merged_into is not None:
            raise MergedStoryError(f"story {story.id} went into {story.merged_into}")
    going_on = into._replace(
        version=into.version + 1,
        merged_from=tuple(dict.fromkeys((*into.merged_from, absorbed.id, *absorbed.merged_from)))[-MOST_ABSORBED:],
        articles=into.articles + absorbed.articles,
        outlets=_outlets_of_both(into.outlets, absorbed.outlets),
        first_at=min(into.first_at, absorbed.first_at),
        last_at=max(into.last_at, absorbed.last_at),
        entities=_counted(into.entities, absorbed.entities, MOST_ENTITIES),
        places=_counted(into.places, absorbed.places, MOST_PLACES),
        happenings=_happenings_with(into.happenings, absorbed.happenings),
        tolls=tolls_with((), sorted((*into.tolls, *absorbed.tolls), key=lambda report: report.at)),
        claims=bounded_claims(sorted((*into.claims, *absorbed.claims), key=lambda claim: claim.at)),
        contested=bounded_contested((*into.contested, *absorbed.contested)),
        heard=tuple(dict.fromkeys((*absorbed.heard, *into.heard)))[-MOST_HEARD:],
        changed=("merged",),
        article_id=article_id,
        record_id=record_id,
    )
    gone = absorbed._replace(
        version=absorbed.version + 1,
        merged_into=into.id,
        changed=("absorbed",),
        article_id=article_id,
        record_id=record_id,
    )
    return going_on, gone


def _opened(brought: Contribution) -> Story:
    """The first article is news as a whole: only what it says to be contested, or to correct, is told beside."""
    places = {place.canonical: place for place in brought.places}
    contested, newly = contested_with((), ((), brought.tolls), ((), brought.claims), ((), brought.happenings), places)
    changed: list[Change] = ["opened"]
    if newly:
        changed.append("contested")
    if brought.mark is not None:
        changed.append(brought.mark)
    return Story(
        id=brought.story_id,
        version=1,
        merged_into=None,
        merged_from=(),
        lead=brought.lead,
        articles=1,
        outlets=_outlets_with((), brought),
        first_at=brought.at,
        last_at=brought.at,
        entities=brought.entities[:MOST_ENTITIES],
        places=brought.places[:MOST_PLACES],
        happenings=brought.happenings[:MOST_EVENTS],
        tolls=tolls_with((), brought.tolls),
        claims=claims_with((), firsts(brought.claims, brought.said)),
        contested=contested,
        heard=heard_with((), brought.said),
        changed=tuple(changed),
        article_id=brought.lead.id,
        record_id=brought.record_id,
    )


def _outlets_with(outlets: tuple[Outlet, ...], brought: Contribution) -> tuple[Outlet, ...]:
    return _outlets_of_both(outlets, (Outlet(brought.lead.source, brought.lead.id, brought.at, 1),))


def _outlets_of_both(outlets: Sequence[Outlet], others: Iterable[Outlet]) -> tuple[Outlet, ...]:
    """In the order of arrival. The first keep their place: one that was dropped would be a new outlet again and again."""
    kept = {outlet.source: outlet for outlet in outlets}
    for other in others:
        known = kept.get(other.source)
        if known is not None:
            kept[other.source] = known._replace(at=min(known.at, other.at), articles=known.articles + other.articles)
        elif len(kept) < MOST_OUTLETS:
            kept[other.source] = other
    return tuple(kept.values())


def _new_place(story: Story, brought: Contribution, places: dict[str, Place]) -> bool:
    """Whether an event is at a place where the story had none.

    A country is none, nor the region of a place that it had, nor a name that is not known as a place.
    """
    known = {happening.place for happening in story.happenings if happening.place is not None}
    for name in brought.new_places:
        place = places.get(name)
        if name in known or place is None or place.precision in (None, "country"):
            continue
        if not any(contains(name, other, places) for other in known):
            return True
    return False


def _counted(known: Sequence[Counted], more: Iterable[Counted], most: int) -> tuple[Counted, ...]:
    """Names or places with the articles that they are in, most mentioned first; where too many the later ones go."""
    kept = {one[:2]: one for one in known}  # by canonical name, and type or country
    for other in more:
        before = kept.get(other[:2])
        kept[other[:2]] = other if before is None else before._replace(articles=before.articles + other.articles)
    return tuple(sorted(kept.values(), key=_articles, reverse=True)[:most])


_articles = attrgetter("articles")


def _happenings_with(known: Sequence[Happening], more: Iterable[Happening]) -> tuple[Happening, ...]:
    """Events, most told first; two of one type at one place within a day are one."""
    kept = list(known)
    for other in more:
        for at, one in enumerate(kept):
            if one.type == other.type and one.place == other.place and within_a_day(one.date, other.date):
                kept[at] = one._replace(articles=one.articles + other.articles, date=one.date or other.date)
                break
        else:
            kept.append(other)
    return tuple(sorted(kept, key=_articles, reverse=True)[:MOST_EVENTS])
