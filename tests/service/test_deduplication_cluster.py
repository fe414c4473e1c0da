"""Deduplication on a server in cluster mode, which refuses whatever touches two slots."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis, RedisCluster
from redis.exceptions import ClusterCrossSlotError

from schemas.articles_extracted import ExtractedArticle
from services.deduplication.deduplicator import Deduplicated, Deduplicator, seen
from tests.support.flood_articles import STREAM, camp, follow_up, valley, valley_and_camp
from tests.unit.deduplication.examples import HARBOUR, article

ARTICLES = (
    valley(),
    camp(),
    valley_and_camp(),
    *STREAM,
    *(follow_up(HARBOUR, "", f"h-{number}", f"منبر {number}") for number in range(40)),
)


@pytest.fixture
async def plain(valkey_cluster_url: str) -> AsyncIterator[Redis]:
    """What Rasid uses: a client of one server, which has all slots."""
    client = Redis.from_url(valkey_cluster_url)
    yield client
    await client.aclose()


@pytest.fixture
async def cluster(plain: Redis) -> AsyncIterator[RedisCluster]:
    """A client that asks the cluster which server has a slot."""
    port = int((await plain.config_get("port"))["port"])
    client = RedisCluster(host="127.0.0.1", port=port)
    yield client
    await client.aclose()


async def taken(client: Any, *batches: tuple[ExtractedArticle, ...]) -> list[Deduplicated]:
    deduplicator = Deduplicator(client, "rasid", 14, 30)
    found = []
    for batch in batches:
        found += await deduplicator.take([seen(one) for one in batch])
    assert await deduplicator.stories.newer({ref: 0 for one in found for ref in one.entered.refs})
    return found


async def test_the_server_refuses_keys_of_two_slots(plain: Redis) -> None:
    with pytest.raises(ClusterCrossSlotError):
        await plain.mget("{one}:a", "{two}:a")


async def test_a_server_in_cluster_mode_gives_the_verdicts_of_a_plain_one(plain: Redis, valkey_url: str) -> None:
    alone = Redis.from_url(valkey_url)
    expected = await taken(alone, ARTICLES[:20], ARTICLES[20:], ARTICLES)
    await alone.aclose()
    found = await taken(plain, ARTICLES[:20], ARTICLES[20:], ARTICLES)
    assert [one.verdict for one in found] == [one.verdict for one in expected]
    assert [one.states for one in found] == [one.states for one in expected]
    joining = found[2].verdict.story
    assert joining is not None
    assert "merged" in joining.changed  # all that deduplication does was done there


async def test_all_that_is_kept_has_one_slot(plain: Redis) -> None:
    await taken(plain, ARTICLES)
    slots = {await plain.execute_command("CLUSTER", "KEYSLOT", key) for key in await plain.keys()}
    assert len(slots) == 1
    assert {key.split(b":")[3] for key in await plain.keys()} == {
        b"records", b"copies", b"bands", b"passages", b"terms", b"stories", b"since",
    }  # fmt: skip


async def test_a_cluster_client_gives_the_same_verdicts(cluster: RedisCluster, valkey_url: str) -> None:
    alone = Redis.from_url(valkey_url)
    expected = await taken(alone, ARTICLES, ARTICLES)
    await alone.aclose()
    found = await taken(cluster, ARTICLES, ARTICLES)
    assert [one.verdict for one in found] == [one.verdict for one in expected]


async def test_an_article_of_other_words_is_new_there_too(plain: Redis) -> None:
    [found] = await taken(plain, (article("خبر قصير عن معرض الزهور في الحديقة العامة."),))
    assert found.verdict.relation == "new"
