"""The runs of `rasid bench dedup` on a Valkey of its own: speeds, memory, batches beside full indexes, round trips."""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from redis import Redis
from redis.asyncio import BlockingConnectionPool
from redis.asyncio import Redis as AsyncRedis

from schemas.articles_extracted import ExtractedArticle
from services.cli.bench_dedup_fill import DAYS, LaterClock, filled
from services.cli.bench_dedup_others import installed
from services.cli.bench_dedup_work import (
    FINGERPRINT_DAYS,
    STORY_DAYS,
    Prepare,
    Workers,
    dealt,
    prepare_datasketch,
    prepare_rensa,
    prepare_simhash,
    prepare_stage,
)
from services.deduplication.deduplicator import Deduplicator, Seen, seen
from services.deduplication.index import DAY_SECONDS, key_prefix
from services.runtime.wire import decode

BATCH = 100
MOST_BATCHES = 20
SMALL = 10_000
CONNECTIONS = 32
SLOW_ONES = 1000
"""Articles that datasketch is given: it takes as long for each of the first thousand as for each of the first ten."""

Say = Callable[[str], None]


def emptied(url: str) -> None:
    """Nothing is kept."""
    with Redis.from_url(url) as client:
        client.flushall()


def used_memory(url: str) -> int:
    """Bytes."""
    with Redis.from_url(url) as client:
        return int(client.info("memory")["used_memory"])


def memory_by_kind(url: str, prefix: str, articles: int) -> dict[str, float]:
    """Bytes an article of each kind of key of deduplication."""
    total: dict[str, float] = defaultdict(float)
    with Redis.from_url(url) as client:
        for key in client.scan_iter(match=f"{key_prefix(prefix)}*"):
            total[key.decode().removeprefix(key_prefix(prefix)).split(":")[0]] += (
                client.memory_usage(key, samples=0) or 0
            ) / articles
    return dict(sorted(total.items(), key=lambda of: -of[1]))


@dataclass(frozen=True)
class Speed:
    """Articles a second, and milliseconds of processors an article: of the workers, and of Valkey for them."""

    rate: float
    cpu: float
    valkey_cpu: float


def speeds(
    workers: Workers, url: str, lines: Sequence[bytes], warm: Sequence[bytes], rounds: int, say: Say
) -> dict[str, Speed]:
    """By what is measured, medians of the rounds; in each round all of them, one after the other.

    `rasid`, `rasid alone`: with all processes and with one; `datasketch`, `datasketch alone` likewise, with the first of
    the articles; `rensa` and `simhash` with one, in memory. What is not installed is left out.
    """
    texts, warm_texts = _texts(lines), _texts(warm)
    all_of, some = len(lines), min(len(lines), SLOW_ONES)
    some_texts = [part for part in dealt(texts[:some], workers.count) if part]
    parts = [part for part in dealt(lines, workers.count) if part]
    alike: dict[str, tuple[int, Prepare, list[tuple[object, ...]]]] = {
        "rasid": (all_of, prepare_stage, [(url, part, list(warm)) for part in parts]),
        "datasketch": (some, prepare_datasketch, [(url, part, warm_texts) for part in some_texts]),
        "rasid alone": (all_of, prepare_stage, [(url, list(lines), list(warm))]),
        "datasketch alone": (some, prepare_datasketch, [(url, texts[:some], warm_texts)]),
        "rensa": (all_of, prepare_rensa, [(texts, warm_texts)]),
        "simhash": (all_of, prepare_simhash, [(texts, warm_texts)]),
    }
    found: dict[str, list[Speed]] = defaultdict(list)
    for number in range(rounds):
        say(f"speeds, round {number + 1} of {rounds} …")
        for name, (count, prepare, arguments) in alike.items():
            library = name.split()[0]
            if library in ("datasketch", "rensa") and not installed(library):
                continue
            emptied(url)
            before: list[float] = []
            spent = workers.spent(prepare, arguments, lambda: before.append(_valkey_cpu(url)))  # noqa: B023
            of_valkey, each = _valkey_cpu(url) - before[0], 1000 / count
            found[name].append(Speed(count / spent.clock, spent.cpu * each, of_valkey * each))
    return {
        name: Speed(
            *(statistics.median(getattr(one, figure) for one in of) for figure in ("rate", "cpu", "valkey_cpu"))
        )
        for name, of in found.items()
    }


def _valkey_cpu(url: str) -> float:
    with Redis.from_url(url) as client:
        info = client.info("cpu")
    return float(info["used_cpu_user"]) + float(info["used_cpu_sys"])


