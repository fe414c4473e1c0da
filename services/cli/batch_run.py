"""The run of `rasid batch`: read, worked on in parallel, judged and written in order."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from schemas.articles_deduplicated import Verdict
from schemas.articles_extracted import ExtractedArticle
from services.cli.batch_output import Output, OutputError
from services.cli.batch_pool import OrderedPool
from services.cli.batch_tasks import Changed, Done, Refused, Task
from services.cli.batch_work import start_worker, work
from services.cli.rejections import Rejections
from services.deduplication.article import deduplicated
from services.deduplication.deduplicator import Deduplicated, Deduplicator, Seen
from services.producer.admission import Admission
from services.producer.readers import STDIN, Found, read, total_bytes
from services.runtime.embedded import own_valkey
from services.runtime.settings import Settings
from services.runtime.state import new_redis
from services.runtime.wire import decode, encode

CHUNK_TASKS = 16
CHUNK_CHARACTERS = 1 << 20

Judge = Callable[[Sequence[Seen]], list[Deduplicated]]


@dataclass(frozen=True)
class Plan:
    """What is asked of a run. `given`: a file, a folder or "-"; `source` and `published_at` of articles without."""

    given: str
    source: str
    published_at: str | None
    jobs: int
    deduplicate: bool


@dataclass
class Tally:
    """What a run has done so far."""

    written: int = 0
    written_before: int = 0
    refused_before: int = 0
    relations: Counter[str] = field(default_factory=Counter)
    rejections: Rejections = field(default_factory=Rejections)


@contextlib.contextmanager
def _judging(settings: Settings) -> Iterator[Judge]:
    """Deduplication over a Valkey of our own, which ends with us.

    Raises:
        StackError: it did not start.
    """
    with own_valkey("batch") as url, asyncio.Runner() as runner:
        own = settings.model_copy(update={"redis": url, "redis_password": None})
        client = new_redis(own)
        deduplicator = Deduplicator(client, own.redis_prefix, own.dedup_days, own.story_days)
        try:
            yield lambda batch: runner.run(deduplicator.take(batch))
        finally:
            runner.run(client.aclose())


def tasks(found: Iterator[Found], output: Output, tally: Tally) -> Iterator[Task]:
    """What there is to do, each with its record where an earlier run wrote it.

    Raises:
        OutputError: the output holds more than the input, or was refused elsewhere.
    """
    lines = output.lines_before()
    going_over = True
    for number, one in enumerate(found):
        if (origin := output.refused_before.get(number)) is not None:
            if origin != one.origin:
                raise OutputError(
                    f"{output.rejected} names {origin}, where the input has {one.origin}: start it with the same IN"
                )
            tally.refused_before += 1
            continue
        line = next(lines, None) if going_over else None
        if going_over and line is None:
            going_over = False
            output.fresh_from(number)
        yield Task(number, one, line)
    if going_over and next(lines, None) is not None:
        raise OutputError(f"{output.out} holds more records than the input has articles")


def _chunks(of: Iterator[Task]) -> Iterator[list[Task]]:
    chunk: list[Task] = []
    characters = 0
    for task in of:
        chunk.append(task)
        characters += len(task.line or b"") + _length(task.found)
        if len(chunk) >= CHUNK_TASKS or characters >= CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


def _length(found: Found) -> int:
    text = found.fields.get("text") if not isinstance(found, Exception) else None
    return len(text) if isinstance(text, str) else 0


class Writer:
    """Takes outcomes in order, has them judged, and writes what is new."""

    def __init__(self, output: Output, judge: Judge | None, tally: Tally) -> None:
        self._output, self._judge, self._tally = output, judge, tally
        self._engine: str | None = None

    def take(self, outcomes: Sequence[Done | Refused]) -> None:
        """Judge and write the outcomes of a chunk.

        Raises:
            Changed: what an earlier run wrote would not be written now.
        """
        done = [one for one in outcomes if isinstance(one, Done)]
        articles = [decode(ExtractedArticle, one.record) for one in done] if self._judge else []
        batch = [Seen(article, one.print_) for article, one in zip(articles, done, strict=False) if one.print_]
        found = iter(zip(articles, self._judge(batch), strict=True)) if self._judge and done else iter(())
        for one in outcomes:
            if isinstance(one, Refused):
                self._refuse(one)
                continue
            self._check_engine(one)
            article, judged = next(found) if self._judge else (None, None)
            verdict = judged.verdict if judged else None
            if one.written:
                self._compare(one, verdict)
                self._tally.written_before += 1
            else:
                self._output.record(encode(deduplicated(article, verdict)) if article and verdict else one.record)
                self._tally.written += 1
            if judged is not None:
                self._tally.relations[judged.verdict.relation] += 1
        self._output.flush()

    def _refuse(self, refused: Refused) -> None:
        self._output.refuse(refused)
        self._tally.rejections.note(refused.reason, refused.origin, refused.message)

    def _check_engine(self, done: Done) -> None:
        if self._engine not in (None, done.engine):
            raise Changed(f"it was made by the engine {self._engine}, and this is {done.engine}")
        self._engine = done.engine

    @staticmethod
    def _compare(done: Done, verdict: Verdict | None) -> None:
        if verdict is None and done.judged is not None:
            raise Changed("it was made with deduplication: leave --no-dedup out")
        if verdict is not None and done.judged is None:
            raise Changed("it was made without deduplication: give --no-dedup again")
        if verdict is not None and done.judged != (verdict.relation, verdict.story_id):
            raise Changed("its articles would be judged otherwise by this version of deduplication")


def run_batch(plan: Plan, output: Output, settings: Settings, tally: Tally, errors: Console) -> None:
    """Carry out a plan.

    Raises:
        Changed, OutputError: the output is of something else. StackError, RedisError: Valkey does not run.
        PoolError: the worker processes do not start. OSError: the output cannot be written.
    """
    admission = Admission(settings.max_text_bytes, settings.min_arabic_share)
    arguments = (
        settings.engine,
        admission,
        datetime.now(UTC).replace(microsecond=0),
        plan.deduplicate,
        settings.record_timeout,
    )
    with contextlib.ExitStack() as stack:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=40), TimeElapsedColumn())
        progress = stack.enter_context(
            Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal)
        )
        bar = progress.add_task("starting", total=total_bytes([plan.given]) or None)
        found = read(
            [plan.given],
            source=plan.source,
            published_at=plan.published_at,
            stdin=sys.stdin.buffer if plan.given == STDIN else None,
            on_bytes=lambda count: progress.advance(bar, count),
        )
        judge = stack.enter_context(_judging(settings)) if plan.deduplicate else None
        pool = stack.enter_context(OrderedPool(plan.jobs, work, start_worker, arguments))
        writer = Writer(output, judge, tally)
        for outcomes in pool.outcomes(_chunks(tasks(found, output, tally))):
            writer.take(outcomes)
            before = f"{tally.written_before} gone over, " if tally.written_before else ""
            progress.update(bar, description=f"{before}{tally.written} written, {tally.rejections.count} rejected")
        output.finish()
