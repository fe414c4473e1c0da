"""`rasid webhooks` on the embedded stack: what waits, what is parked, and sending that again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from redis.asyncio import Redis

from services.alerting.schedule import Delivery, DeliverySchedule
from services.runtime.embedded import Stack
from services.runtime.settings import Settings
from tests.integration.cli import rasid

pytestmark = pytest.mark.integration

RULES = """
rules:
  - name: bridges
    when: {words: [جسر]}
    webhooks: [desk, field]
webhooks:
  - name: desk
    url: https://desk.example/hook/open-sesame
    secret_env: [DESK_SECRET]
  - name: field
    url_env: FIELD_URL
    secret_env: [FIELD_SECRET]
"""
FIRST, SECOND, PENDING, REMOVED = (str(UUID(int=number)) for number in (1, 2, 3, 4))
NOW = datetime(2024, 3, 5, 9, 30, tzinfo=UTC)


def scheduled(env: dict[str, str], work: Callable[[DeliverySchedule], Awaitable[list[str]]]) -> list[str]:
    """Do something with the schedule of a stack."""

    async def connected() -> list[str]:
        async with Redis.from_url(env["RASID_REDIS"]) as client:
            return await work(DeliverySchedule(client, Settings().redis_prefix))

    return asyncio.run(connected())


async def park_some(schedule: DeliverySchedule) -> list[str]:
    """Two alerts parked for the desk and one for a webhook that is gone; one more pending for the desk."""
    for alert, webhook in ((FIRST, "desk"), (SECOND, "desk"), (REMOVED, "old\x1b[2Jdesk")):
        await schedule.add([Delivery(UUID(alert), webhook, b"{}")], NOW)
        for due in await schedule.take_due([webhook], NOW, 10, 60.0):
            await schedule.park(due, NOW)
    await schedule.add([Delivery(UUID(PENDING), "desk", b"{}")], NOW)
    return []


async def due_at_the_desk(schedule: DeliverySchedule) -> list[str]:
    return sorted(str(due.alert_id) for due in await schedule.take_due(["desk"], datetime.now(UTC), 10, 60.0))


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack() as running:
        yield running


@pytest.fixture
def env(stack: Stack, tmp_path: Path) -> dict[str, str]:
    """The environment of a stack with parked deliveries, and a rule file of two webhooks."""
    (tmp_path / "rules.yaml").write_text(RULES, "utf-8")
    env = stack.environment() | {"RASID_RULES": str(tmp_path / "rules.yaml")}

    async def flush() -> None:
        async with Redis.from_url(env["RASID_REDIS"]) as client:
            await client.flushall()

    asyncio.run(flush())
    scheduled(env, park_some)
    return env


def test_webhooks_are_listed_also_removed_ones_and_no_address_is_told(env: dict[str, str]) -> None:
    ended = rasid("webhooks", "list", **env)
    assert (ended.status, ended.err) == (0, "")
    rows = [line.strip("│").replace("│", " ").split() for line in ended.out.splitlines() if line.startswith("│")]
    assert rows == [
        ["desk", "1", "2", "yes", "desk.example"],
        ["field", "0", "0", "yes", "FIELD_URL", "is", "not", "set", "here"],
        ["old␛[2Jdesk", "0", "1", "no"],
    ]
    assert "3 webhooks, 3 parked" in ended.out
    assert "open-sesame" not in ended.out


def test_a_removed_webhook_for_which_nothing_waits_is_not_listed(env: dict[str, str]) -> None:
    async def deliver_the_last(schedule: DeliverySchedule) -> list[str]:
        await schedule.redeliver("old\x1b[2Jdesk", [UUID(REMOVED)], NOW + timedelta(hours=1))
        for due in await schedule.take_due(["old\x1b[2Jdesk"], NOW + timedelta(hours=1), 10, 60.0):
            await schedule.delivered(due, NOW)
        return await schedule.webhooks()

    assert "old\x1b[2Jdesk" in scheduled(env, deliver_the_last)
    assert "2 webhooks, 2 parked" in rasid("webhooks", "list", **env).out


def test_parked_alerts_are_listed_one_id_a_line(env: dict[str, str]) -> None:
    ended = rasid("webhooks", "parked", "desk", **env)
    assert (ended.status, ended.out, ended.err) == (0, f"{FIRST}\n{SECOND}\n", "")
    fewer = rasid("webhooks", "parked", "desk", "--limit", "1", **env)
    assert (fewer.out, fewer.err) == (f"{FIRST}\n", "rasid: 1 more are parked: raise --limit to see them\n")
    none = rasid("webhooks", "parked", "field", **env)
    assert (none.status, none.out, none.err) == (0, "", "rasid: nothing is parked for field\n")
    unknown = rasid("webhooks", "parked", "dekс", **env)
    assert unknown.status == 2
    assert "there is no webhook dekс: rasid webhooks list shows them" in unknown.err


def test_all_that_is_parked_is_sent_again(env: dict[str, str]) -> None:
    ended = rasid("webhooks", "redeliver", "desk", "--all", **env)
    assert (ended.status, ended.out) == (0, "2 scheduled again, 0 are not parked\n")
    assert scheduled(env, due_at_the_desk) == [FIRST, SECOND, PENDING]
    assert rasid("webhooks", "redeliver", "desk", "--all", **env).out == "0 scheduled again, 0 are not parked\n"


def test_single_alerts_are_sent_again_and_what_is_not_parked_is_told(env: dict[str, str]) -> None:
    ended = rasid("webhooks", "redeliver", "desk", SECOND, PENDING, SECOND.upper(), **env)
    assert (ended.status, ended.out) == (1, "1 scheduled again, 1 are not parked\n")
    assert scheduled(env, due_at_the_desk) == [SECOND, PENDING]
    assert rasid("webhooks", "parked", "desk", **env).out == f"{FIRST}\n"


def test_redelivering_needs_a_choice_of_alerts_and_a_webhook_of_the_rule_file(env: dict[str, str]) -> None:
    for wrong in (["desk"], ["desk", "--all", FIRST], ["desk", "first"]):
        assert rasid("webhooks", "redeliver", *wrong, **env).status == 2
    removed = rasid("webhooks", "redeliver", "old\x1b[2Jdesk", "--all", **env)
    assert removed.status == 2
    assert "put it there first" in removed.err
    assert "\x1b" not in removed.err
    assert rasid("webhooks", "parked", "old\x1b[2Jdesk", **env).out == f"{REMOVED}\n"


def test_a_rule_file_that_cannot_be_read_is_told(env: dict[str, str], tmp_path: Path) -> None:
    ended = rasid("webhooks", "list", "--rules", tmp_path / "away.yaml", **env)
    assert ended.status == 2
    assert f"{tmp_path}/away.yaml: cannot be read" in ended.err
    assert "mend the rule file" in ended.err


@pytest.mark.parametrize(
    "arguments", [("list",), ("parked", "desk"), ("redeliver", "desk", "--all")], ids=lambda arguments: arguments[0]
)
def test_without_redis_a_command_says_so_in_one_sentence(env: dict[str, str], arguments: tuple[str, ...]) -> None:
    ended = rasid("webhooks", *arguments, **env)
    assert ended.status == 0
    away = rasid("webhooks", *arguments, **(env | {"RASID_REDIS": "redis://:open-sesame@127.0.0.1:1/0"}))
    assert away.status == 3
    assert away.err.startswith("rasid: Redis at redis://127.0.0.1:1/0 is out of reach")
    assert len(away.err.splitlines()) == 1
