"""What tells texts apart that are written alike: the words of the title, numbers, places, and what happened where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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


class Named(NamedTuple):
    """What an article names of that, each once, in its order. An event is `type@place` and `type` alone."""

    numbers: tuple[str, ...]
    places: tuple[str, ...]
    events: tuple[str, ...]


def marks(article: ExtractedArticle, title: Stems, words: Iterable[str]) -> Marks:
    """The marks of an article, the first of each kind where there are many. `words` are those of the compared text."""
    said = named(article, words)
    telling = title.codes[title.rarities > TELLING_RARITY][:MOST_TITLE_WORDS]
    return Marks(
        np.unique(telling & np.uint32(0xFFFF)).astype(">u2").tobytes(),
        _packed(said.numbers, MOST_NUMBERS),
        _packed(said.places, MOST_PLACES),
        _packed(said.events, MOST_EVENTS),
    )


def named(article: ExtractedArticle, words: Iterable[str]) -> Named:
    """What the marks are made of. `words` are those of the compared text."""
    numbers = [word for word in words if word[0] in _DIGITS and _NUMBER.fullmatch(word)]
    numbers += [str(int(one.least)) for one in article.quantities if one.least < _LARGEST_QUANTITY]
    places = [entity.canonical for entity in article.entities if entity.type == "LOC"]
    events = [f"{event.type}@{place}" for event in article.events for place in event.places[:1]]
    events += [event.type for event in article.events]
    return Named(_once(numbers), _once(places), _once(events))


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _packed(names: Sequence[str], most: int) -> bytes:
    codes = {crc32(name.encode("utf-8", "surrogatepass")) & 0xFFFF for name in names[:most]}
    return np.array(sorted(codes), dtype=">u2").tobytes()
