"""`rasid similar`: why two articles are or are not alike."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer

from schemas.articles_extracted import ExtractedArticle
from services.cli.errors import (
    INTERRUPTED,
    LOST_OR_REJECTED,
    WRONG_USAGE,
    PipedConsole,
    complain,
    fail,
    quiet_pipe,
    settings_with,
)
from services.cli.safe_text import safe_json
from services.producer.admission import Admission
from services.producer.candidate import Rejected
from services.producer.readers import STDIN
from services.runtime.settings import Settings

GIVEN = "A file (.txt .json .jsonl .jsonl.gz .html) or - for a pipe; with --in an id or record_id."


def similar(
    one: Annotated[str, typer.Argument(metavar="A", help=GIVEN)],
    other: Annotated[str, typer.Argument(metavar="B", help="As A. The same id twice: its first two versions.")],
    within: Annotated[
        Path | None,
        typer.Option("--in", metavar="FILE", help="JSON lines that A and B are ids in, as rasid batch writes them.", show_default=False),
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(help="Of articles that come without extraction: hybrid, lexicon or camel. Default: RASID_ENGINE.", show_default=False),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(help="Outlet of an article that names none. Default: RASID_PRODUCER_SOURCE.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="All of it as one line of JSON.")] = False,
) -> None:  # fmt: skip
    """Tell why two articles are or are not alike: copies, one story, or neither.

    The earlier by time of publication is the first. The verdict is the one that a stream would give if it had seen
    nothing but these two. Then what decided it: each figure with what it is worth for a copy and for one story; the
    passages that they share side by side, words that differ marked; what only one has; names, numbers and places.
    Neither Kafka nor Redis is needed.

    Examples:

        rasid similar first.json second.json
        rasid similar W-4711 W-4720 --in found.jsonl
        rasid similar first.txt - --json < second.json | jq .figures

    Exit status 0: shown, whatever the verdict. 1: one of them is no article (and why), or there is none with that id.
    2: wrong usage. 130: interrupted.
    """
    _check_usage(one, other, within)
    settings = settings_with(engine=engine)
    try:
        earlier, later = _articles(one, other, within, source or settings.producer_source, settings)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    with quiet_pipe():
        _show(earlier, later, as_json)


def _check_usage(one: str, other: str, within: Path | None) -> None:
    if one == other == STDIN:
        fail("only one article can come through the pipe: give the other as a file", WRONG_USAGE)
    if within is not None:
        if not within.is_file():
            fail(f"{within} is not there: give a file of JSON lines", WRONG_USAGE)
        return
    if one == other:
        fail("A and B are the same file: name two", WRONG_USAGE)
    for given in (one, other):
        if given != STDIN and not Path(given).exists():
            fail(f"{given} is not there: give a file, or an id together with --in FILE", WRONG_USAGE)


def _articles(
    one: str, other: str, within: Path | None, source: str, settings: Settings
) -> tuple[ExtractedArticle, ExtractedArticle]:
    """The two articles, the earlier first; ends the command where there is none."""
    # Imported here: the pipeline's own modules take a second, which every other command would wait for.
    from services.cli.explain_reading import NoArticle, StageFailed
    from services.cli.similar_reading import Reader
    from services.extraction.engine import EngineUnavailable

    admission = Admission(settings.max_text_bytes, settings.min_arabic_share)
    try:
        return Reader(admission, settings.engine, source, sys.stdin.buffer, complain).two(one, other, within)
    except Rejected as error:
        fail(f"no article: {error}", LOST_OR_REJECTED)
    except EngineUnavailable as error:
        fail(str(error), WRONG_USAGE)
    except (NoArticle, StageFailed) as error:
        fail(str(error), LOST_OR_REJECTED)
    except (OSError, EOFError) as error:
        named = getattr(error, "filename", None) or within or f"{one} or {other}"
        fail(f"{named} cannot be read: {getattr(error, 'strerror', None) or error}", LOST_OR_REJECTED)


def _show(earlier: ExtractedArticle, later: ExtractedArticle, as_json: bool) -> None:
    from services.cli.similar_findings import as_json as found_as_json
    from services.cli.similar_findings import similarity
    from services.cli.similar_terminal import print_similarity

    found = similarity(earlier, later)
    if as_json:
        print(safe_json(orjson.dumps(found_as_json(found)).decode()))
    else:
        print_similarity(found, PipedConsole(highlight=False))
