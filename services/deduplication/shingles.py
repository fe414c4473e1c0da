"""Shingles: the runs of words of a text as a set of numbers, and a sample of them small enough to keep."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from services.deduplication.minhash import Codes

SHINGLE_WORDS = 2
"""Stems in a row. Two tell copies from retellings as well as three do, and stand more light editing."""

SAMPLED = 256
"""The most shingles kept of an article: enough for all of the usual one, a part of the long one."""

SAMPLE_BYTES = 3

_ODD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)


class Sample(NamedTuple):
    """Of a set of shingles those whose last `level` bits are zero, as 3-byte numbers, ascending.

    Two samples are compared at the higher of their levels: there, each holds all that its article has.
    """

    size: int
    level: int
    packed: bytes


def shingles(stems: Codes) -> Codes:
    """The set of runs of `SHINGLE_WORDS` stems (32-bit numbers) as well-mixed 32-bit numbers, ascending."""
    words = stems.astype(np.uint64)
    if not len(words):
        return np.empty(0, dtype=np.uint32)
    length = min(SHINGLE_WORDS, len(words))
    mixed = np.zeros(len(words) - length + 1, dtype=np.uint64)
    for word in range(length):
        mixed = (mixed ^ words[word : word + len(mixed)]) * _ODD
        mixed ^= mixed >> _HALF
    return np.unique(mixed.astype(np.uint32))


def sample(of: Codes) -> Sample:
    """At most `SAMPLED` shingles, chosen by their own bits, so that two articles choose alike."""
    level = 0
    kept = of
    while len(kept) > SAMPLED:
        level += 1
        kept = of[of & np.uint32((1 << level) - 1) == 0]
    packed = np.unique(kept & np.uint32(0xFFFFFF)).astype(">u4").view(np.uint8).reshape(-1, 4)[:, 1:].tobytes()
    return Sample(len(of), level, packed)
