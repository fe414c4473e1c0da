"""Articles that come again, and a Redis that was emptied: nothing is lost and nothing counts twice."""

from __future__ import annotations

from redis.asyncio import Redis

from services.deduplication.deduplicator import seen
from services.deduplication.story_record import story_record
from services.runtime.wire import encode
from tests.support.flood_articles import (
    CAMP,
    FLOOD_TITLE,
    ORCHARD,
    POST,
    STREAM,
    camp,
    follow_up,
    valley,
    valley_and_camp,
)
from tests.support.story_workers import Topic, Worker, id_of, record, without_gap
from tests.unit.deduplication.examples import FLOOD, HARBOUR, MATCH, NOON, article

# --- once, whatever happens ----------------------------------------------------------------------------------------


async def test_a_replayed_record_is_told_the_same_whatever_the_story_has_become(worker: Worker, topic: Topic) -> None:
    first = await worker.take(*STREAM)
    records = [record(one, found) for one, found in zip(STREAM, first, strict=True)]
    await worker.take(valley(), camp(), valley_and_camp(), follow_up(FLOOD, FLOOD_TITLE, "later", "بريد الغرب"))
    before = topic.newest()
    again = await worker.take(*reversed(STREAM))
    assert [record(one, found) for one, found in zip(reversed(STREAM), again, strict=True)] == records[::-1]
    assert topic.newest() == before  # told once more, and not counted once more
    [alone] = await worker.take(STREAM[1])
    assert record(STREAM[1], alone) == records[1]


async def test_a_replay_of_what_opened_a_story_that_was_taken_in_is_told_the_same(worker: Worker, topic: Topic) -> None:
    [first] = await worker.take(camp(published_at=NOON))
    stays = valley(published_at=NOON)
    await worker.take(stays)
    await worker.take(valley_and_camp())
    before = topic.newest()
    [again] = await worker.take(camp(published_at=NOON))
    assert record(camp(published_at=NOON), again) == record(camp(published_at=NOON), first)
    assert topic.newest() == before


async def test_a_crash_between_verdict_and_story_loses_nothing_and_counts_once(worker: Worker, topic: Topic) -> None:
    first, second = STREAM[:2]
    await worker.take(first)
    [judged] = await worker.deduplicator.index.judge([seen(second).print_])  # and here the process ended
    assert judged.verdict.story is None
    [taken] = await worker.take(second)
    assert taken.verdict.model_dump(exclude={"story"}) == judged.verdict.model_dump(exclude={"story"})
    assert topic.newest()[id_of(first)].articles == 2
    [again] = await worker.take(second)
    assert again.verdict == taken.verdict
    assert topic.newest()[id_of(first)].articles == 2


async def test_a_crash_before_the_broker_acknowledged_tells_the_story_again(worker: Worker, topic: Topic) -> None:
    await worker.deduplicator.take([seen(one) for one in STREAM])  # published by nobody
    await worker.take(*STREAM)
    assert topic.newest()[id_of(STREAM[0])].articles == 5
    assert topic.newest()[id_of(STREAM[5])].articles == 1


async def test_a_record_that_stands_twice_in_a_batch_counts_once(worker: Worker, topic: Topic) -> None:
    first, second, *_ = STREAM
    found = await worker.take(first, second, first, second, second)
    assert found[0].verdict == found[2].verdict
    assert found[1].verdict == found[3].verdict == found[4].verdict
    assert topic.newest()[id_of(first)].articles == 2
    assert [state.version for state in topic.states] == [1, 2]


async def test_who_is_entered_before_the_article_that_opened_the_story_does_not_lead_it(
    worker: Worker, topic: Topic
) -> None:
    opener, later = STREAM[:2]
    await worker.deduplicator.index.judge([seen(opener).print_])
    [second] = await worker.take(later)
    assert (second.verdict.story_id, second.verdict.duplicate_of) == (id_of(opener), "a")
    [first] = await worker.take(opener)
    assert first.verdict.relation == "new"
    story = topic.newest()[id_of(opener)]
    assert (story.lead.id, story.articles, story.version) == ("a", 2, 2)


async def test_a_batch_of_many_stories_is_entered_in_order(worker: Worker, topic: Topic) -> None:
    texts = [FLOOD, HARBOUR, MATCH, CAMP, ORCHARD]
    stream = [
        follow_up(text, "", f"{at}-{number}", f"منبر {number}") for number in range(30) for at, text in enumerate(texts)
    ]
    found = await worker.take(*stream)
    for at in range(len(texts)):
        of_text = [one.verdict.story for one in found[at :: len(texts)]]
        assert [story.version for story in of_text if story] == list(range(1, 31))
        assert [story.articles for story in of_text if story] == list(range(1, 31))
    assert without_gap(topic)


# --- Redis emptied -------------------------------------------------------------------------------------------------


async def test_an_emptied_redis_begins_anew_and_says_since_when(redis: Redis, worker: Worker) -> None:
    [first] = await worker.take(STREAM[0])
    since = worker.deduplicator.index.memory_since
    assert since is not None
    await worker.take(STREAM[1])
    assert worker.deduplicator.index.memory_since == since
    await redis.flushall()
    await redis.script_flush()
    await redis.set("{rasid}:dedup:2:since", since + 60)  # as if a minute had passed
    [again] = await worker.take(article(FLOOD, id="z", source=POST, title=FLOOD_TITLE))
    assert (first.verdict.relation, again.verdict.relation) == ("new", "new")
    assert worker.deduplicator.index.memory_since == since + 60


async def test_a_record_whose_states_went_with_redis_is_told_again(redis: Redis, worker: Worker, topic: Topic) -> None:
    first = await worker.take(*STREAM)
    await redis.flushall()
    again = await worker.take(*STREAM)
    records = [
        [record(one, found) for one, found in zip(STREAM, taken, strict=True)] for taken in (first, again)
    ]  # fmt: skip
    assert records[0] == records[1]
    assert all(encode(story_record(state)) for state in topic.states)
