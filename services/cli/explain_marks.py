"""Marks over a text, which may lie in each other and cross, as a walk that opens and closes them properly nested."""

from __future__ import annotations

import itertools
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

# From the outermost to the innermost: where two marks cross, the one further in is split.
LAYERS = ("claim", "date", "quantity", "entity", "cue", "trigger")
Layer = Literal["claim", "date", "quantity", "entity", "cue", "trigger"]


@dataclass(frozen=True, order=True)
class Mark:
    """What a stretch of the text is, half-open; `number` is its place in the article's list of such findings."""

    layer: Layer
    number: int
    start: int
    end: int

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """Its place in the nesting: layer, then the earlier and the longer outside."""
        return LAYERS.index(self.layer), self.start, -self.end, self.number


@dataclass(frozen=True)
class Segment:
    """A stretch of text under the same marks throughout, the outermost first."""

    start: int
    end: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Opens:
    """Here a mark begins; `again`: it was only closed because another one ended."""

    mark: Mark
    again: bool = False


@dataclass(frozen=True)
class Closes:
    """Here the mark that was opened last ends."""

    mark: Mark


def segments(start: int, end: int, marks: Iterable[Mark]) -> list[Segment]:
    """The stretches that tile start:end, cut wherever a mark begins or ends; what lies outside is left out."""
    within = [mark for mark in marks if max(start, mark.start) < min(end, mark.end)]
    opening = sorted(within, key=lambda mark: mark.start)
    edges = sorted({start, end, *(max(start, m.start) for m in within), *(min(end, m.end) for m in within)})
    found: list[Segment] = []
    active: list[tuple[tuple[int, int, int, int], Mark]] = []
    next_opening = 0
    for here, there in itertools.pairwise(edges):
        active = [one for one in active if one[1].end > here]
        while next_opening < len(opening) and opening[next_opening].start <= here:
            mark = opening[next_opening]
            insort(active, (mark.rank, mark))
            next_opening += 1
        found.append(Segment(here, there, tuple(mark for _, mark in active)))
    return found


def steps(found: Sequence[Segment]) -> Iterator[Opens | Closes | Segment]:
    """The segments with what opens and closes between them: every mark closes before those that it was opened in."""
    opened: list[Mark] = []
    seen: set[Mark] = set()
    for segment in found:
        common = 0
        while common < min(len(opened), len(segment.marks)) and opened[common] == segment.marks[common]:
            common += 1
        while len(opened) > common:
            yield Closes(opened.pop())
        for mark in segment.marks[common:]:
            yield Opens(mark, again=mark in seen)
            seen.add(mark)
            opened.append(mark)
        yield segment
    while opened:
        yield Closes(opened.pop())


def words_nearest(text: str, words: str, start: int, end: int, low: int, high: int) -> tuple[int, int] | None:
    """Where `words` stand as whole words within low:high, outside of start:end rather than in it and as near to it as
    may be; None where they do not."""
    found: list[tuple[bool, int, int]] = []
    at = text.find(words, max(0, low), high) if words else -1
    while at >= 0:
        last = at + len(words)
        if not (text[max(0, at - 1) : at].isalpha() or text[last : last + 1].isalpha()):
            inside = at < end and last > start
            found.append((inside, max(start - last, at - end, 0), at))
        at = text.find(words, at + 1, high)
    return (min(found)[2], min(found)[2] + len(words)) if found else None


def holder_of(offset: int, starts: Sequence[int]) -> int:
    """Which of the stretches that begin at `starts` (sorted, not empty) an offset belongs to: the last begun, or the
    first."""
    return max(0, bisect_left(starts, offset + 1) - 1)
