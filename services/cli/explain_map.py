"""Places on a small map: where dots, labels and the lines of the graticule go. Plain arithmetic, no map data.

The projection is equirectangular, true at the middle latitude of the frame: right enough at the size of a country, and
straight lines everywhere.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from services.cli.explain_findings import Precision

WIDTH, HEIGHT = 430.0, 310.0
LEFT, TOP, RIGHT, BOTTOM = 46.0, 10.0, WIDTH - 10, HEIGHT - 24  # of the map proper; outside stand the degrees
LEAST_SPAN = 0.6  # degrees: nothing is known more exactly than a town
LABEL_HEIGHT = 15.0
LETTER_WIDTH = 6.4
MAX_LABEL = 26
CROWDED = 3  # places without room for their name
MOST_LABELS = 60  # of a map; every further place is a dot
RINGS: dict[Precision, float] = {"exact": 4.0, "town": 6.0, "near": 8.0, "region": 11.0, "country": 15.0}
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 45)
_MOST_LINES = 5
_CLOSE_UP = 0.22  # of the whole frame: places that stand closer together get a map of their own
_KILOMETRES_A_DEGREE = 111.2

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Place:
    """A place to be shown; `happened`: an event of the article took place there."""

    name: str
    label: str
    lat: float
    lon: float
    precision: Precision
    happened: bool = False


@dataclass(frozen=True)
class Frame:
    """The part of the world that a map shows; `east` may lie beyond 180."""

    south: float
    west: float
    north: float
    east: float

    @property
    def true_latitude(self) -> float:
        """The cosine of the middle latitude, at which both axes have one scale."""
        return max(0.1, math.cos(math.radians((self.south + self.north) / 2)))

    def longitude(self, lon: float) -> float:
        """The longitude as the frame counts, from its west on."""
        return self.west + (lon - self.west) % 360

    def holds(self, place: Place) -> bool:
        """Whether the place lies in it."""
        return self.south <= place.lat <= self.north and self.longitude(place.lon) <= self.east

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """Where it is drawn."""
        x = LEFT + (self.longitude(lon) - self.west) / (self.east - self.west) * (RIGHT - LEFT)
        return x, TOP + (self.north - lat) / (self.north - self.south) * (BOTTOM - TOP)


@dataclass(frozen=True)
class Label:
    """Where a name stands; with a line from its dot where it could not stand beside it."""

    text: str
    x: float
    y: float
    anchor: Anchor
    leader: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        width = width_of(self.text)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return left, self.y - LABEL_HEIGHT + 3, left + width, self.y + 3


@dataclass(frozen=True)
class Dot:
    """A place where it is drawn; without a label where there was no room for one."""

    place: Place
    x: float
    y: float
    label: Label | None


@dataclass(frozen=True)
class Map:
    """Everything that is drawn. `meridians` and `parallels`: degrees and where; `bar`: a length in km and on the map;
    `close_up`: the rectangle (left, top, right, bottom) that the next map shows larger."""

    frame: Frame
    dots: tuple[Dot, ...]
    meridians: tuple[tuple[float, float], ...]
    parallels: tuple[tuple[float, float], ...]
    bar: tuple[int, float]
    close_up: tuple[float, float, float, float] | None = None


def maps_of(places: Sequence[Place]) -> list[Map]:
    """No map without places; one; or two, where places stand so close together on the first that names had to be left
    out or put far off."""
    if not places:
        return []
    whole = frame_of(places)
    first = drawn(places, whole)
    crowded = sum(dot.label is None or dot.label.leader for dot in first.dots)
    close = _close_together(places, whole) if crowded >= CROWDED else []
    if not close:
        return [first]
    inner = frame_of(close)
    (left, top), (right, bottom) = whole.at(inner.north, inner.west), whole.at(inner.south, inner.east)
    overview = drawn(
        [one for one in places if one not in close], whole, also=close, kept_free=(left, top, right, bottom)
    )
    inside = [one for one in places if inner.holds(one) and one.precision != "country"]
    return [replace(overview, close_up=(left, top, right, bottom)), drawn(inside, inner)]


def frame_of(places: Sequence[Place]) -> Frame:
    """The smallest frame around the places with room to breathe, in the proportions of the map."""
    west, width = _arc([place.lon for place in places])
    south, north = min(place.lat for place in places), max(place.lat for place in places)
    shape = (RIGHT - LEFT) / (BOTTOM - TOP)
    true = Frame(south, west, north, west + width).true_latitude
    tall = max((north - south) * 1.35, LEAST_SPAN)
    wide = max(width * 1.35 * true, tall * shape)
    tall = min(max(tall, wide / shape), 180.0)
    wide = min(wide / true, 360.0)
    middle = min(max((south + north) / 2, -90 + tall / 2), 90 - tall / 2)
    west += width / 2 - wide / 2
    return Frame(middle - tall / 2, west, middle + tall / 2, west + wide)


def _arc(longitudes: Sequence[float]) -> tuple[float, float]:
    """The western end and the width of the smallest arc over all of them, also across the date line."""
    ordered = sorted({lon % 360 for lon in longitudes})
    gaps = [(after - lon, after) for lon, after in itertools.pairwise(ordered)]
    gaps.append((ordered[0] + 360 - ordered[-1], ordered[0]))
    widest, west = max(gaps)
    return (west if west <= 180 else west - 360), 360 - widest


def _close_together(places: Sequence[Place], whole: Frame) -> list[Place]:
    """The places that need a map of their own: three or more so near to each other that labels would not fit."""
    exact = [place for place in places if place.precision != "country"]
    wide, tall = (whole.east - whole.west) * _CLOSE_UP / 2, (whole.north - whole.south) * _CLOSE_UP / 2
    best: list[Place] = []
    for centre in exact[:200]:
        near = [
            one
            for one in exact
            if abs(one.lat - centre.lat) <= tall and abs((one.lon - centre.lon + 180) % 360 - 180) <= wide
        ]
        if len(near) > len(best):
            best = near
    distinct = len({(one.lat, one.lon) for one in best})
    return best if distinct >= 3 and whole.north - whole.south > 4 else []


def drawn(
    places: Sequence[Place],
    frame: Frame,
    also: Sequence[Place] = (),
    kept_free: tuple[float, float, float, float] | None = None,
) -> Map:
    """A map of the places, the first labelled first; `also` are dots without labels."""
    points = [frame.at(place.lat, place.lon) for place in (*places, *also)]
    taken = [(x - 5, y - 5, x + 5, y + 5) for x, y in points]
    if kept_free:
        taken.append(kept_free)
    dots = []
    for number, place in enumerate(places):
        label = _label(place, points[number], taken, number) if number < MOST_LABELS else None
        if label:
            taken.append(label.box)
        dots.append(Dot(place, *points[number], label))
    dots += [Dot(place, *frame.at(place.lat, place.lon), None) for place in also]
    return Map(frame, tuple(dots), _lines(frame, vertical=True), _lines(frame, vertical=False), _bar(frame))


def _label(
    place: Place, point: tuple[float, float], taken: Sequence[tuple[float, float, float, float]], own: int
) -> Label | None:
    """Beside its dot where there is room, else further off with a line to it."""
    x, y = point
    text = place.label if len(place.label) <= MAX_LABEL else place.label[: MAX_LABEL - 1] + "…"
    others = [box for number, box in enumerate(taken) if number != own]
    first = RINGS[place.precision] + 4
    for distance in (first, first + 16, first + 34, first + 56):
        leader = distance > first
        slant = distance * 0.75
        candidates: tuple[tuple[float, float, Anchor], ...] = (
            (x + distance, y + 4, "start"),
            (x - distance, y + 4, "end"),
            (x, y - distance, "middle"),
            (x, y + distance + 9, "middle"),
            (x + slant, y - slant, "start"),
            (x - slant, y - slant, "end"),
            (x + slant, y + slant + 9, "start"),
            (x - slant, y + slant + 9, "end"),
        )
        for at_x, at_y, anchor in candidates:
            label = Label(text, at_x, at_y, anchor, leader)
            if _inside(label.box) and not any(_overlap(label.box, box) for box in others):
                return label
    return None


def width_of(text: str) -> float:
    """About how wide a label is drawn; rather too wide than too narrow."""
    return len(text) * LETTER_WIDTH + 4


def _inside(box: tuple[float, float, float, float]) -> bool:
    left, top, right, bottom = box
    return left >= LEFT and top >= TOP and right <= RIGHT and bottom <= BOTTOM


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _lines(frame: Frame, *, vertical: bool) -> tuple[tuple[float, float], ...]:
    low, high = (frame.west, frame.east) if vertical else (frame.south, frame.north)
    step = next((step for step in _STEPS if (high - low) / step <= _MOST_LINES), 90)
    degrees = [number * step for number in range(math.ceil(low / step), math.floor(high / step) + 1)]
    if vertical:
        width = (RIGHT - LEFT) / (high - low)
        return tuple((round((lon + 180) % 360 - 180, 6), LEFT + (lon - low) * width) for lon in degrees)
    return tuple((round(lat, 6), frame.at(lat, frame.west)[1]) for lat in degrees)


def _bar(frame: Frame) -> tuple[int, float]:
    """The largest round length that takes at most a quarter of the map."""
    kilometres = (frame.east - frame.west) * frame.true_latitude * _KILOMETRES_A_DEGREE
    round_ones = [digit * 10**power for power in range(5) for digit in (1, 2, 5)]
    length = max((one for one in round_ones if one <= kilometres / 4), default=1)
    return length, length / kilometres * (RIGHT - LEFT)
