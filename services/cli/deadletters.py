"""`rasid deadletters`: what could not be processed, why, and back onto its topic once that is mended."""

from __future__ import annotations

import contextlib
import hashlib
import re
import sys
from collections import Counter
from collections.abc import AsyncGenerator
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from services.cli.columns import deadletter_fields
from services.cli.connections import consumer, producer, redis
from services.cli.errors import FINE, LOST_OR_REJECTED, WRONG_USAGE, complain, fail, run, settings_with
from services.cli.help_text import taught
from services.cli.safe_text import safe_json, safe_lines, shown
from services.cli.topic_reader import records, require_topic
from services.runtime.settings import Settings
from services.runtime.topics import DEADLETTERS, TOPICS

deadletters_app = typer.Typer(no_args_is_help=True, help="List, show and send again what could not be processed.")

REMEMBERED_SECONDS = 60 * 24 * 3600  # twice as long as a dead letter is kept
PREVIEW_CHARACTERS = 2000

KafkaOption = Annotated[
    str | None, typer.Option("--kafka", help="Bootstrap servers. Default: RASID_KAFKA.", show_default=False)
]
StageOption = Annotated[
    str | None, typer.Option("--stage", help="Only of this service, as in extraction.", show_default=False)
]
ErrorOption = Annotated[str | None, typer.Option("--error", help="Only of this class of error.", show_default=False)]

NOT_WHOLE = {"rasid-original-sha256", "rasid-original-key-bytes", "rasid-headers-left-out", "rasid-original-null"}
"""Headers of a dead letter that is not all of the record: it cannot be sent back as it was."""


class DeadLetter:
    """A record of `deadletters`; `name` is its partition and offset, as commands take it."""

    def __init__(self, record: Any) -> None:
        self.place = (record.partition, record.offset)
        self.name = f"{record.partition}:{record.offset}"
        self.said = deadletter_fields(record)
        self.key: bytes | None = record.key
        self.value: bytes | None = record.value
        self.size = len(record.value or b"")
        self.headers = [(name, raw) for name, raw in record.headers or () if not name.startswith("rasid-")]
        self.cut = any(name in NOT_WHOLE for name, _ in record.headers or ())

    def fits(self, stage: str | None, error: str | None) -> bool:
        """Whether it is of the stage and class of error asked for."""
        return (stage is None or self.said["stage"] == stage) and (error is None or self.said["error-class"] == error)

    def without_value(self) -> DeadLetter:
        """Itself, its bytes forgotten: there may be many, and each may be large."""
        self.value = None
        return self

    def fingerprint(self) -> str:
        """Names the original record: where it stood and what it was. A dead letter that stands twice has one."""
        parts = [self.said["topic"], self.said["partition"], self.said["offset"]]
        value = hashlib.sha256(self.value or b"").hexdigest()
        return hashlib.sha256("\n".join([*parts, value]).encode()).hexdigest()


async def _letters(settings: Settings) -> AsyncGenerator[DeadLetter, None]:
    async with consumer(settings) as client:
        async for record in records(client, DEADLETTERS, from_beginning=True, follow=False):
            yield DeadLetter(record)


def list_(
    stage: StageOption = None,
    error: ErrorOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One object a line, without the record itself.")] = False,
    kafka: KafkaOption = None,
) -> None:
    """List the dead letters: where each came from and what was wrong.

    Exit status 0: listed, also where there are none. 3: Kafka out of reach.
    """
    settings = settings_with(kafka=kafka)
    found = run(_selected(settings, [], stage, error), settings)
    if as_json:
        for letter in found:
            fields = {name: value for name, value in letter.said.items() if name not in ("from", "class", "traceback")}
            print(safe_json(orjson.dumps({"id": letter.name, **fields, "bytes": letter.size}).decode()))
        return
    table = Table("id", "stage", "from", "kind", "error")
    for letter in found:
        said = letter.said
        table.add_row(
            letter.name,
            shown(said["stage"], 20),
            shown(said["from"], 60),
            shown(said["kind"], 20),
            shown(f"{said['class']}: {said['error']}", 200),
        )
    if found:
        Console().print(table)
    print(f"{len(found)} dead letters" + ("; rasid deadletters show ID tells more" if found else ""))


def show(
    id: Annotated[str, typer.Argument(help="partition:offset, as listed.")],
    raw: Annotated[
        bool, typer.Option("--raw", help="Only the original bytes, untouched, for a file or a pipe.")
    ] = False,
    kafka: KafkaOption = None,
) -> None:
    """Show one dead letter: what was wrong, the trace, the original record.

    Exit status 0: shown. 2: there is no such one. 3: Kafka out of reach.
    """
    settings = settings_with(kafka=kafka)
    letter = run(_one(settings, id), settings)
    if raw:
        sys.stdout.buffer.write(letter.value or b"")
        return
    console = Console(highlight=False)
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    rows = [("id", letter.name), *((name, letter.said[name]) for name in ("stage", "from", "kind", "class", "error"))]
    rows += [("key", (letter.key or b"").decode("utf-8", "replace"))]
    rows += [(f"header {name}", (value or b"").decode("utf-8", "replace")) for name, value in letter.headers]
    for name, value in rows:
        table.add_row(shown(name, 60), shown(value, 600))
    console.print(table)
    print(f"\n{safe_lines(letter.said['traceback'])}")
    preview = (letter.value or b"")[: 4 * PREVIEW_CHARACTERS].decode("utf-8", "replace")
    kept = ", cut: it is larger than a topic takes" if letter.cut else ""
    print(f"the record, {letter.size} bytes{kept}:\n{safe_lines(preview, PREVIEW_CHARACTERS)}")


