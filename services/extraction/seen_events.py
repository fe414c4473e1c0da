"""What a tagger says of the words of an article that name events: proposals, and marks to weigh them by."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from math import log, log1p
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from schemas.articles_extracted import EventType

TYPES: tuple[EventType, ...] = get_args(EventType)
"""The type of column 1 + n of `tagging.network.Reading.events`; column 0 is none."""
_LEAST = 0.05
"""Words less likely to name an event are not proposed by the tagger alone."""
_BESIDE = 3
"""Words that near count as the same."""
_SURE = 1e-6
"""Shares nearer to 0 or 1 count as this near."""
_NEVER = 1e-9
_STEPS = (-7.0, -5.5, -4.5, -3.75, -3.0, -2.25, -1.5, -0.75, 0.0, 0.75, 1.5, 2.5, 4.0)
"""Log-odds are told apart in these steps."""


class SeenEvents:
    """The tagger's view of one article's words; `proposed` are those that may name an event, with its likeliest type."""

    __slots__ = ("_any", "_before", "_best", "_later", "_sentence", "_shares", "_types", "proposed")

    def __init__(self, named: NDArray[np.float32]) -> None:
        shares = np.exp(named.astype(np.float64))
        self._any = 1.0 - shares[:, 0]
        self._types = shares[:, 1:].argmax(axis=1)
        likely = (self._any >= _LEAST).nonzero()[0]
        self.proposed: dict[int, EventType] = {
            i: TYPES[n] for i, n in zip(likely.tolist(), self._types[likely].tolist(), strict=True)
        }
        self._shares = np.clip(shares[:, 1:], _SURE, 1.0 - _SURE)
        self._best = self._shares.max(axis=0)
        self._before = np.maximum.accumulate(self._shares, axis=0)
        self._sentence: tuple[tuple[int, int], list[float], float] = ((0, 0), [], 0.0)
        self._later = np.maximum.accumulate(self._shares[::-1], axis=0)[::-1]

    def _in_sentence(self, first: int, last: int) -> tuple[list[float], float]:
        """The highest share of each type in a sentence, and how likely its surest word names anything.

        Sentences come one after another: the latest is kept.
        """
        if self._sentence[0] != (first, last):
            best: list[float] = self._shares[first:last].max(axis=0).tolist()
            self._sentence = (first, last), best, float(self._any[first:last].max())
        return self._sentence[1:]

    def marks(self, i: int, kind: EventType, first: int, last: int) -> Iterator[str]:
        """Marks of word i as the name of an event of this type, in the sentence of words first to last (half-open)."""
        n = TYPES.index(kind)
        share, anything = float(self._shares[i, n]), float(self._any[i])
        step = _step(share)
        yield f"seen as it={step}"
        yield f"seen as {kind}={step // 3}"
        yield f"seen as any={bisect_left(_STEPS, log(anything + _SURE) - log1p(_SURE - anything))}"
        before = float(self._before[i - _BESIDE, n]) if i >= _BESIDE else _NEVER
        later = float(self._later[i + _BESIDE, n]) if i + _BESIDE < len(self._shares) else _NEVER
        yield f"seen before={_step(before) // 2}"
        yield f"seen before it and as it={_step(before) // 3} {step // 2}"
        yield f"seen later={_step(later) // 2}"
        if before > share:
            yield "surer before"
        if later > share:
            yield "surer later"
        best, surest = self._in_sentence(first, last)
        others = max(best[:n] + best[n + 1 :])
        yield f"another in its sentence={_step(others) // 2} {step // 4}"
        yield "seen as this type" if self._types[i] == n else "seen as another type"
        if share >= self._best[n]:
            yield "the surest of its type"
        if share >= best[n]:
            yield "the surest of its type in the sentence"
        if anything >= surest:
            yield "the surest in the sentence"


def _step(share: float) -> int:
    return bisect_left(_STEPS, log(share) - log1p(-share))
