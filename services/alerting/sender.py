"""What an endpoint's answer to an alert means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

GONE = 410


@dataclass(frozen=True)
class Answer:
    """How one POST went: a status, or an error where there was no answer; `retry_after` as the header stood."""

    status: int | None
    error: str | None
    retry_after: str | None
    latency_ms: float


@dataclass(frozen=True)
class Judgement:
    """What to do now; `reason` says why where it was not delivered, `retry_after` is in seconds."""

    outcome: Literal["delivered", "retry", "park"]
    reason: str | None = None
    retry_after: float | None = None


def judge_response(answer: Answer, now: datetime) -> Judgement:
    """Delivered is 2xx alone. 410 Gone is not tried again; anything else may have been mended by the next attempt."""
    if answer.status is None:
        return Judgement("retry", answer.error or "no answer")
    if 200 <= answer.status < 300:
        return Judgement("delivered")
    reason = f"HTTP {answer.status}" + (f": {answer.error}" if answer.error else "")
    if answer.status == GONE:
        return Judgement("park", reason + " (the receiver wants no more)")
    if 300 <= answer.status < 400:
        reason += " (redirects are not followed: put the final address into the rule file)"
    return Judgement("retry", reason, retry_after_seconds(answer.retry_after, now))


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """Seconds from now that a Retry-After header asks for (a number, or a date), None where it says nothing usable."""
    if not header:
        return None
    if re.fullmatch(r"[0-9]{1,9}", header.strip()):
        return float(header)
    try:
        at = parsedate_to_datetime(header[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return max((at - now).total_seconds(), 0.0)
