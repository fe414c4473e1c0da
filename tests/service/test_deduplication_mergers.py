"""Stories that are found to be one, on a real Valkey."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from services.deduplication.deduplicator import seen
from tests.support.flood_articles import (
    CAMP,
    CAMP_TITLE,
    ECHO,
    HORIZON,
    ORCHARD,
    ORCHARD_TITLE,
    POST,
    both,
    camp,
    follow_up,
    orchard,
    valley,
    valley_and_camp,
)
from tests.support.story_workers import Topic, Worker, id_of, without_gap


async def test_a_late_article_makes_two_stories_one(worker: Worker, topic: Topic) -> None:
    [one], [other] = await worker.take(valley()), await worker.take(camp())
    assert one.verdict.story_id != other.verdict.story_id
    [joining] = await worker.take(valley_and_camp())
    assert joining.verdict.story_id == id_of(valley())
    assert joining.verdict.story is not None
    assert joining.verdict.merged_stories == [id_of(camp())]
    assert joining.verdict.story.changed[0] == "merged"
    assert joining.verdict.story.articles == 3
    gone, stays = topic.newest()[id_of(camp())], topic.newest()[id_of(valley())]
    assert (gone.merged_into, gone.changed, gone.version) == (stays.id, ("absorbed",), 2)
    assert stays.merged_from == (gone.id,)
    assert (stays.articles, stays.lead.id) == (3, "valley")
    assert [outlet.source for outlet in stays.outlets] == [HORIZON, ECHO, POST]
    assert topic.changes(stays.id)[:2] == [(1, ("opened",)), (2, ("merged",))]
    assert without_gap(topic)


async def test_later_articles_of_a_story_that_was_taken_in_end_up_in_the_one_that_stays(
    worker: Worker, topic: Topic
) -> None:
    for one in (valley(), camp(), valley_and_camp()):
        await worker.take(one)
    [late] = await worker.take(follow_up(CAMP, CAMP_TITLE, "late", "بريد الغرب"))
    assert (late.verdict.relation, late.verdict.duplicate_of) == ("near_duplicate", "camp")
    assert late.verdict.story_id == id_of(valley())
    assert topic.newest()[id_of(valley())].articles == 4
    assert topic.newest()[id_of(camp())].articles == 1


async def test_mergers_of_mergers_lead_to_the_oldest_story(worker: Worker, topic: Topic) -> None:
    for one in (valley(), camp(), orchard()):
        await worker.take(one)
    await worker.take(both(CAMP, ORCHARD, f"{CAMP_TITLE} و{ORCHARD_TITLE}", "camp and orchard"))
    assert topic.newest()[id_of(orchard())].merged_into == id_of(camp())
    await worker.take(valley_and_camp())
    assert topic.newest()[id_of(camp())].merged_into == id_of(valley())
    [late] = await worker.take(follow_up(ORCHARD, ORCHARD_TITLE, "late"))
    assert late.verdict.story_id == id_of(valley())
    last = topic.newest()[id_of(valley())]
    assert last.articles == 6
    assert set(last.merged_from) == {id_of(camp()), id_of(orchard())}
    assert without_gap(topic)


async def test_two_stories_and_the_article_that_joins_them_may_come_in_one_batch(worker: Worker, topic: Topic) -> None:
    found = await worker.take(valley(), camp(), valley_and_camp(), follow_up(CAMP, CAMP_TITLE, "late"))
    changes = [one.verdict.story.changed for one in found if one.verdict.story]
    assert changes[:2] == [["opened"], ["opened"]]
    assert "merged" in changes[2]
    told = topic.newest()
    assert {one.verdict.story_id for one in found} <= set(told)
    assert (told[id_of(camp())].merged_into, told[id_of(camp())].lead.id) == (id_of(valley()), "camp")
    stays = told[id_of(valley())]
    assert (stays.lead.id, stays.articles, stays.merged_from) == ("valley", 4, (id_of(camp()),))
    assert without_gap(topic)


ORDERS = [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]


@pytest.mark.parametrize("order", ORDERS)
async def test_it_does_not_matter_which_of_those_that_make_two_stories_one_is_entered_first(
    redis: Redis, topic: Topic, order: tuple[int, ...]
) -> None:
    """Three workers, each stopped between the verdict on its article and the article's entry in its story."""
    articles = [valley(), camp(), valley_and_camp()]
    workers = [Worker(redis, topic) for _ in articles]
    for one, worker in zip(articles, workers, strict=True):
        await worker.deduplicator.index.judge([seen(one).print_])
    found = {at: (await workers[at].take(articles[at]))[0] for at in order}
    told = topic.newest()
    assert {one.verdict.story_id for one in found.values()} <= set(told)
    stays, gone = told[id_of(valley())], told[id_of(camp())]
    assert (stays.merged_into, stays.articles, stays.lead.id) == (None, 3, "valley")
    assert (gone.merged_into, gone.lead.id) == (stays.id, "camp")
    assert stays.merged_from == (gone.id,)
    assert without_gap(topic)
    [late] = await workers[0].take(follow_up(CAMP, CAMP_TITLE, "late"))
    assert topic.newest()[late.verdict.story_id].articles == 4
