"""Words as deduplication compares them: folded, stripped of clitics and endings, each with how rare it is in news."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

LONGEST_WORD = 32
"""Code points; a longer run of letters is cut up, so that a hostile text cannot fill the memory of words."""

LONGEST_REMEMBERED = 64
"""Code points of a name whose rarity is kept."""

_WORD = re.compile(rf"[^\W_]{{1,{LONGEST_WORD}}}")
_FOLD = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None}
    | dict.fromkeys(map(chr, range(0x064B, 0x0653)))
    | {chr(0x0660 + digit): str(digit) for digit in range(10)}
)
_ARTICLE_AND_PROCLITICS = ("وال", "فال", "بال", "كال", "ولل", "لل", "ال")
_ENDINGS = ("يه", "ات", "ين", "ون", "ان", "ها", "هم", "وا")
_SHORTEST_STEM = 3


class Stems(NamedTuple):
    """The stems of some words, in order, as numbers; and their rarities in nats: 0 if in every article, 9 if in none."""

    codes: NDArray[np.uint32]
    rarities: NDArray[np.float64]


def words(search_form: str) -> list[str]:
    """The words of a text in the search form, in order, without punctuation."""
    return _WORD.findall(search_form)


def placed_words(search_form: str) -> list[tuple[int, int, str]]:
    """The words that `words` gives, each with its place in the text, half-open."""
    return [(found.start(), found.end(), found[0]) for found in _WORD.finditer(search_form)]


def folded(text: str) -> str:
    """A text that has no search form, folded like one that has."""
    return text.translate(_FOLD).lower()


def stem(word: str) -> str:
    """The word without the article, one-letter proclitics and the commonest endings (light stemming)."""
    if len(word) <= _SHORTEST_STEM:
        return word
    for prefix in _ARTICLE_AND_PROCLITICS:
        if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST_STEM:
            word = word[len(prefix) :]
            break
    else:
        if len(word) > _SHORTEST_STEM + 1 and word[0] in "وبلف":
            word = word[1:]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word[:-1] if len(word) > _SHORTEST_STEM and word[-1] in "هي" else word


def stems(of: Sequence[str]) -> Stems:
    """The stems of words that `words` gave."""
    known = np.fromiter(map(_KNOWN.__getitem__, of), dtype=np.uint64, count=len(of))
    return Stems(known.astype(np.uint32), (known >> _CODE_BITS) / _RARITY_UNITS)


def rarest(text: str) -> float:
    """The rarity of the rarest word of a text that has no search form, in nats; 0 where there is no word."""
    return _rarest_known(text) if len(text) <= LONGEST_REMEMBERED else _rarest(text)


def _rarest(text: str) -> float:
    return max((_KNOWN[word] >> 32 for word in words(folded(text))), default=0) / _RARITY_UNITS


_rarest_known = lru_cache(maxsize=1 << 15)(_rarest)


class _KnownWords(dict[str, int]):
    """What is known of each word that was asked for, as one number: thousandths of rarity above the 32 bits of code.

    Forgets all when it has grown too large.
    """

    LARGEST = 1 << 18

    def __missing__(self, word: str) -> int:
        if len(self) >= self.LARGEST:
            self.clear()
        stemmed = stem(folded(word))
        articles, frequencies = _document_frequencies()
        rarity = math.log((articles + 1) / (frequencies.get(stemmed, 0) + 1))
        self[word] = found = round(rarity * _RARITY_UNITS) << 32 | crc32(stemmed.encode("utf-8", "surrogatepass"))
        return found


_KNOWN = _KnownWords()
_CODE_BITS = np.uint64(32)
_RARITY_UNITS = 1000


@cache
def _document_frequencies() -> tuple[int, dict[str, int]]:
    """Of how many articles, and in how many of them each stem stands."""
    table = files("services.deduplication").joinpath("data/document_frequencies.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    frequencies = {stemmed: int(count) for stemmed, count in rows}
    return frequencies.pop(""), frequencies
