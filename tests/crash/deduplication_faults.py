"""A deduplication service that is killed in between: at each of the points where its state and its topics differ.

`faust -A tests.crash.deduplication_faults worker`, with RASID_TEST_KILLED a folder that remembers which kills were. Each
process dies at the first point that is left there, after `ARTICLES` articles; everything else is the service's own.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from schemas.articles_extracted import ExtractedArticle
from services.deduplication.agent import BATCH_RECORDS, stage
from services.deduplication.deduplicator import Deduplicated, Deduplicator, Seen
from services.deduplication.index import Judged
from services.deduplication.story_state import Story
from services.deduplication.story_store import Entered, StoryStore
from services.runtime.faust_app import Service

ARTICLES = 60
POINTS = ("judged", "entered", "published", "published again")

folder = Path(os.environ["RASID_TEST_KILLED"])
taken = 0


def killed_at(point: str) -> None:
    """Ends the process, once at each point and in their order."""
    left = [name for name in POINTS if not (folder / name).exists()]
    if taken >= ARTICLES and left[:1] == [point]:
        (folder / point).touch()
        os.kill(os.getpid(), signal.SIGKILL)


class MortalStore(StoryStore):
    """Ends when articles are judged and in no story yet."""

    async def enter(self, articles: Sequence[ExtractedArticle], judged: Sequence[Judged]) -> list[Entered | None]:
        """As the store does."""
        killed_at("judged")
        return await super().enter(articles, judged)


class MortalDeduplicator(Deduplicator):
    """Ends when articles are entered and not published, or published and not acknowledged."""

    async def take(self, batch: Sequence[Seen]) -> list[Deduplicated]:
        """As the deduplicator does."""
        global taken
        taken += len(batch)
        found = await super().take(batch)
        killed_at("entered")
        return found

    async def publish_newest(
        self,
        published: Sequence[Deduplicated],
        stranded: Sequence[Deduplicated],
        publish: Callable[[Sequence[Story]], Awaitable[None]],
    ) -> None:
        """As the deduplicator does."""
        killed_at("published")
        await super().publish_newest(published, stranded, publish)
        killed_at("published again")


service = Service("deduplication")
app = service.app
settings = service.settings
deduplicator = MortalDeduplicator(service.redis, settings.redis_prefix, settings.dedup_days, settings.story_days)
deduplicator.stories = MortalStore(service.redis, settings.redis_prefix, settings.dedup_days, settings.story_days)
agent = service.agent(stage(deduplicator), BATCH_RECORDS)
