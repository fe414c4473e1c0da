"""`rasid publish`: articles from files and pipes onto Kafka."""

from __future__ import annotations

import asyncio
import os
import queue
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from aiokafka.errors import MessageSizeTooLargeError
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from schemas.articles_raw import RawArticle
from services.cli.connections import producer
from services.cli.errors import FINE, LOST_OR_REJECTED, WRONG_USAGE, fail, run, settings_with
from services.cli.rejections import Rejections
from services.cli.topic_reader import require_topic
from services.producer.admission import Admission, parse_time
from services.producer.candidate import Rejected
from services.producer.readers import STDIN, read, total_bytes
from services.runtime.articles import article_record
from services.runtime.settings import Settings
from services.runtime.topics import RAW

IN_FLIGHT = 512  # articles sent and not yet acknowledged
READ_AHEAD = 256
POLL_SECONDS = 0.005


@dataclass
class Tally:
    """What a run has done so far."""

    published: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    rejections: Rejections = field(default_factory=Rejections)


class Intake:
    """Reads and admits in a thread of its own, so that a slow pipe holds up neither sending nor Ctrl-C."""

    def __init__(self, paths: list[str], settings: Settings, source: str, published_at: str | None) -> None:
        self._paths, self._source, self._published_at = paths, source, published_at
        self._admission = Admission(settings.max_text_bytes, settings.min_arabic_share)
        self._queue: queue.Queue[RawArticle | Rejected | BaseException | None] = queue.Queue(READ_AHEAD)
        self.bytes_read = 0
        threading.Thread(target=self._read, name="intake", daemon=True).start()

    def _read(self) -> None:
        try:
            for item in self._items():
                self._queue.put(item)
            self._queue.put(None)
        except BaseException as error:
            self._queue.put(error)

    def _items(self) -> Iterator[RawArticle | Rejected]:
        # A file object of our own: at exit the interpreter would wait for sys.stdin's lock, which the thread may hold.
        stdin = os.fdopen(0, "rb", closefd=False) if STDIN in self._paths else None
        found = read(
            self._paths, source=self._source, published_at=self._published_at, stdin=stdin, on_bytes=self._count
        )
        for one in found:
            try:
                yield self._admission.article(one, datetime.now(UTC))
            except Rejected as error:
                yield error

    def _count(self, read_now: int) -> None:
        self.bytes_read += read_now

    @property
    def idle(self) -> bool:
        """Whether nothing is there to take now."""
        return self._queue.empty()

    async def take(self, most: int) -> tuple[list[RawArticle | Rejected], bool]:
        """What is there, at least one and at most `most`; and whether there is nothing more."""
        items: list[RawArticle | Rejected] = []
        while len(items) < most:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                if items:
                    break
                await asyncio.sleep(POLL_SECONDS)
                continue
            if item is None:
                return items, True
            if isinstance(item, BaseException) and not isinstance(item, Rejected):
                raise item
            items.append(item)
        return items, False


async def _publish(intake: Intake, settings: Settings, tally: Tally, rate: float | None, show: Any) -> None:
    await require_topic(settings, RAW)
    async with producer(settings) as client:
        begun, sent, last = time.monotonic(), 0, False
        waiting: list[tuple[RawArticle, asyncio.Future[Any]]] = []
        at_once = IN_FLIGHT // 2 if rate is None else max(1, min(IN_FLIGHT // 2, int(rate / 10)))
        while not last:
            if intake.idle:  # a slow pipe: what was sent is not left uncounted until more comes
                await _acknowledged(waiting, tally)
                waiting = []
                show()
            items, last = await intake.take(at_once)
            fresh: list[tuple[RawArticle, asyncio.Future[Any]]] = []
            for item in items:
                if isinstance(item, Rejected):
                    tally.rejections.add(item)
                    continue
                try:
                    fresh.append((item, await _send(client, item)))
                except MessageSizeTooLargeError:
                    tally.rejections.add(
                        Rejected("too_large", "the record is larger than Kafka takes: split it", item.id)
                    )
            await _acknowledged(waiting, tally)
            waiting, sent = fresh, sent + len(fresh)
            show()
            if rate is not None and (ahead := begun + sent / rate - time.monotonic()) > 0:
                await _acknowledged(waiting, tally)
                waiting = []
                await asyncio.sleep(ahead)
        await _acknowledged(waiting, tally)
        show()


