"""`rasid webhooks`: what waits for each endpoint, what was given up for now, and sending that again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from services.alerting.rulefile import RuleFileError, read_rules
from services.alerting.rules import Webhook, wrong_with_url
from services.alerting.schedule import DeliverySchedule, Waiting
from services.cli.connections import redis
from services.cli.errors import FINE, LOST_OR_REJECTED, WRONG_USAGE, complain, fail, run, settings_with
from services.cli.help_text import taught
from services.cli.safe_text import shown
from services.runtime.settings import Settings

webhooks_app = typer.Typer(
    no_args_is_help=True, help="List what waits for each webhook, and send again what was parked."
)

AT_ONCE = 1000  # alert ids in one call to Redis

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The webhook's name, as listed.")]
RedisOption = Annotated[str | None, typer.Option("--redis", help="Default: RASID_REDIS.", show_default=False)]
RulesOption = Annotated[
    Path | None, typer.Option("--rules", help="The rule file. Default: RASID_RULES.", show_default=False)
]


@dataclass(frozen=True)
class WebhookState:
    """A webhook of the rule file or of the schedule; `named` is whether the rule file has it."""

    name: str
    waiting: Waiting
    named: bool
    host: str


def host_of(webhook: Webhook, environ: Mapping[str, str]) -> str:
    """The host of a webhook's address and nothing else of it (the rest may be secret), or why there is none."""
    url = webhook.url or environ.get(webhook.url_env or "", "").strip()
    if not url:
        return f"{webhook.url_env} is not set here"
    if wrong_with_url(url):
        return f"{webhook.url_env or 'its url'} is wrong"
    return urlsplit(url).hostname or ""


def list_(rules: RulesOption = None, redis_url: RedisOption = None) -> None:
    """List the webhooks: deliveries pending and parked, whether the rule file names it, the host it is at.

    Also those that were removed from the rule file while something is pending or parked for them.

    Exit status 0: listed, also where there are none. 2: the rule file is wrong. 3: Redis out of reach.
    """
    settings = settings_with(redis=redis_url, rules=rules)
    states = run(_states(settings, _named(settings)), settings)
    table = Table("webhook", "pending", "parked", "in the rule file", "host")
    for state in states:
        counts = (str(state.waiting.pending), str(state.waiting.parked))
        table.add_row(shown(state.name, 64), *counts, "yes" if state.named else "no", shown(state.host, 100))
    if states:
        Console().print(table)
    parked = sum(state.waiting.parked for state in states)
    print(
        f"{len(states)} webhooks, {parked} parked" + ("; rasid webhooks redeliver sends them again" if parked else "")
    )


def parked(
    name: NameArgument,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many.")] = 1000,
    rules: RulesOption = None,
    redis_url: RedisOption = None,
) -> None:
    """List the alerts that are parked for a webhook: an id a line, those parked first before the others.

    Exit status 0: listed, also where there are none. 2: there is no such webhook. 3: Redis out of reach.
    """
    settings = settings_with(redis=redis_url, rules=rules)
    ids, count = run(_parked(settings, name, limit), settings)
    for alert_id in ids:
        print(alert_id)
    if not ids:
        complain(f"nothing is parked for {name}")
    elif count > len(ids):
        complain(f"{count - len(ids)} more are parked: raise --limit to see them")


def redeliver(
    name: NameArgument,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ALERT_ID…", help="As listed by parked.", show_default=False)
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All that are parked for it.")] = False,
    rules: RulesOption = None,
    redis_url: RedisOption = None,
) -> None:
    """Send parked alerts again, with all attempts before them. The alerting service sends them, at once where it runs.

    Mend the cause first, else they are parked again. A webhook that was removed must be back in the rule file.

    Examples:

        rasid webhooks redeliver desk --all
        rasid webhooks redeliver desk 6d0c1f0e-3b52-5d0a-9f5e-0c7a52a1b8de

    Exit status 0: scheduled. 1: some are not parked. 2: wrong usage, or the rule file is wrong. 3: Redis out of reach.
    """
    if bool(ids) == every:
        fail("name the alerts by their ids, or choose all by --all", WRONG_USAGE)
    chosen = None if every else list(dict.fromkeys(map(_alert_id, ids or [])))
    settings = settings_with(redis=redis_url, rules=rules)
    again, others = run(_redeliver(settings, name, chosen), settings)
    print(f"{again} scheduled again, {others} are not parked")
    raise typer.Exit(LOST_OR_REJECTED if others else FINE)


def _alert_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        fail(f"«{text[:60]}» is no alert id: rasid webhooks parked lists them", WRONG_USAGE)


def _named(settings: Settings) -> dict[str, Webhook]:
    """The webhooks of the rule file, by name."""
    try:
        return {webhook.name: webhook for webhook in read_rules(settings.rules).webhooks}
    except RuleFileError as error:
        for problem in error.problems:
            complain(str(problem))
        fail("mend the rule file, or let RASID_RULES name the one that alerting reads", WRONG_USAGE)


async def _states(settings: Settings, named: Mapping[str, Webhook]) -> list[WebhookState]:
    async with redis(settings) as client:
        schedule = DeliverySchedule(client, settings.redis_prefix)
        waiting = await schedule.waiting(sorted({*named, *await schedule.webhooks()}))
    return [
        WebhookState(name, counts, name in named, host_of(named[name], os.environ) if name in named else "")
        for name, counts in waiting.items()
        if name in named or counts != Waiting(0, 0)
    ]


async def _parked(settings: Settings, name: str, limit: int) -> tuple[list[UUID], int]:
    """Alert ids, and how many are parked in all."""
    async with redis(settings) as client:
        schedule = DeliverySchedule(client, settings.redis_prefix)
        if name not in await schedule.webhooks() and name not in _named(settings):
            fail(f"there is no webhook {name[:64]}: rasid webhooks list shows them", WRONG_USAGE)
        return await schedule.parked(name, limit), (await schedule.waiting([name]))[name].parked


async def _redeliver(settings: Settings, name: str, ids: list[UUID] | None) -> tuple[int, int]:
    """How many were scheduled again, and how many of those chosen (None: all) are not parked."""
    if name not in _named(settings):
        fail(
            f"{settings.rules} names no webhook {name[:64]}: put it there first, else they are parked again",
            WRONG_USAGE,
        )
    async with redis(settings) as client:
        schedule = DeliverySchedule(client, settings.redis_prefix)
        if ids is None:  # counted once: what is parked anew in the meantime is left
            count = (await schedule.waiting([name]))[name].parked
            ids = await schedule.parked(name, count) if count else []
        again = 0
        for start in range(0, len(ids), AT_ONCE):
            again += await schedule.redeliver(name, ids[start : start + AT_ONCE], datetime.now(UTC))
    return again, len(ids) - again


webhooks_app.command(name="list", help=taught(list_))(list_)
webhooks_app.command(help=taught(parked))(parked)
webhooks_app.command(help=taught(redeliver))(redeliver)
