"""What tells texts apart that are written alike: the words of the title, numbers, places, and what happened where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from zlib import crc32

import numpy as np

from schemas.articles_extracted import ExtractedArticle
from services.deduplication.words import Stems

MARK_BYTES = 2

MOST_TITLE_WORDS = 16
MOST_NUMBERS = 16
MOST_PLACES = 12
MOST_EVENTS = 12

TELLING_RARITY = 1.5
"""Nats: words of a title that stand in more than a fifth of all articles tell nothing."""

_NUMBER = re.compile(r"\d{1,12}")
_DIGITS = frozenset("0123456789")
_LARGEST_QUANTITY = 1e9


class Marks(NamedTuple):
    """Sets of 2-byte numbers, each packed in ascending order."""

    title: bytes
    numbers: bytes
    places: bytes
    events: bytes


def marks(article: ExtractedArticle, title: Stems, words: Iterable[str]) -> Marks:
    """The marks of an article, the first of each kind where there are many. `words` are those of the compared text."""
    numbers = [word for word in words if word[0] in _DIGITS and _NUMBER.fullmatch(word)]
    numbers += [str(int(one.least)) for one in article.quantities if one.least < _LARGEST_QUANTITY]
    places = [entity.canonical for entity in article.entities if entity.type == "LOC"]
    events = [f"{event.type}@{place}" for event in article.events for place in event.places[:1]]
    events += [event.type for event in article.events]
    telling = title.codes[title.rarities > TELLING_RARITY][:MOST_TITLE_WORDS]
    return Marks(
        np.unique(telling & np.uint32(0xFFFF)).astype(">u2").tobytes(),
        _packed(numbers, MOST_NUMBERS),
        _packed(places, MOST_PLACES),
        _packed(events, MOST_EVENTS),
    )


def _packed(names: Iterable[str], most: int) -> bytes:
    first = list(dict.fromkeys(names))[:most]
    codes = {crc32(name.encode("utf-8", "surrogatepass")) & 0xFFFF for name in first}
    return np.array(sorted(codes), dtype=">u2").tobytes()
