"""Where each part of a form stands in the original: run-length coded, so that a clean article costs one pair."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

Run = tuple[int, int]
"""(code points of the form, code points of the original); see `schemas.articles_normalized.TextForm`."""

Edit = tuple[int, int, str]
"""Replace start:end of a text by the string."""


class OffsetMap:
    """The way between a form and its original. All offsets are code points, all spans half-open.

    A span that touches part of a block (a run (m, n) with m != n) is widened to the whole block; text that was left
    out at a span's edges stays outside it.
    """

    __slots__ = ("_form", "_original", "runs")

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = runs
        self._form = [0, *accumulate(form for form, _ in runs)]
        self._original = [0, *accumulate(original for _, original in runs)]

    @property
    def form_length(self) -> int:
        """Code points of the form."""
        return self._form[-1]

    @property
    def original_length(self) -> int:
        """Code points of the original."""
        return self._original[-1]

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that start:end of the form stands for. ValueError for a span outside the form."""
        return _span(self._form, self._original, start, end)

    def to_form(self, start: int, end: int) -> tuple[int, int]:
        """The span of the form that stands for start:end of the original. ValueError for a span outside it."""
        return _span(self._original, self._form, start, end)

    def after(self, earlier: OffsetMap) -> OffsetMap:
        """From this map's form to the original of `earlier`, whose form is this map's original."""
        return OffsetMap(compose(self.runs, earlier.runs))


def _span(here: list[int], there: list[int], start: int, end: int) -> tuple[int, int]:
    if not 0 <= start <= end <= here[-1]:
        raise ValueError(f"the span {start}:{end} is not within the text of {here[-1]} code points")
    first = _at(here, there, start)[0]
    return (first, first) if start == end else (first, _at(here, there, end - 1)[1])


def _at(here: list[int], there: list[int], position: int) -> tuple[int, int]:
    """The span over there of the code point at `position` here."""
    if position == here[-1]:
        return there[-1], there[-1]
    run = bisect_right(here, position) - 1
    if here[run + 1] - here[run] == there[run + 1] - there[run]:
        place = there[run] + position - here[run]
        return place, place + 1
    return there[run], there[run + 1]


def replace_spans(text: str, edits: Iterable[Edit]) -> tuple[str, list[Run]]:
    """The text with the edits made, which come in order and do not overlap; and the runs from it back to `text`."""
    pieces: list[str] = []
    runs: list[Run] = []
    cursor = 0
    for start, end, replacement in edits:
        pieces += text[cursor:start], replacement
        _append(runs, start - cursor, start - cursor)
        _append_block(runs, len(replacement), end - start)
        cursor = end
    pieces.append(text[cursor:])
    _append(runs, len(text) - cursor, len(text) - cursor)
    return "".join(pieces), runs


def compose(later: Sequence[Run], earlier: Sequence[Run]) -> list[Run]:
    """Runs form → original, out of form → middle (`later`) and middle → original (`earlier`).

    Where blocks of the two overlap without ending together they become one block.
    """
    if len(earlier) <= 1 and all(form == original for form, original in earlier):
        return list(later)
    if len(later) <= 1 and all(form == original for form, original in later):
        return list(earlier)
    runs: list[Run] = []
    top, bottom = _Feed(later), _Feed(earlier)
    while top.left or bottom.left:
        if bottom.left and bottom.form == 0:  # left out on the way to the middle
            _append(runs, *bottom.whole())
        elif top.left and top.original == 0:  # put in after it
            _append(runs, *top.whole())
        elif top.one_to_one and bottom.one_to_one:
            step = min(top.original, bottom.form)
            top.part(step), bottom.part(step)
            _append(runs, step, step)
        else:
            form = original = over = under = 0  # over, under: how far the middle is used up from either side
            if top.one_to_one:
                under, original = bottom.whole()
            else:
                form, over = top.whole()
            while over != under:
                if over < under:
                    length, used = top.part(under - over) if top.one_to_one else top.whole()
                    form, over = form + length, over + used
                else:
                    used, length = bottom.part(over - under) if bottom.one_to_one else bottom.whole()
                    original, under = original + length, under + used
            _append_block(runs, form, original)
    return runs


class _Feed:
    """Runs taken one after the other, those that are one to one also in parts."""

    __slots__ = ("_next", "_runs", "form", "left", "original")

    def __init__(self, runs: Sequence[Run]) -> None:
        self._runs, self._next = runs, 0
        self.form = self.original = 0
        self.left = False
        self._advance()

    @property
    def one_to_one(self) -> bool:
        return self.form == self.original

    def whole(self) -> Run:
        run = self.form, self.original
        self._advance()
        return run

    def part(self, length: int) -> Run:
        length = min(length, self.form)
        self.form, self.original = self.form - length, self.original - length
        if not self.form:
            self._advance()
        return length, length

    def _advance(self) -> None:
        self.left = self._next < len(self._runs)
        self.form, self.original = self._runs[self._next] if self.left else (0, 0)
        self._next += 1


def _append_block(runs: list[Run], form: int, original: int) -> None:
    """Add `form` code points that stand for `original` ones together, never to be read as one to one."""
    if form == original > 1:
        _append(runs, 1, original)
        _append(runs, form - 1, 0)
    else:
        _append(runs, form, original)


def _append(runs: list[Run], form: int, original: int) -> None:
    if not form and not original:
        return
    if runs:
        last_form, last_original = runs[-1]
        both_one_to_one = form == original and last_form == last_original
        if both_one_to_one or (not form and not last_form) or (not original and not last_original):
            runs[-1] = (last_form + form, last_original + original)
            return
    runs.append((form, original))
