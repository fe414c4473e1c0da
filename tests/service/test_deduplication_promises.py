"""What the index promises whatever happens: one new article of many copies, bounded memory, one slot, no crash."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from schemas.articles_deduplicated import Verdict
from schemas.articles_extracted import ExtractedArticle
from services.cli.bench_dedup_fill import LaterClock
from services.deduplication.deduplicator import Deduplicator, Seen, seen
from services.deduplication.fingerprint import Fingerprint, PassagePrint, fingerprint
from services.deduplication.index import DeduplicationIndex
from services.deduplication.minhash import BANDS
from services.deduplication.story_terms import POSTED
from tests.unit.deduplication.examples import FLOOD, HARBOUR, MATCH, NOON, article

TEXTS = (FLOOD, HARBOUR, MATCH)
DAY_MS = 24 * 60 * 60 * 1000


def copies(of: tuple[str, ...], number: int, name: str) -> list[Fingerprint]:
    return [fingerprint(article(of, id=f"{name}-{at}", source=f"منبر {at % 5}")) for at in range(number)]


def articles_seen(of: tuple[str, ...], number: int, name: str) -> list[Seen]:
    return [seen(article(of, id=f"{name}-{at}", source=f"منبر {at % 5}")) for at in range(number)]


async def verdicts(index: DeduplicationIndex, prints: Sequence[Fingerprint]) -> list[Verdict]:
    return [one.verdict for one in await index.judge(prints)]


async def test_of_copies_judged_by_eight_workers_at_once_exactly_one_is_new(valkey_url: str) -> None:
    async def worker(number: int) -> list[tuple[int, str, str | None]]:
        client = Redis.from_url(valkey_url)
        index = DeduplicationIndex(client, "rasid", 14, 30)
        told = []
        for at, text in enumerate(TEXTS):
            for print_ in copies(text, 6, f"w{number}-t{at}"):
                [verdict] = await verdicts(index, [print_])
                told.append((at, verdict.relation, verdict.duplicate_of or print_.id))
        await client.aclose()
        return told

    told = [entry for part in await asyncio.gather(*map(worker, range(8))) for entry in part]
    for at in range(len(TEXTS)):
        of_text = [(relation, root) for number, relation, root in told if number == at]
        assert len(of_text) == 48
        assert [relation for relation, _ in of_text].count("new") == 1
        assert len({root for _, root in of_text}) == 1


async def test_workers_that_judge_the_same_record_at_once_get_one_verdict(valkey_url: str) -> None:
    prints = [fingerprint(article(text, id=f"a-{at}")) for at, text in enumerate((*TEXTS, FLOOD[:5]))]

    async def worker(turn: int) -> dict[str, str]:
        client = Redis.from_url(valkey_url)
        turned = prints[turn % 4 :] + prints[: turn % 4]
        found = await verdicts(DeduplicationIndex(client, "rasid", 14, 30), turned)
        await client.aclose()
        return {print_.id: verdict.model_dump_json() for print_, verdict in zip(turned, found, strict=True)}

    first, *others = await asyncio.gather(*map(worker, range(8)))
    assert all(other == first for other in others)


async def test_every_key_expires_whole_and_not_before_its_time(redis: Redis) -> None:
    deduplicator = Deduplicator(redis, "rasid", 3, 5)
    for hours in (-2000, 0, 30):
        stream = [
            article(text, id=f"{at}{hours}", published_at=NOON + timedelta(hours=hours))
            for at, text in enumerate(TEXTS)
        ]
        await deduplicator.take([seen(one) for one in stream])
    left = {key.decode(): await redis.pttl(key) for key in await redis.keys()}
    kinds = {key.split(":")[3] for key in left}
    assert kinds == {"records", "copies", "bands", "passages", "terms", "stories", "since"}
    for key, ttl in left.items():
        kind = key.split(":")[3]
        if kind == "since":  # looked at with every batch: it outlives what it tells of
            assert 6 * DAY_MS < ttl <= 7 * DAY_MS
            continue
        days = 3 if kind in ("copies", "bands", "passages") else 5
        assert days * DAY_MS < ttl <= (days + 1) * DAY_MS + DAY_MS / 100, key


async def test_writing_again_does_not_put_off_the_end_of_a_key(redis: Redis) -> None:
    deduplicator = Deduplicator(redis, "rasid", 14, 30)
    await deduplicator.take(articles_seen(FLOOD, 3, "a"))
    for key in await redis.keys():
        await redis.pexpire(key, 60_000)
    await deduplicator.take([*articles_seen(HARBOUR, 3, "b"), *articles_seen(FLOOD, 3, "c")])
    ends = {key: await redis.pttl(key) for key in await redis.keys()}
    assert ends.pop(b"{rasid}:dedup:2:since") > 60_000  # as long as anything is written, it is known since when
    assert len({key.split(b":")[3] for key in ends}) == 6
    assert all(0 < end <= 60_000 for end in ends.values()), ends


async def test_articles_of_one_broken_clock_do_not_keep_a_key_alive(redis: Redis) -> None:
    """A feed that dates everything 1970 writes into one day's terms for ever: they expire all the same."""
    index = DeduplicationIndex(redis, "rasid", 14, 30)
    broken = NOON.replace(year=1970, month=1, day=1)
    await verdicts(index, [fingerprint(article(FLOOD, id="a", published_at=broken))])
    [terms] = await redis.keys("*terms*")
    await redis.pexpire(terms, 60_000)
    await verdicts(index, [fingerprint(article(HARBOUR, id="b", published_at=broken))])
    assert 0 < await redis.pttl(terms) <= 60_000


