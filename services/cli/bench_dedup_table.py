"""The figures of `rasid bench dedup` as tables: each with what is wanted beside it, and other libraries below."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from rich.table import Table

from services.cli.bench_dedup_others import LARGEST_DISTANCE, USUAL_DISTANCE
from services.cli.bench_dedup_quality import Quality
from services.cli.bench_dedup_runs import BATCH, SMALL

if TYPE_CHECKING:
    from services.cli.bench_dedup import Figures

LEAST_DUPLICATES = 0.95
LEAST_STORIES = 0.88
MOST_RELATED = 0.08
LEAST_RATE = 1000
LEAST_RATIO = 20
MOST_BYTES = 3000
MOST_GROWTH = 2.0
MOST_TRIP = 0.020
WANTED_STORED = 1_000_000


class Row(NamedTuple):
    """A figure, what was measured, what is wanted, and whether it is reached: None where that cannot be said."""

    figure: str
    measured: str
    wanted: str
    reached: bool | None


def rows(figures: Figures) -> Iterator[Row]:
    """The figures that something is wanted of."""
    yield from _quality_rows(figures.quality)
    rate, alone = figures.speeds["rasid"].rate, figures.speeds["rasid alone"].rate
    workers = f"{figures.workers} workers" if figures.workers > 1 else "1 worker"
    yield Row(f"stage with Redis, without Kafka, {workers}", f"{rate:.0f}/s", f"≥ {LEAST_RATE:,}/s", rate >= LEAST_RATE)
    yield Row("the same, 1 worker", f"{alone:.0f}/s", "", None)
    yield _ratio_row(f"beside datasketch with Redis, {workers} too", figures.ratio)
    yield _ratio_row("beside datasketch with Redis, 1 process", figures.ratio_alone)
    yield Row(
        f"Redis memory an article, all in, of {figures.memory_articles:,}",
        f"{figures.memory / 1000:.2f} kB",
        f"≤ {MOST_BYTES / 1000:.0f} kB",
        figures.memory <= MOST_BYTES,
    )
    growth, whole = figures.batch_large / figures.batch_small, figures.stored >= WANTED_STORED
    yield Row(
        f"batch of {BATCH} at {min(SMALL, figures.stored):,} and at {figures.stored:,} stored, median of {figures.batches}",
        f"{figures.batch_small * 1000:.1f} and {figures.batch_large * 1000:.1f} ms: {growth:.2f} ×",
        f"≤ {MOST_GROWTH:.0f} ×" + ("" if whole else f" at {WANTED_STORED:,}"),
        growth <= MOST_GROWTH if whole or growth > MOST_GROWTH else None,
    )
    yield Row(
        f"round trip of one article at {figures.offered:.0f}/s ({figures.trips}), p50 and p99",
        f"{figures.trip_p50 * 1000:.1f} and {figures.trip_p99 * 1000:.1f} ms",
        f"p99 ≤ {MOST_TRIP * 1000:.0f} ms",
        figures.trip_p99 <= MOST_TRIP,
    )


def _ratio_row(figure: str, ratio: float | None) -> Row:
    if ratio is None:
        return Row(figure, "not installed", f"≥ {LEAST_RATIO} ×", None)
    return Row(figure, f"{ratio:.1f} ×", f"≥ {LEAST_RATIO} ×", ratio >= LEAST_RATIO)


def _quality_rows(quality: Quality | None) -> Iterator[Row]:
    if quality is None:
        yield Row("quality on labelled pairs", "give --pairs and --records", "", None)
        return
    ours = next(iter(quality.agreements.values()))
    of = ours.duplicates
    yield Row(
        f"duplicates, P / R / F1 ({of.pairs} pairs)",
        f"{of.precision:.3f} / {of.recall:.3f} / {of.f1:.3f}",
        "≥ .95 each",
        min(of.precision, of.recall, of.f1) >= LEAST_DUPLICATES,
    )
    yield Row(
        f"pairs of c12 and c12x said duplicate, of {quality.unlike_pairs}",
        f"{ours.unlike_said_duplicate}",
        "0",
        ours.unlike_said_duplicate == 0,
    )
    yield Row(
        f"stories, F1 ({ours.stories.pairs} pairs)",
        f"{ours.stories.f1:.3f}",
        f"≥ {LEAST_STORIES}",
        ours.stories.f1 >= LEAST_STORIES,
    )
    yield Row(
        "related said same story",
        f"{ours.related_in_one_story:.3f}",
        f"≤ {MOST_RELATED}",
        ours.related_in_one_story <= MOST_RELATED,
    )


def shown(figures: Figures) -> Iterator[Table]:
    """All tables."""
    table = Table(
        title=f"rasid bench dedup: {figures.count:,} articles {figures.articles}, {figures.workers} workers, medians of {figures.rounds}",
        title_justify="left",
    )
    table.add_column("figure")
    table.add_column("measured", justify="right")
    table.add_column("wanted", justify="right")
    table.add_column("")
    for row in rows(figures):
        sign = {True: "[green]reached[/green]", False: "[red]missed[/red]", None: ""}[row.reached]
        table.add_row(row.figure, row.measured, row.wanted, sign)
    kinds = ", ".join(f"{kind} {size:.0f}" for kind, size in figures.memory_by_kind.items())
    table.caption = (
        f"bytes an article: {kinds}; of the {figures.stored:,} (without stories) {figures.stored_memory:.0f}. "
        f"One day of those was judged, at {figures.fill_rate:.0f}/s, and moved on to 14. "
        f"Load of the machine {figures.load_before:.1f} before, {figures.load_after:.1f} after."
    )
    yield table
    yield _speed_table(figures)
    if figures.quality is not None:
        yield _quality_table(figures.quality)


def _speed_table(figures: Figures) -> Table:
    table = Table(title="speed of the same articles", title_justify="left")
    table.add_column("")
    for column in ("articles/s", "CPU ms an article", "of Valkey"):
        table.add_column(column, justify="right")
    names = {
        "rasid": f"Rasid, Redis, {figures.workers} processes",
        "rasid alone": "Rasid, Redis, 1 process",
        "datasketch": f"datasketch MinHashLSH 0.5, Redis, {figures.workers} processes",
        "datasketch alone": "datasketch MinHashLSH 0.5, Redis, 1 process",
        "rensa": "rensa R-MinHash 0.5, memory, 1 process",
        "simhash": f"SimHash, {USUAL_DISTANCE} bits, memory, 1 process",
    }
    for name, words in names.items():
        speed = figures.speeds.get(name)
        told = [f"{speed.rate:.0f}", f"{speed.cpu:.2f}", f"{speed.valkey_cpu:.2f}"] if speed else ["not installed"]
        table.add_row(words, *told)
    return table


def _quality_table(quality: Quality) -> Table:
    table = Table(title=f"quality on labelled pairs ({quality.records:,} records judged)", title_justify="left")
    for column in ("", "dup. P", "dup. R", "dup. F1", "c12, c12x", "stories F1", "related"):
        table.add_column(column, justify="right" if column else "left")
    for name, of in quality.agreements.items():
        copies = of.duplicates
        table.add_row(
            name,
            f"{copies.precision:.3f}",
            f"{copies.recall:.3f}",
            f"{copies.f1:.3f}",
            f"{of.unlike_said_duplicate}",
            f"{of.stories.f1:.3f}",
            f"{of.related_in_one_story:.3f}",
        )
    table.caption = (
        "The others: said of the two texts alone, by word 3-grams and 128 permutations (SimHash: by the words; 3 bits and "
        f"the best of {USUAL_DISTANCE} to {LARGEST_DISTANCE}); one story means duplicate. rensa: its index names the pair and "
        "its estimate reaches the threshold."
    )
    return table
