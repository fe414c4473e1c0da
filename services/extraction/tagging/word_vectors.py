"""Vectors of words: a row of their own for the commoner ones, and the mean of the rows of their letter groups for all."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

TITLE_END = "<t>"
"""Stands between an article's title and its text."""
GROUP_ROWS = 1 << 16
_GROUP_LENGTHS = (2, 3, 4, 5)
_LONGEST = 40
"""Letters of a word that its groups are taken of: longer ones are no words, and must not fill the memory."""
_REMEMBERED = 1 << 15
"""Words whose vectors are kept, the first so many that come: 12 MB."""


def with_digits_alike(form: str) -> str:
    """The folded word as the vectors know it: of a number only the count of digits matters."""
    return "".join("0" if c.isdigit() else c for c in form) if form[:1].isdigit() else form


def group_rows(word: str) -> list[int]:
    """The rows of a word's letter groups: two to five letters long, its ends marked, pairs only at its ends."""
    if word == TITLE_END:
        return [zlib.crc32(word.encode()) % GROUP_ROWS]
    marked = f"<{word}>"
    groups = [
        marked[i : i + n]
        for n in _GROUP_LENGTHS
        for i in range(len(marked) - n + 1)
        if n > 2 or i == 0 or i >= len(marked) - 2
    ]
    return [zlib.crc32(group.encode()) % GROUP_ROWS for group in groups] or [0]


class WordVectors:
    """Looks up vectors. Rows are stored in bytes with a scale each and read as float32."""

    def __init__(self, folder: str = "model") -> None:
        data = files("services.extraction") / "data" / folder
        self._rows = {word: n for n, word in enumerate((data / "words.txt").read_text("utf-8").split("\n"), 1)}
        self._words, self._word_scales = _table(data, "words")
        self._groups, self._group_scales = _table(data, "letter_groups")
        self.width: int = self._words.shape[1]
        self._known: dict[str, NDArray[np.float32]] = {}

    def of(self, forms: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of folded words: (len(forms), width)."""
        known = self._known
        rows = []
        for form in forms:
            row = known.get(form)
            if row is None:
                form = form[:_LONGEST]
                row = self._vector(with_digits_alike(form))
                if len(known) < _REMEMBERED:
                    known[form] = row
            rows.append(row)
        return np.concatenate(rows).reshape(len(rows), self.width)  # four times as fast as stack

    def _vector(self, word: str) -> NDArray[np.float32]:
        rows = group_rows(word)
        scales = self._group_scales[rows] / np.float32(len(rows))
        vector: NDArray[np.float32] = scales @ self._groups[rows].astype(np.float32)
        row = self._rows.get(word)
        if row is not None:
            vector += self._words[row].astype(np.float32) * self._word_scales[row]
        return vector


def _table(data: Any, name: str) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Rows, mapped into memory so that the workers of one machine share them, and their scales."""
    rows = np.load(str(data / f"{name}.npy"), mmap_mode="r").view(np.ndarray)
    scales = np.load(str(data / f"{name}_scales.npy")).astype(np.float32)
    return rows, scales
