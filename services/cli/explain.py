"""`rasid explain`: one article with everything that is found in it, for a person to judge."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated

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
from services.producer.admission import Admission, parse_time
from services.producer.candidate import Rejected
from services.producer.readers import STDIN
from services.runtime.settings import Settings
from services.runtime.wire import encode

PAGE_KINDS = (".html", ".htm")


def explain(
    given: Annotated[
        str,
        typer.Argument(
            metavar="ARTICLE",
            help="A file (.txt .json .jsonl .jsonl.gz .html) or folder; - for a pipe: text, JSON, JSON lines or HTML.",
        ),
    ],
    id: Annotated[
        str | None,
        typer.Option("--id", help="Of several articles the one with this id or record_id.", show_default=False),
    ] = None,
    number: Annotated[
        int | None,
        typer.Option(
            "--number", "-n", min=1, help="Of several articles the Nth. Default: the first.", show_default=False
        ),
    ] = None,
    html: Annotated[
        str | None,
        typer.Option("--html", metavar="FILE", help="Write a web page instead (- to stdout).", show_default=False),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The record instead, as on articles.extracted: a line of JSON.")
    ] = False,
    source: Annotated[
        str | None,
        typer.Option(help="Outlet of an article that names none. Default: RASID_PRODUCER_SOURCE.", show_default=False),
    ] = None,
    published_at: Annotated[
        str | None,
        typer.Option(
            help="Time of an article that states none, ISO 8601: «yesterday» is counted from it.", show_default=False
        ),
    ] = None,
) -> None:
    """Show one article with everything that Rasid finds in it.

    In the terminal: the text, names coloured by kind and the words that tell events and claims underlined; then the
    names, places with coordinates, events, claims, dates and quantities, each with its confidence where it has one.
    Nothing is published, and neither Kafka nor Redis is needed.

    --html writes the same as one page for a browser, to keep, send or print: events and claims stand beside their
    paragraph, places on a small map. The page loads nothing from anywhere and runs no script.

    Examples:

        rasid explain news.txt --published-at 2024-05-01
        rasid explain archive.jsonl.gz --number 17 --html page.html
        rasid explain news.jsonl --id W-4711 --json | jq .events
        curl -s https://example.org/article | rasid explain - --html page.html

    Exit status 0: shown. 1: it is no article (and why), or there is none with that number or id. 2: wrong usage.
    130: interrupted.
    """
    _check_usage(given, id, number, html, as_json, published_at)
    settings = settings_with()
    try:
        article = _article(given, id, number, source or settings.producer_source, published_at, settings)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    with quiet_pipe():
        _show(article, html, as_json)


def _check_usage(
    given: str, id: str | None, number: int | None, html: str | None, as_json: bool, published_at: str | None
) -> None:
    if id is not None and number is not None:
        fail("--id and --number both choose the article: give one of them", WRONG_USAGE)
    if published_at is not None and parse_time(published_at) is None:
        fail("--published-at is no time: give ISO 8601 such as 2024-05-01T12:00:00+03:00", WRONG_USAGE)
    if given != STDIN and not Path(given).exists():
        fail(f"{given} is not there: give a file or folder of articles, or - for a pipe", WRONG_USAGE)
    if html == STDIN and as_json:
        fail("--html - and --json both go to stdout: give the page a file", WRONG_USAGE)
    if html is None or html == STDIN:
        return
    page = Path(html)
    if not html.lower().endswith(PAGE_KINDS):
        fail("the page must end in .html, so that nothing else is overwritten", WRONG_USAGE)
    if page.is_dir() or not page.absolute().parent.is_dir():
        fail(f"{html} cannot be written: give a file in a folder that is there", WRONG_USAGE)
    if given != STDIN and page.exists() and page.samefile(given):
        fail("the page would overwrite the article: give it another name", WRONG_USAGE)


def _article(
    given: str, id: str | None, number: int | None, source: str, published_at: str | None, settings: Settings
) -> ExtractedArticle:
    """The article that was asked for; ends the command where there is none."""
    # Imported here: the pipeline's own modules take a second, which every other command would wait for.
    from services.cli.explain_reading import Choice, NoArticle, StageFailed, chosen, explained, found_in
    from services.extraction.engine import EngineUnavailable, load_engine

    admission = Admission(settings.max_text_bytes, settings.min_arabic_share)
    try:
        found = found_in(given, sys.stdin.buffer, source, published_at)
        return explained(chosen(found, Choice(id, number), admission, complain), load_engine(settings.engine))
    except Rejected as error:
        fail(f"no article: {error}", LOST_OR_REJECTED)
    except EngineUnavailable as error:
        fail(str(error), WRONG_USAGE)
    except (NoArticle, StageFailed) as error:
        fail(f"{given}: {error}", LOST_OR_REJECTED)
    except OSError as error:
        fail(f"{given} cannot be read: {error.strerror or error}", LOST_OR_REJECTED)


def _show(article: ExtractedArticle, html: str | None, as_json: bool) -> None:
    from services.cli.explain_page import page
    from services.cli.explain_terminal import print_article

    if html == STDIN:
        sys.stdout.write(page(article))
    elif html is not None:
        _write(Path(html), page(article))
        if not as_json:
            print(f"the page is {html}")
    if as_json:
        print(safe_json(encode(article).decode()))
    elif html is None:
        print_article(article, PipedConsole(highlight=False))


def _write(path: Path, content: str) -> None:
    """The whole page or what was there before; never half of it."""
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.absolute().parent, delete=False) as file:
            unfinished = Path(file.name)
            try:
                file.write(content)
                file.flush()
                umask = os.umask(0)
                os.umask(umask)
                unfinished.chmod(0o666 & ~umask)
                unfinished.replace(path)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror or error}", WRONG_USAGE)
