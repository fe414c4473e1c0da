"""Processes side by side that begin at one moment, and what deduplication does in them."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import signal
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any, NamedTuple, TypeVar

from redis.asyncio import Redis

from schemas.articles_extracted import ExtractedArticle
from services.cli import bench_dedup_others as others
from services.deduplication.agent import BATCH_RECORDS
from services.deduplication.deduplicator import Deduplicator, seen
from services.runtime.wire import decode

FINGERPRINT_DAYS, STORY_DAYS = 14, 30
WARM_UP = 256
"""Articles that a worker has judged elsewhere before the clock runs: it knows the words of news, as a worker does."""

ItemT = TypeVar("ItemT")

Work = Callable[[], None]
Prepare = Callable[..., Work]


class Spent(NamedTuple):
    """Seconds by the clock, and of all processors together."""

    clock: float
    cpu: float


class Workers:
    """Processes that stay: what one is given to do, it does when all that were given something are ready.

    `with Workers(2) as workers: workers.spent(prepare, [(1,), (2,)])`
    """

    def __init__(self, count: int) -> None:
        self.count = count
        context = multiprocessing.get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes = []
        for _ in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def spent(
        self,
        prepare: Prepare,
        arguments: Sequence[tuple[object, ...]],
        when_ready: Callable[[], None] = lambda: None,
    ) -> Spent:
        """What the work of all takes, a process for each of the arguments; what `prepare` does is not counted.

        Raises:
            WorkerEnded: a process is gone. Or what `prepare` or its work raised there.
        """
        at_work = self._pipes[: len(arguments)]
        for pipe, given in zip(at_work, arguments, strict=True):
            pipe.send((prepare, given))
        for pipe in at_work:
            _answer(pipe)
        when_ready()
        for pipe in at_work:
            pipe.send("begin")
        times = [_answer(pipe) for pipe in at_work]
        clock = max(end for _, end, _ in times) - min(begin for begin, _, _ in times)
        return Spent(clock, sum(cpu for _, _, cpu in times))

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join()


class WorkerEnded(RuntimeError):
    """A process that was at work is gone."""


def _answer(pipe: Connection) -> Any:
    try:
        answer = pipe.recv()
    except EOFError:
        raise WorkerEnded("a process ended in the middle of its work") from None
    if isinstance(answer, BaseException):
        raise answer
    return answer


def _serve(pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            prepare, given = pipe.recv()
            work = prepare(*given)
            gc.collect()
            gc.freeze()  # articles that wait are no burden to a service: it has few at a time
            pipe.send("ready")
            pipe.recv()
            begun, cpu = time.monotonic(), time.process_time()
            work()
            pipe.send((begun, time.monotonic(), time.process_time() - cpu))
            gc.unfreeze()
        except EOFError:
            return
        except Exception as error:
            pipe.send(error)


def dealt(items: Sequence[ItemT], workers: int) -> list[list[ItemT]]:
    """The items in batches, in turn to each worker, as partitions deal them."""
    batches = [items[at : at + BATCH_RECORDS] for at in range(0, len(items), BATCH_RECORDS)]
    return [[item for batch in batches[worker::workers] for item in batch] for worker in range(workers)]


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
