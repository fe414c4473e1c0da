"""The state of a story as the record that consumers see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from schemas.stories import (
    Contested,
    ContestedSide,
    StoryClaim,
    StoryEntity,
    StoryEvent,
    StoryLead,
    StoryOutlet,
    StoryPlace,
    StoryToll,
)
from schemas.stories import Story as StoryRecord
from services.deduplication.story_state import Story
from services.deduplication.story_tolls import current_range

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def story_record(story: Story) -> StoryRecord:
    """The record of topic `stories` for this state. The same state gives the same record."""
    killed, wounded = current_range(story.tolls, story.happenings)
    lead = story.lead
    return StoryRecord(
        story_id=story.id,
        version=story.version,
        status="open" if story.merged_into is None else "merged",
        merged_into=story.merged_into,
        merged_from=list(story.merged_from),
        lead=StoryLead(
            id=lead.id,
            source=lead.source,
            url=lead.url,
            title=lead.title,
            published_at=None if lead.published_at is None else _moment(lead.published_at),
        ),
        articles=story.articles,
        outlets=[
            StoryOutlet(source=one.source, article_id=one.article_id, at=_moment(one.at), articles=one.articles)
            for one in story.outlets
        ],
        first_at=_moment(story.first_at),
        last_at=_moment(story.last_at),
        entities=[StoryEntity(**one._asdict()) for one in story.entities],
        places=[StoryPlace(**one._asdict()) for one in story.places],
        events=[
            StoryEvent(type=one.type, place=one.place, date=one.date, articles=one.articles) for one in story.happenings
        ],
        tolls=[StoryToll(**(one._asdict() | {"at": _moment(one.at), "cited": list(one.cited)})) for one in story.tolls],
        killed=killed,
        wounded=wounded,
        claims=[
            StoryClaim(
                speaker=one.speaker,
                stance=one.stance,
                about=one.about,
                text=one.text,
                article_id=one.article_id,
                source=one.source,
                at=_moment(one.at),
            )
            for one in story.claims
        ],
        contested=[
            Contested(
                about=one.about,
                type=one.type,
                place=one.place,
                sides=[ContestedSide(**side._asdict()) for side in one.sides],
            )
            for one in story.contested
        ],
        changed=list(story.changed),
        article_id=story.article_id,
        record_id=UUID(story.record_id),
    )


def _moment(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)
