"""What was found out about words, kept for when they come again; very long ones, which are no words, are not kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

_Found = TypeVar("_Found")
LONGEST = 64
"""Code points: the cache is bounded in bytes too, whatever an article holds."""


def remembered(most: int) -> Callable[[Callable[[str], _Found]], Callable[[str], _Found]]:
    """Keep what a pure function of one word found for the `most` words that came last."""

    def keeping(function: Callable[[str], _Found]) -> Callable[[str], _Found]:
        kept = lru_cache(maxsize=most)(function)

        @wraps(function)
        def found(word: str) -> _Found:
            return kept(word) if len(word) <= LONGEST else function(word)

        return found

    return keeping
