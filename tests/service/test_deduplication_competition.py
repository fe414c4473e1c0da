"""Many workers at once on a real Valkey: no article is lost, no story, and nothing counts twice."""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from redis.asyncio import Redis

from schemas.articles_extracted import ExtractedArticle
from services.deduplication.deduplicator import Deduplicated, seen
from tests.support.flood_articles import (
    CAMP,
    CAMP_TITLE,
    FLOOD_TITLE,
    ORCHARD,
    ORCHARD_TITLE,
    STREAM,
    VALLEY,
    VALLEY_TITLE,
    both,
    camp,
    follow_up,
    orchard,
    valley,
    valley_and_camp,
)
from tests.support.story_workers import Topic, Worker, id_of, record, stored, without_gap
from tests.unit.deduplication.examples import FLOOD, HARBOUR, MATCH, article


async def test_eight_workers_that_take_the_same_articles_at_once_count_each_once(valkey_url: str) -> None:
    texts = [FLOOD, HARBOUR, MATCH, CAMP, ORCHARD]
    stream = [
        article(text if number % 3 else text[:-1], id=f"{at}-{number}", source=f"منبر {number % 25}")
        for number in range(60)
        for at, text in enumerate(texts)
    ]
    topic = Topic()
    verdicts: dict[str, set[bytes]] = defaultdict(set)

    async def work(number: int) -> set[bytes]:
        dice = random.Random(number)
        client = Redis.from_url(valkey_url)
        worker = Worker(client, topic)
        order = dice.sample(stream, len(stream))
        refs: set[bytes] = set()
        for start in range(0, len(order), 20):
            batch = order[start : start + 20]
            found = await worker.deduplicator.take([seen(one) for one in batch])
            for one, taken in zip(batch, found, strict=True):
                verdicts[one.id].add(record(one, taken))
                refs |= set(taken.entered.refs)
                await asyncio.sleep(0)
                await topic.publish(taken.states)
            await worker.deduplicator.publish_newest(found, [], topic.publish)
        await client.aclose()
        return refs

    refs = set().union(*await asyncio.gather(*map(work, range(8))))
    assert {len(told) for told in verdicts.values()} == {1}
    client = Redis.from_url(valkey_url)
    final = await stored(Worker(client, topic), refs)
    again = await Worker(client, Topic()).take(*stream)
    await client.aclose()
    assert len(final) == len(texts)
    assert sum(story.articles for story in final.values()) == len(stream)
    assert {story.articles for story in final.values()} == {60}
    relations = Counter(
        (one.id.split("-")[0], found.verdict.relation) for one, found in zip(stream, again, strict=True)
    )
    assert [relations[str(at), "new"] for at in range(len(texts))] == [1] * len(texts)
    assert {story.lead.id for story in final.values()} == {
        one.id for one, found in zip(stream, again, strict=True) if found.verdict.relation == "new"
    }
    assert topic.newest() == final
    assert without_gap(topic)
    for at in range(len(texts)):
        versions = [found.verdict.story.version for found in again[at :: len(texts)] if found.verdict.story]
        assert sorted(versions) == list(range(1, 61))


@pytest.mark.parametrize("seed", range(8))
async def test_mergers_among_many_workers_lose_no_article_and_no_story(valkey_url: str, seed: int) -> None:
    """Openers, round-ups that make their stories one, and follow-ups, each taken by two of six workers, in any order."""
    texts = ((VALLEY, VALLEY_TITLE), (CAMP, CAMP_TITLE), (ORCHARD, ORCHARD_TITLE))
    stream = [
        valley(),
        camp(),
        orchard(),
        valley_and_camp(),
        both(CAMP, ORCHARD, f"{CAMP_TITLE} و{ORCHARD_TITLE}", "x"),
    ]
    stream += [
        follow_up(text, title, f"{at}-{number}", f"منبر {number}")
        for number in range(4)
        for at, (text, title) in enumerate(texts)
    ]
    topic = Topic()
    dice = random.Random(seed)
    shares: list[list[ExtractedArticle]] = [[] for _ in range(6)]
    for one in stream:
        for share in dice.sample(shares, 2):
            share.append(one)

    async def work(share: list[ExtractedArticle], dice: random.Random) -> list[Deduplicated]:
        client = Redis.from_url(valkey_url)
        worker = Worker(client, topic)
        dice.shuffle(share)
        found = []
        while share:
            batch = [share.pop() for _ in range(min(len(share), dice.randrange(1, 5)))]
            if dice.random() < 0.3:  # ended between the verdicts and the stories, and came again
                await worker.deduplicator.index.judge([seen(one).print_ for one in batch])
                await asyncio.sleep(0)
            taken = await worker.deduplicator.take([seen(one) for one in batch])
            await asyncio.sleep(0.002 * dice.random())
            await worker.publish(taken)
            found += taken
        await client.aclose()
        return found

    found = [
        one for part in await asyncio.gather(*(work(share, random.Random(seed)) for share in shares)) for one in part
    ]
    client = Redis.from_url(valkey_url)
    kept = await stored(Worker(client, topic), {ref for one in found for ref in one.entered.refs})
    await client.aclose()
    told = topic.newest()
    assert told == kept
    assert {one.verdict.story_id for one in found} <= set(told)
    standing = [story for story in told.values() if story.merged_into is None]
    assert sum(story.articles for story in standing) == len(stream)
    for story in told.values():
        while story.merged_into is not None:
            story = told[story.merged_into]
        assert story in standing
    assert {outlet.source for story in standing for outlet in story.outlets} == {one.source for one in stream}
    assert without_gap(topic)


