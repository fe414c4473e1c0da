"""Which day a text means that leaves the year out: the one nearest to publication."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


def valid_day(year: int, month: int, day: int) -> date | None:
    """The day of the Gregorian calendar; None where there is none («31 فبراير»)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def nearest_day(days: Iterable[date | None], published: date, away: int = 0) -> date | None:
    """The likeliest of several days: looking back (away < 0) or ahead (away > 0) only where the text says so.

    Days ahead count half as much again as days past: news looks back more than ahead.
    """
    known = [day for day in days if day is not None]
    if away < 0:
        known = [day for day in known if day <= published]
    elif away > 0:
        known = [day for day in known if day >= published]
    return min(known, key=lambda day: _unlikelihood((day - published).days), default=None)


def _unlikelihood(away: int) -> float:
    return 1.5 * away if away > 0 else -away
