"""`alerts.log`: what became of each alert at each endpoint. Undelivered is what stands in `alerts` and not here."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from schemas.record import Record


class DeliveryAttempt(Record):
    """One attempt to hand one alert to one endpoint."""

    schema_name: ClassVar[str] = "rasid.alerts.log"
    schema_version: ClassVar[int] = 1

    alert_id: UUID
    webhook: str
    attempt: Annotated[int, Field(ge=1)]
    outcome: Annotated[
        Literal["delivered", "retrying", "parked"],
        Field(description="delivered: 2xx; retrying: scheduled again; parked: given up for now, kept for redelivery"),
    ]
    status: Annotated[int | None, Field(description="HTTP status, null where there was no answer")] = None
    error: str | None = None
    latency_ms: Annotated[float, Field(ge=0)]
    at: AwareDatetime
    next_at: AwareDatetime | None = None
