"""Candidates for mentions of names, and which of them stand when they overlap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from schemas.articles_extracted import EntityType
from services.extraction.gazetteer import Entry


class Mention(NamedTuple):
    """Words that may name something: a half-open range of the line, `cut` letters of its first word left out.

    `entry` is what the lists say it is, `near` the known place that an unknown one is at, `guessed` that only their
    standing together says so, `name` the canonical name where a rule makes one; where `entry` and `name` are None the
    article's own words are its name. Of overlapping mentions the longest stands, of equals the one with the most letters,
    then the one of lower `rank`.
    """

    first: int
    last: int
    cut: int
    type: EntityType
    confidence: float
    rank: int
    entry: Entry | None = None
    name: str | None = None
    near: Entry | None = None
    guessed: bool = False
    country: str | None = None


def without_overlaps(mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions that stand, in reading order: longer before shorter, then lower rank, then earlier."""
    taken: set[int] = set()
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.first - m.last, m.cut, m.rank, m.first, m.type, m.name or "")):
        words = range(mention.first, mention.last)
        if taken.isdisjoint(words):
            taken.update(words)
            kept.append(mention)
    kept.sort(key=lambda m: m.first)
    return kept
