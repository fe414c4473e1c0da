"""Deliveries of webhooks that were removed from the rule file: parked and told of, so that none waits unseen."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from schemas.alerts_log import DeliveryAttempt
from services.alerting.delivery import Publish
from services.alerting.schedule import DeliverySchedule

AT_ONCE = 100  # of each webhook: few enough to be published and parked within a lease
NOT_NAMED = "the rule file does not name this webhook: name it again, then redeliver"


async def park_unknown(
    schedule: DeliverySchedule,
    known: Collection[str],
    publish: Publish,
    *,
    clock: Callable[[], datetime],
    lease_seconds: float,
    at_once: int = AT_ONCE,
) -> list[DeliveryAttempt]:
    """Park what has long been due for webhooks that are not `known`, at most `at_once` for each; returns what was said.

    Each is published to `alerts.log`, then parked, as after a failed attempt. Killed in between, it is published again
    when its lease has run out: it is never missing from the log. Call it again while it returns something.

    Raises:
        whatever `publish` or Redis raise; the rest of what was leased is due again later.
    """
    parked: list[DeliveryAttempt] = []
    for due in await schedule.take_unknown(known, clock(), at_once, lease_seconds):
        now = clock()
        attempt = DeliveryAttempt(
            alert_id=due.alert_id,
            webhook=due.webhook,
            attempt=due.attempt,
            outcome="parked",
            error=NOT_NAMED,
            latency_ms=0.0,
            at=now,
        )
        await publish(attempt)
        await schedule.park(due, now)
        parked.append(attempt)
    return parked
