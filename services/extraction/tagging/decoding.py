"""From the probabilities of labels to spans of names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LABELS = 9
"""Label 0: no name; 1 + 2t: the first word of a name of type t; 2 + 2t: a further word of it."""
_SURE = float(np.log(0.95))
"""A word so surely of no name ends a run of doubtful ones: the likeliest labels do not lead through a name there."""


class Span(NamedTuple):
    """A name: half-open range of words, its type's index, and how likely it is (0 to 1)."""

    first: int
    last: int
    type: int
    likelihood: float


def spans(labels: NDArray[np.float32]) -> Iterator[Span]:
    """The names of the likeliest well-formed row of labels, given log-probabilities (n, LABELS), in reading order."""
    doubtful = np.flatnonzero(labels[:, 0] < _SURE)
    runs = np.split(doubtful, np.flatnonzero(np.diff(doubtful) > 1) + 1) if len(doubtful) else []
    for run in runs:
        first = int(run[0])
        rows = labels[first : int(run[-1]) + 1]
        best: list[int] = rows.argmax(axis=1).tolist()
        if not _well_formed(best):
            best = _likeliest(rows.tolist())
        yield from _named(best, labels, first)


def _well_formed(path: list[int]) -> bool:
    """Whether each further word stands behind a first or further one of its type: then each word's own best is the best."""
    return all(
        label % 2 or not label or before in (label, label - 1) for before, label in zip([0, *path], path, strict=False)
    )


def _likeliest(rows: list[list[float]]) -> list[int]:
    """Viterbi: a further word only behind a first or further word of its type."""
    scores = [score if label % 2 or label == 0 else -1e9 for label, score in enumerate(rows[0])]
    back: list[list[int]] = []
    for row in rows[1:]:
        best = max(range(LABELS), key=scores.__getitem__)
        origins = [best] * LABELS
        reached = [scores[best] + score for score in row]
        for further in range(2, LABELS, 2):
            origin = further if scores[further] >= scores[further - 1] else further - 1
            origins[further] = origin
            reached[further] = scores[origin] + row[further]
        back.append(origins)
        scores = reached
    path = [max(range(LABELS), key=scores.__getitem__)]
    for origins in reversed(back):
        path.append(origins[path[-1]])
    return path[::-1]


def _named(path: list[int], labels: NDArray[np.float32], offset: int) -> Iterator[Span]:
    k = 0
    while k < len(path):
        if path[k] == 0:
            k += 1
            continue
        last = k + 1
        while last < len(path) and path[last] == path[k] + 1:
            last += 1
        chosen = labels[np.arange(offset + k, offset + last), path[k:last]]
        yield Span(offset + k, offset + last, (path[k] - 1) // 2, float(np.exp(chosen.mean())))
        k = last