def redrive(
    ids: Annotated[list[str] | None, typer.Argument(help="partition:offset, as listed.", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--all", help="All of them, or all of --stage and --error.")] = False,
    stage: StageOption = None,
    error: ErrorOption = None,
    again: Annotated[bool, typer.Option("--again", help="Also those that were sent again before.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be sent.")] = False,
    kafka: KafkaOption = None,
    redis_url: Annotated[
        str | None, typer.Option("--redis", help="Remembers what was sent. Default: RASID_REDIS.", show_default=False)
    ] = None,
) -> None:
    """Send dead letters back to the topics they came from: the original bytes, key and headers.

    Mend the cause first, else they come back as new dead letters. What was sent is remembered in Redis for 60 days and
    not sent twice, unless by --again.

    Examples:

        rasid deadletters redrive 0:17 2:4
        rasid deadletters redrive --all --stage extraction --error KeyError

    Exit status 0: sent. 1: some cannot be sent (cut, or of an unknown topic). 2: wrong usage. 3: Kafka or Redis out of
    reach.
    """
    if bool(ids) == (every or stage is not None or error is not None):
        fail("name the dead letters by their ids, or choose by --all, --stage or --error", WRONG_USAGE)
    settings = settings_with(kafka=kafka, redis=redis_url)
    counts = run(_redrive(settings, ids or [], stage, error, again, dry_run), settings)
    word = "would be sent" if dry_run else "sent"
    print(f"{counts['sent']} {word}, {counts['before']} were sent before, {counts['unable']} cannot be sent")
    raise typer.Exit(LOST_OR_REJECTED if counts["unable"] else FINE)


def _check_id(id: str) -> None:
    if not re.fullmatch(r"\d{1,6}:\d{1,19}", id):
        fail("an id is partition:offset, as in 0:17 (rasid deadletters list)", WRONG_USAGE)


async def _one(settings: Settings, id: str) -> DeadLetter:
    _check_id(id)
    async for letter in _letters(settings):
        if letter.name == id:
            return letter
    fail(f"there is no dead letter {id}: rasid deadletters list shows them", WRONG_USAGE)


async def _selected(settings: Settings, ids: list[str], stage: str | None, error: str | None) -> list[DeadLetter]:
    """The dead letters asked for, by partition and offset, without their bytes."""
    for id in ids:
        _check_id(id)
    wanted = set(ids)
    found = [
        letter.without_value()
        async for letter in _letters(settings)
        if letter.fits(stage, error) and (not wanted or letter.name in wanted)
    ]
    missing = wanted - {letter.name for letter in found}
    if missing:
        fail(f"there is no dead letter {', '.join(sorted(missing))}: rasid deadletters list shows them", WRONG_USAGE)
    return sorted(found, key=lambda letter: letter.place)


def _unable(letter: DeadLetter) -> str | None:
    """Why a dead letter cannot be sent again, None where it can."""
    if letter.cut:
        return "only its beginning was kept, it is larger than a topic takes"
    if letter.said["topic"] not in {plan.name for plan in TOPICS} - {DEADLETTERS}:
        return f"its headers name no topic of Rasid's ({letter.said['topic']!r})"
    return None


async def _redrive(
    settings: Settings, ids: list[str], stage: str | None, error: str | None, again: bool, dry_run: bool
) -> Counter[str]:
    counts: Counter[str] = Counter()
    chosen = await _selected(settings, ids, stage, error)
    waiting = {letter.name for letter in chosen if _unable(letter) is None}
    for letter in chosen:
        if letter.name not in waiting:
            complain(f"{letter.name} cannot be sent: {_unable(letter)}")
    counts["unable"] = len(chosen) - len(waiting)
    for topic in sorted({letter.said["topic"] for letter in chosen if letter.name in waiting}):
        await require_topic(settings, topic)
    done: set[str] = set()
    async with (
        redis(settings) as memory,
        producer(settings) as client,
        contextlib.aclosing(_letters(settings)) as letters,
    ):
        while waiting:  # those chosen, and none of those that come back in the meantime
            letter = await anext(letters)
            if letter.name not in waiting:
                continue
            waiting.discard(letter.name)
            fingerprint = letter.fingerprint()
            key = f"{{{settings.redis_prefix}}}:redriven:{fingerprint}"
            if fingerprint in done or (not again and await memory.exists(key)):
                counts["before"] += 1
                continue
            done.add(fingerprint)
            counts["sent"] += 1
            if not dry_run:
                # Sent first and remembered after it: of the two ways to be cut off, a repeat is the harmless one.
                await client.send_and_wait(letter.said["topic"], letter.value, key=letter.key, headers=letter.headers)
                await memory.set(key, letter.name, ex=REMEMBERED_SECONDS)
    return counts


deadletters_app.command(name="list", help=taught(list_))(list_)
deadletters_app.command(help=taught(show))(show)
deadletters_app.command(help=taught(redrive))(redrive)
