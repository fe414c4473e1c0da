"""Shingles: the runs of words of a text as numbers, and a sample of them small enough to keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.deduplication.minhash import Codes

SHINGLE_WORDS = 2
"""Stems in a row. Two tell copies from retellings as well as three do, and stand more light editing."""

SAMPLED = 384
"""The most shingles kept of an article: enough for all of the usual one, a part of the long one."""

SAMPLE_BYTES = 3

LEAD_SHINGLES = 30
"""The first of a text: what its outlet puts first."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)


class Sample(NamedTuple):
    """Of the shingles of a text those whose last `level` bits are zero, each once, in the order of the text.

    `packed`: 3-byte numbers; `passages`: for each the number of the passage it begins in, one byte; `lead`: how many of
    them stand among the first `LEAD_SHINGLES` of the text. Two samples are compared at the higher of their levels:
    there, each holds all that its article has.
    """

    level: int
    lead: int
    packed: bytes
    passages: bytes


def shingles(stems: Codes) -> Codes:
    """The runs of `SHINGLE_WORDS` stems (32-bit numbers) as well-mixed 32-bit numbers, in order."""
    words = stems.astype(np.uint64)
    if not len(words):
        return np.empty(0, dtype=np.uint32)
    length = min(SHINGLE_WORDS, len(words))
    mixed = np.zeros(len(words) - length + 1, dtype=np.uint64)
    for word in range(length):
        mixed = (mixed ^ words[word : word + len(mixed)]) * _ODD
        mixed ^= mixed >> _HALF
    return mixed.astype(np.uint32)


def sample(of: Codes, passage_words: Sequence[int]) -> Sample:
    """At most `SAMPLED` shingles, chosen by their own bits, so that two articles choose alike.

    `passage_words`: how many words each of the at most 256 passages has, in order.
    """
    distinct, first = np.unique(of & np.uint32(0xFFFFFF), return_index=True)
    level = 0
    kept = np.ones(len(distinct), dtype=bool)
    while np.count_nonzero(kept) > SAMPLED:
        level += 1
        kept = distinct & np.uint32((1 << level) - 1) == 0
    places: NDArray[np.intp] = np.sort(first[kept])
    packed = (of[places] & np.uint32(0xFFFFFF)).astype(">u4").view(np.uint8).reshape(-1, 4)[:, 1:].tobytes()
    ends = np.cumsum(np.asarray(passage_words, dtype=np.int64))
    within = np.searchsorted(ends, places, side="right").astype(np.uint8).tobytes()
    return Sample(level, int(np.count_nonzero(places < LEAD_SHINGLES)), packed, within)
