"""Who may tell of a story: one record for each rule, story and change, however many match and however often."""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from importlib.resources import files
from typing import Any, Protocol
from uuid import UUID

from schemas.alerts import Alert

LEAST_KEPT = timedelta(days=30)
"""Longer than an article can be replayed: the topic keeps 14 days, and Kafka up to 7 more, until the segment closes."""


class ScriptClient(Protocol):
    """What is asked of a Redis client: bytes in, bytes out, scripts."""

    def register_script(self, script: str) -> Callable[..., Awaitable[Any]]:
        """A callable that runs the script with `keys` and `args`."""
        ...


class FiringLedger:
    """Remembers in Redis which record fired which alert, and with what payload."""

    def __init__(self, redis_client: ScriptClient, prefix: str, ttl: timedelta) -> None:
        """`prefix` as in the settings; `ttl` counts from the last time that the story met the rule; 30 days at least."""
        self._claim = redis_client.register_script((files(__package__) / "claim.lua").read_text("utf-8"))
        self._prefix, self._ttl = prefix, max(ttl, LEAST_KEPT)

    async def claim(self, alerts: Sequence[Alert], record_ids: Sequence[UUID]) -> list[bytes | None]:
        """What to publish for each alert, in order: its JSON bytes, or None where another record has told of it.

        A replay of the same record gets the bytes of the first time, also where the rule has been edited since: no
        alert id is ever published with two payloads. One atomic call for all; safe to repeat.
        """
        if not alerts:
            return []
        keys = [f"{{{self._prefix}}}:alert:{alert.alert_id}" for alert in alerts]
        args: list[bytes | str | int] = [int(self._ttl.total_seconds())]
        for alert, record_id in zip(alerts, record_ids, strict=True):
            args += [str(record_id), zlib.compress(alert_bytes(alert), 6)]
        answers = await self._claim(keys=keys, args=args)
        return [zlib.decompress(answer) if answer else None for answer in answers]


def alert_bytes(alert: Alert) -> bytes:
    """An alert's JSON: the value on the topic and the body of the webhook."""
    return alert.model_dump_json().encode("utf-8")