async def _send(client: Any, article: RawArticle) -> asyncio.Future[Any]:
    message = article_record(RAW, article)
    future: asyncio.Future[Any] = await client.send(
        message.topic, message.value, key=message.key, headers=message.headers
    )
    return future


async def _acknowledged(waiting: list[tuple[RawArticle, asyncio.Future[Any]]], tally: Tally) -> None:
    for article, future in waiting:
        await future
        tally.published += 1
        tally.sources[article.source] += 1


def publish(
    paths: Annotated[
        list[str],
        typer.Argument(help="Files (.txt .json .jsonl .jsonl.gz .html), folders, or - for JSON lines from a pipe."),
    ],
    source: Annotated[
        str | None,
        typer.Option(help="Outlet of articles that name none. Default: RASID_PRODUCER_SOURCE.", show_default=False),
    ] = None,
    published_at: Annotated[
        str | None,
        typer.Option(
            help="Time of articles that state none, ISO 8601; without a zone it is taken as UTC.", show_default=False
        ),
    ] = None,
    rate: Annotated[
        float | None, typer.Option(help="At most so many articles a second.", min=0.001, show_default=False)
    ] = None,
    kafka: Annotated[
        str | None, typer.Option(help="Bootstrap servers. Default: RASID_KAFKA.", show_default=False)
    ] = None,
) -> None:
    """Publish articles to `articles.raw`.

    JSON articles have the fields title and text, and if known id, url, source, published_at; further fields are carried
    on. Publishing an article again is harmless: the same text has the same record_id.

    Examples:

        rasid publish news.jsonl.gz --source wakala
        rasid publish archive/ --published-at 2024-05-01 --rate 200
        curl -s https://example.org/export.jsonl | rasid publish -

    Exit status 0: all are on Kafka. 1: some were rejected (each with its reason). 2: wrong usage. 3: Kafka out of reach.
    """
    settings = settings_with(kafka=kafka)
    if published_at is not None and parse_time(published_at) is None:
        fail("--published-at is no time: give ISO 8601 such as 2024-05-01T12:00:00+03:00", WRONG_USAGE)
    for path in paths:
        if path != STDIN and not Path(path).exists():
            fail(f"{path} is not there: give files or folders of articles, or - for a pipe", WRONG_USAGE)
    errors = Console(stderr=True)
    tally = Tally()
    total = total_bytes(paths)
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=40), TimeElapsedColumn(),
        console=errors, transient=True, disable=not errors.is_terminal,
    ) as progress:  # fmt: skip
        bar = progress.add_task("publishing", total=total or None)
        intake = Intake(paths, settings, source or settings.producer_source, published_at)
        try:
            run(_publish(intake, settings, tally, rate, lambda: _show(progress, bar, tally, intake)), settings)
            if not tally.published and not tally.rejections.count:
                print("there was nothing to publish", file=sys.stderr)
        finally:
            progress.stop()
            _summary(tally, errors)
    raise typer.Exit(LOST_OR_REJECTED if tally.rejections.count else FINE)


def _show(progress: Progress, bar: TaskID, tally: Tally, intake: Intake) -> None:
    rejected = f", {tally.rejections.count} rejected" if tally.rejections.count else ""
    progress.update(bar, description=f"{tally.published} published{rejected}", completed=intake.bytes_read)


def _summary(tally: Tally, errors: Console) -> None:
    tally.rejections.print(errors)
    if tally.published or tally.rejections.count:
        print(f"{tally.published} published to {RAW}, {tally.rejections.count} rejected", file=sys.stdout, flush=True)
