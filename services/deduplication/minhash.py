"""MinHash: sets of shingles as signatures that agree as far as the sets are alike, and bands to find the alike by."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

BANDS = 8
ROWS = 3
PERMUTATIONS = BANDS * ROWS
"""8 bands of 3 rows: of pairs half alike 66 % meet in a band, of pairs three quarters alike 98.7 %. What is less alike
is found by the sentences that it shares, and by the words that stories share."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_BAND_SEEDS: NDArray[np.uint64] = np.arange(1, BANDS + 1, dtype=np.uint64)
_CHUNK = 4096
"""Shingles hashed at once: 2 MiB of products, whatever the length of the text."""

Codes = NDArray[np.uint32]


def _permutation_parameters() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Odd factors and terms; from a hash function, since numpy's random numbers may change with its version."""
    digests = (blake2b(b"permutation %d" % number, digest_size=16).digest() for number in range(PERMUTATIONS))
    numbers = np.frombuffer(b"".join(digests), dtype=">u8").astype(np.uint64).reshape(PERMUTATIONS, 2)
    return numbers[:, :1] | np.uint64(1), numbers[:, 1:]


_FACTORS, _TERMS = _permutation_parameters()


def signature(shingles: Codes) -> Codes:
    """The least value of each of the permutations over a set of 32-bit shingles; all ones for the empty set.

    The share of equal values estimates the Jaccard similarity of two sets, with a standard error of at most 1/10.
    """
    least: Codes = np.full(PERMUTATIONS, 0xFFFFFFFF, dtype=np.uint32)
    for at in range(0, len(shingles), _CHUNK):
        # Multiply-shift: the upper half of a 64-bit product is a 2-universal hash, and wraps around by design.
        products: NDArray[np.uint64] = shingles[at : at + _CHUNK].astype(np.uint64) * _FACTORS
        products += _TERMS
        least = np.minimum(least, (products.min(axis=1) >> _HALF).astype(np.uint32))
    return least


def bands(of: Codes) -> Codes:
    """One 32-bit key for each band of a signature: equal where all the band's rows are equal."""
    rows = of.reshape(BANDS, ROWS).astype(np.uint64)
    keys = _BAND_SEEDS
    for row in range(ROWS):
        keys = (keys ^ rows[:, row]) * _ODD
        keys ^= keys >> _HALF
    return keys.astype(np.uint32)
