"""From the probabilities of labels to spans of names."""

from __future__ import annotations

from bisect import bisect_left
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


def spans(labels: NDArray[np.float32]) -> list[Span]:
    """The names of the likeliest well-formed row of labels, given log-probabilities (n, LABELS), in reading order."""
    path = labels.argmax(axis=1)
    for first, last in _ill_formed(path, labels):
        path[first:last] = _likeliest(labels[first:last].tolist())
    words = path.nonzero()[0]
    chosen, kinds = labels[words, path[words]], path[words]
    begins = (kinds % 2).nonzero()[0]
    lengths = np.diff(begins, append=len(words))
    likelihoods = np.exp(np.add.reduceat(chosen, begins) / lengths.astype(np.float32)) if len(begins) else chosen
    firsts = words[begins]
    columns = (firsts, firsts + lengths, (kinds[begins] - 1) // 2, likelihoods)
    return [Span(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _ill_formed(path: NDArray[np.intp], labels: NDArray[np.float32]) -> set[tuple[int, int]]:
    """The runs of doubtful words in which a further word stands behind no first or further one of its type.

    Elsewhere each word's own best label is that of the best row.
    """
    before = np.concatenate(([0], path[:-1])) if len(path) else path
    astray = (path > 0) & (path % 2 == 0) & (before != path) & (before != path - 1)
    if not astray.any():
        return set()
    sure = [-1, *(labels[:, 0] >= _SURE).nonzero()[0].tolist(), len(path)]
    after = [bisect_left(sure, word) for word in astray.nonzero()[0].tolist()]
    return {(sure[n - 1] + 1, sure[n]) for n in after}


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
