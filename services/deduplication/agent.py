"""The wiring: an extracted article in, the same with its verdict out, and what is known of its story now."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.articles_extracted import ExtractedArticle
from schemas.stories import Story as StoryRecord
from services.deduplication.article import deduplicated
from services.deduplication.deduplicator import Deduplicated, Deduplicator, Seen, seen
from services.deduplication.story_record import story_record
from services.deduplication.story_state import Story
from services.runtime import telemetry
from services.runtime.articles import article_record, reading
from services.runtime.step import Outgoing, Send, Stage
from services.runtime.topics import DEDUPLICATED, EXTRACTED, STORIES
from services.runtime.wire import encode, headers_for

BATCH_RECORDS = 128

log = telemetry.log(__name__)


def stage(deduplicator: Deduplicator) -> Stage[ExtractedArticle, Seen, Deduplicated]:
    """`articles.extracted` to `articles.deduplicated` and `stories`."""

    remembered_since: int | None = None

    async def take(batch: Sequence[Seen]) -> Sequence[Deduplicated]:
        nonlocal remembered_since
        found = await deduplicator.take(batch)
        since = deduplicator.index.memory_since
        if since is not None and since != remembered_since:
            if remembered_since is not None:
                telemetry.MEMORY_LOST.inc()
                log.error("Redis was emptied: copies of earlier articles pass for new", remembered_from=since)
            telemetry.MEMORY_SINCE.set(since)
            remembered_since = since
        return found

    def finish(article: ExtractedArticle, _seen: Seen, found: Deduplicated | None) -> Sequence[Outgoing]:
        if found is None:
            raise ValueError("deduplication gave no verdict")
        return [article_record(DEDUPLICATED, deduplicated(article, found.verdict)), *map(_story, found.states)]

    async def settle(published: Sequence[Deduplicated], stranded: Sequence[Deduplicated], send: Send) -> None:
        async def publish(states: Sequence[Story]) -> None:
            await send([record for state in states if (record := _told(state)) is not None])

        await deduplicator.publish_newest(published, stranded, publish)
        for change in (change for one in published for state in one.states for change in state.changed):
            telemetry.STORIES.labels(change).inc()

    return Stage("deduplication", EXTRACTED, reading(ExtractedArticle), seen, take, finish, settle=settle)


def _told(story: Story) -> Outgoing | None:
    """The record of a state, none where it cannot be made: its article is a dead letter already, and others must go on."""
    try:
        return _story(story)
    except Exception as error:
        log.error("a state of a story cannot be published", story=story.id, error=type(error).__name__)
        return None


def _story(story: Story) -> Outgoing:
    record = story_record(story)
    return Outgoing(STORIES, story.id.encode(), encode(record), headers_for(StoryRecord, record.record_id))
