"""Quality on labelled pairs: our verdicts in the order of the stream, and what other libraries say of the same texts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from redis.asyncio import Redis

from services.cli import bench_dedup_others as others
from services.cli.bench_dedup_articles import ArticlesError, records
from services.cli.bench_dedup_others import Alike
from services.cli.bench_dedup_runs import Say, emptied, memory_by_kind, used_memory
from services.cli.bench_dedup_work import FINGERPRINT_DAYS, STORY_DAYS
from services.cli.labelled_pairs import (
    Pair,
    PairsError,
    Score,
    root_of,
    scored,
    share_said,
    without_record,
)
from services.deduplication.agent import BATCH_RECORDS
from services.deduplication.deduplicator import Deduplicator, seen
from services.deduplication.training.pairs import COPIES, ONE_STORY

UNLIKE_STRATA = ("c12", "c12x")
"""Pairs that share hardly anything: none of them may be said duplicate."""

WORD_EVERY = 2000
ENOUGH = 1000
"""From so many records on their memory tells what an article costs."""


@dataclass(frozen=True)
class Agreement:
    """How well a method agrees with labelled pairs; `stories` where it has a view of its own, else of its duplicates."""

    duplicates: Score
    stories: Score
    related_in_one_story: float
    unlike_said_duplicate: int


@dataclass(frozen=True)
class Quality:
    """Agreement by method, ours first, and what the records cost of Redis' memory."""

    agreements: dict[str, Agreement]
    records: int
    unlike_pairs: int
    memory: float
    memory_by_kind: dict[str, float]


@dataclass(frozen=True)
class Said:
    """What we said of the articles of the pairs."""

    texts: dict[str, str]
    duplicate_of: dict[str, str | None]
    story: dict[str, str]


def quality(url: str, path: Path, pairs: Sequence[Pair], say: Say) -> Quality:
    """Judges all records, and compares.

    Raises:
        ArticlesError: they are none of `rasid batch`. PairsError: a pair's article is not among them.
    """
    emptied(url)
    before = used_memory(url)
    said, count = asyncio.run(_judged(url, path, {id for pair in pairs for id in (pair.one, pair.other)}, say))
    if missing := without_record(pairs, said.texts):
        raise PairsError(
            f"{len(missing)} articles of the pairs are not in {path}, such as {missing[0]}: give the records that the "
            "pairs were drawn from"
        )
    memory, kinds = (used_memory(url) - before) / count, memory_by_kind(url, "bench", count)
    say("the other libraries on the same pairs …")
    return Quality(
        {"Rasid": _ours(pairs, said), **_theirs(pairs, said.texts)},
        count,
        sum(pair.stratum in UNLIKE_STRATA for pair in pairs),
        memory,
        kinds,
    )


async def _judged(url: str, path: Path, wanted: set[str], say: Say) -> tuple[Said, int]:
    said, count, stream = Said({}, {}, {}), 0, records(path)
    async with Redis.from_url(url) as client:
        deduplicator = Deduplicator(client, "bench", FINGERPRINT_DAYS, STORY_DAYS)
        while batch := list(islice(stream, BATCH_RECORDS)):
            judged = await deduplicator.take([seen(article) for article in batch])
            for article, one in zip(batch, judged, strict=True):
                said.duplicate_of[article.id] = one.verdict.duplicate_of
                said.story[article.id] = one.verdict.story_id
                if article.id in wanted:
                    said.texts[article.id] = article.text
            count += len(batch)
            if count % WORD_EVERY < BATCH_RECORDS:
                say(f"{count:,} records judged …")
    if not count:
        raise ArticlesError(f"{path} holds no record")
    return said, count


def _ours(pairs: Sequence[Pair], said: Said) -> Agreement:
    return agreement(
        pairs,
        lambda one, other: root_of(one, said.duplicate_of) == root_of(other, said.duplicate_of),
        lambda one, other: said.story[one] == said.story[other],
    )


def _theirs(pairs: Sequence[Pair], texts: Mapping[str, str]) -> dict[str, Agreement]:
    found = {}
    for threshold in (0.5, 0.7):
        if others.installed("datasketch"):
            alike = others.datasketch_alike(texts, threshold)
            found[f"datasketch MinHashLSH {threshold}"] = agreement(pairs, alike, alike)
        if others.installed("rensa"):
            alike = others.rensa_alike(texts, threshold)
            found[f"rensa R-MinHash {threshold}"] = agreement(pairs, alike, alike)
    by_distance = {}
    for most in range(others.USUAL_DISTANCE, others.LARGEST_DISTANCE + 1):
        alike = others.simhash_alike(texts, most)
        by_distance[most] = agreement(pairs, alike, alike)
    best = max(by_distance, key=lambda most: (by_distance[most].duplicates.f1, -most))
    for most in sorted({others.USUAL_DISTANCE, best}):
        found[f"SimHash, {most} bits"] = by_distance[most]
    return found


def agreement(pairs: Sequence[Pair], duplicates: Alike, stories: Alike) -> Agreement:
    """How well two opinions on two articles agree with the labels."""
    return Agreement(
        scored(pairs, COPIES, duplicates),
        scored(pairs, ONE_STORY, stories),
        share_said(pairs, "related", stories),
        sum(duplicates(pair.one, pair.other) for pair in pairs if pair.stratum in UNLIKE_STRATA),
    )
