"""The small map as an SVG figure. Only attributes and classes: the page's policy allows no inline styles."""

from __future__ import annotations

from collections.abc import Sequence

from services.cli import explain_words as words
from services.cli.explain_findings import Named, Precision
from services.cli.explain_map import (
    BOTTOM,
    HEIGHT,
    LABEL_HEIGHT,
    LEFT,
    RIGHT,
    RINGS,
    TOP,
    WIDTH,
    Dot,
    Map,
    Place,
    maps_of,
)
from services.cli.explain_markup import Element, tag

RIGHT_TO_LEFT = "\u200f"  # anchors count from the left, so the drawing runs that way, but not the words in it


def map_figure(places: Sequence[tuple[Named, bool]]) -> Element | None:
    """The places (and whether an event happened there) on one map or two, with a key; None where there are none."""
    shown = [
        Place(one.canonical, one.in_the_text, one.lat, one.lon, one.precision or "exact", happened)
        for one, happened in places
        if one.lat is not None and one.lon is not None
    ]
    maps = maps_of(shown)
    if not maps:
        return None
    drawings = [_drawing(one, "خريطة الأماكن" if number == 0 else "المربّع مكبّراً") for number, one in enumerate(maps)]
    return tag(
        "figure",
        tag("div", *drawings, of="drawings"),
        _key({place.precision for place in shown}, any(p.happened for p in shown)),
        of="map",
    )


def _drawing(map_: Map, name: str) -> Element:
    drawing = tag(
        "svg", role="img", aria_label=name, viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}", direction="ltr",
        xmlns="http://www.w3.org/2000/svg",
    )  # fmt: skip
    drawing.append(tag("rect", of="sea", x=LEFT, y=TOP, width=RIGHT - LEFT, height=BOTTOM - TOP))
    for lon, x in map_.meridians:
        drawing.append(_line("grid", x, TOP, x, BOTTOM))
        drawing.append(_words(_degrees(lon, "ق", "غ", whole=180), x, BOTTOM + 15, "middle", "degrees"))
    for lat, y in map_.parallels:
        drawing.append(_line("grid", LEFT, y, RIGHT, y))
        drawing.append(_words(_degrees(lat, "ش", "ج"), LEFT - 4, y + 4, "end", "degrees"))
    if map_.close_up:
        left, top, far, low = map_.close_up
        drawing.append(
            tag(
                "rect",
                of="close-up",
                x=f"{left:.1f}",
                y=f"{top:.1f}",
                width=f"{far - left:.1f}",
                height=f"{low - top:.1f}",
            )
        )
    for dot in reversed(map_.dots):
        drawing.append(_dot(dot))
    for dot in map_.dots:
        if dot.label:
            drawing.append(
                _words(dot.label.text, dot.label.x, dot.label.y, dot.label.anchor, f"label{_kind(dot.place)}")
            )
    drawing.extend(_bar(map_))
    return drawing


def _dot(dot: Dot) -> Element:
    place = dot.place
    told = f"{place.label} · {place.name} · {place.lat:.3f}، {place.lon:.3f} · {words.PRECISIONS[place.precision]}"
    group = tag("g", tag("title", told), of=f"place{_kind(place)}")
    if dot.label and dot.label.leader:
        left, top, right, bottom = dot.label.box
        x = min(max(dot.x, left), right)
        group.append(_line("leader", dot.x, dot.y, x, bottom if bottom < dot.y else top if top > dot.y else dot.y))
    group.extend(_symbol(place.precision, dot.x, dot.y))
    return group


def _symbol(precision: Precision, x: float, y: float) -> list[Element]:
    """The ring says how wide the place may be meant; where it is the place itself, there is none."""
    at = {"cx": f"{x:.1f}", "cy": f"{y:.1f}"}
    dot = tag("circle", of="dot", r="2.5" if precision == "country" else "3.6", **at)
    if precision == "exact":
        return [dot]
    return [tag("circle", of=f"ring {precision}", r=f"{RINGS[precision]:g}", **at), dot]


def _bar(map_: Map) -> list[Element]:
    kilometres, length = map_.bar
    right, y = RIGHT - 8, BOTTOM - 8
    path = f"M{right - length:.1f} {y - 4:.1f}V{y:.1f}H{right:.1f}V{y - 4:.1f}"
    return [
        tag("path", of="bar", d=path),
        _words(f"{kilometres:,} كم", right - length / 2, y - LABEL_HEIGHT / 2, "middle", "degrees"),
    ]


def _key(precisions: set[Precision], events: bool) -> Element:
    key = tag("figcaption")
    for precision, name in words.PRECISIONS.items():
        if precision in precisions:
            sign = tag("svg", *_symbol(precision, 17, 17), viewBox="0 0 34 34", aria_hidden="true")
            key.append(tag("span", sign, name, of="place"))
    if events:
        sign = tag("svg", *_symbol("exact", 17, 17), viewBox="0 0 34 34", aria_hidden="true")
        key.append(tag("span", sign, "وقع فيه حدث", of="place happened"))
    return key


def _kind(place: Place) -> str:
    return " happened" if place.happened else ""


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Element:
    return tag("line", of=kind, x1=f"{x1:.1f}", y1=f"{y1:.1f}", x2=f"{x2:.1f}", y2=f"{y2:.1f}")


def _words(text: str, x: float, y: float, anchor: str, kind: str) -> Element:
    return tag("text", RIGHT_TO_LEFT + text, of=kind, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor)


def _degrees(value: float, positive: str, negative: str, whole: float = 90) -> str:
    side = "" if value in (0, whole, -whole) else f" {positive if value > 0 else negative}"
    return f"{abs(value):g}°{side}"