def memory_of(workers: Workers, url: str, lines: Sequence[bytes]) -> tuple[float, dict[str, float]]:
    """Bytes of Redis' memory an article, all in, and by kind of key."""
    emptied(url)
    workers.spent(prepare_stage, [(url, [], list(lines[:1]))])  # the scripts are loaded
    before = used_memory(url)
    workers.spent(prepare_stage, [(url, list(lines), [])])
    return (used_memory(url) - before) / len(lines), memory_by_kind(url, "bench", len(lines))


def fill(workers: Workers, url: str, lines: Sequence[bytes], stored: int, say: Say) -> tuple[float, float]:
    """Fill two indexes, one of them small: the rate of the judged part of the other, and its bytes an article."""
    emptied(url)
    today = _today(url)
    filled(workers, url, "small", lines, min(SMALL, stored), today)
    before = used_memory(url)
    say(f"{stored:,} articles are put in …")
    rate = filled(workers, url, "large", lines, stored, today)
    return rate, (used_memory(url) - before) / stored


def batch_seconds(url: str, lines: Sequence[bytes]) -> tuple[float, float, int]:
    """The median seconds of a batch of 100 fresh articles on the small and the large index, and of how many batches.

    The batches alternate, so that a machine that has grown slower is slower for both.
    """

    async def timed(deduplicators: Sequence[Deduplicator], batch: Sequence[Seen]) -> list[float]:
        seconds = []
        for deduplicator in deduplicators:
            begun = time.perf_counter()
            await deduplicator.take(batch)
            seconds.append(time.perf_counter() - begun)
        return seconds

    async def measured() -> tuple[float, float, int]:
        articles = _fresh(url, lines)
        async with AsyncRedis.from_url(url) as client:
            both = [_deduplicator(client, prefix) for prefix in ("small", "large")]
            batches = [articles[at : at + BATCH] for at in range(0, len(articles), BATCH)][: MOST_BATCHES + 1]
            times = [await timed(both, batch) for batch in batches if len(batch) == BATCH or len(batches) == 1]
        small, large = zip(*(times[1:] or times), strict=True)  # the first loads the scripts
        return statistics.median(small), statistics.median(large), len(small)

    return asyncio.run(measured())


def round_trips(url: str, lines: Sequence[bytes], rate: float) -> list[float]:
    """Seconds from an article's moment to its verdict, each in a batch of its own on the large index, sorted.

    The moments come at the given rate, whether or not the articles before are done.
    """

    async def one(deduplicator: Deduplicator, article: Seen, moment: float) -> float:
        await deduplicator.take([article])
        return time.perf_counter() - moment

    async def measured() -> list[float]:
        articles = _fresh(url, lines)
        # Where articles come faster than they are done, those that wait do so for a connection.
        pool = BlockingConnectionPool.from_url(url, max_connections=CONNECTIONS, timeout=None)
        async with AsyncRedis.from_pool(pool) as client:
            deduplicator = _deduplicator(client, "large")
            await deduplicator.take(articles[:1])
            begun, trips = time.perf_counter(), []
            for number, article in enumerate(articles[1:]):
                moment = begun + number / rate
                await asyncio.sleep(max(0.0, moment - time.perf_counter()))
                trips.append(asyncio.create_task(one(deduplicator, article, moment)))
            return sorted(await asyncio.gather(*trips))

    return asyncio.run(measured())


def quantile(ascending: Sequence[float], share: float) -> float:
    """The least of the values that at least that share of them do not exceed."""
    return ascending[max(0, -int(-len(ascending) * share // 1) - 1)]


def _deduplicator(client: AsyncRedis, prefix: str) -> Deduplicator:
    return Deduplicator(LaterClock(client, DAYS - 1), prefix, FINGERPRINT_DAYS, STORY_DAYS)


def _fresh(url: str, lines: Sequence[bytes]) -> list[Seen]:
    """The articles, as published on the last day that was filled: there their stories are looked for."""
    articles = [decode(ExtractedArticle, line) for line in lines]
    day = (_today(url) + DAYS - 1) * DAY_SECONDS
    found = []
    for article in articles:
        own = article.published_at or article.fetched_at
        ahead = timedelta(seconds=day - own.timestamp() // DAY_SECONDS * DAY_SECONDS)
        found.append(seen(article.model_copy(update={"published_at": own + ahead})))
    gc.collect()
    gc.freeze()  # a service has few articles at a time; thousands that wait would make it stop and count them
    return found


def _today(url: str) -> int:
    with Redis.from_url(url) as client:
        return int(client.time()[0]) // DAY_SECONDS


def _texts(lines: Sequence[bytes]) -> list[str]:
    return [decode(ExtractedArticle, line).text for line in lines]
