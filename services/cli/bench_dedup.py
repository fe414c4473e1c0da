"""`rasid bench dedup`: what deduplication finds, how fast and at what cost, beside what is wanted and other libraries."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from redis.exceptions import RedisError
from rich.console import Console

from services.cli import bench_dedup_articles as given
from services.cli import bench_dedup_others as others
from services.cli import bench_dedup_runs as runs
from services.cli.bench_dedup_quality import ENOUGH, Quality, quality
from services.cli.bench_dedup_table import shown
from services.cli.bench_dedup_work import WorkerEnded, Workers
from services.cli.errors import LOST_OR_REJECTED, WRONG_USAGE, complain, fail
from services.cli.labelled_pairs import Pair, PairsError, read_pairs
from services.cli.train_options import need_folder_of
from services.extraction.engine import EngineUnavailable
from services.runtime.embedded import StackError, own_valkey
from services.runtime.pipeline import ROOT
from services.runtime.settings import Settings

SEEDS = ROOT / "seeds" / "articles"


@dataclass
class Figures:
    """What was measured. Rates in articles a second, times in seconds, memory in bytes an article."""

    articles: str
    count: int
    workers: int
    rounds: int
    stored: int
    load_before: float = 0.0
    load_after: float = 0.0
    quality: Quality | None = None
    speeds: dict[str, runs.Speed] = field(default_factory=dict)
    ratio: float | None = None
    ratio_alone: float | None = None
    memory: float = 0.0
    memory_articles: int = 0
    memory_by_kind: dict[str, float] = field(default_factory=dict)
    fill_rate: float = 0.0
    stored_memory: float = 0.0
    batch_small: float = 0.0
    batch_large: float = 0.0
    batches: int = 0
    offered: float = 0.0
    trips: int = 0
    trip_p50: float = 0.0
    trip_p99: float = 0.0


def dedup(
    articles: Annotated[
        Path | None,
        typer.Option(
            help="Articles to judge: what rasid batch wrote, or raw ones, which are extracted first. Default: the records, else made from the words of our seeds.",
            show_default=False,
        ),
    ] = None,
    pairs: Annotated[
        Path | None,
        typer.Option(help="Labelled pairs, JSON lines: a, b, label, stratum. Needs --records.", show_default=False),
    ] = None,
    records: Annotated[
        Path | None,
        typer.Option(
            help="What rasid batch wrote of the articles of the pairs, in the order of time; judged anew.",
            show_default=False,
        ),
    ] = None,
    count: Annotated[
        int, typer.Option(min=20, help="How many fresh articles a run has; twice as many are used.")
    ] = 2000,
    stored: Annotated[
        int, typer.Option(min=14, help="Articles of the large index, made up: 1000000 for the figure that is wanted.")
    ] = 100_000,
    rate: Annotated[float, typer.Option(min=1, help="Articles a second that are offered for the round trip.")] = 200.0,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes side by side. Default: the cores.", show_default=False)
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Of the speeds, whose medians are shown.")] = 3,
    out: Annotated[Path | None, typer.Option("--json", help="Write the figures as JSON.", show_default=False)] = None,
) -> None:
    """Measure deduplication on a Valkey of its own: quality on labelled pairs, speed, memory, round trips.

    Beside it stand datasketch (with its Redis storage, on the same Valkey), rensa and SimHash, in the same run. About
    two minutes; with a million stored about ten.

    Examples:

        rasid bench dedup
        rasid bench dedup --pairs pairs.jsonl --records out.jsonl --stored 1000000

    Exit status 0: measured. 1: a file cannot be used, or Valkey did not start. 2: wrong usage.
    """
    if pairs is not None and records is None:
        fail("--pairs needs --records: what rasid batch wrote of their articles", WRONG_USAGE)
    if out is not None:
        need_folder_of(out)
    side_by_side = workers or given.cores()
    console = Console()
    for library in ("datasketch", "rensa"):
        if not others.installed(library):
            complain(f"{library} is not installed, and stays out: pip install '.[dev]' in Rasid's folder brings it")
    try:
        labelled = read_pairs(pairs) if pairs is not None else None
        with console.status("the articles …") as status, own_valkey("bench") as url:
            lines, what = _lines(articles or records, 2 * count, side_by_side)
            figures = Figures(what, min(count, len(lines)), side_by_side, rounds, stored, _load())
            say = status.update if console.is_terminal else complain
            with Workers(side_by_side) as at_work:
                _measure(figures, at_work, url, lines, records, labelled, rate, say)
    except (PairsError, given.ArticlesError, OSError) as error:
        fail(str(error), LOST_OR_REJECTED)
    except (StackError, BrokenProcessPool, RedisError, WorkerEnded) as error:
        fail(f"the measurement did not come to its end: {error}", LOST_OR_REJECTED)
    except EngineUnavailable as error:
        fail(str(error), WRONG_USAGE)
    figures.load_after = _load()
    for table in shown(figures):
        console.print(table)
    if out is not None:
        out.write_text(json.dumps(asdict(figures), indent=2) + "\n", "utf-8")


def _lines(path: Path | None, count: int, cores: int) -> tuple[list[bytes], str]:
    if path is None:
        made = list(given.made_articles(SEEDS, count))
        return given.extracted(made, "lexicon", cores), "made of our seeds' words"
    return given.extracted_lines(path, count, Settings().engine, cores), path.name


def _measure(
    figures: Figures,
    workers: Workers,
    url: str,
    lines: Sequence[bytes],
    records: Path | None,
    pairs: Sequence[Pair] | None,
    rate: float,
    say: Callable[[Any], None],
) -> None:
    fresh = lines[: figures.count]
    others_of_kind = lines[figures.count :] or fresh
    if records is not None and pairs is not None:
        figures.quality = quality(url, records, pairs, say)
    figures.speeds = runs.speeds(workers, url, fresh, others_of_kind, figures.rounds, say)
    if "datasketch" in figures.speeds:
        ours = figures.speeds["rasid"].rate
        figures.ratio = ours / figures.speeds["datasketch"].rate
        figures.ratio_alone = ours / figures.speeds["datasketch alone"].rate
    if figures.quality is not None and figures.quality.records >= ENOUGH:
        figures.memory, figures.memory_articles = figures.quality.memory, figures.quality.records
        figures.memory_by_kind = figures.quality.memory_by_kind
    else:
        say("memory …")
        figures.memory, figures.memory_by_kind = runs.memory_of(workers, url, fresh)
        figures.memory_articles = len(fresh)
    figures.fill_rate, figures.stored_memory = runs.fill(workers, url, fresh, figures.stored, say)
    say("batches …")
    figures.batch_small, figures.batch_large, figures.batches = runs.batch_seconds(url, fresh)
    say("round trips …")
    trips = runs.round_trips(url, others_of_kind, rate)
    figures.offered, figures.trips = rate, len(trips)
    figures.trip_p50, figures.trip_p99 = runs.quantile(trips, 0.5), runs.quantile(trips, 0.99)


def _load() -> float:
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