@pytest.mark.parametrize(("days", "relation"), [(0, "near_duplicate"), (7, "near_duplicate"), (9, "new")])
async def test_copies_are_recognised_for_the_days_that_were_asked_for(redis: Redis, days: int, relation: str) -> None:
    await verdicts(DeduplicationIndex(redis, "rasid", 7, 7), copies(FLOOD, 1, "a"))
    print_ = fingerprint(article(FLOOD, id="b", source="صدى الوادي"))
    [verdict] = await verdicts(DeduplicationIndex(LaterClock(redis, days), "rasid", 7, 7), [print_])
    assert verdict.relation == relation


async def test_an_article_copied_every_few_days_stays_known(redis: Redis) -> None:
    for days in range(0, 40, 5):
        index = DeduplicationIndex(LaterClock(redis, days), "rasid", 7, 7)
        [verdict] = await verdicts(index, [fingerprint(article(FLOOD, id=f"day-{days}", source=f"منبر {days}"))])
        assert verdict.duplicate_of == ("day-0" if days else None)


async def test_a_worker_still_on_yesterday_sees_what_another_judged_today(redis: Redis) -> None:
    """Two workers at midnight: the one that asked for the time first may be judged last."""
    today, yesterday = (DeduplicationIndex(LaterClock(redis, days), "rasid", 7, 7) for days in (1, 0))
    [first] = await verdicts(today, copies(FLOOD, 1, "a"))
    [second] = await verdicts(yesterday, copies(FLOOD, 1, "b"))
    assert (first.relation, second.duplicate_of) == ("new", "a-0")


async def test_a_flushed_redis_is_begun_anew(redis: Redis) -> None:
    index = DeduplicationIndex(redis, "rasid", 14, 30)
    [first] = await verdicts(index, [fingerprint(article(FLOOD, id="a"))])
    await redis.flushall()
    await redis.script_flush()
    [again, copy] = await verdicts(index, [fingerprint(article(FLOOD, id="b")), fingerprint(article(FLOOD, id="c"))])
    assert first.relation == again.relation == "new"
    assert copy.duplicate_of == "b"


@pytest.mark.parametrize("lost", ["records", "copies", "bands", "passages", "terms", "stories", "since"])
async def test_a_key_lost_alone_costs_memory_of_the_past_and_nothing_else(redis: Redis, lost: str) -> None:
    deduplicator = Deduplicator(redis, "rasid", 14, 30)
    await deduplicator.take([seen(article(text, id=f"a-{at}")) for at, text in enumerate(TEXTS)])
    await redis.delete(*await redis.keys(f"*:{lost}*"))
    later = [seen(article((*text, "وانتهى البيان."), id=f"b-{at}")) for at, text in enumerate(TEXTS)]
    first = [one.verdict for one in await deduplicator.take(later)]
    assert [one.verdict for one in await deduplicator.take(later)] == first
    assert all(verdict.story is not None for verdict in first)


async def test_all_keys_share_a_slot_and_are_declared(valkey_cluster_url: str) -> None:
    """A server in cluster mode refuses what touches two slots; MONITOR shows each key that the script touched."""
    client = Redis.from_url(valkey_cluster_url)
    watcher = Redis.from_url(valkey_cluster_url)
    deduplicator = Deduplicator(client, "rasid", 3, 5)
    declared: set[str] = set()
    touched: set[str] = set()
    async with watcher.monitor() as monitor:
        for day in (-9, 0, 2):
            stream = [
                article(text, id=f"{at}{day}", published_at=NOON + timedelta(days=day)) for at, text in enumerate(TEXTS)
            ]
            await deduplicator.take([seen(one) for one in stream])
        await client.echo("done")
        while True:
            command = await monitor.next_command()
            words = command["command"].split(" ")
            if words[0] == "ECHO":
                break
            if command["client_type"] == "lua":
                touched.add(words[1])
            elif words[0] in ("EVALSHA", "EVAL"):
                declared |= set(words[3 : 3 + int(words[2])])
    keys = {key.decode() for key in await client.keys()}
    await client.aclose()
    await watcher.aclose()
    assert touched
    assert touched <= declared
    assert keys <= touched
    assert all(key.startswith("{rasid}:dedup:2:") for key in declared)


