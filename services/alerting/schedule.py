"""The delivery schedule in Redis: what is to be sent where and when, shared by all replicas.

A delivery is pending, then delivered or parked. Pending ones stay until something becomes of them, however long the
workers are away. Finished ones are remembered for 30 days, longer than an alert can be replayed (the topic keeps 14
days, and Kafka up to 7 more, until its segment is closed): a replayed alert is not sent again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, Literal, Protocol
from uuid import UUID

from schemas.alerts import Alert
from services.alerting.firing import ScriptClient

KEEP_FINISHED = timedelta(days=30)
UNCLAIMED = timedelta(hours=1)
"""How long a delivery is due before its webhook counts as removed. While a new rule file is rolled out, replicas with
the old one must not take away what those with the new one are about to deliver."""


class ScheduleClient(ScriptClient, Protocol):
    """What is asked of a Redis client besides scripts: to count and list the members of sets."""

    def zcard(self, name: str) -> Awaitable[Any]:
        """How many members a sorted set has."""
        ...

    def zrange(self, name: str, start: int, end: int) -> Awaitable[Any]:
        """Members by rank."""
        ...

    def smembers(self, name: str) -> Awaitable[Any]:
        """Members of a set."""
        ...


@dataclass(frozen=True)
class Delivery:
    """An alert, as its exact bytes, that is to reach a webhook."""

    alert_id: UUID
    webhook: str
    payload: bytes


def deliveries_of(alert: Alert, payload: bytes) -> list[Delivery]:
    """What is to be delivered of an alert, given as it stood on its topic: the same bytes to each of its webhooks."""
    return [Delivery(alert.alert_id, webhook, payload) for webhook in alert.webhooks]


@dataclass(frozen=True)
class DueDelivery(Delivery):
    """A delivery leased to be attempted now; `attempt` counts from 1."""

    attempt: int
    lease: int


@dataclass(frozen=True)
class Waiting:
    """How many deliveries of a webhook are yet to be made, and how many were given up for now."""

    pending: int
    parked: int


class DeliverySchedule:
    """Every change is one Lua script: atomic, and safe to repeat. Times are time-zone aware."""

    def __init__(self, redis_client: ScheduleClient, prefix: str, keep_finished: timedelta = KEEP_FINISHED) -> None:
        def script(name: str) -> Callable[..., Awaitable[Any]]:
            return redis_client.register_script((files(__package__) / f"schedule_{name}.lua").read_text("utf-8"))

        self._redis, self._prefix = redis_client, f"{{{prefix}}}:deliveries"
        self._keep_seconds = int(keep_finished.total_seconds())
        self._add, self._take, self._settle, self._again = map(script, ("add", "take", "settle", "again"))

    async def add(self, deliveries: Sequence[Delivery], now: datetime) -> list[bool]:
        """Schedule deliveries, due now; tells of each whether it was new.

        Known by alert and webhook: a repeat changes nothing, not even with another payload.
        """
        if not deliveries:
            return []
        args: list[bytes | str | int] = [_ms(now)]
        for delivery in deliveries:
            args += [delivery.webhook, str(delivery.alert_id), delivery.payload]
        return [answer == 1 for answer in await self._add(keys=[self._prefix], args=args)]

    async def take_due(
        self, webhooks: Sequence[str], now: datetime, limit: int, lease_seconds: float
    ) -> list[DueDelivery]:
        """Lease up to `limit` due deliveries of each webhook.

        Nobody else gets them until the lease has run out; where its holder died, they are due again then.
        """
        args = [_ms(now), _ms(now + timedelta(seconds=lease_seconds)), limit, *webhooks]
        taken = await self._take(keys=[self._prefix], args=args) if webhooks else []
        return [
            DueDelivery(UUID(alert.decode()), webhook.decode(), payload, int(failures) + 1, int(lease))
            for webhook, alert, payload, failures, lease in zip(*[iter(taken)] * 5, strict=True)
        ]

    async def take_unknown(
        self,
        known: Collection[str],
        now: datetime,
        limit: int,
        lease_seconds: float,
        unclaimed: timedelta = UNCLAIMED,
    ) -> list[DueDelivery]:
        """Lease, as `take_due` does, what has been due for `unclaimed` or longer at webhooks that are not `known`."""
        removed = [webhook for webhook in await self.webhooks() if webhook not in known]
        return await self.take_due(removed, now - unclaimed, limit, lease_seconds + unclaimed.total_seconds())

    async def webhooks(self) -> list[str]:
        """The webhooks that ever got a delivery, by name, also those that no rule file names any more."""
        return sorted(name.decode() for name in await self._redis.smembers(f"{self._prefix}:webhooks"))

    async def delivered(self, due: DueDelivery, now: datetime) -> None:
        """It arrived. Final, whoever holds the lease by now."""
        await self._settled(due, "delivered", now)

    async def retry_at(self, due: DueDelivery, at: datetime) -> bool:
        """It failed and is due again at `at`. False, and nothing changed, where the lease is no longer the caller's."""
        return await self._settled(due, "retry", at)

    async def park(self, due: DueDelivery, now: datetime) -> bool:
        """It is given up for now, and kept for `redeliver`. False, and nothing changed, as for `retry_at`."""
        return await self._settled(due, "park", now)

    async def redeliver(self, webhook: str, alert_ids: Sequence[UUID], now: datetime) -> int:
        """Schedule parked deliveries again, as if never attempted; says how many."""
        ids = [str(alert_id) for alert_id in alert_ids]
        return int(await self._again(keys=[self._prefix], args=[webhook, _ms(now), *ids])) if ids else 0

    async def parked(self, webhook: str, limit: int = 1000) -> list[UUID]:
        """Parked alerts of a webhook, those parked first before the others."""
        members = await self._redis.zrange(f"{self._prefix}:parked:{webhook}", 0, limit - 1)
        return [UUID(member.decode()) for member in members]

    async def waiting(self, webhooks: Sequence[str]) -> dict[str, Waiting]:
        """Counts for each webhook."""
        return {
            webhook: Waiting(
                int(await self._redis.zcard(f"{self._prefix}:due:{webhook}")),
                int(await self._redis.zcard(f"{self._prefix}:parked:{webhook}")),
            )
            for webhook in webhooks
        }

    async def _settled(self, due: DueDelivery, what: Literal["delivered", "retry", "park"], time: datetime) -> bool:
        args = [due.webhook, str(due.alert_id), due.lease, what, _ms(time), self._keep_seconds]
        return bool(await self._settle(keys=[self._prefix], args=args))


def _ms(time: datetime) -> int:
    return int(time.timestamp() * 1000)
