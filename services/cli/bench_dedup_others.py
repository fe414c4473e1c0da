"""What deduplication is measured beside: MinHash of datasketch and of rensa, and plain SimHash, over the words of texts."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import numpy as np

from services.deduplication.fingerprint import short_hash
from services.deduplication.words import folded, words

PERMUTATIONS = 128
SHINGLE_WORDS = 3
SEED = 1

RENSA_BANDS = {0.5: 32, 0.7: 16}
"""Of 128 permutations: with 4 rows a pair half alike meets in 87 % of cases, with 8 rows one of .7 in 61 %."""

SIMHASH_BITS = 64
USUAL_DISTANCE = 3
LARGEST_DISTANCE = 8

Alike = Callable[[str, str], bool]


def installed(library: str) -> bool:
    """Whether a library of the extra `dev` is there."""
    return importlib.util.find_spec(library) is not None


def text_words(text: str) -> list[str]:
    """The words of a text, folded as ours are."""
    return words(folded(text))


def word_shingles(text: str) -> list[str]:
    """The different runs of three words; of a shorter text its words as one."""
    of = text_words(text)
    runs = (" ".join(of[at : at + SHINGLE_WORDS]) for at in range(max(1, len(of) - SHINGLE_WORDS + 1)))
    return list(dict.fromkeys(runs))


def simhash(of: Sequence[str]) -> int:
    """64 bits, each the majority of that bit in the hashes of the words, as often as they stand there; 0 for no word."""
    if not of:
        return 0
    hashes = np.frombuffer(b"".join(short_hash(word, SIMHASH_BITS // 8) for word in of), dtype=np.uint8)
    bits = np.unpackbits(hashes.reshape(-1, SIMHASH_BITS // 8), axis=1)
    majority = bits.sum(axis=0) * 2 > len(of)
    return int.from_bytes(np.packbits(majority).tobytes(), "big")


def distance(one: int, other: int) -> int:
    """In how many bits two numbers differ."""
    return (one ^ other).bit_count()


def datasketch_alike(texts: Mapping[str, str], threshold: float) -> Alike:
    """Whether datasketch's MinHashLSH, asked for one text, names the other. All texts stand in one index in memory."""
    index, minhash = datasketch_index(threshold), datasketch_minhash()
    hashed = {id: minhash(word_shingles(text)) for id, text in texts.items()}
    for id, of in hashed.items():
        index.insert(id, of)
    named = {id: set(index.query(of)) for id, of in hashed.items()}
    return lambda one, other: other in named[one]


def rensa_alike(texts: Mapping[str, str], threshold: float) -> Alike:
    """Whether rensa's RMinHashLSH, asked for one text, names the other, and its estimate reaches the threshold."""
    index, minhash = rensa_index(threshold), rensa_minhash()
    hashed = {id: minhash(word_shingles(text)) for id, text in texts.items()}
    number = {id: at for at, id in enumerate(hashed)}
    for id, of in hashed.items():
        index.insert(number[id], of)
    named = {id: set(index.query(of)) for id, of in hashed.items()}
    return lambda one, other: number[other] in named[one] and bool(index.is_similar(hashed[one], hashed[other]))


def simhash_alike(texts: Mapping[str, str], most: int) -> Alike:
    """Whether the SimHashes of two texts differ in at most `most` bits."""
    hashed = {id: simhash(text_words(text)) for id, text in texts.items()}
    return lambda one, other: distance(hashed[one], hashed[other]) <= most


def datasketch_index(threshold: float, redis_url: str | None = None, name: str = "") -> Any:
    """datasketch's index, in memory or in Redis. Indexes of one name in one Redis share what they hold."""
    from datasketch import MinHashLSH

    if redis_url is None:
        return MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    at = urlsplit(redis_url)
    storage = {"type": "redis", "basename": name.encode(), "redis": {"host": at.hostname, "port": at.port}}
    return MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, storage_config=storage)


def datasketch_minhash() -> Callable[[Sequence[str]], Any]:
    """A text's shingles to its MinHash, all at once: the faster of datasketch's two ways."""
    from datasketch import MinHash

    def of(shingles: Sequence[str]) -> Any:
        minhash = MinHash(num_perm=PERMUTATIONS, seed=SEED)
        minhash.update_batch([shingle.encode() for shingle in shingles])
        return minhash

    return of


def rensa_index(threshold: float) -> Any:
    """rensa's index, in memory."""
    from rensa import RMinHashLSH

    return RMinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, num_bands=RENSA_BANDS[threshold])


def rensa_minhash() -> Callable[[Sequence[str]], Any]:
    """A text's shingles to its R-MinHash."""
    from rensa import RMinHash

    def of(shingles: Sequence[str]) -> Any:
        minhash = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
        minhash.update(shingles)
        return minhash

    return of


class SimhashIndex:
    """SimHashes that differ in at most three bits: of four parts of 16 bits at least one is the same."""

    def __init__(self) -> None:
        self._parts: list[dict[int, list[int]]] = [{} for _ in range(USUAL_DISTANCE + 1)]

    def alike_before(self, hashed: int) -> list[int]:
        """Those that were inserted and are alike, each once."""
        near = chain.from_iterable(of.get(key, ()) for of, key in zip(self._parts, self._keys(hashed), strict=True))
        return [other for other in set(near) if distance(hashed, other) <= USUAL_DISTANCE]

    def insert(self, hashed: int) -> None:
        """Make it findable."""
        for of, key in zip(self._parts, self._keys(hashed), strict=True):
            of.setdefault(key, []).append(hashed)

    def _keys(self, hashed: int) -> Iterator[int]:
        return (hashed >> 16 * part & 0xFFFF for part in range(len(self._parts)))


def run_datasketch(texts: Sequence[str], redis_url: str, name: str) -> None:
    """Ask and insert, one article after the other, as datasketch offers it."""
    index, minhash = datasketch_index(0.5, redis_url, name), datasketch_minhash()
    for text in texts:
        hashed = minhash(word_shingles(text))
        index.query(hashed)
        index.insert(uuid4().hex, hashed)


def run_rensa(texts: Sequence[str]) -> None:
    """The same with rensa, in memory."""
    index, minhash = rensa_index(0.5), rensa_minhash()
    for number, text in enumerate(texts):
        hashed = minhash(word_shingles(text))
        index.query(hashed)
        index.insert(number, hashed)


def run_simhash(texts: Sequence[str]) -> None:
    """The same with SimHash, in memory."""
    index = SimhashIndex()
    for text in texts:
        hashed = simhash(text_words(text))
        index.alike_before(hashed)
        index.insert(hashed)
