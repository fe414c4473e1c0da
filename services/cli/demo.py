"""`rasid demo` and `rasid up`: the whole of Rasid on this machine, without Docker."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from services.alerting.rulefile import RuleFileError, read_rules
from services.cli.run_view import (
    RunProgress,
    account_line,
    alerts_table,
    dead_table,
    found_panel,
    stories_table,
)
from services.cli.safe_text import safe, safe_lines
from services.producer.admission import admit
from services.producer.candidate import Rejected
from services.producer.readers import read
from services.runtime import topics
from services.runtime.account import Account, watch
from services.runtime.embedded import Stack, StackError, free_port
from services.runtime.kafka import create_topics, new_consumer
from services.runtime.pipeline import ROOT, Pipeline
from services.runtime.settings import Settings

SEEDS = ROOT / "seeds" / "articles"
STALLED_SECONDS = 90.0
ALL_TOPICS = tuple(plan.name for plan in topics.TOPICS)


def expected_records(paths: list[Path], settings: Settings) -> tuple[set[str], list[Rejected]]:
    """What the producer will publish of the paths: names of records, and what it will reject. Reads every file."""
    expected, rejected = set(), []
    for found in read(paths, source=settings.producer_source):
        try:
            if isinstance(found, Rejected):
                raise found
            article = admit(
                found,
                max_text_bytes=settings.max_text_bytes,
                min_arabic_share=settings.min_arabic_share,
                fetched_at=datetime.now(UTC),
            )
            expected.add(article.record_id.hex)
        except Rejected as error:
            rejected.append(error)
    return expected, rejected


class Finish:
    """Whether the run is over: all articles through, all alerts delivered, and alerting twice found without work."""

    def __init__(self, pipeline: Pipeline, account: Account, expected: set[str]) -> None:
        self._pipeline, self._account, self._expected = pipeline, account, expected
        self._asked, self._idle = 0.0, 0

    def __call__(self) -> bool:
        if self._account.missing(self._expected) or self._account.undelivered():
            self._idle = 0
        elif time.monotonic() - self._asked > 0.4:
            self._asked = time.monotonic()
            self._idle = self._idle + 1 if self._alerting_has_no_lag() else 0
        return self._idle >= 2

    def _alerting_has_no_lag(self) -> bool:
        try:
            with urllib.request.urlopen(self._pipeline.health["alerting-0"] + "/healthz", timeout=5) as answer:
                return bool(json.load(answer)["lag"] == 0)
        except OSError:
            return False


async def _follow(
    pipeline: Pipeline, settings: Settings, account: Account, expected: set[str], view: RunProgress
) -> None:
    consumer = new_consumer(settings, *ALL_TOPICS)
    await consumer.start()
    try:
        finish = Finish(pipeline, account, expected)
        async for _ in watch(consumer, account, every=0.2, idle=STALLED_SECONDS, done=finish):
            view.show(account)
            if ended := pipeline.ended():
                child = ended[0]
                raise StackError(f"{child.name} ended with status {child.poll()}; its log ends:\n{child.tail()}")
    finally:
        await consumer.stop()


def _next_steps(console: Console, stack: Stack, pipeline: Pipeline, keep: bool) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold")
    table.add_column()
    rules = os.environ.get("RASID_RULES") or str(ROOT / "seeds" / "rules.yaml")
    rows = [
        ("the command", f". {Path(sys.executable).with_name('activate')}"),
        (
            "run it",
            f"export RASID_KAFKA={stack.kafka} RASID_REDIS={stack.redis}"
            if keep
            else "rasid up (everything has ended now)",
        ),
        ("the topics", ", ".join(ALL_TOPICS)),
        ("read them", "rasid tail articles.deduplicated;  rasid tail alerts;  rasid stories list"),
        ("add a rule", f"{rules}, under `rules:`; then start again"),
        ("add a webhook", "the same file, under `webhooks:`; its secret comes from the environment"),
        ("add an article", "rasid publish my-article.txt --source desk"),
        ("stop", "Ctrl-C: every process that was started here ends with it"),
        ("the documents", f"{ROOT / 'README.md'};  rasid --help"),
    ]
    if keep:
        rows[1] = ("in the other shell", rows[1][1])
        rows.append(("logs", str(pipeline.folder)))
    for name, text in rows:
        table.add_row(name, Text(text, overflow="fold"))
    console.print(Panel(table, title="What next", title_align="left", border_style="cyan"))


def demo(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Articles to publish (.txt .json .jsonl .jsonl.gz .html, folders). Default: seeds/", show_default=False
        ),
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave everything running afterwards, until Ctrl-C.")] = False,
) -> None:
    """Run everything once: broker, Redis, five services, a webhook receiver; show what was found.

    Exit status 0: every article that was published came out or was set aside, and every alert was delivered.
    1: something is missing (it says what). 2: wrong usage. 3: a part did not start.
    """
    console = Console()
    _check_rules(console)
    given = [path.absolute() for path in paths or [SEEDS]]
    started = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="rasid-demo-") as name:
            status = _demo(console, given, keep, Path(name), started)
    except StackError as error:
        console.print(Text(f"rasid demo: {error}", style="red"))
        raise typer.Exit(3) from None
    except KeyboardInterrupt:
        console.print("stopped")
        raise typer.Exit(130) from None
    raise typer.Exit(status)


def _demo(console: Console, given: list[Path], keep: bool, folder: Path, started: float) -> int:
    with console.status("reading the articles …"):
        expected, rejected = expected_records(given, Settings())
    for error in rejected[:10]:
        console.print(Text(safe(f"rejected: {error}"), style="yellow"))
    if not expected:
        console.print(
            Text("there is no article to publish: give files of .txt, .json, .jsonl, .jsonl.gz or .html", style="red")
        )
        return 2
    stack, account = Stack(), Account()
    pipeline: Pipeline | None = None
    try:
        with console.status("starting the broker and Valkey …"):
            stack.start()
            settings = stack.settings()
            asyncio.run(create_topics(settings))
        pipeline = Pipeline(
            folder,
            stack.environment()
            | {"RASID_ALERT_BACKFILL": "true", "RASID_PRODUCER_PATHS": ":".join(str(path) for path in given)},
        )
        with console.status("starting five services and a webhook receiver …"):
            pipeline.start_receiver()
            pipeline.start_all()
            pipeline.wait_healthy()
        console.print(
            f"[dim]up in {time.monotonic() - started:.1f} s: broker ({stack.kafka}), Valkey, five services, webhook receiver[/dim]"
        )
        view = RunProgress(console, len(expected))
        with Live(view.progress, console=console, refresh_per_second=8):
            asyncio.run(_follow(pipeline, settings, account, expected, view))
        status = _summary(console, account, expected, len(rejected), pipeline.verified())
        _next_steps(console, stack, pipeline, keep)
        if keep:
            console.print("running: Ctrl-C stops everything")
            signal.pause()
        return status
    finally:
        if pipeline is not None:
            pipeline.stop()
        stack.stop()


def _summary(
    console: Console, account: Account, expected: set[str], rejected: int, verified: dict[str, set[str]]
) -> int:
    console.print()
    console.print(found_panel(account))
    console.print(stories_table(account))
    console.print(alerts_table(account))
    if account.dead:
        console.print(dead_table(account))
    console.print(account_line(account, expected, rejected, len(verified)))
    missing, undelivered = sorted(account.missing(expected)), sorted(account.undelivered())
    for record in missing[:20]:
        console.print(Text(f"missing: record {record}, last seen on {account.stuck_at(record)}", style="red"))
    for alert, webhook in undelivered[:20]:
        console.print(Text(safe(f"not delivered: alert {alert} to {webhook}"), style="red"))
    unverified = sorted(
        {alert for (alert, _), outcome in account.outcomes.items() if outcome == "delivered"} - set(verified)
    )
    for alert in unverified[:20]:
        console.print(Text(f"not verified by the receiver: alert {alert}", style="red"))
    return 1 if missing or undelivered or unverified else 0


def _check_rules(console: Console) -> None:
    """The services would say it too, ten seconds later."""
    try:
        path = Path(os.environ.get("RASID_RULES") or ROOT / "seeds" / "rules.yaml")
        read_rules(path)
    except RuleFileError as error:
        console.print(Text(f"mend the rules first (RASID_RULES):\n{safe_lines(str(error))}", style="red"))
        raise typer.Exit(2) from None


def up(
    inbox: Annotated[Path, typer.Option(help="A folder whose new files are published.")] = Path("inbox"),
    http: Annotated[int, typer.Option(help="Port of POST /articles (0: a free one).")] = 8080,
) -> None:
    """Start broker, Redis and the five services, and keep them running until Ctrl-C.

    Uses the usual ports (9092, 6379) where they are free, so that `rasid tail` and `rasid publish` find it.
    """
    console = Console()
    _check_rules(console)
    if http and free_port(http) != http:
        console.print(Text(f"port {http} is taken: give another one by --http PORT", style="red"))
        raise typer.Exit(2)
    http = http or free_port()
    inbox.mkdir(parents=True, exist_ok=True)
    stack, pipeline = Stack(usual_ports=True), None
    try:
        with tempfile.TemporaryDirectory(prefix="rasid-up-") as name, console.status("starting …") as status:
            stack.start()
            asyncio.run(create_topics(stack.settings()))
            pipeline = Pipeline(
                Path(name),
                stack.environment()
                | {"RASID_PRODUCER_WATCH": str(inbox.absolute()), "RASID_PRODUCER_HTTP_PORT": str(http)},
            )
            own_receiver = "RASID_WEBHOOK_DESK_URL" not in pipeline.env
            url = pipeline.start_receiver() if own_receiver else pipeline.env["RASID_WEBHOOK_DESK_URL"]
            pipeline.start_all()
            pipeline.wait_healthy()
            status.stop()
            _addresses(console, stack, pipeline, inbox, http, url)
            while not pipeline.ended():
                time.sleep(0.5)
            child = pipeline.ended()[0]
            raise StackError(f"{child.name} ended with status {child.poll()}; its log ends:\n{child.tail()}")
    except StackError as error:
        console.print(Text(f"rasid up: {error}", style="red"))
        raise typer.Exit(3) from None
    except KeyboardInterrupt:
        console.print("\nstopping …")
    finally:
        if pipeline is not None:
            pipeline.stop()
        stack.stop()


def _addresses(console: Console, stack: Stack, pipeline: Pipeline, inbox: Path, http: int, url: str) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold")
    table.add_column()
    rows = [
        ("Kafka", stack.kafka),
        ("Redis", stack.redis),
        (
            "publish",
            f"rasid publish FILE…     cp FILE {inbox}/     curl --data-binary @article.json http://127.0.0.1:{http}/articles",
        ),
        ("watch", "rasid tail alerts     rasid tail articles.deduplicated     rasid stories watch"),
        ("webhooks go to", url),
        ("logs", str(pipeline.folder)),
    ]
    rows += [
        (label.removesuffix("-0"), f"{address}/healthz  {address}/metrics")
        for label, address in pipeline.health.items()
    ]
    if stack.kafka != "127.0.0.1:9092" or not stack.redis.startswith("redis://127.0.0.1:6379"):
        rows.append(("first", f"export RASID_KAFKA={stack.kafka} RASID_REDIS={stack.redis}"))
    for name, value in rows:
        table.add_row(name, Text(value, overflow="fold"))
    console.print(Panel(table, title="Rasid is up; Ctrl-C stops everything", title_align="left", border_style="green"))