async def test_states_published_in_the_wrong_order_end_with_the_newest(redis: Redis, topic: Topic) -> None:
    slow, quick = Worker(redis, topic), Worker(redis, topic)
    first = await slow.deduplicator.take([seen(STREAM[0])])
    [second] = await quick.take(STREAM[1])
    assert [state.version for state in topic.states] == [2]
    await slow.publish(first)
    assert [state.version for state in topic.states] == [2, 1, 2]
    assert topic.states[-1] == second.states[-1]


async def test_a_state_published_late_does_not_bring_a_story_back_that_was_taken_in(redis: Redis, topic: Topic) -> None:
    slow, quick = Worker(redis, topic), Worker(redis, topic)
    await quick.take(valley())
    first = await slow.deduplicator.take([seen(camp())])
    await quick.take(valley_and_camp())
    await slow.publish(first)
    assert topic.newest()[id_of(camp())].merged_into == id_of(valley())


class Interrupted:
    """A client whose first write of stories is preceded by what somebody else does."""

    def __init__(self, client: Redis, meanwhile: Callable[[], Awaitable[Any]]) -> None:
        self.time, self._client, self._meanwhile = client.time, client, [meanwhile]

    def register_script(self, script: str) -> Callable[..., Awaitable[Any]]:
        run = self._client.register_script(script)
        if "-- Writes stories" not in script:
            return run

        async def write(**given: Any) -> Any:
            while self._meanwhile:
                await self._meanwhile.pop()()
            return await run(**given)

        return write


async def test_who_was_overtaken_tells_nothing_that_never_was_and_the_newest_last(redis: Redis, topic: Topic) -> None:
    """A batch of a record that came before and a new one of its story; between reading and writing another enters one."""
    before, mine, theirs = STREAM[1], STREAM[3], follow_up(FLOOD, FLOOD_TITLE, "theirs", "بريد الغرب")
    other = Worker(redis, topic)
    await other.take(STREAM[0], before)
    worker = Worker(Interrupted(redis, lambda: other.take(theirs)), topic)
    for_me = await worker.take(mine, before)
    story = topic.newest()[id_of(STREAM[0])]
    assert (story.version, story.articles) == (4, 4)
    assert for_me[0].verdict.story is not None
    assert for_me[0].verdict.story.version == 4
    by_version: dict[int, set[str]] = defaultdict(set)
    for state in topic.states:
        by_version[state.version].add(state.record_id)
    assert {version: len(records) for version, records in by_version.items()} == {1: 1, 2: 1, 3: 1, 4: 1}


async def test_stories_made_one_while_another_enters_an_article_lose_none(redis: Redis, topic: Topic) -> None:
    other = Worker(redis, topic)
    await other.take(valley(), camp())
    worker = Worker(Interrupted(redis, lambda: other.take(valley_and_camp())), topic)
    await worker.take(follow_up(CAMP, CAMP_TITLE, "late"))
    stays, gone = topic.newest()[id_of(valley())], topic.newest()[id_of(camp())]
    assert (stays.articles, gone.merged_into) == (4, stays.id)
    assert without_gap(topic)


async def test_an_opener_entered_while_its_story_is_taken_in_is_not_forgotten(redis: Redis, topic: Topic) -> None:
    """The opener was judged and not yet entered when another article made its story one with an older."""
    other = Worker(redis, topic)
    await other.take(valley())
    await other.deduplicator.index.judge([seen(camp()).print_])
    worker = Worker(Interrupted(redis, lambda: other.take(valley_and_camp())), topic)
    await worker.take(camp())
    stays, gone = topic.newest()[id_of(valley())], topic.newest()[id_of(camp())]
    assert (stays.articles, stays.lead.id, gone.merged_into, gone.lead.id) == (3, "valley", stays.id, "camp")
