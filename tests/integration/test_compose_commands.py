"""Each service's command line, exactly as docker-compose.yml has it, does its work on the embedded stack."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from services.runtime import topics
from services.runtime.account import Account
from services.runtime.children import Child, stop_all
from services.runtime.embedded import Stack, free_port
from services.runtime.kafka import create_topics, new_consumer
from services.runtime.pipeline import new_webhook_secret
from tests.compose_commands import SERVICES, compose_command, compose_environment
from tests.support.run import RULES

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]


def _environment(service: str, stack: Stack, inbox: Path) -> dict[str, str]:
    """The service's environment in the compose file, but for what names hosts and folders of the containers."""
    there = compose_environment(service)
    here = stack.environment() | {"RASID_HEALTH_HOST": "127.0.0.1", "RASID_HEALTH_PORT": str(free_port())}
    if "RASID_RULES" in there:
        here |= {"RASID_RULES": str(RULES), "RASID_WEBHOOK_ALLOW_PRIVATE": "true", "RASID_ALERT_BACKFILL": "true"}
    if "RASID_PRODUCER_PATHS" in there:
        here["RASID_PRODUCER_PATHS"] = str(ROOT / "seeds" / "articles")
    if "RASID_PRODUCER_WATCH" in there:
        here["RASID_PRODUCER_WATCH"] = str(inbox)
    if "RASID_PRODUCER_HTTP_PORT" in there:
        here |= {"RASID_PRODUCER_HTTP_PORT": str(free_port()), "RASID_PRODUCER_HTTP_HOST": "127.0.0.1"}
    webhook = {"RASID_WEBHOOK_DESK_URL": "http://127.0.0.1:9/", "RASID_WEBHOOK_DESK_SECRET": new_webhook_secret()}
    bin_folder = str(Path(sys.executable).parent)
    return os.environ | there | here | webhook | {"PATH": f"{bin_folder}:{os.environ.get('PATH', '')}"}


async def test_the_commands_of_the_compose_file_carry_the_seeds_through(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    with Stack() as stack:
        settings = stack.settings()
        await create_topics(settings)
        children = [
            Child(name, compose_command(name), tmp_path / f"{name}.log", env=_environment(name, stack, inbox), cwd=ROOT)
            for name in SERVICES
        ]
        account = Account()
        consumer = new_consumer(settings, *(plan.name for plan in topics.TOPICS))
        await consumer.start()
        try:
            for child in children:
                child.start()
            for _ in range(600):
                for messages in (await consumer.getmany(timeout_ms=100)).values():
                    for message in messages:
                        account.feed(message)
                assert not [f"{child.name}: {child.tail()}" for child in children if child.poll() is not None]
                if len(account.published) >= 24 and not account.missing() and account.alerts and account.outcomes:
                    break
            else:
                seen = {topic: len(names) for topic, names in account.seen.items()}
                pytest.fail(f"not through: {seen}\n" + "\n".join(f"{child.name}: {child.tail()}" for child in children))
            assert account.dead == {}
            assert set(account.outcomes.values()) == {"retrying"}  # nobody listens on port 9
            await asyncio.to_thread(stop_all, children)
            assert [child.poll() for child in children] == [0] * len(children)
        finally:
            await consumer.stop()
            await asyncio.to_thread(stop_all, children)
