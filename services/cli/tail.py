"""`rasid tail`: what goes over a topic, for people or for other programs."""

from __future__ import annotations

import base64
import sys
from typing import Annotated, Any

import orjson
import typer
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from services.cli.columns import cells, columns_of
from services.cli.connections import consumer
from services.cli.errors import PipedConsole, run, settings_with
from services.cli.safe_text import ELLIPSIS, safe_json
from services.cli.topic_reader import records
from services.runtime.settings import Settings
from services.runtime.topics import TOPICS

GAP = "  "  # between columns
INDENT = "    "  # of the lines that go on with a record
LEAST_REST = 20  # characters for the column that takes what is left of a line


def json_line(record: Any) -> str:
    """The record's value as a line of JSON; where it is none, an object that says so and carries the bytes."""
    try:
        value = orjson.loads(record.value or b"")
        raw = record.value.decode()
        if "\n" in raw or "\r" in raw:
            raw = orjson.dumps(value).decode()
    except (orjson.JSONDecodeError, UnicodeDecodeError):
        raw = orjson.dumps(
            {
                "not_json": True,
                "topic": record.topic,
                "partition": record.partition,
                "offset": record.offset,
                "base64": base64.b64encode(record.value or b"").decode(),
            }
        ).decode()
    return safe_json(raw)


class Lines:
    """A table that grows downwards for ever: columns of fixed width, headings once.

    On a terminal too narrow for all columns a record takes several lines. Elsewhere it is one line with nothing cut.
    """

    def __init__(self, topic: str, console: Console) -> None:
        self._topic, self._console = topic, console
        self._columns = columns_of(topic)
        self._begun = False

    def print(self, record: Any) -> None:
        """One more record."""
        if not self._begun:
            self._row([column.name for column in self._columns], "bold")
            self._begun = True
        self._row(cells(self._topic, record) if self._console.is_terminal else cells(self._topic, record, None))

    def _row(self, texts: list[str], style: str = "") -> None:
        for line in self._broken(texts) if self._console.is_terminal else [self._unbroken(texts)]:
            self._console.print(Text(line.rstrip(), style=style), soft_wrap=True)

    def _unbroken(self, texts: list[str]) -> str:
        return GAP.join(
            text + " " * (column.width - cell_len(text)) for column, text in zip(self._columns, texts, strict=True)
        )

    def _broken(self, texts: list[str]) -> list[str]:
        """The row as lines of the terminal's width."""
        lines = [""]
        for column, text in zip(self._columns, texts, strict=True):
            width = max(column.width, cell_len(text)) if column.whole else column.width
            used = cell_len(lines[-1])
            if used and used + (width or LEAST_REST) > self._console.width:
                lines.append(INDENT)
                used = len(INDENT)
            width = width or max(LEAST_REST, self._console.width - used)
            lines[-1] += _fitted(text, width) + GAP
        return lines


def _fitted(text: str, width: int) -> str:
    """The text at a width in terminal cells, with an ellipsis where it is cut."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + ELLIPSIS, width)


async def _tail(
    settings: Settings, topic: str, as_json: bool, from_beginning: bool, limit: int | None, follow: bool
) -> None:
    lines = Lines(topic, PipedConsole(highlight=False))
    async with consumer(settings) as client:
        async for record in records(
            client, topic, from_beginning=from_beginning or not follow, follow=follow, limit=limit
        ):
            if as_json:
                print(json_line(record), flush=follow)
            else:
                lines.print(record)


def tail(
    topic: Annotated[str, typer.Argument(help=f"One of {', '.join(plan.name for plan in TOPICS)}; or any other.")],
    as_json: Annotated[bool, typer.Option("--json", help="The records themselves, a line each.")] = False,
    from_beginning: Annotated[
        bool, typer.Option("--from-beginning", "-b", help="All that the topic still holds.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=1, help="End after so many records.", show_default=False)
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow/--no-follow", help="Wait for more; or show all that is there, and end.")
    ] = True,
    kafka: Annotated[
        str | None, typer.Option(help="Bootstrap servers. Default: RASID_KAFKA.", show_default=False)
    ] = None,
) -> None:
    """Show the records of a topic as they come.

    Reads along without a consumer group: nothing is taken away from anybody. Characters that would act on the terminal
    are shown as harmless ones; in JSON they are escaped, so that the value is the same.

    Examples:

        rasid tail articles.deduplicated
        rasid tail alerts --json | jq .title
        rasid tail articles.raw --no-follow --json > raw.jsonl

    Exit status 0: ended by --limit, --no-follow or the reader of the pipe. 2: no such topic. 3: Kafka out of reach.
    """
    settings = settings_with(kafka=kafka)
    try:
        run(_tail(settings, topic, as_json, from_beginning, limit, follow), settings)
    except KeyboardInterrupt:
        sys.stdout.flush()
        raise typer.Exit(130) from None
