"""`rasid topics`: the topics, created as they should be and described as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from aiokafka import TopicPartition
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from services.cli.connections import admin, consumer
from services.cli.errors import FINE, LOST_OR_REJECTED, OUT_OF_REACH, fail, run, settings_with
from services.cli.help_text import taught
from services.runtime.kafka import TopicError, create_topics
from services.runtime.settings import Settings
from services.runtime.topics import DAY_MS, TOPICS

WIDE = 110  # columns of a terminal that also has room for what each topic carries

topics_app = typer.Typer(no_args_is_help=True, help="Create and describe the topics.")

KafkaOption = Annotated[
    str | None, typer.Option("--kafka", help="Bootstrap servers. Default: RASID_KAFKA.", show_default=False)
]


def create(
    kafka: KafkaOption = None,
    partitions: Annotated[
        int | None, typer.Option(help="Partitions of each. Default: RASID_PARTITIONS.", show_default=False)
    ] = None,
    replication: Annotated[
        int | None, typer.Option(help="Copies of each. Default: RASID_REPLICATION.", show_default=False)
    ] = None,
) -> None:
    """Create the topics that are not there yet, with their retention. Those that are there stay as they are.

    Exit status 0: all are there. 2: wrong settings. 3: Kafka out of reach, or it refused one.
    """
    settings = settings_with(kafka=kafka, partitions=partitions, replication=replication)
    try:
        made = run(_create(settings), settings)
    except TopicError as error:
        fail(str(error), OUT_OF_REACH)
    there = [plan.name for plan in TOPICS if plan.name not in made]
    if made:
        print(
            f"created {', '.join(made)}, each with {settings.partitions} partitions and {settings.replication} copies"
        )
    if there:
        print(f"already there: {', '.join(there)}")


async def _create(settings: Settings) -> list[str]:
    async with admin(settings):  # so that a broker out of reach is told within seconds
        return await create_topics(settings)


class TopicState:
    """A topic as it is on the broker. `records` counts from first to last offset; None: not told."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.partitions = self.copies = self.records = 0
        self.retention_ms: int | None = None
        self.compacted: bool | None = None


async def topic_states(settings: Settings) -> dict[str, TopicState]:
    """The topics of the broker that are Rasid's, by name. Raises KafkaError where Kafka cannot be reached."""
    async with admin(settings) as client:
        there = set(await client.list_topics())
        names = [plan.name for plan in TOPICS if plan.name in there]
        states = {name: TopicState(name) for name in names}
        if not names:
            return {}
        for described in await client.describe_topics(names):
            state = states[described["topic"]]
            state.partitions = len(described["partitions"])
            state.copies = max((len(one["replicas"]) for one in described["partitions"]), default=0)
        for name, configs in (await _configs(client, names)).items():
            retention = configs.get("retention.ms", "")
            if retention.lstrip("-").isdigit():
                states[name].retention_ms = int(retention)
            if "cleanup.policy" in configs:
                states[name].compacted = "compact" in configs["cleanup.policy"]
    async with consumer(settings) as client:
        partitions = [TopicPartition(name, number) for name in names for number in range(states[name].partitions)]
        first, last = await client.beginning_offsets(partitions), await client.end_offsets(partitions)
        for partition in partitions:
            states[partition.topic].records += last[partition] - first[partition]
    return states


async def _configs(client: Any, names: list[str]) -> Mapping[str, Mapping[str, str]]:
    """Configuration by topic; nothing where the broker does not tell."""
    found: dict[str, dict[str, str]] = {}
    try:
        answers = await client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in names])
    except (KafkaError, NotImplementedError):
        return found
    for answer in answers:
        for _code, _message, _kind, name, entries, *_ in answer.resources:
            found[name] = {key: str(value) for key, value, *_rest in entries}
    return found


def describe(kafka: KafkaOption = None) -> None:
    """Show each topic: what it carries, partitions, copies, retention, records.

    Exit status 0: all are there. 1: some are missing. 3: Kafka out of reach.
    """
    settings = settings_with(kafka=kafka)
    states = run(topic_states(settings), settings)
    console = Console()
    wide = console.width >= WIDE
    table = Table(box=SIMPLE_HEAD)
    for name in ("topic", "partitions", "copies", "days kept", "records", *(["carries"] if wide else [])):
        table.add_column(name, no_wrap=True)
    for plan in TOPICS:
        state = states.get(plan.name)
        about = [plan.carries] if wide else []
        if state is None:
            table.add_row(plan.name, "missing", "", "", "", *about, style="red")
            continue
        table.add_row(plan.name, str(state.partitions), str(state.copies), _kept(state), str(state.records), *about)
    console.print(table)
    missing = len(TOPICS) - len(states)
    if missing:
        fail(f"{missing} topics are missing: run rasid topics create", LOST_OR_REJECTED)
    raise typer.Exit(FINE)


def _kept(state: TopicState) -> str:
    """How long records are kept; of a compacted topic only the latest of each key."""
    if state.retention_ms is None:
        return "not told"
    days = "for ever" if state.retention_ms < 0 else f"{state.retention_ms / DAY_MS:g}"
    return f"{days}, latest by key" if state.compacted else days


topics_app.command(help=taught(create))(create)
topics_app.command(help=taught(describe))(describe)
