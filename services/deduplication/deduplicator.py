"""Deduplication as a whole: articles in, each with its verdict and its story out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from schemas.articles_deduplicated import Verdict
from schemas.articles_extracted import ExtractedArticle
from services.deduplication.fingerprint import Fingerprint, fingerprint
from services.deduplication.index import DeduplicationIndex, Redis
from services.deduplication.story_state import Story
from services.deduplication.story_store import Entered, StoryStore

TRIES = 100
"""Each time at least one worker of those that want the same story gets through."""


class TooBusyError(ConnectionError):
    """Others changed the same stories again and again; to be tried anew later."""


@dataclass(frozen=True)
class Seen:
    """An article and what is compared of it."""

    article: ExtractedArticle
    print_: Fingerprint


@dataclass(frozen=True)
class Deduplicated:
    """The verdict on an article, its story included, and the states of stories that it brought about, in order."""

    verdict: Verdict
    entered: Entered

    @property
    def states(self) -> tuple[Story, ...]:
        """To be published."""
        return self.entered.states


def seen(article: ExtractedArticle) -> Seen:
    """What deduplication needs of an article; pure."""
    return Seen(article, fingerprint(article))


class Deduplicator:
    """Judges articles and keeps their stories. Any number of workers share what Redis holds."""

    def __init__(self, redis_client: Redis, prefix: str, fingerprint_days: int, story_days: int) -> None:
        self.index = DeduplicationIndex(redis_client, prefix, fingerprint_days, story_days)
        self.stories = StoryStore(redis_client, prefix, fingerprint_days, story_days)

    async def take(self, batch: Sequence[Seen]) -> list[Deduplicated]:
        """What each article is, in order. To take an article again gives the same again.

        Raises:
            TooBusyError: other workers were faster `TRIES` times. Errors of the client pass through.
        """
        done: dict[int, Deduplicated] = {}
        waiting = list(range(len(batch)))
        for _ in range(TRIES):
            judged = await self.index.judge([batch[place].print_ for place in waiting])
            entered = await self.stories.enter([batch[place].article for place in waiting], judged)
            left = []
            for place, one, in_story in zip(waiting, judged, entered, strict=True):
                if in_story is None:
                    left.append(place)
                else:
                    done[place] = Deduplicated(one.verdict.model_copy(update={"story": in_story.so_far}), in_story)
            waiting = left
            if not waiting:
                return [done[place] for place in range(len(batch))]
        raise TooBusyError(f"{len(waiting)} articles: their stories were changed by others {TRIES} times")

    async def publish_newest(
        self,
        published: Sequence[Deduplicated],
        stranded: Sequence[Deduplicated],
        publish: Callable[[Sequence[Story]], Awaitable[None]],
    ) -> None:
        """Publish what others changed while a batch's states were being published, and states of what was set aside.

        An article that no topic takes has still changed its story (`stranded`): Redis holds it, and nobody published it.

        Two workers' states of one story may reach the topic in the wrong order. Who finds, after the brokers' word, that
        the story is newer than what it published, publishes the newest: so the last record of a story is its last state.
        """
        told = {ref: 0 for one in stranded for ref in one.entered.refs}
        for one in published:
            for ref, state in zip(one.entered.refs, one.states, strict=True):
                told[ref] = state.version  # the last told, which need not be the newest told
        while told and (newer := await self.stories.newer(told)):
            await publish([story for _, story in newer])
            told |= {ref: story.version for ref, story in newer}
