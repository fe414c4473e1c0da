"""The alerting service: `faust -A services.alerting.app worker`."""

import asyncio
import os
import random
import sys
from datetime import UTC, datetime, timedelta

from schemas.alerts_log import DeliveryAttempt
from services.alerting.agent import (
    EVALUATED_AT_ONCE,
    SCHEDULED_AT_ONCE,
    BackfillGuard,
    evaluation_stage,
    scheduling_stage,
)
from services.alerting.delivery import deliver_due
from services.alerting.endpoints import Endpoint, EndpointError, find_endpoints
from services.alerting.firing import FiringLedger
from services.alerting.parking import park_unknown
from services.alerting.rulefile import RuleFileError, read_rules
from services.alerting.schedule import DeliverySchedule
from services.runtime import telemetry
from services.runtime.faust_app import Service
from services.runtime.state import REDIS_ERRORS
from services.runtime.step import Outgoing
from services.runtime.topics import ALERTS_LOG
from services.runtime.webhooks import WebhookSender
from services.runtime.wire import encode, headers_for

POLL_SECONDS = 0.2
COUNT_SECONDS = 5.0
REMOVED_SECONDS = 60.0
LEASE_BEYOND_TIMEOUT = 120.0  # seconds for the publication of an attempt and its mark, at their slowest

service = Service("alerting")
app = service.app
settings = service.settings
log = telemetry.log(__name__)


def now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


try:
    book = read_rules(settings.rules)
    endpoints = find_endpoints(book.webhooks, os.environ, allow_http=settings.webhook_allow_private)
except (RuleFileError, EndpointError) as error:
    print(f"alerting cannot start, mend this first:\n{error}", file=sys.stderr)
    sys.exit(2)

ledger = FiringLedger(service.redis, settings.redis_prefix, timedelta(days=settings.story_days))
schedule = DeliverySchedule(service.redis, settings.redis_prefix)
guard = BackfillGuard(None if settings.alert_backfill else timedelta(hours=settings.alert_max_age_hours))
bells = {name: asyncio.Event() for name in endpoints}


def wake() -> None:
    """Something new was scheduled: no need to wait for the next look."""
    for bell in bells.values():
        bell.set()


evaluating = service.agent(evaluation_stage(book, ledger, guard), EVALUATED_AT_ONCE)
scheduling = service.agent(scheduling_stage(schedule, now, wake), SCHEDULED_AT_ONCE)


async def publish(attempt: DeliveryAttempt) -> None:
    """Put an attempt on `alerts.log`."""
    telemetry.DELIVERIES.labels(attempt.webhook, attempt.outcome).inc()
    headers = headers_for(DeliveryAttempt, attempt.alert_id)
    await service.send([Outgoing(ALERTS_LOG, str(attempt.alert_id).encode(), encode(attempt), headers)])


async def deliver_to(endpoint: Endpoint, sender: WebhookSender, rng: random.Random) -> None:
    """Deliver to one endpoint for ever: a dead one delays no other."""
    lease = settings.webhook_timeout + LEASE_BEYOND_TIMEOUT
    while True:
        try:
            attempts = await deliver_due(
                schedule, sender, {endpoint.name: endpoint}, publish, clock=now, rng=rng, lease_seconds=lease
            )
        except REDIS_ERRORS as error:
            # What was taken is due again when its lease runs out.
            log.warning("delivery waits for Redis or Kafka", webhook=endpoint.name, error=type(error).__name__)
            await asyncio.sleep(1.0)
            continue
        for attempt in attempts:
            if attempt.outcome != "delivered":
                log.warning(
                    "not delivered",
                    webhook=attempt.webhook,
                    alert=str(attempt.alert_id),
                    outcome=attempt.outcome,
                    status=attempt.status,
                    reason=attempt.error,
                )
        if not attempts:
            try:
                await asyncio.wait_for(bells[endpoint.name].wait(), POLL_SECONDS)
            except TimeoutError:
                continue
            bells[endpoint.name].clear()


async def park_removed() -> None:
    """Park what is due for webhooks that the rule file no longer names: `rasid webhooks` lists and redelivers it."""
    lease = settings.webhook_timeout + LEASE_BEYOND_TIMEOUT
    while True:
        try:
            while attempts := await park_unknown(schedule, endpoints, publish, clock=now, lease_seconds=lease):
                for attempt in attempts:
                    log.warning("parked", webhook=attempt.webhook, alert=str(attempt.alert_id), reason=attempt.error)
        except REDIS_ERRORS as error:
            log.warning("parking waits for Redis or Kafka", error=type(error).__name__)
        await asyncio.sleep(REMOVED_SECONDS)


async def count_waiting() -> None:
    """Tell the metrics what waits and what is parked."""
    while True:
        try:
            names = sorted({*endpoints, *await schedule.webhooks()})
            for name, waiting in (await schedule.waiting(names)).items():
                telemetry.WAITING.labels(name, "pending").set(waiting.pending)
                telemetry.WAITING.labels(name, "parked").set(waiting.parked)
        except REDIS_ERRORS as error:
            log.debug("waiting deliveries not counted", error=type(error).__name__)
        await asyncio.sleep(COUNT_SECONDS)


async def deliver() -> None:
    """Deliver to all endpoints, each at its own pace."""
    rng = random.Random()
    async with WebhookSender(settings.webhook_timeout, allow_private=settings.webhook_allow_private) as sender:
        await asyncio.gather(*(deliver_to(endpoint, sender, rng) for endpoint in endpoints.values()))


app.task(deliver)
app.task(count_waiting)
app.task(park_removed)
