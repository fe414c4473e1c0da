"""The wiring: articles in, alerts out to their topic; alerts in, deliveries into the schedule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from schemas.alerts import Alert
from schemas.articles_deduplicated import DeduplicatedArticle
from services.alerting.backfill import too_old
from services.alerting.evaluate import alert_key, evaluate
from services.alerting.firing import FiringLedger
from services.alerting.rulebook import RuleBook
from services.alerting.schedule import Delivery, DeliverySchedule, deliveries_of
from services.runtime import telemetry
from services.runtime.step import Incoming, Outgoing, Stage
from services.runtime.topics import ALERTS, DEDUPLICATED
from services.runtime.wire import decode, headers_for

EVALUATED_AT_ONCE = 128
SCHEDULED_AT_ONCE = 256

Claimed = list[tuple[Alert, bytes]]


@dataclass(frozen=True)
class BackfillGuard:
    """Whether an article may page anybody; `max_age` None: any may.

    Its age is that at which it reached `articles.deduplicated`, not at which it is looked at: what waited while alerting
    was away still pages, and a replay is judged as the first time.
    """

    max_age: timedelta | None

    def lets_through(self, article: DeduplicatedArticle, arrived: datetime) -> bool:
        """Whether the article was young enough when it arrived."""
        return self.max_age is None or not too_old(article, arrived, self.max_age)


def evaluation_stage(
    book: RuleBook, ledger: FiringLedger, guard: BackfillGuard
) -> Stage[tuple[DeduplicatedArticle, datetime], tuple[UUID, list[Alert]], Claimed]:
    """`articles.deduplicated` to `alerts`: only what the ledger lets this record tell."""

    def read(record: Incoming) -> tuple[DeduplicatedArticle, datetime]:
        return decode(DeduplicatedArticle, record.value), datetime.fromtimestamp(record.timestamp, UTC)

    def prepare(one: tuple[DeduplicatedArticle, datetime]) -> tuple[UUID, list[Alert]]:
        article, arrived = one
        if not guard.lets_through(article, arrived):
            telemetry.BACKFILLED.inc()
            return article.record_id, []
        return article.record_id, evaluate(article, book)

    async def claim(batch: Sequence[tuple[UUID, list[Alert]]]) -> list[Claimed]:
        alerts = [alert for _, found in batch for alert in found]
        record_ids = [record_id for record_id, found in batch for _ in found]
        told = iter(await ledger.claim(alerts, record_ids))
        return [[(alert, value) for alert in found if (value := next(told)) is not None] for _, found in batch]

    def finish(_read: object, _prepared: object, claimed: Claimed | None) -> Sequence[Outgoing]:
        return [
            Outgoing(ALERTS, alert_key(alert), value, headers_for(Alert, alert.article.record_id))
            for alert, value in claimed or ()
        ]

    return Stage("alerting", DEDUPLICATED, read, prepare, claim, finish)


def scheduling_stage(
    schedule: DeliverySchedule, clock: Callable[[], datetime], wake: Callable[[], None]
) -> Stage[tuple[Alert, bytes], list[Delivery], int]:
    """`alerts` to the delivery schedule in Redis; the topic is the outbox, so the body is the record's own bytes."""

    def read(record: Incoming) -> tuple[Alert, bytes]:
        return decode(Alert, record.value), record.value or b""

    def prepare(one: tuple[Alert, bytes]) -> list[Delivery]:
        return deliveries_of(*one)

    async def add(batch: Sequence[list[Delivery]]) -> list[int]:
        await schedule.add([delivery for deliveries in batch for delivery in deliveries], clock())
        wake()
        return [len(deliveries) for deliveries in batch]

    def finish(_read: object, _prepared: object, _count: int | None) -> Sequence[Outgoing]:
        return []

    return Stage("alerting", ALERTS, read, prepare, add, finish)
