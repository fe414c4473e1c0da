"""`rasid tail`: what goes over a topic, for people or for other programs."""

from __future__ import annotations

import base64
import sys
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console

from services.cli.column_lines import ColumnLines
from services.cli.columns import cells, columns_of
from services.cli.connections import consumer
from services.cli.errors import PipedConsole, run, settings_with
from services.cli.safe_text import safe_json
from services.cli.topic_reader import records
from services.runtime.settings import Settings
from services.runtime.topics import TOPICS


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


class Lines(ColumnLines):
    """The records of a topic, one after the other."""

    def __init__(self, topic: str, console: Console) -> None:
        super().__init__([(column.name, column.width, column.whole) for column in columns_of(topic)], console)
        self._topic = topic

    def print(self, record: Any) -> None:
        """One more record."""
        self.row(cells(self._topic, record) if self.console.is_terminal else cells(self._topic, record, None))


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