async def test_indexes_of_two_prefixes_do_not_see_each_other(redis: Redis) -> None:
    for prefix in ("one", "two"):
        [verdict] = await verdicts(DeduplicationIndex(redis, prefix, 14, 30), copies(FLOOD, 1, prefix))
        assert verdict.relation == "new"


async def test_a_flood_of_identical_articles_is_kept_once(redis: Redis) -> None:
    index = DeduplicationIndex(redis, "rasid", 14, 30)
    seed = fingerprint(article(FLOOD, id="seed"))
    await verdicts(index, [seed])
    flood = [replaced(seed, f"copy-{at}") for at in range(3000)]
    assert {verdict.relation for verdict in await verdicts(index, flood)} == {"exact"}
    [records] = await redis.keys("*:records:*")
    assert await redis.hlen(records) == 2  # the article and the counter
    for kind, entry, entries in (("passages", 10, len(seed.passages)), ("bands", 7, BANDS), ("terms", 6, POSTED)):
        [key] = await redis.keys(f"*:{kind}:*")
        assert sum(map(len, await redis.hvals(key))) == entry * entries, kind


async def test_a_flood_of_almost_identical_articles_fills_no_list_beyond_its_cap(redis: Redis) -> None:
    index = DeduplicationIndex(redis, "rasid", 14, 30)
    flood = [fingerprint(article((FLOOD[0], f"نسخة {at}"), id=f"a-{at}")) for at in range(100)]
    flood += [replaced(flood[-1], f"a-{at}", content=at.to_bytes(16, "big")) for at in range(100, 2100)]
    found = await verdicts(index, flood)
    assert {verdict.duplicate_of for verdict in found[1:]} == {"a-0"}
    assert max(await sizes_of_lists(redis, "bands")) == 512 * 7
    assert max(await sizes_of_lists(redis, "passages")) <= 512 * 10
    assert max(await sizes_of_lists(redis, "terms")) == 64 * 6


async def test_passages_made_to_fall_into_one_bucket_fill_it_up_to_its_cap(redis: Redis) -> None:
    """Whoever knows the hash function can write so: the oldest entries go, and nobody waits for the others."""
    index = DeduplicationIndex(redis, "rasid", 14, 30)
    seed = fingerprint(article(FLOOD))
    for at in range(12):
        passages = [PassagePrint(2 * n, 2 * n + 1, b"\0\0" + (256 * at + n).to_bytes(4, "big")) for n in range(256)]
        text = {"content": at.to_bytes(16, "big"), "passages": tuple(passages)}
        await verdicts(index, [replaced(seed, f"a-{at}", **text)])
    [full] = await sizes_of_lists(redis, "passages")
    assert full == 512 * 10


async def sizes_of_lists(redis: Redis, kind: str) -> list[int]:
    [key] = await redis.keys(f"*:{kind}:*")
    return [len(value) for value in await redis.hvals(key)]


async def test_an_article_costs_at_most_three_kilobytes(redis: Redis) -> None:
    """Of about the usual length (200 words) and unlike all others, the dearest kind."""
    deduplicator = Deduplicator(redis, "rasid", 14, 30)
    before = (await redis.info("memory"))["used_memory"]
    number = 1000
    await deduplicator.take([seen(unlike_all_others(at)) for at in range(number)])
    after = (await redis.info("memory"))["used_memory"]
    assert (after - before) / number < 3072


def replaced(print_: Fingerprint, id: str, **more: Any) -> Fingerprint:
    return replace(print_, id=id, record_id=uuid4(), **more)


def unlike_all_others(number: int) -> ExtractedArticle:
    stems = (
        "قرط",
        "شنب",
        "دلف",
        "مرج",
        "كتب",
        "سطر",
        "نهر",
        "جبل",
        "ريح",
        "بحر",
        "سهل",
        "قمر",
        "ورق",
        "حجر",
        "خشب",
        "ذهب",
    )
    names = [f"{stems[(number * 7 + at * 3) % 16]}{stems[(at * 5 + number // 16) % 16]}{number:x}" for at in range(120)]
    sentences = tuple(
        " ".join(("وقال", *names[at * 10 : at * 10 + 10], "في", "بيان", "أمس", "إن", "الأمر", "انتهى."))
        for at in range(12)
    )
    return article(sentences, id=f"{uuid4()}")
