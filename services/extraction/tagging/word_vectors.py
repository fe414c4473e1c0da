"""Vectors of words: a row of their own for the commoner ones, and the mean of the rows of their letter groups for all."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from itertools import chain
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from services.extraction.tagging.remembered_rows import RememberedRows

TITLE_END = "<t>"
"""Stands between an article's title and its text."""
GROUP_ROWS = 1 << 16
_LONGEST_GROUP = 5


def with_digits_alike(form: str) -> str:
    """The folded word as the vectors know it: of a number only the count of digits matters."""
    return "".join("0" if c.isdigit() else c for c in form) if form[:1].isdigit() else form


def group_rows(word: str) -> list[int]:
    """The rows of a word's letter groups: two to five letters long, its ends marked, pairs only at its ends."""
    if word == TITLE_END:
        return [crc32(word.encode()) % GROUP_ROWS]
    marked = f"<{word}>"
    letters = [letter.encode() for letter in marked]
    last = len(letters) - 2
    rows = []
    for i in range(last + 1):
        checksum = crc32(letters[i + 1], crc32(letters[i]))
        if i == 0 or i == last:
            rows.append(checksum % GROUP_ROWS)
        for letter in letters[i + 2 : i + _LONGEST_GROUP]:
            checksum = crc32(letter, checksum)  # of the group that this letter makes longer by one
            rows.append(checksum % GROUP_ROWS)
    return rows


class WordVectors:
    """Looks up vectors. Rows are stored in bytes with a scale each and read as float32."""

    def __init__(self, folder: str = "model") -> None:
        data = files("services.extraction") / "data" / folder
        self._rows = {word: n for n, word in enumerate((data / "words.txt").read_text("utf-8").split("\n"), 1)}
        self._words, self._word_scales = _table(data, "words")
        self._groups, self._group_scales = _table(data, "letter_groups")
        self.width: int = self._words.shape[1]
        self._remembered = RememberedRows(self.width, self._vectors)

    def of(self, forms: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of folded words: (len(forms), width)."""
        return self._remembered.of(forms)

    def _vectors(self, forms: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of words that are not remembered: the rows of all their letter groups are fetched in one go."""
        words = [with_digits_alike(form) for form in forms]
        groups = [group_rows(word) for word in words]
        every = np.fromiter(chain.from_iterable(groups), dtype=np.intp)
        rows, scales = self._groups.take(every, axis=0).astype(np.float32), self._group_scales.take(every)
        vectors = np.empty((len(words), self.width), dtype=np.float32)
        first = 0
        for n, group in enumerate(groups):
            last = first + len(group)
            np.dot(scales[first:last] / np.float32(len(group)), rows[first:last], out=vectors[n])
            first = last
        own = np.array([self._rows.get(word, 0) for word in words])
        known = own.nonzero()[0]
        vectors[known] += self._words[own[known]] * self._word_scales[own[known], None]
        return vectors


def _table(data: Any, name: str) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Rows, mapped into memory so that the workers of one machine share them, and their scales."""
    rows = np.load(str(data / f"{name}.npy"), mmap_mode="r").view(np.ndarray)
    scales = np.load(str(data / f"{name}_scales.npy")).astype(np.float32)
    return rows, scales
