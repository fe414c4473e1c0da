"""Rows of numbers that depend on a word alone: worked out when it is first met, and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

LONGEST = 40
"""Letters of a word that are looked at: longer ones are no words, and must not fill the memory."""
REMEMBERED = 1 << 15
"""Words whose rows are kept, the first so many that come."""
_TOGETHER = 1 << 12
"""Words looked up in one go: there is room for the rows of as many more."""


class RememberedRows:
    """Rows of `width` numbers; `work_out` makes those of some different words: (len(words), width)."""

    def __init__(self, width: int, work_out: Callable[[Sequence[str]], NDArray[np.float32]]) -> None:
        self._work_out = work_out
        self._rows = np.empty((REMEMBERED + _TOGETHER, width), dtype=np.float32)  # memory as it is written
        self._places: dict[str, int] = {}

    def of(self, forms: Sequence[str]) -> NDArray[np.float32]:
        """The rows of these words: (len(forms), width)."""
        if len(forms) > _TOGETHER:
            parts = [self.of(forms[n : n + _TOGETHER]) for n in range(0, len(forms), _TOGETHER)]
            return np.concatenate(parts)
        forms = [form[:LONGEST] for form in forms]
        places = self._places
        while len(places) > REMEMBERED:
            places.popitem()  # the latest
        new = list(set(forms).difference(places))
        if new:
            first, last = len(places), len(places) + len(new)
            self._rows[first:last] = self._work_out(new)
            places.update(zip(new, range(first, last), strict=True))
        return self._rows.take(list(map(places.__getitem__, forms)), axis=0)
