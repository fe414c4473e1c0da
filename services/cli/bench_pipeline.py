"""`rasid bench pipeline`: how fast, how soon and at what cost, beside the limits of the same machine in the same run."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import psutil
import typer
from rich.console import Console
from rich.table import Table

from schemas.articles_deduplicated import DeduplicatedArticle, Verdict
from schemas.articles_raw import RawArticle
from services.alerting.evaluate import evaluate
from services.alerting.rulefile import read_rules
from services.deduplication.article import deduplicated
from services.deduplication.fingerprint import fingerprint
from services.extraction.article import extract
from services.extraction.engine import load_engine
from services.normalization.article import normalize
from services.producer.admission import Admission
from services.producer.readers import read
from services.runtime import topics
from services.runtime.account import Account
from services.runtime.articles import article_record
from services.runtime.children import Child
from services.runtime.embedded import Stack, StackError
from services.runtime.kafka import create_topics, new_consumer, open_producer
from services.runtime.pipeline import ROOT, Pipeline
from services.runtime.settings import Settings

bench_app = typer.Typer(help="Measure this machine.", no_args_is_help=True)


@bench_app.callback()
def bench() -> None:
    """Measure this machine: figures beside the limits of the same run."""


RULES = Path(__file__).with_name("bench_rules.yaml")
WORKERS = ("normalization", "extraction", "deduplication", "alerting")
LATENCY_SECONDS = 30.0
PATIENCE = 120.0


@dataclass
class Figures:
    """What was measured. Rates in articles a second, times in seconds, memory in MB."""

    broker: str = ""
    cores: int = 0
    replicas: dict[str, int] = field(default_factory=dict)
    articles: int = 0
    median_characters: int = 0
    end_to_end_rate: float = 0.0
    end_to_end_mb_rate: float = 0.0
    pure_rate: float = 0.0
    pass_through_rate: float = 0.0
    share_of_pure: float = 0.0
    latency_rate: float = 0.0
    latency_alerts: int = 0
    latency_p50: float = 0.0
    latency_p95: float = 0.0
    latency_p99: float = 0.0
    cpu_per_1000: dict[str, float] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    other_cpu_per_1000: dict[str, float] = field(default_factory=dict)


def load(path: Path, count: int) -> list[RawArticle]:
    """The first `count` different articles of a path; copies with ids of their own where it holds fewer."""
    settings = Settings()
    admission = Admission(settings.max_text_bytes, settings.min_arabic_share)
    found, _ = admission.sort(islice(read([path], source="bench"), count), datetime.now(UTC))
    articles = list({article.record_id: article for article in found}.values())
    if not articles:
        raise typer.BadParameter(f"{path} holds no article that is admitted")
    originals = len(articles)
    while len(articles) < count:
        number = len(articles)
        article = articles[number % originals]
        again, _ = admission.sort(read_copy(article, number), datetime.now(UTC))
        articles += again
    return articles[:count]


def read_copy(article: RawArticle, number: int) -> Iterable[Any]:
    """A copy of an article under another name."""
    from services.producer.candidate import Candidate

    yield Candidate(
        f"copy:{number}",
        {"source": f"copy-{number % 5}", "id": f"{article.id}#{number}", "title": article.title, "text": article.text},
    )


_engine: Any = None
_book: Any = None


def _prepare_pure(engine: str) -> None:
    global _engine, _book
    _engine, _book = load_engine(engine), read_rules(RULES)


def _pure(articles: Sequence[RawArticle]) -> int:
    for article in articles:
        extracted = extract(normalize(article), engine=_engine)
        fingerprint(extracted)
        verdict = Verdict(relation="new", story_id=article.id, similarity=0.0)
        finished: DeduplicatedArticle = deduplicated(extracted, verdict)
        evaluate(finished, _book)
    return len(articles)


def pure_rate(articles: Sequence[RawArticle], engine: str, cores: int) -> float:
    """Articles a second of the pure functions alone, one process a core; no JSON, no Kafka, no Redis."""
    chunks = [articles[start : start + 25] for start in range(0, len(articles), 25)]
    with ProcessPoolExecutor(cores, initializer=_prepare_pure, initargs=(engine,)) as pool:
        list(pool.map(_pure, chunks[: cores * 2]))  # processes up, engines loaded
        started = time.perf_counter()
        done = sum(pool.map(_pure, chunks))
        return done / (time.perf_counter() - started)


async def pass_through_rate(articles: Sequence[RawArticle]) -> float:
    """Articles a second of one aiokafka process that reads `articles.raw` and writes the same bytes to another topic."""
    async with Stack() as stack:
        settings = stack.settings()
        await create_topics(settings)
        producer = await open_producer(settings)
        await asyncio.gather(*[await _send(producer, article) for article in articles])
        consumer = new_consumer(settings, topics.RAW)
        await consumer.start()
        started, done = time.perf_counter(), 0
        while done < len(articles):
            waiting = []
            for messages in (await consumer.getmany(timeout_ms=200, max_records=256)).values():
                for message in messages:
                    waiting.append(await producer.send(topics.NORMALIZED, message.value, key=message.key))
            await asyncio.gather(*waiting)
            done += len(waiting)
        rate = done / (time.perf_counter() - started)
        await consumer.stop()
        await producer.stop()
        return rate


async def _send(producer: Any, article: RawArticle) -> Any:
    record = article_record(topics.RAW, article)
    return await producer.send(record.topic, record.value, key=record.key, headers=record.headers)


class Measured:
    """A pipeline whose processes are measured."""

    def __init__(self, settings: Settings, pipeline: Pipeline, others: Sequence[Child]) -> None:
        self.settings, self.pipeline = settings, pipeline
        self.account = Account(keep_articles=False, compare_repeats=False)
        self.processes = {label: psutil.Process(child.pid) for label, child in pipeline.children.items()}
        self.others = {child.name: psutil.Process(child.pid) for child in others} | {
            "the benchmark itself": psutil.Process()
        }

    def cpu(self) -> dict[str, float]:
        """CPU seconds so far, a service."""
        total: dict[str, float] = {}
        for label, process in self.processes.items():
            times = process.cpu_times()
            name = label.rsplit("-", 1)[0]
            total[name] = total.get(name, 0.0) + times.user + times.system
        return total

    def cpu_of_others(self) -> dict[str, float]:
        """CPU seconds so far of what is no service: broker, Valkey, receiver, the benchmark."""
        times = {name: process.cpu_times() for name, process in self.others.items()}
        return {name: one.user + one.system for name, one in times.items()}

    def memory(self) -> dict[str, float]:
        """Resident MB, the largest process of a service."""
        largest: dict[str, float] = {}
        for label, process in self.processes.items():
            name = label.rsplit("-", 1)[0]
            largest[name] = max(largest.get(name, 0.0), process.memory_info().rss / 1e6)
        return largest

    async def carry(
        self, consumer: Any, producer: Any, articles: Sequence[RawArticle], rate: float | None
    ) -> tuple[float, dict[str, float]]:
        """Publish, at once or at a rate, and wait until all are through; seconds, and the time of publication by record."""
        names = {article.record_id.hex for article in articles}
        published: dict[str, float] = {}

        async def publish() -> None:
            started, waiting = time.time(), []
            for number, article in enumerate(articles):
                if rate is not None and (ahead := number / rate - (time.time() - started)) > 0:
                    await asyncio.sleep(ahead)
                published[str(article.record_id)] = time.time()
                waiting.append(await _send(producer, article))
            await asyncio.gather(*waiting)

        started, task = time.perf_counter(), asyncio.create_task(publish())
        deadline, through = time.monotonic() + PATIENCE + (len(articles) / rate if rate else 0.0), 0.0
        while True:
            for messages in (await consumer.getmany(timeout_ms=100)).values():
                for message in messages:
                    self.account.feed(message)
            if task.done() and not self.account.missing(names):
                through = through or time.perf_counter() - started
                if not self.account.undelivered():
                    break
            if time.monotonic() > deadline:
                raise StackError(
                    f"{len(self.account.missing(names))} articles and {len(self.account.undelivered())} alerts did not come through"
                )
        await task
        return through, published


def latencies(received: Path, published: dict[str, float]) -> list[float]:
    """Seconds from publication to the receiver, sorted, of the alerts whose article is among the published."""
    seconds = []
    for line in received.read_text("utf-8").splitlines():
        webhook = json.loads(line)
        at = published.get(webhook["alert"]["article"]["record_id"])
        if at is not None:
            seconds.append(datetime.fromisoformat(webhook["at"]).timestamp() - at)
    return sorted(seconds)


async def measure(
    figures: Figures,
    articles: Sequence[RawArticle],
    later: Sequence[RawArticle],
    environment: dict[str, str],
    settings: Settings,
    children: Sequence[Child],
) -> None:
    """End to end at the greatest rate, then latency at half of it."""
    await create_topics(settings)
    with tempfile.TemporaryDirectory(prefix="rasid-bench-") as folder:
        pipeline = Pipeline(Path(folder), environment | {"RASID_RULES": str(RULES), "RASID_ALERT_BACKFILL": "true"})
        try:
            pipeline.start_receiver()
            for name in WORKERS:
                for replica in range(figures.replicas[name]):
                    pipeline.start(name, replica)
            await asyncio.to_thread(pipeline.wait_healthy)
            measured = Measured(settings, pipeline, [*children, *([pipeline.receiver] if pipeline.receiver else [])])
            producer = await open_producer(settings)
            consumer = new_consumer(settings, topics.DEDUPLICATED, topics.DEADLETTERS, topics.ALERTS, topics.ALERTS_LOG)
            await consumer.start()
            await measured.carry(consumer, producer, articles[:60], None)  # everything is loaded and connected
            before, others_before = measured.cpu(), measured.cpu_of_others()
            timed = articles[60:]
            seconds, _ = await measured.carry(consumer, producer, timed, None)
            after, others_after = measured.cpu(), measured.cpu_of_others()
            figures.articles = len(timed)
            figures.end_to_end_rate = len(timed) / seconds
            figures.end_to_end_mb_rate = sum(len(article.text.encode()) for article in timed) / seconds / 1e6
            figures.cpu_per_1000 = {name: (after[name] - before[name]) / len(timed) * 1000 for name in after}
            figures.other_cpu_per_1000 = {
                name: (others_after[name] - others_before[name]) / len(timed) * 1000 for name in others_after
            }
            figures.latency_rate = figures.end_to_end_rate / 2
            some = later[: int(figures.latency_rate * LATENCY_SECONDS)]
            _, published = await measured.carry(consumer, producer, some, figures.latency_rate)
            figures.memory = measured.memory()
            await consumer.stop()
            await producer.stop()
            seen = latencies(pipeline.received, published)
            figures.latency_alerts = len(seen)
            if len(seen) >= 2:
                cuts = statistics.quantiles(seen, n=100, method="inclusive")
                figures.latency_p50, figures.latency_p95, figures.latency_p99 = cuts[49], cuts[94], cuts[98]
        finally:
            await asyncio.to_thread(pipeline.stop)


def show(console: Console, figures: Figures) -> None:
    """The figures as tables."""
    table = Table(
        title=f"rasid bench pipeline: {figures.articles} articles of {figures.median_characters} characters (median), {figures.cores} cores, {figures.broker}",
        title_justify="left",
    )
    table.add_column("figure")
    table.add_column("measured", justify="right")
    replicas = ", ".join(f"{name} ×{count}" for name, count in figures.replicas.items())
    rows = [
        ("end to end", f"{figures.end_to_end_rate:.0f} articles/s, {figures.end_to_end_mb_rate:.2f} MB/s"),
        ("the pure functions alone, all cores", f"{figures.pure_rate:.0f} articles/s"),
        ("end to end, as share of that", f"{figures.share_of_pure:.0%}"),
        ("aiokafka pass-through, one hop, one process", f"{figures.pass_through_rate:.0f} articles/s"),
        (
            f"publish to delivered alert at {figures.latency_rate:.0f}/s ({figures.latency_alerts} alerts)",
            f"p50 {figures.latency_p50:.3f} s, p95 {figures.latency_p95:.3f} s, p99 {figures.latency_p99:.3f} s"
            if figures.latency_alerts >= 2
            else "too few alerts: give --articles that do not repeat",
        ),
    ]
    rows += [
        (f"{name}: CPU for 1,000 articles, memory", f"{cpu:.2f} s, {figures.memory[name]:.0f} MB")
        for name, cpu in figures.cpu_per_1000.items()
    ]
    rows += [(f"{name}: CPU for 1,000 articles", f"{cpu:.2f} s") for name, cpu in figures.other_cpu_per_1000.items()]
    for row in rows:
        table.add_row(*row)
    table.caption = f"replicas: {replicas}"
    console.print(table)


@bench_app.command()
def pipeline(
    articles: Annotated[Path, typer.Option(help="Articles to carry (.jsonl.gz, .jsonl, folders).")] = ROOT
    / "seeds"
    / "articles",
    count: Annotated[int, typer.Option(min=200, help="How many articles at the greatest rate.")] = 3000,
    extraction: Annotated[int, typer.Option(min=1, help="Replicas of extraction.")] = 2,
    kafka: Annotated[
        str | None, typer.Option(help="Bootstrap servers instead of the embedded broker (its topics are used).")
    ] = None,
    out: Annotated[Path | None, typer.Option("--json", help="Write the figures as JSON.")] = None,
) -> None:
    """End-to-end rate, latency, CPU and memory, beside two limits measured in the same run."""
    console = Console()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    figures = Figures(cores=cores, replicas=dict.fromkeys(WORKERS, 1) | {"extraction": extraction})
    with console.status("reading the articles …"):
        loaded = load(articles, 60 + 2 * count)
    figures.median_characters = int(statistics.median(len(article.text) for article in loaded))
    try:
        with console.status("the pure functions alone …"):
            figures.pure_rate = pure_rate(loaded[: 60 + count], Settings().engine, cores)
        with console.status("aiokafka pass-through …"):
            figures.pass_through_rate = asyncio.run(pass_through_rate(loaded[:count]))
        with console.status("the pipeline …"), Stack() as stack:
            environment, settings = stack.environment(), stack.settings()
            figures.broker = "embedded broker (Tansu)"
            if kafka:
                environment["RASID_KAFKA"], figures.broker = kafka, f"Kafka at {kafka}"
                settings = stack.settings(kafka=kafka)
            asyncio.run(
                measure(figures, loaded[: 60 + count], loaded[60 + count :], environment, settings, stack.children)
            )
    except StackError as error:
        console.print(f"rasid bench: {error}", style="red", markup=False)
        raise typer.Exit(1) from None
    with console.status("the pure functions alone, again …"):  # the machine may have changed its speed meanwhile
        figures.pure_rate = (figures.pure_rate + pure_rate(loaded[: 60 + count], Settings().engine, cores)) / 2
    figures.share_of_pure = figures.end_to_end_rate / figures.pure_rate
    show(console, figures)
    if out is not None:
        out.write_text(json.dumps(asdict(figures), indent=2) + "\n", "utf-8")
