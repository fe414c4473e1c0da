"""`rasid batch`: the services' pure functions over an archive, without Kafka."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from redis.exceptions import RedisError
from rich.console import Console

from services.cli.batch_output import Output, OutputError, rejected_path
from services.cli.batch_pool import PoolError
from services.cli.batch_tasks import Changed
from services.cli.errors import (
    FINE,
    INTERRUPTED,
    LOST_OR_REJECTED,
    OUT_OF_REACH,
    WRONG_USAGE,
    fail,
    settings_with,
)
from services.extraction.engine import EngineUnavailable, check_engine
from services.producer.admission import parse_time
from services.producer.readers import STDIN
from services.runtime.embedded import StackError

if TYPE_CHECKING:
    from services.cli.batch_run import Tally


def batch(
    given: Annotated[
        str,
        typer.Argument(
            metavar="IN", help="A file or folder of articles, as for publish; - for JSON lines from a pipe."
        ),
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The records: .jsonl or .jsonl.gz.")],
    source: Annotated[
        str | None,
        typer.Option(help="Outlet of articles that name none. Default: RASID_PRODUCER_SOURCE.", show_default=False),
    ] = None,
    published_at: Annotated[
        str | None, typer.Option(help="Time of articles that state none, ISO 8601.", show_default=False)
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, max=512, help="Processes. Default: one a core.", show_default=False),
    ] = None,
    dedup: Annotated[
        bool, typer.Option("--dedup/--no-dedup", help="Find copies and stories over the whole archive.")
    ] = True,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Begin anew where OUT is there already.")] = False,
) -> None:
    """Run an archive through normalization, extraction and deduplication, on all cores, without Kafka.

    OUT has one record an article, in the order of the input, with the fields of the topic articles.deduplicated. What
    was rejected stands with its reason in OUT.rejected.jsonl. A run that was cut off goes on where it stood when it is
    started again: what OUT holds is compared with the input and remembered for deduplication. Deduplication holds about
    2 kB an article in memory, everything else is bounded.

    A record tells its story as it was then. Where an article shows two stories to be one, `merged_stories` of its record
    names those that went into its `story_id`.

    Examples:

        rasid batch archive-2024.jsonl.gz found.jsonl.gz
        rasid batch texts/ found.jsonl --source wakala --published-at 2024-05-01 --no-dedup

    Exit status 0: every article has its record. 1: some were rejected or failed. 2: wrong usage, or OUT is of something
    else. 3: Valkey did not start. 130: interrupted; start it again to go on.
    """
    # Imported here: the pipeline's own modules take a second, which every other command would wait for.
    from services.cli.batch_run import Plan, Tally, run_batch

    settings = settings_with()
    _check_usage(given, out, published_at)
    try:
        check_engine(settings.engine)
    except EngineUnavailable as error:
        fail(str(error), WRONG_USAGE)
    plan = Plan(given, source or settings.producer_source, published_at, jobs or os.cpu_count() or 1, dedup)
    tally, errors, begun = Tally(), Console(stderr=True), time.monotonic()
    status = FINE
    try:
        output = Output(out, overwrite=overwrite)
    except OutputError as error:
        fail(f"{error}: give another OUT, or --overwrite", WRONG_USAGE)
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror or error}", WRONG_USAGE)
    try:
        run_batch(plan, output, settings, tally, errors)
    except KeyboardInterrupt:
        status = INTERRUPTED
    except (Changed, OutputError) as error:
        fail(f"{out} cannot be continued: {error}; give another OUT or --overwrite", WRONG_USAGE)
    except (StackError, RedisError) as error:
        fail(f"deduplication's Valkey does not run: {error}; --no-dedup does without", OUT_OF_REACH)
    except PoolError as error:
        fail(str(error), LOST_OR_REJECTED)
    except OSError as error:
        fail(f"{error.filename or out}: {error.strerror or error}", LOST_OR_REJECTED)
    finally:
        with contextlib.suppress(OSError):
            output.close()
    _summary(tally, out, errors, time.monotonic() - begun, interrupted=status == INTERRUPTED)
    if status == FINE and (tally.rejections.count or tally.refused_before):
        status = LOST_OR_REJECTED
    raise typer.Exit(status)


def _check_usage(given: str, out: Path, published_at: str | None) -> None:
    if not out.name.endswith((".jsonl", ".jsonl.gz")):
        fail("OUT must end in .jsonl or .jsonl.gz", WRONG_USAGE)
    if not out.absolute().parent.is_dir():
        fail(f"the folder of OUT, {out.absolute().parent}, is not there: make it first", WRONG_USAGE)
    if published_at is not None and parse_time(published_at) is None:
        fail("--published-at is no time: give ISO 8601 such as 2024-05-01T12:00:00+03:00", WRONG_USAGE)
    if given == STDIN:
        return
    path = Path(given)
    if not path.exists():
        fail(f"{given} is not there: give a file or folder of articles, or - for a pipe", WRONG_USAGE)
    if path.resolve() in (out.resolve(), rejected_path(out).resolve(), *out.resolve().parents):
        fail("OUT must stand outside of IN, else it would be read as an article", WRONG_USAGE)


def _summary(tally: Tally, out: Path, errors: Console, seconds: float, *, interrupted: bool) -> None:
    tally.rejections.print(errors)
    rejected = tally.rejections.count + tally.refused_before
    before = f" ({tally.written_before} of them by an earlier run)" if tally.written_before else ""
    print(f"{tally.written + tally.written_before} records in {out}{before}, {rejected} rejected, {seconds:.1f} s")
    if tally.relations:
        print(", ".join(f"{count} {relation}" for relation, count in tally.relations.most_common()))
    if rejected:
        print(f"the rejected, with reasons: {rejected_path(out)}")
    if interrupted:
        print("interrupted: the same command goes on from here", file=sys.stderr)
