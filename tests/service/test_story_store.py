"""Stories entered and not yet published: whoever takes the article again publishes all that it brought about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from services.deduplication.deduplicator import Deduplicated, Deduplicator, seen
from services.deduplication.fingerprint import fingerprint
from services.deduplication.index import Absorbed, Judged
from services.deduplication.story_state import Story
from services.deduplication.story_store import Entered
from tests.unit.deduplication.examples import FLOOD, HARBOUR, MATCH, article

ARTICLES = [article(text, id=name) for name, text in (("a", FLOOD), ("b", HARBOUR), ("c", MATCH))]
A, B, C = ARTICLES


@pytest.fixture
def deduplicator(redis: Redis) -> Deduplicator:
    return Deduplicator(redis, "rasid", 14, 30)


async def judged(deduplicator: Deduplicator) -> list[Judged]:
    """Three articles that have nothing in common, but that the last is said to make one story of the first two."""
    a, b, c = await deduplicator.index.judge([fingerprint(one) for one in ARTICLES])
    verdict = c.verdict.model_copy(update={"relation": "same_story", "story_id": a.verdict.story_id})
    return [a, b, Judged(verdict, a.story_ref, (Absorbed(b.story_ref, "b"),))]


def told(entered: Entered | None) -> dict[str, tuple[int, str | None]]:
    """Version and where it went, of each story that is to be published."""
    assert entered is not None
    return {story.lead.id: (story.version, story.merged_into) for story in entered.states}


async def test_a_merger_that_was_not_published_is_published_when_its_article_comes_again(
    deduplicator: Deduplicator,
) -> None:
    a, b, c = await judged(deduplicator)
    await deduplicator.stories.enter([A, B], [a, b])
    [first] = await deduplicator.stories.enter([C], [c])
    assert first is not None
    assert told(first) == {"b": (2, a.verdict.story_id), "a": (3, None)}

    [_, _, again] = await judged(deduplicator)
    assert again.verdict.story == first.so_far
    [repeated] = await deduplicator.stories.enter([C], [again])
    assert told(repeated) == told(first)


async def test_a_story_that_another_took_in_meanwhile_is_published_with_that_one(
    deduplicator: Deduplicator, redis: Redis
) -> None:
    a, b, c = await judged(deduplicator)
    await deduplicator.stories.enter([A, B], [a, b])
    await deduplicator.stories.enter([C], [c])
    [records] = await redis.keys("*:records:*")
    record = await redis.hget(records, b.story_ref[2:])
    assert isinstance(record, bytes)
    await redis.hset(records, b.story_ref[2:], record[:8] + a.story_ref + record[14:])  # as judging leaves it

    [_, again, _] = await judged(deduplicator)
    [repeated] = await deduplicator.stories.enter([B], [again])
    assert told(repeated) == {"b": (2, a.verdict.story_id), "a": (3, None)}


async def test_the_state_of_a_story_that_was_taken_in_is_looked_at_again_after_publication(
    deduplicator: Deduplicator,
) -> None:
    a, b, c = await judged(deduplicator)
    await deduplicator.stories.enter([A, B], [a, b])
    [merger] = await deduplicator.stories.enter([C], [c])
    assert merger is not None
    old = [replace(merger, states=tuple(story._replace(version=1) for story in merger.states))]
    published: list[Story] = []

    async def publish(states: list[Story]) -> None:
        published.extend(states)

    await deduplicator.publish_newest([Deduplicated(c.verdict, one) for one in old], [], publish)  # type: ignore[arg-type]
    assert {story.lead.id: story.version for story in published} == {"a": 3, "b": 2}


async def test_an_article_whose_verdict_was_lost_before_it_was_entered_is_judged_again(
    deduplicator: Deduplicator, redis: Redis
) -> None:
    """Redis emptied in between: a story entered now would stand under a number that is given anew."""
    a, _, _ = await judged(deduplicator)
    await redis.flushall()
    assert await deduplicator.stories.enter([A], [a]) == [None]
    assert await redis.keys() == []


async def test_the_states_of_an_article_that_no_topic_takes_are_published_all_the_same(
    deduplicator: Deduplicator,
) -> None:
    [opened] = await deduplicator.take([seen(A)])
    published: list[Story] = []

    async def publish(states: Sequence[Story]) -> None:
        published.extend(states)

    await deduplicator.publish_newest([], [opened], publish)
    assert [(story.id, story.version) for story in published] == [(opened.verdict.story_id, 1)]
