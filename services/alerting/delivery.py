"""One round of delivery: send what is due, say what became of it, write it down."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from random import Random

from schemas.alerts_log import DeliveryAttempt
from services.alerting.backoff import wait_before_next
from services.alerting.endpoints import Endpoint
from services.alerting.schedule import DeliverySchedule, DueDelivery
from services.alerting.sender import Answer, judge_response
from services.alerting.signing import signed_headers

Send = Callable[[Endpoint, Mapping[str, str], bytes], Awaitable[Answer]]
"""POSTs a body with headers; bounded in time, and raises nothing that has to do with the network."""

Publish = Callable[[DeliveryAttempt], Awaitable[None]]
"""Puts an attempt on `alerts.log`; returns when it is acknowledged."""

AT_ONCE = 8  # open requests to one endpoint


async def deliver_due(
    schedule: DeliverySchedule,
    send: Send,
    endpoints: Mapping[str, Endpoint],
    publish: Publish,
    *,
    clock: Callable[[], datetime],
    rng: Random,
    lease_seconds: float,
    at_once: int = AT_ONCE,
) -> list[DeliveryAttempt]:
    """Attempt what is due at the given endpoints, at most `at_once` for each; returns the attempts.

    Each delivery goes its own way: sent, published to `alerts.log`, then marked in the schedule. Killed in between, it
    is repeated when its lease has run out, with the same webhook-id and payload; it is never lost, nor missing from the
    log. A round lasts as long as its slowest answer: run one loop of rounds for each endpoint, so that a dead receiver
    delays no other. `lease_seconds` must exceed the time that a send, a publication and a mark can take.

    Raises:
        whatever `publish` or Redis raise, when all deliveries of the round have ended.
    """
    due = await schedule.take_due(list(endpoints), clock(), at_once, lease_seconds)
    ended = await asyncio.gather(
        *(_attempt(one, endpoints[one.webhook], schedule, send, publish, clock, rng) for one in due),
        return_exceptions=True,
    )
    attempts: list[DeliveryAttempt] = []
    for result in ended:
        if isinstance(result, BaseException):
            raise result
        attempts.append(result)
    return attempts


async def _attempt(
    due: DueDelivery,
    endpoint: Endpoint,
    schedule: DeliverySchedule,
    send: Send,
    publish: Publish,
    clock: Callable[[], datetime],
    rng: Random,
) -> DeliveryAttempt:
    headers = signed_headers(due.alert_id, due.payload, clock(), endpoint.secrets)
    answer = await send(endpoint, headers, due.payload)
    now = clock()
    judgement = judge_response(answer, now)
    wait = wait_before_next(due.attempt, rng, judgement.retry_after) if judgement.outcome == "retry" else None
    next_at = None if wait is None else now + timedelta(seconds=wait)
    delivered = judgement.outcome == "delivered"
    attempt = DeliveryAttempt(
        alert_id=due.alert_id,
        webhook=due.webhook,
        attempt=due.attempt,
        outcome="delivered" if delivered else "retrying" if next_at else "parked",
        status=answer.status,
        error=judgement.reason,
        latency_ms=answer.latency_ms,
        at=now,
        next_at=next_at,
    )
    await publish(attempt)
    if delivered:
        await schedule.delivered(due, now)
    elif next_at:
        await schedule.retry_at(due, next_at)
    else:
        await schedule.park(due, now)
    return attempt
