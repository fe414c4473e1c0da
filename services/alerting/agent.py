"""The wiring: articles in, alerts out to their topic; alerts in, deliveries into the schedule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from schemas.alerts import Alert
from schemas.articles_deduplicated import DeduplicatedArticle
from services.alerting.backfill import too_old
from services.alerting.evaluate import alert_key, evaluate
from services.alerting.firing import FiringLedger, alert_bytes
from services.alerting.rulebook import RuleBook
from services.alerting.schedule import Delivery, DeliverySchedule
from services.runtime.step import Outgoing, Stage
from services.runtime.topics import ALERTS, DEDUPLICATED
from services.runtime.wire import decode, headers_for

EVALUATED_AT_ONCE = 128
SCHEDULED_AT_ONCE = 256

Claimed = list[tuple[Alert, bytes]]


@dataclass(frozen=True)
class BackfillGuard:
    """Whether an article may page anybody; `max_age` None: any may."""

    max_age: timedelta | None
    clock: Callable[[], datetime]

    def lets_through(self, article: DeduplicatedArticle) -> bool:
        """Whether the article is young enough."""
        return self.max_age is None or not too_old(article, self.clock(), self.max_age)


def evaluation_stage(
    book: RuleBook, ledger: FiringLedger, guard: BackfillGuard
) -> Stage[DeduplicatedArticle, tuple[UUID, list[Alert]], Claimed]:
    """`articles.deduplicated` to `alerts`: only what the ledger lets this record tell."""

    def prepare(article: DeduplicatedArticle) -> tuple[UUID, list[Alert]]:
        return article.record_id, evaluate(article, book) if guard.lets_through(article) else []

    async def claim(batch: Sequence[tuple[UUID, list[Alert]]]) -> list[Claimed]:
        alerts = [alert for _, found in batch for alert in found]
        record_ids = [record_id for record_id, found in batch for _ in found]
        told = iter(await ledger.claim(alerts, record_ids))
        return [[(alert, value) for alert in found if (value := next(told)) is not None] for _, found in batch]

    def finish(_read: DeduplicatedArticle, _prepared: object, claimed: Claimed | None) -> Sequence[Outgoing]:
        return [
            Outgoing(ALERTS, alert_key(alert), value, headers_for(Alert, alert.article.record_id))
            for alert, value in claimed or ()
        ]

    return Stage("alerting", DEDUPLICATED, partial(decode, DeduplicatedArticle), prepare, claim, finish)


def scheduling_stage(
    schedule: DeliverySchedule, clock: Callable[[], datetime], wake: Callable[[], None]
) -> Stage[tuple[Alert, bytes], list[Delivery], int]:
    """`alerts` to the delivery schedule in Redis; the topic is the outbox, so the body is the record's own bytes."""

    def read(value: bytes | None) -> tuple[Alert, bytes]:
        alert = decode(Alert, value)
        return alert, value or alert_bytes(alert)

    def prepare(one: tuple[Alert, bytes]) -> list[Delivery]:
        alert, value = one
        return [Delivery(alert.alert_id, webhook, value) for webhook in alert.webhooks]

    async def add(batch: Sequence[list[Delivery]]) -> list[int]:
        await schedule.add([delivery for deliveries in batch for delivery in deliveries], clock())
        wake()
        return [len(deliveries) for deliveries in batch]

    def finish(_read: object, _prepared: object, _count: int | None) -> Sequence[Outgoing]:
        return []

    return Stage("alerting", ALERTS, read, prepare, add, finish)
