"""The tolls of a story: when one is higher than all before, which are kept, and what the range now is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from math import cos, hypot, radians

from schemas.stories import MOST_TOLLS
from services.deduplication.story_state import Happening, Place, Range, TollReport

DAY_SECONDS = 24 * 3600
_EPOCH = date(1970, 1, 1).toordinal()

CURRENT_SECONDS = 2 * DAY_SECONDS
"""What an outlet last said counts for the current range if it said so within this time of the newest report."""

BACKGROUND_DAYS = 3
NEAR_KM = 60
"""A city, its suburbs and the villages around; farther apart two tolls are seldom one."""

REGION_KM = 150
"""From the centre of a region to a town that may lie in it."""

KM_OF_DEGREE = 111.2


def contains(outer: str, inner: str, places: Mapping[str, Place]) -> bool:
    """Whether the place named `outer` is the country, or the region as far as its centre tells, of `inner`."""
    around, within = places.get(outer), places.get(inner)
    if around is None or within is None or around.country is None or around.country != within.country:
        return False
    if around.precision == "country":
        return within.precision != "country"
    narrow = within.precision in ("town", "near", "exact")
    return around.precision == "region" and narrow and _near(around, within, REGION_KM)


def may_be_one_place(one: str | None, other: str | None, places: Mapping[str, Place]) -> bool:
    """Whether two events may have happened at one place: the same, unknown, near, or one in the other."""
    if one is None or other is None or one == other:
        return True
    if contains(one, other, places) or contains(other, one, places):
        return True
    first, second = places.get(one), places.get(other)
    return first is not None and second is not None and _near(first, second, NEAR_KM)


def _near(one: Place, other: Place, kilometres: float) -> bool:
    """Within so many kilometres, on a plane, which is exact enough for that; unknown places are not."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return False
    if one.precision == "country" or other.precision == "country":
        return False
    north, east = one.lat - other.lat, (one.lon - other.lon) * cos(radians(one.lat))
    return hypot(north, east) * KM_OF_DEGREE <= kilometres


def rises(new: Iterable[TollReport], before: Sequence[TollReport], places: Mapping[str, Place]) -> bool:
    """Whether the least killed or wounded of a new report is above that of all before for the place.

    Types of events are not told apart: one outlet's shelling is another's air strike. A toll of an event of days before
    its article is background.
    """
    for report in new:
        if is_background(report) or _says_no_number(report):
            continue
        earlier = [other for other in before if may_be_one_place(report.place, other.place, places)]
        for least in (_killed, _wounded):
            if least(report) > max(map(least, earlier), default=0):
                return True
    return False


def _says_no_number(report: TollReport) -> bool:
    """«Dead and wounded», which is two or more of each, says nothing that could rise."""
    return all(toll is None or (toll[1] is None and toll[0] <= 2) for toll in (report.killed, report.wounded))


def is_background(report: TollReport) -> bool:
    """Whether the event lies so far before its article that the article only recalls it."""
    day = day_number(report.date)
    return day is not None and report.at // DAY_SECONDS - day > BACKGROUND_DAYS


@lru_cache(maxsize=4096)
def day_number(iso: str | None) -> int | None:
    """Days from 1970 to an ISO date; None where it is unknown or no day of the calendar."""
    try:
        return None if iso is None else date.fromisoformat(iso).toordinal() - _EPOCH
    except ValueError:
        return None


def tolls_with(tolls: Sequence[TollReport], new: Iterable[TollReport]) -> tuple[TollReport, ...]:
    """The reports in the order of arrival, without those in which an outlet says again what it said."""
    kept = list(tolls)
    for report in new:
        last = next((other for other in reversed(kept) if _of_one(other, report)), None)
        if last is None or (last.killed, last.wounded) != (report.killed, report.wounded):
            kept.append(report)
    while len(kept) > MOST_TOLLS:
        del kept[_least_telling(kept)]
    return tuple(kept)


def current_range(tolls: Sequence[TollReport], happenings: Sequence[Happening]) -> tuple[Range | None, Range | None]:
    """Killed and wounded of the story's main event: from the least to the most that any outlet last said of it.

    The main event is at the place of the toll that most articles tell of.
    """
    tolls = [report for report in tolls if not is_background(report)] or tolls
    if not tolls:
        return None, None
    told: dict[str | None, int] = {}
    for happening in happenings:
        told[happening.place] = max(told.get(happening.place, 0), happening.articles)
    place = max(tolls, key=lambda report: told.get(report.place, 0)).place
    last: dict[str, TollReport] = {}
    for report in tolls:
        if report.place == place and report.at >= last.get(report.source, report).at:
            last[report.source] = report
    newest = max(report.at for report in last.values())
    current = [report for report in last.values() if newest - report.at <= CURRENT_SECONDS]
    return _hull(report.killed for report in current), _hull(report.wounded for report in current)


def _hull(ranges: Iterable[Range | None]) -> Range | None:
    known = [one for one in ranges if one is not None]
    if not known:
        return None
    highest = [most for _, most in known if most is not None]
    return min(least for least, _ in known), max(highest) if len(highest) == len(known) else None


def _killed(report: TollReport) -> int:
    return report.killed[0] if report.killed else 0


def _wounded(report: TollReport) -> int:
    return report.wounded[0] if report.wounded else 0


def _of_one(one: TollReport, other: TollReport) -> bool:
    return (one.source, one.type, one.place) == (other.source, other.type, other.place)


def _least_telling(tolls: Sequence[TollReport]) -> int:
    """Neither the first, nor the last, nor the highest: the lowest of the others."""
    highest = {max(range(len(tolls)), key=lambda place: least(tolls[place])) for least in (_killed, _wounded)}
    middle = [place for place in range(1, len(tolls) - 1) if place not in highest]
    return min(middle, key=lambda place: (_killed(tolls[place]), _wounded(tolls[place])))
