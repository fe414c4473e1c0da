"""Processes side by side that begin at one moment, and what deduplication does in them."""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from redis.asyncio import Redis

from schemas.articles_extracted import ExtractedArticle
from services.cli import bench_dedup_others as others
from services.deduplication.agent import BATCH_RECORDS
from services.deduplication.deduplicator import Deduplicator, seen
from services.runtime.wire import decode

FINGERPRINT_DAYS, STORY_DAYS = 14, 30
WARM_UP = 256
"""Articles that a worker has judged elsewhere before the clock runs: it knows the words of news, as a worker does."""

BEGIN_SECONDS = 300.0

Work = Callable[[], None]

_begin: Any = None


def seconds_of(prepare: Callable[..., Work], arguments: Sequence[tuple[object, ...]]) -> float:
    """How long the work of all processes takes, one for each of the arguments; what `prepare` does is not counted.

    Raises:
        BrokenProcessPool, or what one of them raised.
    """
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(len(arguments))
    with ProcessPoolExecutor(len(arguments), context, _wait_at, (barrier,)) as pool:
        waiting = [pool.submit(_timed, prepare, given) for given in arguments]
        faults = [fault for one in waiting if (fault := one.exception()) is not None]
        if faults:  # who waited for the one that failed says less
            raise min(faults, key=lambda fault: isinstance(fault, threading.BrokenBarrierError))
        times = [one.result() for one in waiting]
    return float(max(end for _, end in times) - min(begin for begin, _ in times))


def _wait_at(barrier: Any) -> None:
    global _begin
    _begin = barrier


def _timed(prepare: Callable[..., Work], given: tuple[object, ...]) -> tuple[float, float]:
    try:
        work = prepare(*given)
        _begin.wait(BEGIN_SECONDS)
    except BaseException:
        _begin.abort()
        raise
    begun = time.monotonic()
    work()
    return begun, time.monotonic()


def dealt(lines: Sequence[bytes], workers: int) -> list[list[bytes]]:
    """The lines in batches, in turn to each worker, as partitions deal them."""
    batches = [lines[at : at + BATCH_RECORDS] for at in range(0, len(lines), BATCH_RECORDS)]
    return [[line for batch in batches[worker::workers] for line in batch] for worker in range(workers)]


def prepare_stage(url: str, lines: Sequence[bytes], warm: Sequence[bytes]) -> Work:
    """Fingerprint, judge and enter in stories, in batches as the service's."""
    runner, client = asyncio.Runner(), Redis.from_url(url)
    articles, known = ([decode(ExtractedArticle, line) for line in of] for of in (lines, warm[:WARM_UP]))

    async def judged(of: Sequence[ExtractedArticle], prefix: str) -> None:
        deduplicator = Deduplicator(client, prefix, FINGERPRINT_DAYS, STORY_DAYS)
        for at in range(0, len(of), BATCH_RECORDS):
            await deduplicator.take([seen(article) for article in of[at : at + BATCH_RECORDS]])

    def work() -> None:
        runner.run(judged(articles, "bench"))

    runner.run(judged(known, "warm"))
    return work


def prepare_datasketch(url: str, texts: Sequence[str], warm: Sequence[str]) -> Work:
    """datasketch with its storage in Redis."""
    others.run_datasketch(warm[:WARM_UP], url, "warm")
    return lambda: others.run_datasketch(texts, url, "bench")


def prepare_rensa(texts: Sequence[str], warm: Sequence[str]) -> Work:
    """rensa in memory."""
    others.run_rensa(warm[:WARM_UP])
    return lambda: others.run_rensa(texts)


def prepare_simhash(texts: Sequence[str], warm: Sequence[str]) -> Work:
    """SimHash in memory."""
    others.run_simhash(warm[:WARM_UP])
    return lambda: others.run_simhash(texts)
