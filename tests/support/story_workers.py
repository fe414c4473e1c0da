"""Workers of deduplication on a Redis, and the topic on which they tell stories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.articles_extracted import ExtractedArticle
from services.deduplication.article import deduplicated
from services.deduplication.deduplicator import Deduplicated, Deduplicator, seen
from services.deduplication.fingerprint import story_opened_by
from services.deduplication.story_state import Story
from services.runtime.wire import encode


@dataclass
class Topic:
    """Topic `stories`: the states in the order in which they came."""

    states: list[Story] = field(default_factory=list)

    async def publish(self, states: Sequence[Story]) -> None:
        self.states += states

    def newest(self) -> dict[str, Story]:
        return {state.id: state for state in self.states}

    def changes(self, story_id: str) -> list[tuple[int, tuple[str, ...]]]:
        return [(state.version, state.changed) for state in self.states if state.id == story_id]


@dataclass
class Worker:
    """One process of deduplication, with a client of its own."""

    client: Any
    topic: Topic

    def __post_init__(self) -> None:
        self.deduplicator = Deduplicator(self.client, "rasid", 14, 30)

    async def take(self, *articles: ExtractedArticle) -> list[Deduplicated]:
        """A batch, published and settled."""
        found = await self.deduplicator.take([seen(one) for one in articles])
        await self.publish(found)
        return found

    async def publish(self, found: Iterable[Deduplicated]) -> None:
        found = list(found)
        for one in found:
            await self.topic.publish(one.states)
        await self.deduplicator.publish_newest(found, [], self.topic.publish)


def id_of(one: ExtractedArticle) -> str:
    return str(story_opened_by(one.record_id))


def record(one: ExtractedArticle, found: Deduplicated) -> bytes:
    """The record of `articles.deduplicated`."""
    return encode(deduplicated(one, found.verdict))


def without_gap(topic: Topic) -> bool:
    versions: dict[str, set[int]] = defaultdict(set)
    for state in topic.states:
        versions[state.id].add(state.version)
    return all(told == set(range(1, max(told) + 1)) for told in versions.values())


async def stored(worker: Worker, refs: Iterable[bytes]) -> dict[str, Story]:
    newer = await worker.deduplicator.stories.newer(dict.fromkeys(refs, 0))
    return {story.id: story for _, story in newer}
