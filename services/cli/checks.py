"""The checks of `rasid doctor`. Each tells what it found; none raises."""

from __future__ import annotations

import difflib
import os
import platform
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from aiokafka.errors import KafkaError
from redis.exceptions import RedisError

from services.alerting.endpoints import EndpointError, find_endpoints
from services.alerting.rulefile import RuleFileError, read_rules
from services.cli.connections import redis
from services.cli.errors import said, without_password
from services.cli.topics import TopicState, topic_states
from services.extraction.engine import EngineUnavailable, load_engine
from services.producer.feeds_file import FeedsError, load_feeds
from services.runtime.settings import Settings
from services.runtime.topics import DAY_MS, DEADLETTERS, TOPICS

State = Literal["ok", "look", "wrong"]

# What the crash tests run on: the way Faust acknowledges differs between versions.
TESTED_FAUST = "0.15.3"
PACKAGES = ("faust-streaming", "aiokafka", "redis", "pydantic", "camel-tools")
OWN_VARIABLES = ("RASID_WEBHOOK_", "RASID_TEST_")  # of rule files and tests, not settings


@dataclass(frozen=True)
class Check:
    """One thing looked at: fine, worth a look, or wrong; `out_of_reach` where Kafka or Redis did not answer.

    `details` are sentences that are told whole, each on a line of its own.
    """

    what: str
    state: State
    found: str
    mend: str = ""
    out_of_reach: bool = False
    details: tuple[str, ...] = ()


def version_checks() -> Iterable[Check]:
    """Python and the packages that the pipeline's promises rest on."""
    python = platform.python_version()
    old = sys.version_info < (3, 11)
    yield Check("Python", "wrong" if old else "ok", python, "install Python 3.11 or newer" if old else "")
    for name in PACKAGES:
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Check(name, "wrong", "not installed", "install Rasid from its requirements.txt")
            continue
        other = name == "faust-streaming" and version != TESTED_FAUST
        mend = f"{TESTED_FAUST} is what the crash tests ran on: run them on this one" if other else ""
        yield Check(name, "look" if other else "ok", version, mend)


def unknown_variables(environ: Mapping[str, str]) -> Iterable[tuple[str, str | None]]:
    """RASID_* variables that are no settings, each with the setting that may be meant."""
    known = [f"RASID_{name.upper()}" for name in Settings.model_fields]
    for name in sorted(environ):
        if name.upper().startswith("RASID_") and name.upper() not in known and not name.startswith(OWN_VARIABLES):
            near = difflib.get_close_matches(name.upper(), known, 1)
            yield name, near[0] if near else None


def configuration_checks(settings: Settings, environ: Mapping[str, str] | None = None) -> Iterable[Check]:
    """Variables, rule file, webhooks' secrets, feeds, folders."""
    environ = os.environ if environ is None else environ
    unknown = list(unknown_variables(environ))
    for name, near in unknown:
        mend = f"did you mean {near}?" if near else "rasid doctor --settings lists the settings"
        yield Check("settings", "look", f"{name} is no setting", mend)
    if not unknown:
        yield Check("settings", "ok", "each RASID_* variable is a setting")
    yield from _rules(settings, environ)
    if settings.producer_feeds is not None:
        try:
            feeds = load_feeds(settings.producer_feeds)
            yield Check("feeds", "ok", f"{len(feeds)} in {settings.producer_feeds}")
        except FeedsError as error:
            yield Check("feeds", "wrong", str(error), "mend the file that RASID_PRODUCER_FEEDS names")
    if settings.producer_watch is not None:
        yield _folder(settings.producer_watch)
    for path in filter(None, settings.producer_paths.split(os.pathsep)):
        if not Path(path).exists():
            yield Check("paths", "wrong", f"{path} is not there", "correct RASID_PRODUCER_PATHS")


def engine_check(settings: Settings) -> Check:
    """Whether the extraction engine can be loaded: by loading it, model and all."""
    try:
        engine = load_engine(settings.engine)
    except EngineUnavailable as error:
        mend = "do what is told below, or set RASID_ENGINE to another engine"
        return Check("engine", "wrong", f"{settings.engine} cannot be loaded", mend, details=(str(error),))
    return Check("engine", "ok", f"{engine.name} {engine.version}")


def _rules(settings: Settings, environ: Mapping[str, str]) -> Iterable[Check]:
    try:
        book = read_rules(settings.rules)
    except RuleFileError as error:
        mend = "mend the file, or let RASID_RULES name another"
        yield Check("rules", "wrong", _told_below(len(error.problems)), mend, details=tuple(map(str, error.problems)))
        return
    yield Check("rules", "ok", f"{len(book.rules)} rules, {len(book.webhooks)} webhooks in {settings.rules}")
    try:
        find_endpoints(book.webhooks, environ, allow_http=settings.webhook_allow_private)
        if book.webhooks:
            yield Check("webhooks", "ok", "each has its address and its secret")
    except EndpointError as error:
        if error.wrong:
            mend = "mend it for the alerting service; it does not start before"
            yield Check("webhooks", "wrong", _told_below(len(error.wrong)), mend, details=error.wrong)
        if error.unset:  # this shell need not be the one that alerting is started from
            count = len(error.unset)
            found = f"{count} variable{'s are' if count > 1 else ' is'} not set here, told below"
            details = tuple(f"{name} is not set here: alerting needs it where it runs" for name in error.unset)
            yield Check("webhooks", "look", found, "set what is missing where alerting runs", details=details)


