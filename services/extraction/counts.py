"""A quantity in the making."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Count:
    """Tokens first to last (half-open), bounds, unit, and the token where it says of whom."""

    first: int
    last: int
    least: float
    most: float | None
    unit: str | None
    told: int = -1
