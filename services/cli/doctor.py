"""`rasid doctor`: what is wrong with an installation, and how to mend it."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer
from pydantic import SecretStr, ValidationError
from rich.console import Console
from rich.table import Table

from services.cli.checks import Check, configuration_checks, engine_check, kafka_checks, redis_checks, version_checks
from services.cli.errors import (
    FINE,
    LOST_OR_REJECTED,
    OUT_OF_REACH,
    quiet_clients,
    settings_faults,
    settings_with,
    without_password,
)
from services.cli.safe_text import safe, shown
from services.runtime.settings import Settings

_STYLES = {"ok": "green", "look": "yellow", "wrong": "bold red"}


def doctor(
    settings_table: Annotated[
        bool, typer.Option("--settings", help="List the RASID_* settings, secrets masked.")
    ] = False,
) -> None:
    """Look at versions, configuration, rule file, engine, Kafka, topics and Redis; say what is wrong and how to mend it.

    Exit status 0: nothing is wrong (what to look at is told). 1: something is wrong. 2: a setting is wrong.
    3: Kafka or Redis out of reach.
    """
    if settings_table:
        raise typer.Exit(_print_settings())
    settings = settings_with()
    quiet_clients()
    checks = [*version_checks(), *configuration_checks(settings), engine_check(settings)]
    checks += asyncio.run(_remote(settings))
    table = Table(title="Rasid", title_justify="left")
    for heading in ("", "what"):
        table.add_column(heading, no_wrap=True)
    for heading in ("found", "how to mend it"):
        table.add_column(heading, overflow="fold")
    for check in checks:
        table.add_row(
            shown(check.state, style=_STYLES[check.state]), check.what, shown(check.found, 300), shown(check.mend, 400)
        )
    Console().print(table)
    for check in checks:
        for sentence in check.details:
            print(f"{check.what}: {safe(sentence)}")
    wrong = [check for check in checks if check.state == "wrong"]
    print("nothing is wrong" if not wrong else f"{len(wrong)} wrong: {', '.join(check.what for check in wrong)}")
    if any(check.out_of_reach for check in checks):
        raise typer.Exit(OUT_OF_REACH)
    raise typer.Exit(LOST_OR_REJECTED if wrong else FINE)


async def _remote(settings: Settings) -> list[Check]:
    kafka, redis = await asyncio.gather(kafka_checks(settings), redis_checks(settings))
    return [*kafka, *redis]


def settings_rows() -> list[tuple[str, str, str, str]]:
    """Each setting: variable, value (secrets masked, not read where it is wrong), default, what it is."""
    present: Settings | None
    try:
        present = Settings()
    except ValidationError:
        present = None
    rows = []
    for name, field in Settings.model_fields.items():
        value = _masked(getattr(present, name)) if present is not None else "?"
        rows.append((f"RASID_{name.upper()}", value, _masked(field.default), field.description or ""))
    return rows


def _masked(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return "********"
    return without_password(str(value)) if isinstance(value, str) and "://" in value else str(value)


def _print_settings() -> int:
    console = Console()
    for name, value, default, what in settings_rows():
        line = shown(name, style="bold").append(f"  {safe(value or 'unset')}", style="not bold")
        if value != default:
            line.append(f"  (default: {safe(default or 'unset')})", style="not bold yellow")
        # Soft wrap: a name or a value is never cut, and a setting is two lines for whatever reads the pipe.
        console.print(line, soft_wrap=True)
        console.print(shown(f"    {what}"), soft_wrap=True)
    try:
        Settings()
    except ValidationError as error:
        for fault in settings_faults(error):
            print(f"rasid: {fault}", file=sys.stderr)
        return 2
    return FINE