def _told_below(mistakes: int) -> str:
    return f"{mistakes} mistake{'s' if mistakes > 1 else ''}, told below"


def _folder(folder: Path) -> Check:
    if not folder.exists():
        return Check("inbox", "look", f"{folder} is not there yet", "the producer makes it, if it may")
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Check(
            "inbox", "wrong", f"{folder} is no folder that can be written", "the producer moves files in it: allow that"
        )
    return Check("inbox", "ok", str(folder))


async def kafka_checks(settings: Settings) -> list[Check]:
    """Whether Kafka answers, and whether the topics are as they should be."""
    try:
        states = await topic_states(settings)
    except (KafkaError, OSError, ValueError) as error:
        mend = "start it, or set RASID_KAFKA (and RASID_KAFKA_SECURITY and its kin)"
        return [Check("Kafka", "wrong", f"{settings.kafka}: {said(error)}", mend, out_of_reach=True)]
    return [Check("Kafka", "ok", settings.kafka), *topic_checks(states, settings)]


def topic_checks(states: Mapping[str, TopicState], settings: Settings) -> Iterable[Check]:
    """What is to be said of the topics."""
    missing = [plan.name for plan in TOPICS if plan.name not in states]
    if missing:
        yield Check("topics", "wrong", f"missing: {', '.join(missing)}", "rasid topics create")
    else:
        yield Check("topics", "ok", f"all {len(TOPICS)} are there")
    counts = {state.partitions for state in states.values()}
    if len(counts) > 1:
        found = ", ".join(f"{name} {state.partitions}" for name, state in states.items())
        yield Check("partitions", "look", found, "give all topics the same number: the fewest bound the replicas")
    for plan in TOPICS:
        state = states.get(plan.name)
        if state is None:
            continue
        if state.copies < settings.replication:
            mend = f"RASID_REPLICATION asks for {settings.replication}: raise the replication factor"
            yield Check(plan.name, "look", f"{state.copies} copies", mend)
        if state.retention_ms is not None and 0 <= state.retention_ms < plan.retention_ms:
            days = f"{state.retention_ms / DAY_MS:g} days"
            mend = f"set retention.ms to {plan.retention_ms} ({plan.retention_ms // DAY_MS} days)"
            yield Check(plan.name, "look", f"keeps records {days}", mend)
        if plan.compacted and state.compacted is False:
            mend = f"set cleanup.policy to {','.join(plan.cleanup_policy)}"
            yield Check(plan.name, "look", "keeps every state, not the latest", mend)
    dead = states.get(DEADLETTERS)
    if dead is not None and dead.records:
        yield Check("dead letters", "look", f"{dead.records} records", "rasid deadletters list tells why")


async def redis_checks(settings: Settings) -> list[Check]:
    """Whether Redis answers, and whether it may forget."""
    where = without_password(settings.redis)
    try:
        async with redis(settings) as client:
            info: dict[str, Any] = await client.info()
    except (RedisError, OSError) as error:
        mend = "start it, or set RASID_REDIS and RASID_REDIS_PASSWORD"
        return [Check("Redis", "wrong", f"{where}: {said(error)}", mend, out_of_reach=True)]
    return list(redis_findings(info, where))


def redis_findings(info: Mapping[str, Any], where: str) -> Iterable[Check]:
    """What is to be said of a Redis by its INFO."""
    version = info.get("valkey_version") or info.get("redis_version") or "?"
    yield Check("Redis", "ok", f"{info.get('server_name', 'redis')} {version} at {where}")
    policy = str(info.get("maxmemory_policy", "?"))
    if policy != "noeviction":
        mend = "set maxmemory-policy noeviction: an evicted key is a forgotten article or alert"
        yield Check("eviction", "wrong", f"maxmemory-policy is {policy}", mend)
    else:
        yield Check("eviction", "ok", policy)
    if not info.get("aof_enabled"):
        mend = "set appendonly yes, so that a restart forgets no verdict and no delivery (the embedded one need not)"
        yield Check("persistence", "look", "no append-only file", mend)
    else:
        yield Check("persistence", "ok", "append-only file")
    used, most = int(info.get("used_memory", 0)), int(info.get("maxmemory", 0))
    if most and used > 0.8 * most:
        mend = "raise maxmemory, or lower RASID_DEDUP_DAYS: a full Redis stops the pipeline"
        yield Check("memory", "look", f"{used >> 20} of {most >> 20} MiB", mend)
    else:
        yield Check("memory", "ok", f"{used >> 20} MiB" + (f" of {most >> 20}" if most else ""))
