"""When a failed delivery is tried again: ten attempts over about three days, further and further apart."""

from __future__ import annotations

from random import Random

MAX_ATTEMPTS = 10
FIRST_SECONDS = 15.0
FACTOR = 4.0
LONGEST_SECONDS = 24 * 3600.0
JITTER = 0.15
"""The waits are 15 s, 1 min, 4 min, 16 min, 1 h, 4 h, 17 h, 24 h and 24 h, each up to 15 % shorter or longer, so that
what failed together does not come back together."""


def wait_before_next(attempt: int, rng: Random, retry_after: float | None = None) -> float | None:
    """Seconds to wait after the failed attempt number `attempt` (from 1), None where it was the last.

    A receiver's Retry-After can lengthen the wait, to at most a day, and not shorten it.
    """
    if attempt >= MAX_ATTEMPTS:
        return None
    wait = min(FIRST_SECONDS * FACTOR ** (attempt - 1), LONGEST_SECONDS) * rng.uniform(1 - JITTER, 1 + JITTER)
    return max(wait, min(retry_after or 0.0, LONGEST_SECONDS))
